"""The job that rules are about: what it is called, whoever asks and whatever about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from skillgit.learn.candidate import Rule
from skillgit.learn.offline.judge import asks_for_work, is_request
from skillgit.learn.offline.language import TABLES, Languages, lead_length
from skillgit.learn.offline.passages import Span, sentences
from skillgit.skills.naming import slug

_TRIGGER = 120
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Task:
    """A job: `title` names it without this instance's topic, `ask` is how one asks for it."""

    title: str
    ask: str
    code: str

    @property
    def name(self) -> str:
        """The slug of the title: two sessions about one job have the same."""
        return slug(self.title)

    @property
    def description(self) -> str:
        """What the skill holds and when to use it, in the user's language."""
        wording = TABLES[self.code].wording
        return f"{wording.what.format(title=self.title)}{_gap(self.code)}{wording.when.format(ask=self.ask)}"[:1024]


def _gap(code: str) -> str:
    return "" if code in {"zh", "ja"} else " "


def task_of_request(text: str, codes: Languages) -> Task | None:
    """The job a user turn asks for; None where it asks for none that has a name."""
    for sentence in sentences(text)[:6]:
        if is_request(sentence, codes):
            return _named(sentence, codes)
    return None


def _named(sentence: Span, codes: Languages) -> Task | None:
    body = sentence.text[lead_length(sentence.text, codes) :]
    code = codes[0]
    if code == "zh":
        return _chinese_task(body)
    if code in {"ja", "ko"}:
        return _verb_final_task(body, code)
    return _verb_first_task(body, code)


# --- languages that put the verb first -------------------------------------------------------

_PREAMBLE = re.compile(
    r"^(?:(?:help me(?: to)?|i need(?: you to)?|i want(?: you to)?|i(?:'d| would) like(?: you)?(?: to)?|let'?s|let us|next|now|"
    r"ayúdame a|necesito|quiero|aide[zr]?-moi à|je voudrais|ich (?:brauche|möchte)|preciso de|quero|vorrei|ho bisogno di|мне нужн\w+|помоги(?: мне)?)[\s,]+)+",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    [
        "up",
        "out",
        "down",
        "together",
        "with",
        "me",
        "us",
        "mir",
        "uns",
        "moi",
        "nous",
        "mi",
        "a",
        "come",
        "-moi",
        "мне",
        "нам",
    ]
)
_DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "my",
        "our",
        "your",
        "this",
        "that",
        "these",
        "those",
        "some",
        "another",
        "one",
        "two",
        "three",
        "several",
        "any",
        "more",
        "its",
        "un",
        "una",
        "unos",
        "unas",
        "el",
        "la",
        "los",
        "las",
        "mi",
        "este",
        "esta",
        "une",
        "le",
        "les",
        "des",
        "du",
        "de",
        "ce",
        "cette",
        "mon",
        "ma",
        "ein",
        "eine",
        "einen",
        "einer",
        "einem",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "mein",
        "meine",
        "um",
        "uma",
        "o",
        "os",
        "as",
        "meu",
        "minha",
        "il",
        "lo",
        "gli",
        "i",
        "questo",
        "questa",
    ]
)
_STOPS = frozenset(
    [
        "about",
        "on",
        "for",
        "regarding",
        "concerning",
        "that",
        "which",
        "who",
        "with",
        "using",
        "in",
        "of",
        "to",
        "from",
        "based",
        "where",
        "when",
        "so",
        "and",
        "by",
        "at",
        "as",
        "into",
        "like",
        "explaining",
        "describing",
        "between",
        "titled",
        "called",
        "named",
        "during",
        "after",
        "before",
        "within",
        "under",
        "if",
        "it",
        "how",
        "why",
        "what",
        "sobre",
        "acerca",
        "para",
        "que",
        "con",
        "en",
        "del",
        "de",
        "sur",
        "pour",
        "qui",
        "avec",
        "dans",
        "à",
        "über",
        "für",
        "zu",
        "mit",
        "auf",
        "zum",
        "zur",
        "com",
        "su",
        "sul",
        "sulla",
        "per",
        "che",
        "di",
        "о",
        "об",
        "про",
        "для",
        "на",
        "по",
        "с",
    ]
)
_FILLER = frozenset(
    [
        "short",
        "long",
        "quick",
        "brief",
        "detailed",
        "simple",
        "small",
        "good",
        "nice",
        "complete",
        "full",
        "basic",
        "new",
        "comprehensive",
        "concise",
        "great",
        "little",
        "breve",
        "corto",
        "pequeño",
        "court",
        "bref",
        "kurze",
        "kurzer",
        "kurzen",
        "neue",
        "neuer",
        "petit",
        "petite",
        "nouveau",
        "nouvelle",
        "pequeno",
        "novo",
        "nuovo",
        "короткий",
        "новый",
        "небольшой",
    ]
)
_MAKING = frozenset(
    [
        "write",
        "create",
        "draft",
        "generate",
        "make",
        "build",
        "design",
        "compose",
        "produce",
        "develop",
        "prepare",
        "set",
        "put",
        "draw",
        "plot",
        "give",
        "provide",
        "come",
        "need",
        "want",
        "like",
        "escribe",
        "escribeme",
        "escríbeme",
        "crea",
        "genera",
        "redacta",
        "haz",
        "hazme",
        "prepara",
        "diseña",
        "dame",
        "écris",
        "rédige",
        "crée",
        "génère",
        "fais",
        "donne",
        "prépare",
        "schreib",
        "schreibe",
        "erstelle",
        "erstell",
        "mach",
        "mache",
        "gib",
        "escreva",
        "crie",
        "gere",
        "faça",
        "elabore",
        "scrivi",
        "fai",
        "genera",
        "crea",
        "dammi",
        "напиши",
        "создай",
        "сделай",
        "составь",
        "подготовь",
    ]
)
_CODING = frozenset(
    [
        "fix",
        "implement",
        "refactor",
        "debug",
        "add",
        "update",
        "remove",
        "rename",
        "run",
        "test",
        "deploy",
        "migrate",
        "install",
        "upgrade",
        "move",
        "delete",
        "change",
        "bump",
        "wire",
        "rewrite",
    ]
)
_WORD = re.compile(r"[^\W_]+(?:['’/&.+#-][^\W_]+)*[+#]*")
_MEASURE = re.compile(r"\d+(?:st|nd|rd|th)?(?:-\w+)*$", re.IGNORECASE)


