"""Cues of European languages beside English: Spanish, French, German, Portuguese, Italian, Russian."""

from __future__ import annotations

from skillgit.learn.offline.phrases import Phrases, Wording

SPANISH = Phrases(
    code="es",
    spaced=True,
    wording=Wording(
        what="Cómo quiere el usuario este trabajo: {title}.",
        when="Úsese cuando se pida: {ask}.",
        procedure="Procedimiento de {title}",
        answers="Estilo de respuesta",
        code="Cambios de código",
    ),
    lasting=(
        r"a partir de (?:ahora|hoy)|de (?:ahora|aquí|hoy) en adelante|en adelante|en (?:el )?futuro|la próxima vez|en lo sucesivo",
        r"(?:recuerda|ten en cuenta)(?: que|:| siempre)",
        r"(?:antes|después) de cada|(?:en|para) (?:cada|todos los|todas las)",
        r"en (?:este|nuestro) (?:repo|repositorio|proyecto|equipo)",
        r"te (?:dije|he dicho|pedí)",
    ),
    habit=(r"siempre|nunca|jamás|cada vez|por defecto|como (?:norma|regla)|en todo momento",),
    convention=(
        r"(?:nuestra|nuestro|la|el) (?:convención|norma|regla|estándar|proceso|procedimiento|práctica)s?(?: \w+){0,4} (?:es|son)",
        r"^(?:en \w+(?: \w+)?,? )?(?:siempre )?(?:usamos|utilizamos|escribimos|seguimos)",
    ),
    forbid=(
        r"^no (?:(?:me|lo|la|los|las|te) )?\w{2,}(?:es|as|en|an|éis|áis)\b(?! (?:bien|mal))",
        r"^(?:evita|evite|deja de|deje de|nada de|prohibido|prescinde de|nunca|jamás)",
        r"^no (?:quiero|me gustan?) ",
        r"no (?:se )?(?:debe|deben|puede|pueden) ",
        r"^sin \w+",
    ),
    use=(
        r"^(?:usa|use|utiliza|utilice|emplea|mantén|mantenga|prefiere|sigue|siga|cita|cite|limita|limítate|sé|pon|ponga) ",
        r"^(?:escribe|responde|contesta|redacta|habla|explica|formatea|escriba|responda) (?:siempre |solo |me )?(?:en|con|sin|como|usando)",
    ),
    require=(
        r"(?:debes?|deben|debe|tienes? que|tienen que|hay que|es (?:importante|obligatorio|necesario)|asegúrate|hace falta)",
    ),
    replace=(r"en (?:vez|lugar) de|en vez|no \w+[.!]?$",),
    prefer=(r"^(?:siempre )?(?:prefiero|odio|detesto|me gusta más|no me gusta)",),
    permit=(
        r"(?:ya )?(?:se )?puedes? (?:volver a )?(?:usar|incluir|poner) .*|(?:está|están) bien .*(?:después de todo|ahora)",
    ),
    adjust=(
        r"(?:más|menos) (?:concis|brev|formal|informal|técnic|específic|detallad|concret|simpl|clar|natural|profesional|direct)\w*",
    ),
    direct=(r"^(?:añade|agrega|incluye|quita|elimina|cambia|muestra|divide|define|marca|haz) ",),
    request=(
        r"^(?:escríbeme|hazme|dame|dime|crea|genera|redacta|traduce|resume|explica|explícame|diseña|prepara|calcula|analiza|busca|escribe|haz|ayúdame|necesito|quiero) "
        r"(?:me )?(?:una?|el|la|los|las|este|esta|esto|mi|un|qué|cómo|a)\b",
        r"^(?:continúa|sigue$|adelante)",
    ),
    question=(r"\?\s*$", r"^¿", r"^(?:qué|cómo|por qué|cuál|cuándo|dónde|quién|cuánt\w+)"),
    polite=(r"^¿?(?:puedes|podrías) (?:no|dejar de|usar siempre|evitar|siempre)",),
    bound=(
        r"(?:este|esta|ese|esa|el|la|tu) (?:primer|primera|segund[oa]|tercer[oa]?|últim[oa]|anterior|siguiente|mismo) ?\w*",
        r"(?:este|esta|ese|esa) (?:párrafo|sección|frase|línea|texto|ejemplo|respuesta|función|archivo|poema|cuento)",
        r"(?:párrafo|sección|línea|capítulo|paso) \d+|(?:respuesta|versión) anterior",
    ),
    once=(r"(?:solo|sólo) (?:por )?(?:esta vez|hoy|ahora)|por (?:ahora|esta vez|el momento)",),
    persona=(r"^(?:actúa como|eres un|imagina que|finge|haz de cuenta|quiero que actúes)",),
    chat=(
        r"^(?:hola|buenos días|buenas|gracias|muchas gracias|vale|ok|sí|no|perfecto|genial|de acuerdo|adiós|claro|bien|muy bien)[!. ]*$",
    ),
    condition=(r"^(?:cuando|si|antes de|después de|para|en|cada vez|siempre que)\b",),
    lead=(
        r"por favor|y|pero|también|además|ok|bueno|no,|vale|gracias|a partir de (?:ahora|hoy)|de (?:ahora|aquí|hoy) en adelante|en adelante|en (?:el )?futuro|la próxima vez|recuerda(?: que)?|¿|¡|"
        r"puedes|podrías|te (?:dije|pedí)(?: que)?",
    ),
)

