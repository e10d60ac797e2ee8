"""Spanish cues."""

from __future__ import annotations

from skillgit.learn.offline.phrases import Named, Phrases, Wording

SPANISH = Phrases(
    code="es",
    spaced=True,
    wording=Wording(
        work="Cómo quiere el usuario este trabajo: {title}. Úsese cuando se pida: {ask}.",
        topic="Las reglas del usuario sobre {title}. Úsese cuando el trabajo trate de eso.",
        memory=Named("Preferencias", "Lo que el usuario pidió recordar: {title}. Úsese donde corresponda."),
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
    errand=(
        r"^(?:res[eé]rva(?:me)?|c[oó]mpra(?:me)?|cancela|p[ií]de(?:me)?|encarga) (?:un|una|el|la|mi|dos|unos|unas)\b",
    ),
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