def _verb_first_task(body: str, code: str) -> Task | None:
    body = _PREAMBLE.sub("", body)
    words = _WORD.findall(re.split(r"[.!?:;\n(\"“«,]", body, maxsplit=1)[0])
    if not words:
        return None
    bare = words[0].casefold().split("-")[0]
    given = bare not in _MAKING and words[0].casefold() in _DETERMINERS
    verb, rest = ("", words) if given else (bare, words[1:])
    noun = _noun_phrase(rest)
    if not noun:
        return None
    if verb in _CODING:
        return Task(TABLES[code].wording.code, _first_low(TABLES[code].wording.code), code)
    if verb in _MAKING or not verb:
        return Task(_first_up(noun), f"{verb or 'write'} {_article(noun, code)}{noun}", code)
    return Task(_first_up(f"{verb} {noun}"), f"{verb} {noun}", code)


def _noun_phrase(words: list[str]) -> str:
    kept: list[str] = []
    for word in words:
        low = word.casefold()
        if not kept and (low in _PARTICLES or low in _DETERMINERS):
            continue
        if low in _STOPS or low in _DETERMINERS:
            break
        if low not in _FILLER and not _MEASURE.match(low):
            kept.append(low if word.istitle() else word)
    return " ".join(kept[-3:])


def _article(noun: str, code: str) -> str:
    if code != "en" or noun.endswith("s"):
        return ""
    return "an " if noun[0].casefold() in "aeiou" else "a "


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _first_low(text: str) -> str:
    return text[:1].lower() + text[1:]


# --- Chinese: verb, quantity, modifiers ending in 的, head -----------------------------------