FRENCH = Phrases(
    code="fr",
    spaced=True,
    wording=Wording(
        what="La façon dont l’utilisateur veut ce travail : {title}.",
        when="À utiliser quand on demande : {ask}.",
        procedure="Procédure : {title}",
        answers="Style de réponse",
        code="Modifications du code",
    ),
    lasting=(
        r"désormais|dorénavant|à partir de maintenant|à l['’]avenir|la prochaine fois|dans le futur|par la suite",
        r"(?:souviens-toi|rappelle-toi|retiens)(?: que|:| de)?",
        r"(?:avant|après) chaque|(?:dans|pour) (?:chaque|tous les|toutes les)",
        r"dans (?:ce|notre) (?:dépôt|repo|projet)|dans notre équipe",
        r"je t['’]ai (?:déjà )?(?:dit|demandé)",
    ),
    habit=(r"toujours|jamais|chaque fois|par défaut|systématiquement|en règle générale|à chaque",),
    convention=(
        r"(?:notre|la|nos|les) (?:convention|norme|règle|standard|processus|procédure|pratique)s?(?: \w+){0,4} (?:est|sont)",
        r"^(?:chez nous,? |dans l['’]équipe,? )?(?:nous|on) (?:utilis|écri|suiv|emploi)\w+",
    ),
    forbid=(
        r"^(?:ne |n['’])[\w' ’]{1,30}\b(?:pas|plus|jamais|aucune?)\b",
        r"^(?:évite[zr]?|arrête[zr]?|cesse[zr]?|pas de|pas d['’]|plus de|plus d['’]|jamais de|interdit|proscris|aucune? )",
        r"^(?:je ne veux pas|je n['’]aime pas) ",
        r"(?:ne (?:doit|doivent|peut|peuvent) pas|est interdit|sont interdits)",
        r"^(?:\w+ )?sans (?:\w+)$",
    ),
    use=(
        r"^(?:utilise[zr]?|emploie|employez|garde[zr]?|préfère|préférez|suis|suivez|cite[zr]?|limite[zr]?|mets|mettez|respecte[zr]?|sois|soyez) ",
        r"^(?:écris|écrivez|réponds|répondez|rédige[zr]?|parle[zr]?|explique[zr]?|formate[zr]?)(?:-moi)? (?:toujours |uniquement |seulement )?(?:en|avec|sans|comme|dans)\b",
    ),
    require=(
        r"(?:il faut|tu dois|vous devez|doit|doivent|assure-toi|assurez-vous|veille[zr]? à|il est (?:important|obligatoire|nécessaire)|n['’]oublie[zr]? pas)",
    ),
    replace=(r"au lieu d|plutôt qu|à la place d",),
    prefer=(r"^(?:je préfère|je déteste|je n['’]aime pas|nous préférons)",),
    permit=(
        r"(?:tu peux|vous pouvez|on peut) (?:de nouveau |à nouveau |finalement )?(?:utiliser|mettre|inclure) .*|(?:vont|va) (?:bien )?finalement",
    ),
    adjust=(
        r"(?:plus|moins) (?:concis|bref|brève|formel|technique|précis|détaillé|concret|simple|clair|naturel|professionnel|direct)\w*",
    ),
    direct=(r"^(?:ajoute|enlève|supprime|retire|inclus|change|montre|divise|définis|marque|fais)[zr]? ",),
    request=(
        r"^(?:écris|rédige|crée|génère|fais|donne|dis|traduis|résume|explique|prépare|calcule|analyse|conçois|aide|propose)(?:-moi)? (?:une?|le|la|les|l['’]|ce|cette|mon|ma|des|du|à|comment|pourquoi)",
        r"^(?:j['’]ai besoin|je veux une?|je voudrais|il me faut|continue)",
    ),
    question=(r"\?\s*$", r"^(?:qu['’]|que |quel|quelle|comment|pourquoi|où|quand|qui|combien|est-ce)"),
    polite=(r"^(?:peux-tu|pourrais-tu|pouvez-vous|pourriez-vous) (?:ne pas|ne plus|toujours|éviter|arrêter|utiliser)",),
    bound=(
        r"(?:ce|cet|cette|le|la|ta|ton) (?:premi|deuxi|troisi|derni|précédent|suivant|même)\w*(?: \w+)?",
        r"(?:ce|cet|cette) (?:paragraphe|section|phrase|ligne|texte|exemple|réponse|fonction|fichier|poème|histoire)",
        r"(?:paragraphe|section|ligne|chapitre|étape) \d+|(?:réponse|version) précédente|ci-dessus",
    ),
    once=(
        r"(?:juste |seulement )?(?:pour )?cette fois(?:-ci)?(?: seulement)?|pour (?:l['’]instant|le moment|aujourd['’]hui)",
    ),
    persona=(
        r"^(?:agis comme|tu es (?:une?|le|la)|imagine que|fais semblant|joue le rôle|je veux que tu (?:agisses|joues))",
    ),
    chat=(
        r"^(?:bonjour|salut|bonsoir|merci|merci beaucoup|d['’]accord|ok|oui|non|parfait|super|très bien|génial|au revoir)[!. ]*$",
    ),
    condition=(r"^(?:quand|lorsque|si|avant|après|pour|dans|en|chaque fois|à chaque)\b",),
    lead=(
        r"s['’]il (?:te|vous) plaît|merci de|et|mais|aussi|ok|non|oui|bon|désormais|dorénavant|à partir de maintenant|à l['’]avenir|la prochaine fois|de plus|souviens-toi(?: que| de)?|"
        r"peux-tu|pourrais-tu|je t['’]ai (?:déjà )?(?:dit|demandé)(?: de)?",
    ),
)

