"""Spanish, French, Portuguese and Italian cues."""

from __future__ import annotations

from skillgit.learn.offline.phrases import Named, Phrases, Wording

SPANISH = Phrases(
    code="es",
    spaced=True,
    wording=Wording(
        work="Cómo quiere el usuario este trabajo: {title}. Úsese cuando se pida: {ask}.",
        topic="Las reglas del usuario sobre {title}. Úsese cuando el trabajo trate de eso.",
        memory="Lo que el usuario pidió recordar: {title}. Úsese donde corresponda.",
        procedure=Named(
            "Procedimiento de {title}", "El procedimiento del usuario, paso a paso: {title}. Úsese al seguirlo."
        ),
        answers=Named("Estilo de respuesta", "Cómo quiere el usuario que se le responda. Úsese en cada respuesta."),
        code=Named(
            "Cambios de código", "Cómo quiere el usuario que se cambie el código. Úsese al trabajar en su código."
        ),
    ),
    lasting=(
        r"a partir de (?:ahora|hoy)|de (?:ahora|aquí|hoy) en adelante|en adelante|en (?:el )?futuro|"
        r"la próxima vez|en lo sucesivo",
        r"(?:recuerda|ten en cuenta)(?: que|:| siempre)",
        r"(?:antes|después) de cada|(?:en|para) (?:cada|todos los|todas las)",
        r"en (?:este|nuestro) (?:repo|repositorio|proyecto|equipo)",
        r"te (?:dije|he dicho|pedí)",
    ),
    habit=(r"siempre|nunca|jamás|cada vez|por defecto|como (?:norma|regla)|en todo momento",),
    convention=(
        r"(?:nuestra|nuestro|la|el) (?:convención|norma|regla|estándar|proceso|procedimiento|"
        r"práctica)s?(?: \w+){0,4} (?:es|son)",
        r"^(?:en \w+(?: \w+)?,? )?(?:siempre )?(?:usamos|utilizamos|escribimos|seguimos)",
    ),
    again=(r"^(?:siempre|cada vez|hazlo siempre así|recuérdalo)[.!]*$",),
    forbid=(
        r"^no (?:(?:me|lo|la|los|las|te) )?\w{2,}(?:es|as|en|an|éis|áis)\b(?! (?:bien|mal))",
        r"^(?:evita|evite|deja de|deje de|nada de|prohibido|prescinde de|(?:nunca|jamás)(?! \w+o\b))",
        r"^no (?:quiero|me gustan?) ",
        r"no (?:se )?(?:debe|deben|puede|pueden) ",
        r"^sin \w+",
    ),
    absent=(r"^(?:sin|nada de)",),
    use=(
        r"^(?:usa|use|utiliza|utilice|emplea|mantén|mantenga|prefiere|sigue|siga|cita|cite|limita|limítate|sé|"
        r"pon|ponga) ",
    ),
    form=(
        r"formato|estilo|tono|viñetas?|tablas?|listas?|títulos?|español|inglés|francés|emojis?|markdown|latex|"
        r"word|frases?|párrafos?|fuentes?|citas?|referencias?|unidades|fechas?|comentarios?|nombres?|"
        r"ejemplos?|negritas?|tabulaciones|espacios|palabras?|imperativo|voz (?:activa|pasiva)",
    ),
    manner=(
        r"^(?!(?:yo|casi|me|te|se|no|él|ella)\b)\w+(?<!o) siempre \w+",
        r"^(?:escribe|responde|contesta|redacta|habla|explica|formatea|escriba|responda) (?:\w+ ){0,2}(?:en|"
        r"con|sin|como|usando)",
    ),
    require=(
        r"(?:debes?|deben|debe|tienes? que|tienen que|hay que|es (?:importante|obligatorio|necesario)|"
        r"asegúrate|hace falta)",
    ),
    replace=(r"en (?:vez|lugar) de|en vez|no \w+[.!]?$",),
    contrast=(r"[\w`)]+, no [^,]+$",),
    prefer=(r"^(?:siempre )?(?:prefiero|odio|detesto|me gusta más|no me gusta)",),
    permit=(
        r"(?:ya )?(?:se )?puedes? (?:volver a )?(?:usar|incluir|poner) .*|(?:está|"
        r"están) bien .*(?:después de todo|ahora)",
    ),
    adjust=(
        r"(?:más|menos) (?:concis|brev|formal|informal|técnic|específic|detallad|concret|simpl|clar|natural|"
        r"profesional|direct)\w*",
    ),
    direct=(r"^(?:añade|agrega|incluye|quita|elimina|cambia|muestra|divide|define|marca|haz) ",),
    request=(
        r"^(?:escríbeme|hazme|dame|dime|crea|genera|redacta|traduce|resume|explica|explícame|diseña|prepara|"
        r"calcula|analiza|busca|escribe|haz|ayúdame|necesito|quiero) "
        r"(?:me )?(?:una?|el|la|los|las|este|esta|esto|mi|un|qué|cómo|a)\b",
        r"^(?:continúa|sigue$|adelante)",
    ),
    subject=(
        r"^(?:yo|tú|él|ella|nosotros|ellos|ellas|el|la|los|las|un|una|mi|tu|su|me|te|se|lo|le|es|era|no|que|si|en|de|a|por|"
        r"para|con|hay|está|\w+o)(?!\w)",
    ),
    question=(r"\?\s*$", r"^¿", r"^(?:qué|cómo|por qué|cuál|cuándo|dónde|quién|cuánt\w+)"),
    polite=(r"^¿?(?:puedes|podrías) (?:no|dejar de|usar siempre|evitar|siempre)",),
    reject=(r"^(?:no|mal|incorrecto|otra vez|así no)\b",),
    bound=(
        r"(?:este|esta|ese|esa|el|la|tu) (?:primer|primera|segund[oa]|tercer[oa]?|últim[oa]|anterior|"
        r"siguiente|mismo) ?\w*",
        r"(?:este|esta|ese|esa) (?:párrafo|sección|frase|línea|texto|ejemplo|respuesta|función|archivo|poema|cuento)",
        r"(?:párrafo|sección|línea|capítulo|paso) \d+|(?:respuesta|versión) anterior",
    ),
    once=(r"(?:solo|sólo) (?:por )?(?:esta vez|hoy|ahora)|por (?:ahora|esta vez|el momento)",),
    persona=(r"^(?:actúa como|eres un|imagina que|finge|haz de cuenta|quiero que actúes)",),
    fiction=(r"cuento|historia|poema|canción|novela|guion",),
    chat=(
        r"^(?:hola|buenos días|buenas|gracias|muchas gracias|vale|ok|sí|no|perfecto|genial|de acuerdo|adiós|"
        r"claro|bien|muy bien)[!. ]*$",
    ),
    condition=(r"^(?:cuando|si|antes de|después de|para|en|cada vez|siempre que)\b",),
    tail=(r"^(?:porque|para que|si no|excepto|es decir|por ejemplo|que)\b",),
    lead=(
        r"por favor|y|pero|también|además|ok|bueno|no,|vale|gracias|a partir de (?:ahora|hoy)|de (?:ahora|"
        r"aquí|hoy) en adelante|en adelante|en (?:el )?futuro|la próxima vez|recuerda(?: que)?|¿|¡|"
        r"puedes|podrías|te (?:dije|pedí)(?: que)?",
    ),
)