_ZH_VERB = re.compile(
    r"^(?:再|来|先|现在|接下来|然后|接着|顺便|立即|马上|重新)*(?:帮我|帮忙|给我|为我|替我|帮|我想要?|我要|我需要|幫我|給我)?(?:再|来|看|把)?"
    r"(?:用\s*[\w+#]+\s*)?(?P<verb>撰写|编写|起草|拟定|拟|制作|制定|绘制|画|生成|设计|规划|准备|提供|输出|给出|开发|实现|搭建|写|做|出|寫|畫|"
    r"翻译|总结|概括|整理|分析|解释|介绍|讲解|处理|优化|润色|改写|续写|扩写|缩写|比较|对比|评价|计算|推荐|查询|查找|查|搜索|部署|运行|更新|翻譯|總結|整理)?(?:一下|出|好)?"
)
_ZH_MAKE = frozenset(
    [
        "撰写",
        "编写",
        "起草",
        "拟定",
        "拟",
        "制作",
        "制定",
        "绘制",
        "画",
        "生成",
        "设计",
        "规划",
        "准备",
        "提供",
        "输出",
        "给出",
        "开发",
        "实现",
        "搭建",
        "写",
        "做",
        "出",
        "寫",
        "畫",
    ]
)
_ZH_QUANTITY = re.compile(
    r"^(?:一|两|二|三|四|五|六|七|八|九|十|几|这|该|\d+)?(?:个|份|篇|张|封|段|首|条|套|幅|种|款|家|次|页|则|道|本|部|场|項|项|則)(?!人|体|性)"
)
_ZH_MEASURE = re.compile(r"^[\d一二两三四五六七八九十]+(?:个)?(?:周|天|日|月|年|小时|字|页|分钟|週|季度)(?:的)?")
_ZH_END = re.compile(r"[，,。：:；;（(！!？?\n“\"「]|包括|并且|要求|用于")
_ZH_BARE_HEADS = frozenset(
    [
        "步骤",
        "方法",
        "内容",
        "东西",
        "部分",
        "问题",
        "版本",
        "文字",
        "文章",
        "文本",
        "材料",
        "资料",
        "方案",
        "计划",
        "数据",
        "代码",
        "結果",
        "结果",
        "建议",
        "说明",
    ]
)
_ZH_LONGEST = 16


def _chinese_task(body: str) -> Task | None:
    body = re.sub(r"^(?:根据|按照|基于|针对|这是|以下是|结合)[^，。]*[，,]\s*", "", body)
    match = _ZH_VERB.match(body)
    verb = (match and match["verb"]) or ""
    rest = _ZH_END.split(body[match.end() if match else 0 :], maxsplit=1)[0].strip()
    rest = _ZH_MEASURE.sub("", _ZH_QUANTITY.sub("", rest))
    noun = _chinese_head(rest)
    if len(noun) < 2:
        return None
    title = noun if not verb or verb in _ZH_MAKE else f"{verb}{noun}"
    return Task(title, f"{verb or '写'}{noun}", "zh")


def _chinese_head(phrase: str) -> str:
    """The deliverable without its topic: 关于大模型的政府报告 is a 政府报告."""
    phrase = re.sub(r"^(?:关于|有关|針對|關於|针对).*(?:的|之)(?=.{2,})", "", phrase).strip()
    modifiers, _, head = phrase.rpartition("的")
    if len(head) < 2 or (head in _ZH_BARE_HEADS and len(phrase) <= _ZH_LONGEST and not modifiers.startswith("关于")):
        head = phrase.replace("的", "") if len(head) >= 2 else phrase.rstrip("的")
    return head[-_ZH_LONGEST:].strip()


# --- Japanese and Korean: the noun stands before its particle --------------------------------

_OBJECT = {
    "ja": re.compile(r"(?P<noun>[^、。,\s]{2,24})を"),
    "ko": re.compile(r"(?P<noun>(?:\S+ ){0,2}\S+?)(?:을|를|좀| 하나)\s"),
}


def _verb_final_task(body: str, code: str) -> Task | None:
    match = _OBJECT[code].search(body)
    if not match:
        return None
    noun = match["noun"]
    noun = noun.rpartition("の")[2] if code == "ja" else re.sub(r"^.*(?:대한|관한|위한|에서) ", "", noun)
    return Task(noun, noun, code) if len(noun) >= 2 else None