GERMAN = Phrases(
    code="de",
    spaced=True,
    wording=Wording(
        what="So will der Benutzer diese Arbeit: {title}.",
        when="Anwenden bei der Bitte: {ask}.",
        procedure="Ablauf: {title}",
        answers="Antwortstil",
        code="Codeänderungen",
    ),
    lasting=(
        r"ab (?:jetzt|sofort|heute)|von nun an|künftig|zukünftig|in zukunft|nächstes mal|fortan|das nächste mal",
        r"(?:merk dir|denk daran|denke daran|beachte)",
        r"(?:vor|nach|bei|für) (?:jede[mnrs]?|allen?)",
        r"in (?:diesem|unserem) (?:repo|repository|projekt|team)",
        r"ich habe? (?:dir )?(?:schon |bereits )?gesagt",
    ),
    habit=(r"immer|nie|niemals|jedes mal|standardmäßig|grundsätzlich|stets|generell|in der regel",),
    convention=(
        r"(?:unsere?|die|der) (?:konvention|regel|vorgabe|richtlinie|standard|prozess|ablauf)(?:en)?(?: \w+){0,4} (?:ist|sind|lautet)",
        r"^(?:bei uns|wir) (?:\w+ )?(?:verwend|nutz|benutz|schreib|halt)\w*",
    ),
    forbid=(
        r"^(?:verwende|nutze|benutze|nutz|benutz|schreib\w*|mach\w*|füge?|setz\w*|nimm|gib|ändere|lösche|lass|committe|nenn\w*|erkläre?|zeig\w*)\b.*\b(?:kein\w*|nicht|nie|niemals|nichts)\b",
        r"^(?:keine?[nmrs]? (?!(?:ahnung|problem|sorge|frage|zeit)\b)\w+|vermeide|hör auf|nie(?:mals)? |verzichte auf|bitte keine?)",
        r"^ich (?:will|möchte|mag) keine",
        r"(?:darf|dürfen|soll|sollen|sollte|sollten) (?:\w+ )*(?:nicht|kein\w*|nie)\b",
        r"^ohne \w+[.!]?$",
    ),
    use=(
        r"^(?:verwende|nutze|benutze|nutz|benutz|nimm|halte? dich|bevorzuge|zitiere|befolge|formatiere|beschränke?|sei|setze?) ",
        r"^(?:schreibe?|antworte|erkläre?|sprich|formuliere) (?:mir )?(?:immer |nur |bitte )?(?:auf|in|mit|ohne|als|im|kurz|knapp)\b",
    ),
    require=(
        r"(?:muss|müssen|musst|sollen|sollten|soll|sollte|achte darauf|stelle? sicher|vergiss nicht|es ist wichtig)",
    ),
    replace=(r"statt|anstelle|anstatt|an stelle von|, nicht \w+[.!]?$",),
    prefer=(r"^ich (?:bevorzuge|mag lieber|hasse|hätte lieber|will lieber|ziehe .* vor|mag keine)",),
    permit=(
        r"(?:ist|sind) (?:doch |wieder )?(?:ok|okay|in ordnung|erlaubt)|^du (?:kannst|darfst) (?:wieder|doch|jetzt) .*",
    ),
    adjust=(
        r"(?:knapper|kürzer|formeller|genauer|konkreter|einfacher|klarer|natürlicher|direkter|sachlicher|ausführlicher|weniger \w+)",
    ),
    direct=(r"^(?:füge?|entferne|ändere|zeige?|teile?|definiere|markiere|ergänze|lösche|mach) ",),
    request=(
        r"^(?:schreibe?|erstelle?|mach|mache|gib|sag|sage|übersetze?|fasse?|erkläre?|entwirf|plane?|berechne|analysiere|suche?|hilf|zeig|erzähl)(?: mir| uns)? (?:eine?n?[mrs]?|den|die|das|diesen?|dieses|mein\w*|bei|wie|was|warum)\b",
        r"^(?:ich brauche|ich möchte eine?n?|ich will eine?n?|weiter$)",
    ),
    question=(r"\?\s*$", r"^(?:was|wie|warum|wieso|wer|wo|wann|welche\w*|ist|sind|hat|gibt)\b"),
    polite=(r"^(?:kannst|könntest|würdest) du (?:bitte )?(?:keine?|nicht|immer|aufhören|nur)",),
    bound=(
        r"(?:der|die|das|den|dem|diese[rnsm]?|dein\w*) (?:erste|zweite|dritte|letzte|vorige|nächste|obige|gleiche)\w*(?: \w+)?",
        r"diese[rnsm]? (?:absatz|abschnitt|satz|zeile|text|beispiel|antwort|funktion|datei|gedicht|geschichte)",
        r"(?:absatz|abschnitt|zeile|kapitel|schritt) \d+|(?:letzte|vorherige)n? antwort",
    ),
    once=(r"(?:nur )?(?:dieses mal|diesmal|dies eine mal)|vorerst|fürs erste|erstmal|für heute",),
    persona=(
        r"^(?:du bist (?:eine?|der|die)|spiel(?:e)? (?:die rolle|einen)|stell dir vor|tu so|agiere als|ich möchte,? dass du als)",
    ),
    chat=(
        r"^(?:hallo|hi|guten (?:morgen|tag|abend)|danke|vielen dank|danke schön|ok|okay|ja|nein|super|perfekt|gut|sehr gut|alles klar|tschüss)[!. ]*$",
    ),
    condition=(r"^(?:wenn|falls|bevor|nachdem|vor|nach|bei|für|in|sobald|immer wenn)\b",),
    lead=(
        r"bitte|und|aber|auch|außerdem|ok|okay|nein|ja|gut|danke|ab (?:jetzt|sofort|heute)|von nun an|künftig|zukünftig|in zukunft|nächstes mal|das nächste mal|merk dir|denk daran|"
        r"(?:kannst|könntest|würdest) du",
    ),
)

