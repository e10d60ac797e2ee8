"""French cues."""

from __future__ import annotations

from skillgit.learn.offline.phrases import Named, Phrases, Wording

FRENCH = Phrases(
    code="fr",
    spaced=True,
    wording=Wording(
        work="La façon dont l’utilisateur veut ce travail : {title}. À utiliser quand on demande : {ask}.",
        topic="Les règles de l’utilisateur sur ce sujet : {title}. À utiliser quand le travail en relève.",
        memory=Named(
            "Préférences", "Ce que l’utilisateur veut qu’on retienne : {title}. À utiliser là où cela s’applique."
        ),
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
    errand=(
        r"^(?:réserve[rz]?|achète|achetez|commande[rz]?|annule[rz]?)(?:[ -]moi)? (?:une?|le|la|ma|mon|des|deux)\b",
    ),
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
