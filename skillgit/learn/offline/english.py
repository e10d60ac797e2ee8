"""English cues."""

from __future__ import annotations

from skillgit.learn.offline import english_asks as asks
from skillgit.learn.offline.phrases import Named, Phrases, Wording

_WORK = r"(?:repo|repository|project|codebase|code base|monorepo|workspace|team|company|lab|group|org|house|shop)"
_SUBJECT = (
    r"(?:(?:you|all|any|every|each|both|no|nobody|everything)\b[^,]*?|(?!(?:this|his|its|is|was|the|that|"
    r"these|those)\b)"
    r"(?:[\w./-]+\s+){0,3}[\w./-]+(?<!s)s)"
)
_MODAL = r"(?:must|should|shall|(?:need|needs|have|has|ought) to|are to|may not|can ?not|can'?t)"
_HABITUAL = (
    r"(?:always |never |usually )?(?:(?:starts?|begins?|ends?|opens?|closes?|finish(?:es)?) with|follows?|uses?|"
    r"lists?|contains?|includes?|carry|carries) "
)

ENGLISH = Phrases(
    code="en",
    spaced=True,
    wording=Wording(
        work="How to {ask} the way the user wants it. Use when asked to {ask}.",
        topic="The user's own rules on {title}. Use when the work involves {title}.",
        memory=Named("Preferences", "What the user wants remembered: {title}. Use wherever it applies."),
        procedure=Named(
            "{title} procedure",
            "The user's {title}, step by step. Use when asked to carry it out or about any part of it.",
        ),
        answers=Named("Answer style", "How the user wants to be answered. Use for every answer to the user."),
        code=Named("Code changes", "How the user wants code changed. Use when working on the user's code."),
    ),
    lasting=(
        r"from (?:now|here|this point|today)(?: on(?:wards?)?)?(?: out)?",
        r"(?:going|moving) forward",
        r"henceforth|hereafter",
        r"in (?:the )?future(?= |,|$)(?! (?:of|is|was|will))",
        r"(?:in|for|with) (?:anything|everything|whatever) (?:you|i|we) [a-z]+",
        r"(?:in|for|on|with) (?:all )?(?:future|subsequent) \w+",
        r"(?:for|in|on|with) (?:each|every|any|all) (?:[\w-]+ ){1,3}(?:you|we|i) (?!\w+ed\b)\w+",
        r"next time",
        r"for future reference",
        r"^(?:always )?(?:remember|keep in mind|bear in mind|note for (?:later|the future))(?: that| to|:|,| not)",
        r"(?:before|after) (?:each|every|any) ",
        r"^when(?:ever)? (?:you|we) (?!(?:are|were|get|have|had|can|could|see|finish|wrote|said|did|do it)\b)"
        r"[a-z]+\b(?=[^.?]*, )",
        r"^when(?:ever)? i (?:paste|send|give|ask|share|post|upload|show)\b(?=[^.?]*, )",
        r"^(?:whenever|every time|each time|any ?time) (?:an?|the|any|some\w*|there|i)\b[^,.?]*, ",
        r"permanently|across sessions|in all (?:sessions|conversations|chats)",
        r"(?:add|save|write|put|commit) (?:this|that|it) (?:in)?to (?:your |the )?(?:memory|rules|claude\.md|"
        r"agents\.md|skills?)",
        r"(?:i|we)(?:'ve| have)? (?:already |just )?(?:told|asked) you",
        r"how many times",
        r"(?:for|with) this (?:kind|type|sort) of \w+|(?:these|such) (?:kinds|types|sorts) of \w+",
    ),
    place=(rf"(?:in|for|across|throughout|inside) (?:this|our|my|the whole) {_WORK}",),
    habit=(
        r"always|never|every time|each time|any ?time|whenever|at all times|without exception",
        r"^for (?:each|every) [\w -]{2,30}(?=:)",
        r"^to [a-z]+ (?:an?|the|our|any) [\w -]{2,30}(?=:.*(?:->|=>|→))",
        r"by default|as a (?:general )?(?:rule|habit|matter of course)|as standard",
        r"every [\w-]+ (?:must|should|has|needs)|each [\w-]+ (?:must|should|has|needs)",
        r"all [\w -]{2,30} (?:must|should|have to|need)",
        r"(?:every|each) (?:day|week|month|quarter|year|sprint|release)",
    ),
    convention=(
        rf"(?:our|my|the) (?:{_WORK}'?s? )?(?:\w+ ){{0,2}}(?:convention|policy|house style|style guide|standard|"
        rf"practice|workflow|flow|process|procedure|sequence|guideline|rule|\w+ing order)s?"
        r"(?: \w+){0,4} (?:is|are|requires?|says?)\b(?! there| not (?:the|my))",
        rf"(?:our|my) (?:{_WORK}'?s? )?(?:\w+ ){{0,2}}(?:convention|policy|house style|style guide|workflow|flow|"
        rf"process|procedure|sequence|\w+ing order)s?:",
        r"^we (?:always|never|usually|normally|generally|only|do not|don'?t)(?! (?:know|think|have|see|want|"
        r"need|get|understand|care)\b)",
        r"^(?:(?:in|on|at|for) [\w -]+,? )?we (?:use|target|support|require|pin|ship|write|format|"
        r"name|run|keep|prefer|follow|test|deploy|release)\b",
        r"^(?:please )?(?:remember|keep in mind|bear in mind)(?: that|:|,)? (?:i|my|we|our)\b",
        rf"^(?:(?!people|colleagues|things?)[\w-]+ ){{1,3}}(?:in|at|across) (?:our|my) {_WORK} {_HABITUAL}",
        rf"^(?:all )?our (?:[\w-]+ ){{0,2}}[\w-]+(?<!s)s {_HABITUAL}",
        rf"^(?:our|my) {_WORK} (?:uses|writes|requires|prefers|follows|wants|formats|names)\b",
        r"^in our [\w -]+s,? (?:every|each|all|no) ",
        r"^(?:a |one |our |my |the )?(?:rule|convention|policy)(?: (?:for|in) [\w ]+)?: ",
        r"^(?:in|for|on|during) (?:all |our |my )?(?!(?:two|three|four|five|six|ten|other|some|most|few|a|the)\b)"
        r"(?:[a-z-]+ )?[a-z-]+(?<!s)s, "
        r"(?!(?:explain|describe|write|tell|give|show|compare|translate|create|draft|i|you|we|they|he|she|it|an?|the|"
        r"there|this|these|my|our|your|his|her|their|[\w-]+(?<!s)s)\b)[a-z]+ .+, not [\w ]+[.!]?$",
        r"by convention",
        r"(?:is|are) (?:our|the) (?:convention|standard|policy|house style)",
    ),
    again=(
        r"^(?:please )?(?:(?:do|use|keep|apply|follow|make|want) (?:it|this|that|these|so|the same)"
        r"(?: (?:this|that) way| like (?:this|that)| so)?,? )?"
        r"(?:always|every time|each time|from now on|in (?:the )?future|next time|by default)(?: too| as well)?[.!]*$",
        r"^(?:do |apply |use )?(?:it |this |that )?(?:the )?same (?:for|in|with|goes for) (?:all|every|each|any) ",
        r"^(?:please )?(?:remember|save|keep) (?:this|that|it)(?: in mind)?"
        r"(?: for (?:next time|later|the future))?[.!]*$",
        r"^(?:don'?t|do not) forget (?:this|that|it)[.!]*$",
        r"^always in (?:this|that) order[.!]*$",
        r"^(?:and )?(?:please )?(?:always )?(?:follow|keep(?: to)?|stick to|use|respect) (?:this|that|the same) "
        r"(?:order|sequence|procedure|format|style|layout)(?: (?:always|every time|each time|from now on))?[.!]*$",
        r"^(?:we|i) (?:always |all )?do (?:that|this|it|so)(?: (?:this|that) way| like (?:this|that))?"
        r"(?: (?:everywhere|always|every time|for everything|here))?[.!]*$",
        r"^(?:that|this|it)(?: is|['’]s) (?:just )?(?:our|my|the) (?:\w+ )?(?:style|way|habit|rule|policy|standard|"
        r"convention|preference|practice)[.!]*$",
        r"^(?:that|this|it) (?:goes|holds|applies|counts) for (?:all|every|each|any)[\w -]*[.!]*$",
    ),
    usual=(
        rf"^(?:my )?(?:[\w-]+ ){{0,2}}[\w-]+s (?:(?:in|at|on|for) [\w ]+ )?{_HABITUAL}",
        r"^for [\w -]+s, (?:the|my|our) (?:order|structure|layout|format|sequence) is",
    ),
    procedure=(
        r"^(?:(?:here is|here's|this is) )?how we ",
        r"^(?:the )?(?:steps|procedure|process|routine) (?:for|of|before|after) (?:every|each|any|all|our|an?)\b",
        r"^(?:(?:this is|here is|here's|here are) )?(?:our|my) (?:[\w-]+ ){0,3}(?:procedure|process|workflow|steps|"
        r"routine|runbook|order of work)\b",
    ),
    forbid=(
        r"^(?:do not|don'?t|do n't|dont)(?! (?:worry|bother|know|think|understand|see|get|have|want|need|mind|"
        r"forget|hesitate|give up|ask me why|you|we|they|i|be (?:sorry|silly|afraid|shy)|mention it)\b)",
        r"^(?:never(?! (?:mind|in|on|at|been|heard|seen|had|knew|thought|again|ever|the|an?|is|was|did|"
        r"got)\b)|avoid|refrain from|quit|cut out|lay off|skip the|leave out|omit)",
        r"^nothing (?:under|over|above|below|but|beyond|except|longer|shorter|smaller|bigger) ",
        r"^stop(?= \w+ing| using| with)",
        r"^no (?:more )?(?!(?:one|problem|worries|idea|thanks?|thank you|need|way|doubt|matter|longer|luck|"
        r"clue|it|i|that|this|not|yes|please|the|wait|you|we|just|but|so|offen[sc]e|offense|wonder|response|"
        r"answer|result|rush|pressure)\b)[\w'/-]+(?: [\w'/-]+){0,7}(?: please)?[.!]?$",
        r"^no need (?:to|for)|^not (?:to )?(?!(?:the|this|that|those|these|an?|all|any|"
        r"now|yet|really|sure|bad|quite|so|too|very|only|just|my|your|its|our|her|his|their|another|from|with|by|as|"
        r"into|about|because|if|when|until|even|much|many|in|on|at|for|to)\b)[a-z]+ ",
        rf"^(?:{_SUBJECT}) (?:must not|should not|shouldn'?t|mustn'?t|shall not|may not|can ?not|can'?t|need not|"
        r"needn'?t|are not to|ought not to) ",
        r"^you (?:shouldn'?t|should not|should never|must never|mustn'?t) ",
        r"(?:is|are) (?:not allowed|forbidden|prohibited|banned|off[- ]limits|a no-go)",
        r"^i (?:do not|don'?t) (?:want|like) (?:to see |you to |any |it when you )",
        r"^i (?:do not|don'?t) (?:want|like|need) [\w-]+s\b(?! (?:is|was)\b)",
        r"^(?:less|fewer) [\w-]+(?: please)?[.!]?$",
    ),
    absent=(r"^(?:no|less|fewer) ",),
    use=(
        r"^(?:use|stick (?:to|with)|go with|switch (?:over )?to|change to|move to)\b(?! (?:it|this|that|them|"
        r"these|those|my|her|his)\b)",
    ),
    form=(
        r"(?:format|style|tone|font|bullets?|bullet points?|tables?|headings?|headers?|lists?|tabs?|spaces?|"
        r"indent\w*|emojis?|markdown|latex|word|"
        r"pdf|json|yaml|csv|html|plain text|sentences?|paragraphs?|titles?|captions?|citations?|sources?|"
        r"references?|footnotes?|units?|metric|dates?|iso|"
        r"decimals?|digits?|english|british|american|french|german|spanish|italian|portuguese|chinese|"
        r"japanese|korean|russian|voice|tense|person|mood|"
        r"spelling|punctuation|commas?|dash(?:es)?|quotes?|quotation marks|abbreviations?|acronyms?|jargon|"
        r"language|words?|terms?|comments?|docstrings?|"
        r"type (?:hints?|annotations?)|names?|naming|snake_case|camelcase|kebab-case|convention(?:s|al)?|"
        r"imports?|commits?|branch(?:es)?|templates?|colou?rs?|"
        r"palette|examples?|case|imperative|passive|active|capitals?|lowercase|uppercase|24-hour|12-hour|"
        r"placeholders?|form|throughout|everywhere|consistently|rhymes|brief\w*|concise\w*|hashtags?|buzzwords?|filler|fluff|clich[eé]s|slang|contractions|exclamation|"
        r"animations?|adverbs|adjectives|marketing|clickbait|explanations?|apolog(?:y|ies)|disclaimers?|preambles?|"
        r"greetings?|intros?|legends?|gridlines|watermarks?|anglicisms|kg|km|cm|grams|celsius|utc|tricks?|answers?|replies)",
    ),
    manner=(
        r"^(?:prefer|follow|adhere to|favou?r|respect|honou?r)\b(?! (?:it|this|that|them|these|those|my|her|his|up)\b)",
        r"^keep (?!going|it up|on\b|in touch|doing|(?:it|this|that)$)",
        r"^(?:write|answer|respond|reply|speak|talk|explain(?: things| it)?|format|phrase|comment|output|"
        r"return|print|report|document) (?:me )?(?:only |everything |always )?(?:in|with|without|using|as|"
        r"like|briefly|concisely|plainly|to the point)\b",
        r"^(?:cite|indent|capitali[sz]e|hyphenate|spell out|abbreviate|limit|cap|restrict|name|prefix|suffix|"
        r"number|sign off|pin|quote) (?!(?:it|this|that)\b)",
        r"^(?:start|begin|open|end|close|finish|conclude) (?!(?:the|this|that|it|these|those|your|his|her)\b)"
        r"(?:[\w-]+ ){1,3}with\b",
        r"^(?:start|begin|open|end|close|finish|conclude) (?:each|every|all|with|the (?:report|answer|email|"
        r"letter|message|document|commit)s? with)\b",
        r"^(?:put|place|mark|label|sort|order|round|separate|group) (?:all|every|each|any)\b",
        r"^(?:put|place|mark|label|sort|order|round|separate|group) [\w-]+s\b(?! (?:here|there))",
        r"^be (?!(?:a|an|the|there|back|right|quiet)\b)(?:more |very |less )?[\w-]+",
        r"^ask (?:me )?(?:before|first|for (?:confirmation|permission))",
        r"^(?:check|verify|confirm) with me",
        r"^(?:run|test|lint|format|check|commit|build|review|verify|ask|update|read|write|plan|"
        r"stop)\b.*\b(?:before|after|whenever) (?:you|we) (?!(?:did|were|are|have|had|can|could|\w+ed)\b)[a-z]+\b"
        r"(?! (?:it|this|that|them|on)\b)",
        r"^(?:run|test|lint|format|check|commit|build|review|verify|ask|update|read|write|plan|"
        r"stop)\b.*\b(?:before|after|when|whenever) (?:you |we |i )?(?:\w+ing\b|commit|push|merge|release|"
        r"deploy|start|finish|edit|change|each|every|any)",
        r"^only (?!(?:if|when|then|because|one|two|three|four|five|\d+)\b)[\w-]+",
        r"^(?:split|break|group|squash) [\w-]+ (?:up )?into (?!(?:the|this|that|two|three|four|five|\d+)\b)[\w -]+",
        r"^(?:all )?(?:[a-z-]+ )?[a-z-]+(?<!s)s in (?:[\w-]+ ){0,2}(?:case|tense|voice|style|format|capitals|caps|bold|"
        r"italics|english|person)[.!]?$",
        r"^just (?:the|give me the) (?:code|answer|diff|result|command|text|numbers?)\b",
    ),
    require=(
        rf"^(?:{_SUBJECT}) (?:needs?|requires?) (?!(?:you|me|us|help|to)\b)",
        rf"^(?:{_SUBJECT}) {_MODAL}\b(?! (?:i|we|you)\b)",
        r"^(?:make sure|ensure|be sure|see to it|be careful|take care|don'?t forget|do not forget)(?: to|"
        r" that| not| you| all| every| each| no| the [\w-]+s)\b",
        r"^it(?:'s| is) (?:important|essential|crucial|required|mandatory|critical) (?:to|that)",
        r"^(?:shorter|longer|less|fewer|more) than \d+ \w+",
        r"^(?:at least|at most|no (?:more|longer|fewer|less) than|up to|max(?:imum)?|min(?:imum)?) (?:of )?\d",
        r"^i (?:need|want|expect|would like|'d like) (?:you to|all|every|each)\b(?! (?:help|know|write me|tell)\b)",
        r"^i (?:need|want) .*\b(?:in|for|on|with) (?:all|every|each|any) ",
        r"^you (?:forgot|keep forgetting|keep \w+ing|missed|failed) ",
        r"(?:is|are) (?:required|mandatory)$",
    ),
    replace=(
        r"instead of|rather than|in place of|in lieu of",
        r"^prefer [\w -]+ (?:over|to) ",
        r"^use [\w`./ -]+ (?:over|not) ",
        r"^replace .* with .*(?:everywhere|throughout|all over)",
    ),
    contrast=(r"[\w`)]+, not [^,]+$",),
    prefer=(
        r"^(?:i|we)(?: really| much| generally| strongly| personally| always| usually)* (?:prefer|dislike|"
        r"hate|can'?t stand|favou?r|like my|like our|want my|want our)\b",
        r"^i(?:'d| would) (?:rather|prefer)\b",
        r"^my preference is|^i(?:'m| am) (?:not a fan|tired|sick) of",
    ),
    permit=(
        r"(?:is|are) (?:ok|okay|fine|allowed|acceptable|all right|alright|welcome)(?: (?:again|now|after all|"
        r"too|as well))",
        r"^(?:you|we) (?:can|may|could) (?:use|have|add|include|keep|write|put) .*(?:again|after all|now|if)",
        r"^(?:actually,? )?(?:[\w-]+ ){1,3}(?:is|are) (?:ok|okay|fine|allowed)[.!]?$",
        r"^i (?:changed|have changed|'ve changed) my mind",
    ),
    adjust=(
        r"(?:more|less|much more|a bit more) (?:concise|brief|formal|informal|casual|technical|specific|"
        r"detailed?|concrete|precise|simple|verbose|wordy|flowery|readable|natural|professional|friendly|"
        r"direct|vague|generic|careful|consistent)",
        r"(?:shorter|simpler|tighter|clearer|plainer|crisper|terser)$",
        r"^(?:simplify|tone down|tighten|trim)",
    ),
    direct=(
        r"^(?:put|place|sign|attach|link|state|name|lead with|mention|wait)\b",
        r"^(?:stay|add|include|insert|remove|delete|drop|change|rename|move|fix|set|mark|note|mention|highlight|"
        r"define|track|specify|"
        r"show|list|output|provide|split|divide|group|assign|schedule|trigger|compress|reduce|increase|expand|"
        r"shorten|cut|"
        r"limit|cover|consider|prioriti[sz]e|balance|plan|prepare|account for|allow|leave|run|test|check|make|"
        r"give|explain|"
        r"describe|summari[sz]e|write|draft|rewrite|redo|format|convert)\b",
        r"^if .+, .+",
        r"(?:must|should|need to|needs to|has to|have to)\b",
        r"^(?:within|under|below|up to|at most|at least|no more than|each|every|with|without)\b",
    ),
    request=asks.REQUEST,
    work=asks.WORK,
    subject=asks.SUBJECT,
    fault=asks.FAULT,
    content=asks.CONTENT,
    question=asks.QUESTION,
    polite=asks.POLITE,
    reject=asks.REJECT,
    bound=asks.BOUND,
    once=asks.ONCE,
    persona=asks.PERSONA,
    fiction=asks.FICTION,
    errand=asks.ERRAND,
    solve=asks.SOLVE,
    chat=(
        r"^(?:way |a bit |much |far )?too \w+(?: \w+)?[.!]?$",
        r"^(?:hi|hello|hey|yo|greetings|good (?:morning|afternoon|evening|night)|bye|goodbye|thanks?|"
        r"thank you|thx|cheers|ok|okay|k|yes|yeah|yep|no|nope|"
        r"sure|great|perfect|nice|good|cool|awesome|excellent|fine|right|correct|exactly|got it|i see|lgtm|"
        r"done|sorry|please|hmm+|wow|lol|haha+|"
        r"looks good|sounds good|well done|good job|never ?mind|no (?:problem|worries|thanks?|idea)|continue|"
        r"go on|go ahead|proceed|"
        r"that(?:'s| is)? (?:all|it|fine|great|good|ok|perfect|correct|right))(?:[,! .]+(?:there|then|so much|"
        r"very much|a lot|all|man|everyone|you|for .*|again|please|too|that's (?:all|great|perfect)|"
        r"to you))*[!. ]*$",
    ),
    condition=(
        r"^(?:when|whenever|if|before|after|for|in|on|unless|until|while|where|once|during|since|as (?:long|"
        r"soon)|every time|each time|by default)\b",
    ),
    tail=(
        r"^(?:because|since|so that|otherwise|except|which|not|instead of|rather than|e\.g|for example|"
        r"especially|including|even|or|only then|as|it|they|that way|this way)\b",
    ),
    lead=(
        r"please|pls|kindly|also|and|but|so|ok(?:ay)?|well|now|actually|hey|hi|hello|no(?=,)|nope|yes|yeah|"
        r"great|good|thanks|thank you|nice|perfect|then|just(?= (?:use|keep|don'?t|write|answer))|oh|hmm+|"
        r"wait(?=[,.!…]| no\b)|sorry|"
        r"by the way|btw|fyi|one more thing|one thing|again|additionally|furthermore|moreover|besides|however|"
        r"similarly|likewise|plus|"
        r"(?:can|could|would|will) (?:you|we)(?: please)?|i(?:'d| would) (?:like|want|prefer) you to|"
        r"i (?:want|need) you to|try to|"
        r"remember(?: that| to)?|keep in mind(?: that)?|bear in mind(?: that)?|note that|"
        r"from (?:now|here|this point|today)(?: on(?:wards?)?)?(?: out)?|(?:going|moving) forward|henceforth|"
        r"in (?:the )?future(?=,|:| (?!\w+s\b))|next time|for future reference|"
        r"i(?:'ve| have)? (?:already |just )?(?:told|asked) you(?: (?:before|already|to|that|again))*|"
        r"as i said(?: before)?|like i said|you know|i mean|i said|"
        r"let'?s(?= (?:not|always|never|stick|keep|use|avoid))|it would be (?:great|nice|good) if you|"
        r"we need to|you (?:need|have) to(?= )|you should(?= )|you must(?= )",
    ),
)