PORTUGUESE = Phrases(
    code="pt",
    spaced=True,
    wording=Wording(
        what="Como o usuário quer este trabalho: {title}.",
        when="Use quando for pedido: {ask}.",
        procedure="Procedimento de {title}",
        answers="Estilo de resposta",
        code="Alterações de código",
    ),
    lasting=(
        r"a partir de (?:agora|hoje)|de agora em diante|daqui (?:em|pra|para a?) ?(?:diante|frente)|no futuro|da próxima vez|na próxima vez",
        r"lembre-se(?: de| que)?|lembra(?: de| que)",
        r"(?:antes|depois) de cada|(?:em|para) (?:cada|todos os|todas as)",
        r"(?:neste|nesse|no nosso) (?:repo|repositório|projeto|time)|eu (?:já )?(?:te )?(?:disse|pedi)",
    ),
    habit=(r"sempre|nunca|jamais|toda vez|todas as vezes|por padrão|via de regra|em geral",),
    convention=(
        r"(?:nossa|nosso|a|o) (?:convenção|norma|regra|padrão|processo|procedimento|prática)(?: \w+){0,4} (?:é|são)",
        r"^(?:aqui )?(?:nós |a gente )?(?:usamos|utilizamos|escrevemos|seguimos|usa)\b",
    ),
    forbid=(
        r"^não (?:(?:me|se|o|a) )?(?!(?:sei|entendi|quero|preciso|é|está|foi|tem|tenho|consigo|se preocupe)\b)\w{2,}",
        r"^(?:evite|evita|pare de|para de|nada de|nunca|jamais|deixe de|proibido)",
        r"^não quero (?:ver )?\w+s\b",
        r"não (?:se )?(?:deve|devem|pode|podem) ",
        r"^sem \w+",
    ),
    use=(
        r"^(?:use|usa|utilize|utiliza|empregue|mantenha|prefira|siga|cite|limite|seja|coloque) ",
        r"^(?:escreva|responda|redija|fale|explique|formate|escreve|responde) (?:sempre |só |apenas )?(?:em|com|sem|como|usando)\b",
    ),
    require=(
        r"(?:deve|devem|tem que|têm que|precisa|precisam|é (?:importante|obrigatório|necessário)|certifique-se|garanta|não esqueça)",
    ),
    replace=(r"em vez de|ao invés de|no lugar de|em lugar de",),
    prefer=(r"^(?:eu )?(?:prefiro|odeio|detesto|não gosto de)",),
    permit=(r"(?:pode|podem) (?:voltar a |usar |colocar |incluir ).*|(?:está|estão|tá) (?:ok|bem|liberad\w) .*",),
    adjust=(
        r"(?:mais|menos) (?:concis|brev|formal|técnic|específic|detalhad|concret|simples|clar|natural|profissiona|diret)\w*",
    ),
    direct=(r"^(?:adicione|inclua|remova|tire|mude|mostre|divida|defina|marque|faça|acrescente) ",),
    request=(
        r"^(?:escreva|crie|gere|faça|faz|dê|me dê|diga|me diga|traduza|resuma|explique|prepare|calcule|analise|elabore|me ajude|ajude)(?: me)? (?:um|uma|o|a|os|as|este|esta|isso|meu|minha|como|por que)\b",
        r"^(?:preciso de|quero um|quero uma|gostaria de|continue)",
    ),
    question=(r"\?\s*$", r"^(?:o que|qual|quais|como|por que|porque|onde|quando|quem|quanto)\b"),
    polite=(r"^(?:você )?(?:pode|poderia) (?:não|parar de|sempre|evitar|usar sempre)",),
    bound=(
        r"(?:este|esta|esse|essa|o|a|sua) (?:primeir|segund|terceir|últim|anterior|seguinte|mesm)\w*(?: \w+)?",
        r"(?:este|esta|esse|essa|neste|nesta) (?:parágrafo|seção|frase|linha|texto|exemplo|resposta|função|arquivo|poema|história)",
        r"(?:parágrafo|seção|linha|capítulo|passo) \d+|(?:resposta|versão) anterior",
    ),
    once=(r"(?:só|apenas) (?:desta|dessa|esta) vez|por (?:enquanto|ora|hoje)|desta vez",),
    persona=(r"^(?:aja como|você é (?:um|uma|o|a)|imagine que|finja|quero que você (?:aja|atue|seja))",),
    chat=(
        r"^(?:olá|oi|bom dia|boa tarde|boa noite|obrigad[oa]|muito obrigad[oa]|ok|sim|não|perfeito|ótimo|certo|beleza|tchau|valeu)[!. ]*$",
    ),
    condition=(r"^(?:quando|se|antes de|depois de|para|em|sempre que|toda vez)\b",),
    lead=(
        r"por favor|e|mas|também|além disso|ok|bom|não,|certo|a partir de (?:agora|hoje)|de agora em diante|daqui (?:em|pra) (?:diante|frente)|no futuro|da próxima vez|lembre-se(?: de| que)?|"
        r"você pode|pode|poderia",
    ),
)