FRENCH = Phrases(
    code="fr",
    spaced=True,
    wording=Wording(
        work="La façon dont l’utilisateur veut ce travail : {title}. À utiliser quand on demande : {ask}.",
        topic="Les règles de l’utilisateur sur ce sujet : {title}. À utiliser quand le travail en relève.",
        memory="Ce que l’utilisateur veut qu’on retienne : {title}. À utiliser là où cela s’applique.",
        procedure=Named(
            "Procédure : {title}",
            "La procédure de l’utilisateur, étape par étape : {title}. À utiliser pour la suivre.",
        ),
        answers=Named(
            "Style de réponse", "Comment l’utilisateur veut qu’on lui réponde. À utiliser pour chaque réponse."
        ),
        code=Named(
            "Modifications du code", "Comment l’utilisateur veut que le code soit modifié. À utiliser sur son code."
        ),
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
        r"(?:notre|la|nos|les) (?:convention|norme|règle|standard|processus|procédure|"
        r"pratique)s?(?: \w+){0,4} (?:est|sont)",
        r"^(?:chez nous,? |dans l['’]équipe,? )?(?:nous|on) (?:utilis|écri|suiv|emploi)\w+",
    ),
    again=(r"^(?:toujours|à chaque fois|fais toujours comme ça|retiens-le)[.!]*$",),
    forbid=(
        r"^(?:ne |n['’])[\w' ’]{1,30}\b(?:pas|plus|jamais|aucune?)\b",
        r"^(?:évite[zr]?|arrête[zr]?|cesse[zr]?|pas de|pas d['’]|plus de|plus d['’]|jamais de|interdit|"
        r"proscris|aucune? )",
        r"^(?:je ne veux pas|je n['’]aime pas) ",
        r"(?:ne (?:doit|doivent|peut|peuvent) pas|est interdit|sont interdits)",
        r"^(?:\w+ )?sans (?:\w+)$",
    ),
    absent=(r"^(?:sans|pas d[e'’]|plus d[e'’]|aucune?)",),
    use=(
        r"^(?:utilise[zr]?|emploie|employez|garde[zr]?|préfère|préférez|suis|suivez|cite[zr]?|limite[zr]?|"
        r"mets|mettez|respecte[zr]?|sois|soyez) ",
    ),
    form=(
        r"format|style|ton|puces?|tableaux?|listes?|titres?|français|anglais|émojis?|emojis?|markdown|latex|"
        r"word|phrases?|paragraphes?|sources?|citations?|références?|unités|dates?|commentaires?|noms?|"
        r"exemples?|gras|tabulations|espaces|mots?|impératif|voix (?:active|passive)",
    ),
    manner=(
        r"^(?!(?:je|j|tu|il|elle|on|nous|vous|ils|elles|c|presque|est)\b)[\w-]+ toujours \w+",
        r"^(?:écris|écrivez|réponds|répondez|rédige[zr]?|parle[zr]?|explique[zr]?|"
        r"formate[zr]?)(?:-moi)? (?:[\w’'-]+ ){0,4}(?:en|avec|sans|comme|dans)\b",
    ),
    require=(
        r"(?:il faut|tu dois|vous devez|doit|doivent|assure-toi|assurez-vous|veille[zr]? à|"
        r"il est (?:important|obligatoire|nécessaire)|n['’]oublie[zr]? pas)",
    ),
    replace=(r"au lieu d|plutôt qu|à la place d",),
    contrast=(r"[\w`)]+, pas [^,]+$",),
    prefer=(r"^(?:je préfère|je déteste|je n['’]aime pas|nous préférons)",),
    permit=(
        r"(?:tu peux|vous pouvez|on peut) (?:de nouveau |à nouveau |finalement )?(?:utiliser|mettre|"
        r"inclure) .*|(?:vont|va) (?:bien )?finalement",
    ),
    adjust=(
        r"(?:plus|moins) (?:concis|bref|brève|formel|technique|précis|détaillé|concret|simple|clair|naturel|"
        r"professionnel|direct)\w*",
    ),
    direct=(r"^(?:ajoute|enlève|supprime|retire|inclus|change|montre|divise|définis|marque|fais)[zr]? ",),
    request=(
        r"^(?:écris|rédige|crée|génère|fais|donne|dis|traduis|résume|explique|prépare|calcule|analyse|conçois|"
        r"aide|propose)(?:-moi)? (?:une?|le|la|les|l['’]|ce|cette|mon|ma|des|du|à|comment|pourquoi)",
        r"^(?:j['’]ai besoin|je veux une?|je voudrais|il me faut|continue)",
    ),
    subject=(
        r"^(?:je|j['’]\w+|tu|il|elle|on|nous|vous|ils|elles|le|la|les|l['’]\w+|un|une|mon|ma|mes|ton|ta|son|sa|ce|c['’]\w+|"
        r"ça|est|était|que|si|en|de|à|au|par|pour|avec)(?!\w)",
    ),
    question=(r"\?\s*$", r"^(?:qu['’]|que |quel|quelle|comment|pourquoi|où|quand|qui|combien|est-ce)"),
    polite=(r"^(?:peux-tu|pourrais-tu|pouvez-vous|pourriez-vous) (?:ne pas|ne plus|toujours|éviter|arrêter|utiliser)",),
    reject=(r"^(?:non|faux|pas comme ça|encore)\b",),
    bound=(
        r"(?:ce|cet|cette|le|la|ta|ton) (?:premi|deuxi|troisi|derni|précédent|suivant|même)\w*(?: \w+)?",
        r"(?:ce|cet|cette) (?:paragraphe|section|phrase|ligne|texte|exemple|réponse|fonction|fichier|poème|histoire)",
        r"(?:paragraphe|section|ligne|chapitre|étape) \d+|(?:réponse|version) précédente|ci-dessus",
    ),
    once=(
        r"(?:juste |seulement )?(?:pour )?cette fois(?:-ci)?(?: seulement)?|pour (?:l['’]instant|le moment|"
        r"aujourd['’]hui)",
    ),
    persona=(
        r"^(?:agis comme|tu es (?:une?|le|la)|imagine que|fais semblant|joue le rôle|je veux que tu (?:agisses|joues))",
    ),
    fiction=(r"histoire|conte|poème|chanson|roman|scénario",),
    chat=(
        r"^(?:bonjour|salut|bonsoir|merci|merci beaucoup|d['’]accord|ok|oui|non|parfait|super|très bien|"
        r"génial|au revoir)[!. ]*$",
    ),
    condition=(r"^(?:quand|lorsque|si|avant|après|pour|dans|en|chaque fois|à chaque)\b",),
    tail=(r"^(?:parce que|pour que|sinon|sauf|par exemple|qui|car)\b",),
    lead=(
        r"s['’]il (?:te|vous) plaît|merci de|et|mais|aussi|ok|non|oui|bon|désormais|dorénavant|"
        r"à partir de maintenant|à l['’]avenir|la prochaine fois|de plus|souviens-toi(?: que| de)?|"
        r"peux-tu|pourrais-tu|je t['’]ai (?:déjà )?(?:dit|demandé)(?: de)?",
    ),
)

