"""English cues for what is no directive: requests, questions, errands, games, works of the imagination."""

from __future__ import annotations

REQUEST = (
    r"^(?!(?:include|add|attach|insert|put|keep|use|with|and|"
    r"i|we|you|he|she|they|it|there|that|this|what|how|is|no|my|the)\b)(?:[\w-]+ ){1,6}(?:plan|checklist|"
    r"itinerary|schedule|budget|outline|timetable)(?: for [\w -]+)?[.]?$",
    r"^(?:write|create|draft|generate|make|build|design|draw|plot|plan|prepare|compose|produce|develop|"
    r"set up|put together|"
    r"come up with|implement|translate|summari[sz]e|explain|describe|compare|recommend|suggest|tell|give|show|find|"
    r"search|look up|calculate|compute|solve|analy[sz]e|review|proofread|evaluate|outline|brainstorm|"
    r"imagine|provide|"
    r"continue|convert|extract|classify|debug|refactor|organi[sz]e|schedule|book)"
    r" (?:me |us |out |down |up )?(?:an?|one|some|another|two|three|four|five|\d+|the|my|our|this|that|"
    r"these|how|what|why|about|more|for|between|it)\b",
    r"^(?:write|create|draft|generate|build|design|draw|plot|compose|develop|implement|translate|"
    r"summari[sz]e|explain|describe|compare|solve|debug|refactor|recommend|suggest|book)"
    r" (?!(?:in|with|without|using|as|like|only|everything|all|every|each|briefly|concisely|plainly|"
    r"tests? first)\b)[\w'\"-]+",
    r"^(?:help me|i need (?:an?|some|help|your help|[\w-]+s (?:for|on|about))|i want (?:an?|some)|"
    r"i(?:'d| would) like (?:an?|some|to)|i(?:'m| am) (?:looking for|trying to))\b",
    r"^(?:let'?s|lets) (?!(?:not|always|never|stick|keep|use|avoid)\b)",
    r"^(?:continue|go on|go ahead|proceed|try again|do it)\b",
    r"^(?:re)?book (?:me|us)\b",
    r"^(?:suppose|assume|imagine|given|let)\b",
    r"^(?:rewrite|revise|modify|redo|rephrase|edit|take|repeat|reformulate|rework|restate) (?:your|the|"
    r"this|that|my|it)\b",
)
WORK = (
    r"^(?:add|adjust|apply|assess|build|change|check|clean|commit|connect|configure|copy|correct|create|delete|"
    r"deploy|do|edit|export|fill|finish|fix|format|get|give|handle|implement|import|improve|install|list|load|make|"
    r"merge|migrate|move|open|optimi[sz]e|parse|polish|port|post|publish|pull|push|put|read|refactor|release|"
    r"remove|rename|render|reorgani[sz]e|replace|research|run|save|script|send|set|ship|shorten|simplify|sort|"
    r"split|start|summari[sz]e|tag|test|tidy|turn|type|update|upgrade|use|wire|write|answer|"
    r"reply to|respond to|cut|train|transcribe|look at|go through|translate|proofread|paraphrase)\b(?=\s|$)",
)
SUBJECT = (
    r"^(?:i|you|he|she|it|we|they|there|this|that|these|those|the|an?|my|your|his|her|its|our|their|one|some\w*|"
    r"every(?:one|body|thing)|nobody|people|who|what|which|where|when|why|how|is|are|was|were|am|be|been|being|"
    r"has|have|had|do|does|did|can|could|will|would|shall|should|may|maybe|might|must|perhaps|if|of|to|in|on|at|"
    r"by|for|from|with|about|as|than|and|or|but|so|not|no|too|very|really|quite|more|less|much|many|any|"
    r"all|both|here|now|then|once|again|ever|before|after|happy|glad|nice|good|great|bad|fun|better|worse|best|"
    r"see you|talk to you|thought|knew|heard|saw|got|went|came|made|felt|said|told|took|found|seems|"
    r"(?!(?:embed|feed|need|speed|seed|bring|ping|string)\b)\w+(?:ing|ed))(?!\w)",
)
FAULT = (
    r"(?:still )?(?:crash(?:es|ed|ing)?|fails|failing|throws|broken)(?! to)|(?:does|did)(?: not|n['’]t) work|"
    r"(?:same|an|the|this|gives?|get(?:ting)?|got) (?:\w+ )?errors?|wrong (?:answer|result|output)",
)
CONTENT = (
    r"(?:mention|include|talk about|bring up|refer to|speak of|say) (?:that |anything about )?"
    r"(?:the|her|his|their|my|our|your|its|him|them)",
)
QUESTION = (
    r"\?\s*$",
    r"^(?:what|why|how|who|whom|whose|where|which|is|are|was|were|do|does|did|can|could|would|will|should|"
    r"may|am|has|have|had)\b(?! (?:not )?you (?:please )?(?:not|stop|always|never|use|avoid|keep|"
    r"make sure)\b)(?!ever)",
)
POLITE = (
    r"^(?:can|could|would|will) (?:you|we) (?:please )?(?:(?:always|never|not|stop|avoid|only|start|use|"
    r"keep|make sure|refrain)\b)",
    r"^would you mind (?:not )?\w+ing",
)
REJECT = (
    r"^(?:no|nope|nah|wrong|stop|not (?:quite|like that|that)|that'?s (?:not|wrong)|this is (?:not|wrong)|"
    r"i said|again|don'?t|do not|why did you|you (?:keep|forgot|should))\b",
)
BOUND = (
    r"^(?:do not|don'?t) be (?:too|so|that) [\w ]+, (?:it|this|that|he|she|they|we|i|the|my|our) ",
    r"(?:he|she)(?:['’]s| is| was| has| had)|they \w+ed (?:us|me|it|my|our)|"
    r"(?:it|this|that) (?:was|is) (?:their|his|her) ",
    r"^(?:use|add|put|take|try) (?:an?|the) .+ (?:instead of|rather than|not) (?:an?|the) ",
    r"(?:this|that|these|those|the (?:first|second|third|fourth|fifth|last|next|previous|above|following|"
    r"final|same|other|current|opening|closing|middle))"
    r" (?:\w+ )?(?:paragraph|section|sentence|line|word|phrase|bullet|point|item|step|chapter|verse|"
    r"stanza|scene|slide|page|row|column|cell|"
    r"example|question|answer|response|reply|option|part|draft|version|essay|poem|story|song|script|text|"
    r"article|letter|passage|"
    r"table|figure|image|picture|function|method|class|file|variable|test|error|bug|button|query|loop|"
    r"block|one|two|three|half)s?",
    r"(?:your|the) (?:previous|last|earlier|above|first|second|prior|original) (?:\w+ )?(?:\w+)",
    r"(?:paragraph|section|line|sentence|chapter|slide|page|step|item|point|question|stanza|verse|row|"
    r"column|figure|table|option|part|scene) "
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|[a-c])",
    r"the (?:intro|introduction|title|conclusion|ending|opening|beginning|subject line|headline)(?= (?:of|"
    r"shorter|longer|more|less|to|is|was|so)|$)",
    r"(?:above|earlier|you (?:just )?(?:wrote|gave|said|generated|mentioned))",
    r"(?:right )?t?here[.!]?$",
    r"(?:yet|for a (?:second|minute|moment))$",
    r"^(?:make|turn|have) (?:it|this|that|him|her|them)\b",
    r"by (?:one|two|three|a|\d+) (?:more )?(?:weeks?|days?|months?|hours?|percent|words?|pages?|lines?|sentences?)",
)
ONCE = (
    r"(?:one|two|three|four|five|six|ten|\d+|a few|some) more(?: please)?$",
    r"(?:just |only )?(?:this|for this) (?:once|time|one)(?: only)?",
    r"for (?:now|the moment|the time being)|temporarily|(?:right|just) now|today|tonight|tomorrow|"
    r"this is the (?:\w+ )?(?:first|second|third|last|final|\w+th) (?:time|reminder|notice|letter|attempt|"
    r"complaint)[.!]?$",
    r"this (?:week|weekend|morning|afternoon|evening|month|year)",
    r"only (?:once|now|here|today)|one[- ]off|just once|in this (?:case|instance)",
)
PERSONA = (
    r"^i (?:want|need|would like) you to (?:act|be|play|pretend|roleplay|become)\b",
    r"^be (?:my|an?|the) ",
    r"^(?:act|behave|pretend|roleplay|role-play|imagine (?:you|that you)|play the role|assume the role|"
    r"you(?:'re| are) (?:now )?(?:an?|the|going to|my)|you will (?:now )?(?:act|be|play)|"
    r"take on the role)\b",
    r"i will (?:type|give you|provide|send|ask|say) .* you (?:will|should|must|reply|respond|are)",
    r"stay in character|break character|(?:ignore|disregard|forget) (?:all |any )?(?:your |"
    r"the )?(?:previous|prior|above|earlier) (?:instructions|prompts?|rules)",
    r"from (?:now|here) on,? you(?: are|'re| will (?:be|act|play))\b",
    r"let'?s (?:play|roleplay)|^(?:(?:can|shall) we |i want to |want to |wanna )?"
    r"play\b.*\b(?:games?|(?:with|against) (?:me|you))",
    r"^(?:you and (?:i|me)|we(?:['’]re| are| will)?) play(?:ing)? |^i(?:['’]m| am) thinking of an? \w+",
    r"(?:the )?(?:rules of (?:the|this|our) game|game rules)",
)
FICTION = (
    r"(?:short )?stor(?:y|ies)|poems?|songs?|lyrics|novel|tale|fairy ?tale|riddles?|raps?|verses?|jingle|"
    r"ballad|screenplay|"
    r"scene|haiku|"
    r"limerick|sonnet|fan ?fiction|fanfic|chapter|the plot|plot (?:twist|line)|character|"
    r"dialogue|joke",
    r"logos?|posters?|flyers?|banners?|icons?|images?|pictures?|drawings?|illustrations?|paintings?|web ?sites?|"
    r"(?:web|landing|home) ?pages?|games?|(?:\w+ )?names?(?= for)|ideas?(?= for)|slogans?|taglines?",
    r"trips?|part(?:y|ies)|birthdays?|weekend|dinner|vacation|holidays?|itinerar(?:y|ies)",
    r"^(?:please |can you |could you )?(?:recommend|suggest|find me|brainstorm)",
)
ERRAND = (
    r"^(?:help me |i (?:want|need|would like|'d like) (?:you )?to |let'?s )?"
    r"(?:re)?(?:book|reserve|cancel|buy|order) (?:me |us |my |our |an? |the |two |some |\d+ )+"
    r"(?!(?:of|list|form)\b)\w+",
    r"^(?:help me )?(?:change|reschedule|move|postpone) (?:my|our) (?:\w+ )?(?:flight|booking|reservation|"
    r"appointment|ticket|seat|trip|order|train)",
    r"^check me in",
    r"^i (?:need|want|'d like|would like) (?:an?|two|three|\d+) (?:[\w-]+ )?(?:flights?|tickets?|rooms?|"
    r"tables?|seats?|taxi|cab|hotel)\b",
)
SOLVE = (
    r"^(?:solve|deduce|determine|prove|compute|calculate|find (?:out )?(?:the|all|how|an?|who|which|every|x|n)|"
    r"work out (?:the|who|how|which)|figure out|how many|how much|who (?:is|sits|has|owns|lives))\b",
)