ITALIAN = Phrases(
    code="it",
    spaced=True,
    wording=Wording(
        what="Come l’utente vuole questo lavoro: {title}.",
        when="Da usare quando si chiede: {ask}.",
        procedure="Procedura: {title}",
        answers="Stile delle risposte",
        code="Modifiche al codice",
    ),
    lasting=(
        r"d['’]ora in (?:poi|avanti)|da (?:ora|adesso|oggi) in (?:poi|avanti)|in futuro|la prossima volta",
        r"(?:ricorda|tieni presente)(?: che| di|:)",
        r"(?:prima|dopo) (?:di )?ogni|(?:in|per) (?:ogni|tutti i|tutte le)",
        r"in questo (?:repo|repository|progetto)|nel nostro (?:team|progetto)|ti ho (?:già )?detto",
    ),
    habit=(r"sempre|mai|ogni volta|di default|per impostazione predefinita|di norma|di regola",),
    convention=(
        r"(?:la nostra|il nostro|la|il) (?:convenzione|regola|norma|standard|processo|procedura|prassi)(?: \w+){0,4} (?:è|sono)",
        r"^(?:da noi |noi )?(?:usiamo|utilizziamo|scriviamo|seguiamo)",
    ),
    forbid=(
        r"^non (?:mi )?(?!(?:so|capisco|voglio|ho|è|posso|sono|c)\b)\w+",
        r"^(?:evita|evitare|smetti di|smettila di|niente|mai|basta)",
        r"^non voglio \w+",
        r"non (?:si )?(?:deve|devono|può|possono) ",
        r"^senza \w+",
    ),
    use=(
        r"^(?:usa|utilizza|mantieni|preferisci|segui|cita|limita|sii|metti|adopera) ",
        r"^(?:scrivi|rispondi|parla|spiega|formatta)(?:mi)? (?:sempre |solo )?(?:in|con|senza|come|usando)\b",
    ),
    require=(
        r"(?:deve|devono|devi|bisogna|occorre|assicurati|è (?:importante|obbligatorio|necessario)|non dimenticare)",
    ),
    replace=(r"invece d|al posto d|anziché|piuttosto che",),
    prefer=(r"^(?:io )?(?:preferisco|odio|detesto|non mi piacciono|non mi piace)",),
    permit=(
        r"(?:puoi|potete|si può|si possono) (?:di nuovo |ora )?(?:usare|mettere|includere) .*|(?:va|vanno) bene .*",
    ),
    adjust=(
        r"(?:più|meno) (?:concis|brev|formal|tecnic|specific|dettagliat|concret|semplic|chiar|natural|professional|dirett)\w*",
    ),
    direct=(r"^(?:aggiungi|includi|togli|rimuovi|cambia|mostra|dividi|definisci|segna|fai) ",),
    request=(
        r"^(?:scrivi|crea|genera|fai|dammi|dimmi|traduci|riassumi|spiega|prepara|calcola|analizza|aiutami)(?:mi)? (?:una?|un['’]|il|la|lo|i|gli|le|l['’]|questo|questa|come|a|perché)\b",
        r"^(?:ho bisogno|vorrei|mi serve|continua)",
    ),
    question=(r"\?\s*$", r"^(?:cosa|che cosa|come|perché|quale|quali|dove|quando|chi|quanto)\b"),
    polite=(r"^(?:puoi|potresti) (?:non|smettere|sempre|evitare|usare sempre)",),
    bound=(
        r"(?:questo|questa|il|la|tua|tuo) (?:prim|second|terz|ultim|precedent|seguent|stess)\w*(?: \w+)?",
        r"quest[oa] (?:paragrafo|sezione|frase|riga|testo|esempio|risposta|funzione|file|poesia|storia)",
        r"(?:paragrafo|sezione|riga|capitolo|passo) \d+",
    ),
    once=(r"(?:solo )?(?:per )?questa volta|per (?:ora|adesso|oggi)",),
    persona=(r"^(?:comportati come|agisci come|sei un|immagina|fai finta|voglio che tu)",),
    chat=(
        r"^(?:ciao|salve|buongiorno|buonasera|grazie|grazie mille|ok|sì|no|perfetto|ottimo|va bene|bene|certo)[!. ]*$",
    ),
    condition=(r"^(?:quando|se|prima di|dopo|per|in|ogni volta)\b",),
    lead=(
        r"per favore|per piacere|e|ma|anche|inoltre|ok|no,|d['’]ora in (?:poi|avanti)|da (?:ora|adesso|oggi) in (?:poi|avanti)|in futuro|la prossima volta|ricorda(?: che| di)?|puoi|potresti",
    ),
)

