"""Italian cues."""

from __future__ import annotations

from skillgit.learn.offline.phrases import Named, Phrases, Wording

ITALIAN = Phrases(
    code="it",
    spaced=True,
    wording=Wording(
        work="Come l’utente vuole questo lavoro: {title}. Da usare quando si chiede: {ask}.",
        topic="Le regole dell’utente su questo: {title}. Da usare quando il lavoro lo riguarda.",
        memory=Named("Preferenze", "Ciò che l’utente vuole sia ricordato: {title}. Da usare dove si applica."),
        procedure=Named(
            "Procedura: {title}", "La procedura dell’utente, passo per passo: {title}. Da usare per seguirla."
        ),
        answers=Named("Stile delle risposte", "Come l’utente vuole le risposte. Da usare in ogni risposta."),
        code=Named("Modifiche al codice", "Come l’utente vuole che il codice sia modificato. Da usare sul suo codice."),
    ),
    lasting=(
        r"d['’]ora in (?:poi|avanti)|da (?:ora|adesso|oggi) in (?:poi|avanti)|in futuro|la prossima volta",
        r"(?:ricorda|tieni presente)(?: che| di|:)",
        r"(?:prima|dopo) (?:di )?ogni|(?:in|per) (?:ogni|tutti i|tutte le)",
        r"in questo (?:repo|repository|progetto)|nel nostro (?:team|progetto)|ti ho (?:già )?detto",
    ),
    habit=(r"sempre|mai|ogni volta|di default|per impostazione predefinita|di norma|di regola",),
    convention=(
        r"(?:la nostra|il nostro|la|il) (?:convenzione|regola|norma|standard|processo|procedura|"
        r"prassi)(?: \w+){0,4} (?:è|sono)",
        r"^(?:da noi |noi )?(?:usiamo|utilizziamo|scriviamo|seguiamo)",
    ),
    again=(r"^(?:sempre|ogni volta|fai sempre così|ricordalo)[.!]*$",),
    forbid=(
        r"^non (?:mi )?(?!(?:so|capisco|voglio|ho|è|posso|sono|c)\b)\w+",
        r"^(?:evita|evitare|smetti di|smettila di|niente|mai|basta)",
        r"^non voglio \w+",
        r"non (?:si )?(?:deve|devono|può|possono) ",
        r"^senza \w+",
    ),
    absent=(r"^(?:senza|niente)",),
    use=(r"^(?:usa|utilizza|mantieni|preferisci|segui|cita|limita|sii|metti|adopera) ",),
    form=(
        r"formato|stile|tono|tabelle?|elenchi|elenco|titol[oi]|italiano|inglese|emoji|markdown|latex|word|"
        r"fras[ei]|paragrafi|fonti|citazioni|riferimenti|unità|date?|commenti|nomi|esempi|grassetto|"
        r"tabulazioni|spazi|parole|imperativo|forma (?:attiva|passiva)",
    ),
    manner=(
        r"^(?!(?:io|quasi|mi|ti|si|non|lui|lei)\b)\w+(?<!o) sempre \w+",
        r"^(?:scrivi|rispondi|parla|spiega|formatta)(?:mi)? (?:\w+ ){0,2}(?:in|con|senza|come|usando)\b",
    ),
    require=(
        r"(?:deve|devono|devi|bisogna|occorre|assicurati|è (?:importante|obbligatorio|necessario)|non dimenticare)",
    ),
    replace=(r"invece d|al posto d|anziché|piuttosto che",),
    contrast=(r"[\w`)]+, non [^,]+$",),
    prefer=(r"^(?:io )?(?:preferisco|odio|detesto|non mi piacciono|non mi piace)",),
    permit=(
        r"(?:puoi|potete|si può|si possono) (?:di nuovo |ora )?(?:usare|mettere|includere) .*|(?:va|vanno) bene .*",
    ),
    adjust=(
        r"(?:più|meno) (?:concis|brev|formal|tecnic|specific|dettagliat|concret|semplic|chiar|natural|"
        r"professional|dirett)\w*",
    ),
    direct=(r"^(?:aggiungi|includi|togli|rimuovi|cambia|mostra|dividi|definisci|segna|fai) ",),
    request=(
        r"^(?:scrivi|crea|genera|fai|dammi|dimmi|traduci|riassumi|spiega|prepara|calcola|analizza|"
        r"aiutami)(?:mi)? (?:una?|un['’]|il|la|lo|i|gli|le|l['’]|questo|questa|come|a|perché)\b",
        r"^(?:ho bisogno|vorrei|mi serve|continua)",
    ),
    subject=(
        r"^(?:io|tu|lui|lei|noi|voi|loro|il|lo|la|i|gli|le|un|una|mio|mia|mi|ti|si|è|era|non|che|se|in|di|a|da|per|con|"
        r"c['’]è|\w+o)(?!\w)",
    ),
    question=(r"\?\s*$", r"^(?:cosa|che cosa|come|perché|quale|quali|dove|quando|chi|quanto)\b"),
    polite=(r"^(?:puoi|potresti) (?:non|smettere|sempre|evitare|usare sempre)",),
    reject=(r"^(?:no|sbagliato|non così|di nuovo)\b",),
    bound=(
        r"(?:questo|questa|il|la|tua|tuo) (?:prim|second|terz|ultim|precedent|seguent|stess)\w*(?: \w+)?",
        r"quest[oa] (?:paragrafo|sezione|frase|riga|testo|esempio|risposta|funzione|file|poesia|storia)",
        r"(?:paragrafo|sezione|riga|capitolo|passo) \d+",
    ),
    once=(r"(?:solo )?(?:per )?questa volta|per (?:ora|adesso|oggi)",),
    persona=(r"^(?:comportati come|agisci come|sei un|immagina|fai finta|voglio che tu)",),
    fiction=(r"storia|racconto|poesia|canzone|romanzo|sceneggiatura",),
    errand=(r"^(?:prenota(?:mi)?|compra(?:mi)?|ordina(?:mi)?|annulla) (?:un[oa]?|il|la|mio|mia|due)\b",),
    chat=(
        r"^(?:ciao|salve|buongiorno|buonasera|grazie|grazie mille|ok|sì|no|perfetto|ottimo|va bene|bene|certo)[!. ]*$",
    ),
    condition=(r"^(?:quando|se|prima di|dopo|per|in|ogni volta)\b",),
    tail=(r"^(?:perché|altrimenti|eccetto|per esempio|che)\b",),
    lead=(
        r"per favore|per piacere|e|ma|anche|inoltre|ok|no,|d['’]ora in (?:poi|avanti)|da (?:ora|adesso|"
        r"oggi) in (?:poi|avanti)|in futuro|la prossima volta|ricorda(?: che| di)?|puoi|potresti",
    ),
)