PORTUGUESE = Phrases(
    code="pt",
    spaced=True,
    wording=Wording(
        work="Como o usuário quer este trabalho: {title}. Use quando for pedido: {ask}.",
        topic="As regras do usuário sobre {title}. Use quando o trabalho tratar disso.",
        memory="O que o usuário pediu para lembrar: {title}. Use onde se aplicar.",
        procedure=Named(
            "Procedimento de {title}", "O procedimento do usuário, passo a passo: {title}. Use ao segui-lo."
        ),
        answers=Named("Estilo de resposta", "Como o usuário quer ser respondido. Use em cada resposta."),
        code=Named(
            "Alterações de código", "Como o usuário quer que o código seja alterado. Use ao trabalhar no código dele."
        ),
    ),
    lasting=(
        r"a partir de (?:agora|hoje)|de agora em diante|daqui (?:em|pra|para a?) ?(?:diante|frente)|no futuro|"
        r"da próxima vez|na próxima vez",
        r"lembre-se(?: de| que)?|lembra(?: de| que)",
        r"(?:antes|depois) de cada|(?:em|para) (?:cada|todos os|todas as)",
        r"(?:neste|nesse|no nosso) (?:repo|repositório|projeto|time)|eu (?:já )?(?:te )?(?:disse|pedi)",
    ),
    habit=(r"sempre|nunca|jamais|toda vez|todas as vezes|por padrão|via de regra|em geral",),
    convention=(
        r"(?:nossa|nosso|a|o) (?:convenção|norma|regra|padrão|processo|procedimento|prática)(?: \w+){0,4} (?:é|são)",
        r"^(?:aqui )?(?:nós |a gente )?(?:usamos|utilizamos|escrevemos|seguimos|usa)\b",
    ),
    again=(r"^(?:sempre|toda vez|faça sempre assim|lembre-se disso)[.!]*$",),
    forbid=(
        r"^não (?:(?:me|se|o|a) )?(?!(?:sei|entendi|quero|preciso|é|está|foi|tem|tenho|consigo|se preocupe)\b)\w{2,}",
        r"^(?:evite|evita|pare de|para de|nada de|(?:nunca|jamais)(?! \w+o\b)|deixe de|proibido)",
        r"^não quero (?:ver )?\w+s\b",
        r"não (?:se )?(?:deve|devem|pode|podem) ",
        r"^sem \w+",
    ),
    absent=(r"^(?:sem|nada de)",),
    use=(r"^(?:use|usa|utilize|utiliza|empregue|mantenha|prefira|siga|cite|limite|seja|coloque) ",),
    form=(
        r"formato|estilo|tom|tabelas?|listas?|marcadores|títulos?|português|inglês|emojis?|markdown|latex|"
        r"word|frases?|parágrafos?|fontes?|citações|referências?|unidades|datas?|comentários?|nomes?|"
        r"exemplos?|negrito|tabulações|espaços|palavras?|imperativo|voz (?:ativa|passiva)",
    ),
    manner=(
        r"^(?!(?:eu|quase|me|te|se|não|ele|ela)\b)\w+(?<!o) sempre \w+",
        r"^(?:escreva|responda|redija|fale|explique|formate|escreve|responde) (?:\w+ ){0,2}(?:em|com|sem|como|"
        r"usando)\b",
    ),
    require=(
        r"(?:deve|devem|tem que|têm que|precisa|precisam|é (?:importante|obrigatório|necessário)|"
        r"certifique-se|garanta|não esqueça)",
    ),
    replace=(r"em vez de|ao invés de|no lugar de|em lugar de",),
    contrast=(r"[\w`)]+, não [^,]+$",),
    prefer=(r"^(?:eu )?(?:prefiro|odeio|detesto|não gosto de)",),
    permit=(r"(?:pode|podem) (?:voltar a |usar |colocar |incluir ).*|(?:está|estão|tá) (?:ok|bem|liberad\w) .*",),
    adjust=(
        r"(?:mais|menos) (?:concis|brev|formal|técnic|específic|detalhad|concret|simples|clar|natural|"
        r"profissiona|diret)\w*",
    ),
    direct=(r"^(?:adicione|inclua|remova|tire|mude|mostre|divida|defina|marque|faça|acrescente) ",),
    request=(
        r"^(?:escreva|crie|gere|faça|faz|dê|me dê|diga|me diga|traduza|resuma|explique|prepare|calcule|"
        r"analise|elabore|me ajude|ajude)(?: me)? (?:um|uma|o|a|os|as|este|esta|isso|meu|minha|como|por que)\b",
        r"^(?:preciso de|quero um|quero uma|gostaria de|continue)",
    ),
    subject=(
        r"^(?:eu|tu|você|ele|ela|nós|eles|elas|o|a|os|as|um|uma|meu|minha|me|te|se|lhe|é|era|não|que|em|de|por|para|com|"
        r"há|está|\w+o)(?!\w)",
    ),
    question=(r"\?\s*$", r"^(?:o que|qual|quais|como|por que|porque|onde|quando|quem|quanto)\b"),
    polite=(r"^(?:você )?(?:pode|poderia) (?:não|parar de|sempre|evitar|usar sempre)",),
    reject=(r"^(?:não|errado|assim não|de novo)\b",),
    bound=(
        r"(?:este|esta|esse|essa|o|a|sua) (?:primeir|segund|terceir|últim|anterior|seguinte|mesm)\w*(?: \w+)?",
        r"(?:este|esta|esse|essa|neste|nesta) (?:parágrafo|seção|frase|linha|texto|exemplo|resposta|função|"
        r"arquivo|poema|história)",
        r"(?:parágrafo|seção|linha|capítulo|passo) \d+|(?:resposta|versão) anterior",
    ),
    once=(r"(?:só|apenas) (?:desta|dessa|esta) vez|por (?:enquanto|ora|hoje)|desta vez",),
    persona=(r"^(?:aja como|você é (?:um|uma|o|a)|imagine que|finja|quero que você (?:aja|atue|seja))",),
    fiction=(r"conto|história|poema|canção|romance|roteiro",),
    chat=(
        r"^(?:olá|oi|bom dia|boa tarde|boa noite|obrigad[oa]|muito obrigad[oa]|ok|sim|não|perfeito|ótimo|"
        r"certo|beleza|tchau|valeu)[!. ]*$",
    ),
    condition=(r"^(?:quando|se|antes de|depois de|para|em|sempre que|toda vez)\b",),
    tail=(r"^(?:porque|para que|senão|exceto|por exemplo|que)\b",),
    lead=(
        r"por favor|e|mas|também|além disso|ok|bom|não,|certo|a partir de (?:agora|hoje)|de agora em diante|"
        r"daqui (?:em|pra) (?:diante|frente)|no futuro|da próxima vez|lembre-se(?: de| que)?|"
        r"você pode|pode|poderia",
    ),
)

ITALIAN = Phrases(
    code="it",
    spaced=True,
    wording=Wording(
        work="Come l’utente vuole questo lavoro: {title}. Da usare quando si chiede: {ask}.",
        topic="Le regole dell’utente su questo: {title}. Da usare quando il lavoro lo riguarda.",
        memory="Ciò che l’utente vuole sia ricordato: {title}. Da usare dove si applica.",
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