RUSSIAN = Phrases(
    code="ru",
    spaced=True,
    wording=Wording(
        what="Как пользователь хочет это видеть: {title}.",
        when="Применять, когда просят: {ask}.",
        procedure="Порядок: {title}",
        answers="Стиль ответов",
        code="Изменения в коде",
    ),
    lasting=(
        r"с этого момента|отныне|впредь|в дальнейшем|в будущем|в следующий раз|теперь всегда|на будущее",
        r"запомни(?:те)?|помни(?:те)?",
        r"(?:перед|после|при|для) (?:каждым|каждого|каждой|каждом|всех)",
        r"в (?:этом|нашем) (?:репозитории|проекте)|в нашей команде|я (?:уже )?(?:говорил|просил)",
    ),
    habit=(r"всегда|никогда|каждый раз|по умолчанию|как правило|постоянно|обязательно",),
    convention=(
        r"(?:наш[ае]?|наши|общее) (?:соглашени\w|правил\w|стандарт\w?|процесс|порядок|договор[её]нность)(?: \w+){0,4}(?: —| -|:| это| такой| таков)",
        r"у нас принято|^(?:у нас |мы )(?:всегда )?(?:используем|пишем|делаем|применяем)",
    ),
    forbid=(
        r"^(?:больше )?не (?!(?:знаю|понимаю|понял|могу|хочу|работает|надо мне|волнуйся|беспокойся|за что|так)\b)\w+(?:й|йте|и|ите|ь|ьте|ть)\b",
        r"^(?:избегай(?:те)?|хватит|перестань(?:те)?|нельзя|никаких|прекрати(?:те)?|никогда не|без) ",
        r"^(?:мне )?не нужн\w+ |^я не (?:хочу|люблю) ",
        r"(?:не должн\w+|запрещен\w+|запрещ[её]н\w*|не следует|нельзя) ",
    ),
    use=(
        r"^(?:используй(?:те)?|применяй(?:те)?|придерживайся|придерживайтесь|оформляй(?:те)?|соблюдай(?:те)?|ставь(?:те)?|сохраняй(?:те)?|цитируй(?:те)?|указывай(?:те)?|будь(?:те)?) ",
        r"^(?:пиши|пишите|отвечай(?:те)?|говори(?:те)?|объясняй(?:те)?) (?:всегда |только |мне )?(?:на|в|с|со|без|как|по|коротко|кратко)\b",
    ),
    require=(r"(?:должн(?:ы|о|а|ен)|нужно|надо|следует|необходимо|убедись|убедитесь|не забывай(?:те)?|важно)",),
    replace=(r"вместо|а не \w+",),
    prefer=(r"^(?:я |мы )?(?:предпочитаю|предпочитаем|ненавижу|терпеть не могу|мне больше нравится|мне не нравится)",),
    permit=(r"(?:можно|можешь|можете) (?:снова |опять |вс[её]-таки )(?:использовать|писать|добавлять)?.*",),
    adjust=(r"(?:короче|кратче|формальнее|точнее|конкретнее|проще|яснее|подробнее|естественнее|строже|менее \w+)",),
    direct=(r"^(?:добавь|убери|удали|измени|покажи|раздели|отметь|сделай)(?:те)? ",),
    request=(
        r"^(?:напиши|создай|сделай|составь|придумай|дай|скажи|переведи|расскажи|объясни|найди|посчитай|проанализируй|подготовь|нарисуй|помоги|сгенерируй)(?:те)?(?: мне)? \w+",
        r"^(?:мне нужен|мне нужна|мне нужно|продолжай|хочу)",
    ),
    question=(r"\?\s*$", r"^(?:что|как|почему|зачем|кто|где|когда|какой|какая|какие|сколько)\b"),
    polite=(r"^(?:можешь|можете|не мог бы ты|могли бы вы) (?:больше )?(?:не|всегда|перестать)",),
    bound=(
        r"(?:эт\w+|перв\w+|втор\w+|треть\w+|последн\w+|предыдущ\w+|следующ\w+) (?:абзац|раздел|предложени|строк|слов|ответ|пример|текст|пункт|глав|функци|файл|стих|рассказ)\w*",
        r"(?:абзац|раздел|строк|глав|шаг|пункт)\w* \d+|выше",
    ),
    once=(r"(?:только )?(?:в этот раз|на этот раз|сейчас)|пока(?: что)?$|один раз|сегодня",),
    persona=(r"^(?:представь,? что|ты (?:теперь )?(?:—|-) |веди себя как|притворись|сыграй роль|действуй как)",),
    chat=(
        r"^(?:привет|здравствуй(?:те)?|добрый (?:день|вечер)|спасибо(?: большое)?|ок|да|нет|хорошо|отлично|понятно|супер|пока)[!. ]*$",
    ),
    condition=(r"^(?:когда|если|перед|после|при|для|в|каждый раз)\b",),
    lead=(
        r"пожалуйста|и|но|также|а|еще|ещё|ок|нет|да|хорошо|спасибо|с этого момента|отныне|впредь|в дальнейшем|в следующий раз|на будущее|запомни|кроме того|"
        r"(?:можешь|можете|не мог бы ты)",
    ),
)