# --- no request: the job is in the rules themselves -------------------------------------------

_OCCASION = re.compile(
    r"\b(?:before|after|for|on|during|in|at) (?:each|every|any|all) (?:new )?(?P<en>(?:[a-z-]+ ){0,1}[a-z-]+)(?=[,:. ]|$)"
    r"|(?:when|whenever|while) (?:you |we |i )?(?:are )?(?:writ\w+|mak\w+|creat\w+|prepar\w+|draft\w+|review\w+|do\w*) (?:an? |the |any |my |our )?(?P<when>(?:[a-z-]+ ){0,1}[a-z-]+)(?=[,:.]|$)"
    r"|^(?:our|my|the) (?P<our>(?:[a-z-]+ ){0,1}[a-z-]+) (?:process|procedure|workflow|convention|policy|style|steps)\b"
    r"|^(?P<generic>(?:[a-z-]+ ){0,2}[a-z-]+s) (?:must|should|need to|have to|are always|always)\b"
    r"|(?:每次|每回|每当|每个|每份|每篇)(?:做|写|进行|处理)?(?P<zh>[\u3400-\u9fff]{2,8}?)(?:之?前|之?后|时|的时候|中|都|，|必须|要)"
    r"|(?:写|做|处理|生成|撰写|翻译)(?P<act>[\u3400-\u9fff]{2,10}?)(?:之?前|之?后|时|的时候)"
    r"|(?:我们|公司|团队)的?(?P<zhour>[\u3400-\u9fff]{2,6}?)(?:流程|步骤|惯例|规范)",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"\b(?:answers?|repl(?:y|ies)|respon(?:d|ses?)|explain|explanations?|talk|speak|messages?)\b|回答|回复|解释|说话|답변|대답|回答|返答|réponds|réponses?|responde|respuestas|antworte|antworten|rispondi|responda|отвечай",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"`|\b(?:repo(?:sitory)?|codebase|code|commits?|tests?|functions?|classes|modules?|pip|uv|npm|pnpm|yarn|git|branch(?:es)?|lint\w*|type hints?|imports?|docstrings?|mocks?|mocking|api|database|schema|migrations?|build|ci|pr|prs|pull requests?)\b"
    r"|\w+\(\)|\w+\.(?:py|ts|js|go|rs|java|toml|json)\b|代码|仓库|提交|测试|函数|变量",
    re.IGNORECASE,
)


def task_of_rules(rules: tuple[Rule, ...], *, codes: Languages, procedure: bool) -> Task:
    """The job that rules without a request speak of: an occasion they name, answers, code, or themselves."""
    code = codes[0]
    wording = TABLES[code].wording
    said = [rule.text for rule in rules]
    occasion = next((found for text in said if (found := _occasion(text))), "")
    if occasion:
        return _titled(wording.procedure.format(title=_first_up(occasion)) if procedure else occasion, code)
    for pattern, title in ((_ANSWERS, wording.answers), (_CODE, wording.code)):
        if any(pattern.search(text) for text in said):
            return _titled(title, code)
    return _titled(_brief(said[0], code), code)


def _occasion(text: str) -> str:
    match = _OCCASION.search(text)
    return next((group for group in match.groups() if group), "").strip() if match else ""


def _titled(title: str, code: str) -> Task:
    return Task(_first_up(title), _first_low(title) if title[1:2].islower() else title, code)


def _brief(text: str, code: str) -> str:
    return text[:_ZH_LONGEST] if code in {"zh", "ja"} else " ".join(text.split()[:6])


def trigger(text: str, codes: Languages) -> str:
    """The user's request as one line of at most 120 characters; "" where the turn asks for nothing."""
    if not asks_for_work(text, codes):
        return ""
    line = next(s.text for s in sentences(text) if is_request(s, codes))
    line = _SPACES.sub(" ", line).strip()
    return line if len(line) <= _TRIGGER else line[: _TRIGGER - 1].rsplit(" ", 1)[0] + "…"
