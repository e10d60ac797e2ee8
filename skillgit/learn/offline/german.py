"""German cues."""

from __future__ import annotations

from skillgit.learn.offline.phrases import Named, Phrases, Wording

GERMAN = Phrases(
    code="de",
    spaced=True,
    wording=Wording(
        work="Wie der Benutzer diese Arbeit haben will: {title}. Anwenden, wenn darum gebeten wird: {ask}.",
        topic="Die Regeln des Benutzers zu: {title}. Anwenden, wenn die Arbeit damit zu tun hat.",
        memory=Named("Vorlieben", "Was sich der Benutzer gemerkt wünscht: {title}. Anwenden, wo es zutrifft."),
        procedure=Named(
            "Ablauf: {title}", "Ein Ablauf des Benutzers, Schritt für Schritt: {title}. Anwenden, wenn er ansteht."
        ),
        answers=Named("Antwortstil", "Wie der Benutzer Antworten haben will. Bei jeder Antwort anwenden."),
        code=Named("Codeänderungen", "Wie der Benutzer Code geändert haben will. Bei Arbeit an seinem Code anwenden."),
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
        r"(?:unsere?|die|der) (?:konvention|regel|vorgabe|richtlinie|standard|prozess|"
        r"ablauf)(?:en)?(?: \w+){0,4} (?:ist|sind|lautet)",
        r"^(?:bei uns|wir) (?:\w+ )?(?:verwend|nutz|benutz|schreib|halt)\w*",
    ),
    again=(r"^(?:immer|jedes mal|ab jetzt|künftig|auch künftig|merk dir das)[.!]*$",),
    forbid=(
        r"^(?:verwende|nutze|benutze|nutz|benutz|schreib\w*|mach\w*|füge?|setz\w*|nimm|gib|ändere|lösche|lass|"
        r"committe|nenn\w*|erkläre?|zeig\w*)\b.*\b(?:kein\w*|nicht|nie|niemals|nichts)\b",
        r"^nicht (?!(?:so|gut|schlecht|wahr|nur|mehr|jetzt|hier)\b)\w+$",
        r"^(?:keine?[nmrs]? (?!(?:ahnung|problem|sorge|frage|zeit)\b)\w+|vermeide|hör auf|nie(?:mals)? |"
        r"verzichte auf|bitte keine?)",
        r"^ich (?:will|möchte|mag) keine",
        r"(?:darf|dürfen|soll|sollen|sollte|sollten) (?:\w+ )*(?:nicht|kein\w*|nie)\b",
        r"^ohne \w+[.!]?$",
    ),
    absent=(r"^(?:ohne|keine?[nmrs]?) ",),
    use=(
        r"\w+ (?:verwenden|nutzen|benutzen|nehmen)$",
        r"^(?:verwende|nutze|benutze|nutz|benutz|nimm|halte? dich|bevorzuge|zitiere|befolge|formatiere|"
        r"beschränke?|sei|setze?) ",
    ),
    form=(
        r"format|stil|ton|tabellen?|listen?|aufzählung(?:en|szeichen)?|überschrift(?:en)?|titel|deutsch|"
        r"englisch|emojis?|markdown|latex|word|sätze?n?|absätze?n?|quellen?|zitate?|einheiten|datum|"
        r"kommentare?|namen|beispiele?|leerzeichen|tabs|wörter|begriffe|imperativ|sprache",
    ),
    manner=(
        r"^(?!(?:ich|du|er|sie|es|wir|ist|sind|war|hat|fast|nicht)\b)\w+ (?:immer|stets) \w+",
        r"^(?:schreibe?|antworte|erkläre?|sprich|formuliere) (?:\w+ ){0,3}(?:auf|in|mit|ohne|als|im|kurz|knapp)\b",
    ),
    require=(
        r"(?:muss|müssen|musst|sollen|sollten|soll|sollte|achte darauf|stelle? sicher|vergiss nicht|es ist wichtig)",
    ),
    replace=(r"statt|anstelle|anstatt|an stelle von|, nicht \w+[.!]?$",),
    contrast=(r"[\w`)]+, (?:nicht|keine?) [^,]+$",),
    prefer=(r"^ich (?:bevorzuge|mag lieber|hasse|hätte lieber|will lieber|ziehe .* vor|mag keine)",),
    permit=(
        r"(?:ist|sind) (?:doch |wieder )?(?:ok|okay|in ordnung|erlaubt)|^du (?:kannst|darfst) (?:wieder|doch|jetzt) .*",
    ),
    adjust=(
        r"(?:knapper|kürzer|formeller|genauer|konkreter|einfacher|klarer|natürlicher|direkter|sachlicher|"
        r"ausführlicher|weniger \w+)",
    ),
    direct=(r"^(?:füge?|entferne|ändere|zeige?|teile?|definiere|markiere|ergänze|lösche|mach) ",),
    request=(
        r"^(?:schreibe?|erstelle?|mach|mache|gib|sag|sage|übersetze?|fasse?|erkläre?|entwirf|plane?|berechne|"
        r"analysiere|suche?|hilf|zeig|erzähl)(?: mir| uns)? (?:eine?n?[mrs]?|den|die|das|diesen?|dieses|"
        r"mein\w*|bei|wie|was|warum)\b",
        r"^(?:ich brauche|ich möchte eine?n?|ich will eine?n?|weiter$)",
    ),
    subject=(
        r"^(?:ich|du|er|sie|es|wir|ihr|man|der|die|das|ein\w*|mein\w*|dein\w*|sein\w*|ihre?\w*|unser\w*|ist|sind|war|"
        r"hat|habe|wird|nicht|kein\w*|dass|wenn|in|auf|an|bei|mit|von|zu|für|sehr|so|zu|noch)(?!\w)",
    ),
    question=(r"\?\s*$", r"^(?:was|wie|warum|wieso|wer|wo|wann|welche\w*|ist|sind|hat|gibt)\b"),
    polite=(r"^(?:kannst|könntest|würdest) du (?:bitte )?(?:keine?|nicht|immer|aufhören|nur)",),
    reject=(r"^(?:nein|falsch|nicht so|schon wieder)\b",),
    bound=(
        r"(?:der|die|das|den|dem|diese[rnsm]?|dein\w*) (?:erste|zweite|dritte|letzte|vorige|nächste|obige|"
        r"gleiche)\w*(?: \w+)?",
        r"diese[rnsm]? (?:absatz|abschnitt|satz|zeile|text|beispiel|antwort|funktion|datei|gedicht|geschichte)",
        r"(?:absatz|abschnitt|zeile|kapitel|schritt) \d+|(?:letzte|vorherige)n? antwort",
    ),
    once=(r"(?:nur )?(?:dieses mal|diesmal|dies eine mal)|vorerst|fürs erste|erstmal|für heute",),
    persona=(
        r"^(?:du bist (?:eine?|der|die)|spiel(?:e)? (?:die rolle|einen)|stell dir vor|tu so|agiere als|"
        r"ich möchte,? dass du als)",
    ),
    fiction=(r"geschichte|märchen|gedicht|lied|roman|drehbuch",),
    errand=(
        r"^(?:buche?|reservier\w*|bestell\w*|kauf\w*|stornier\w*) (?:mir |uns )?"
        r"(?:eine?n?|den|die|das|meine?n?|zwei)\b",
    ),
    chat=(
        r"^(?:hallo|hi|guten (?:morgen|tag|abend)|danke|vielen dank|danke schön|ok|okay|ja|nein|super|perfekt|"
        r"gut|sehr gut|alles klar|tschüss)[!. ]*$",
    ),
    condition=(r"^(?:wenn|falls|bevor|nachdem|vor|nach|bei|für|in|sobald|immer wenn)\b",),
    tail=(r"^(?:weil|damit|sonst|außer|zum beispiel|da|denn|sondern)\b",),
    lead=(
        r"bitte|und|aber|auch|außerdem|ok|okay|nein|ja|gut|danke|ab (?:jetzt|sofort|heute)|von nun an|künftig|"
        r"zukünftig|in zukunft|nächstes mal|das nächste mal|merk dir|denk daran|"
        r"(?:kannst|könntest|würdest) du",
    ),
)
