"""The job that rules are about: what it is called, whoever asks and whatever about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from skillgit.learn.offline.deliverable import deliverable
from skillgit.learn.offline.language import TABLES, Languages, lead_length
from skillgit.learn.offline.passages import sentences
from skillgit.learn.offline.phrases import Wording
from skillgit.learn.offline.requests import is_kept, is_order_for_now, request_start
from skillgit.learn.offline.text import one_line, words
from skillgit.skills.naming import slug

_TRIGGER = 120
_DESCRIPTION = 1024
_KEEP_CASE = words("de zh ja ko")


@dataclass(frozen=True, slots=True)
class Task:
    """A job: `title` names it without this instance's topic, `description` says what and when."""

    title: str
    description: str

    @property
    def name(self) -> str:
        """The slug of the title: two sessions about one job have the same."""
        return slug(self.title)


def _task(title: str, template: str, *, code: str, ask: str = "") -> Task:
    subject = title if code in _KEEP_CASE else _lowered(title)
    description = template.format(title=subject, ask=ask or subject)
    return Task(title, re.sub(r"[<>]", "", description)[:_DESCRIPTION])


def _lowered(title: str) -> str:
    """The title as it stands in a sentence: LinkedIn and APIs keep their capitals."""
    first = title.split(" ", 1)[0]
    return title if first[1:] != first[1:].lower() else title[:1].lower() + title[1:]


@dataclass(frozen=True, slots=True)
class Request:
    """What a user turn asks for: the job, where it has a name, and the request as one line.

    It `opens` the turn or comes after something else was said.
    """

    task: Task | None
    trigger: str
    opens: bool


def request_of(text: str, codes: Languages) -> Request | None:
    """The first request for new work in a user turn, or the order it opens with; None where it makes none."""
    said = sentences(text)[:6]
    for place, sentence in enumerate(said):
        start = request_start(sentence, codes)
        if start is not None and not is_kept(said, place, codes):
            return _request(sentence.text, start, codes=codes, opens=place == 0)
    if said and is_order_for_now(said[0], codes) and not is_kept(said, 0, codes):
        return _request(said[0].text, lead_length(said[0].text, codes), codes=codes, opens=True)
    return None


def _request(text: str, start: int, *, codes: Languages, opens: bool) -> Request:
    return Request(_named(one_line(text[start:]), codes[0]), _shortened(one_line(text)), opens)


def _named(body: str, code: str) -> Task | None:
    found = deliverable(body, code)
    if found is None:
        return None
    wording = TABLES[code].wording
    if found.coding:
        return Task(wording.code.title, wording.code.about)
    ask = found.ask if code in {"en", "zh"} else ""
    return _task(found.title, wording.work, code=code, ask=ask)


def _shortened(line: str) -> str:
    return line if len(line) <= _TRIGGER else line[: _TRIGGER - 1].rsplit(" ", 1)[0][: _TRIGGER - 1] + "…"


def opens_with_code_work(text: str) -> bool:
    """True of a turn that begins with an order such as "fix" or "refactor"."""
    said = sentences(text)[:1]
    found = deliverable(one_line(said[0].text), "en") if said else None
    return found is not None and found.coding


_OCCASIONS = (
    r"\b(?:before|after|for|on|during|in|at) (?:each|every|any|"
    r"all) (?:new )?(?P<noun>(?:[a-z-]+ )?[a-z-]+)(?=[,:. ]|$)",
    r"\bwhen(?:ever)? (?:you |we |i )?(?:are )?(?:writ|mak|creat|prepar|draft|review)\w+ (?:an? |the |any |my |our )?"
    r"(?P<noun>(?:[a-z-]+ )?[a-z-]+)(?=[,:.]|$)",
    r"\b(?:when(?:ever)?|every time|each time) (?:you|we|i) (?:[a-z]+ (?:an?|the|any|our) (?:new )?)?"
    r"(?P<noun>(?:[a-z-]+ )?[a-z-]+)(?=[,:.]|$)",
    r"\b(?:when(?:ever)?|every time|each time) (?:an?|the|any) (?:new )?(?P<noun>(?:[a-z-]+ )?[a-z-]+) [a-z]+s\b",
    r"^(?:in|for|on) (?:all |my |our )?(?P<noun>(?:[a-z-]+ )?[a-z-]+(?<!s)s)(?: (?:on|about|of) [\w '-]{2,40})?[,:] ",
    r"^(?:each|every|any) (?P<noun>(?:[a-z-]+ )?[a-z-]+) (?:of (?:mine|ours)|must|should|has to|needs to)\b",
    r"^to (?P<noun>[a-z]+)(?: (?:an?|the|our|any) [\w -]+)?:",
    r"^we (?P<noun>[a-z]+) (?:like this|as follows|this way|in this order)\b",
    r"^(?:this is |here is |here are )?(?:our|my|the) (?P<noun>(?:[a-z-]+ )?[a-z-]+) "
    r"(?:process|procedure|workflow|flow|sequence|steps|routine)\b",
    r"^(?:here is |here's |this is )?how we (?P<noun>[a-z]+)\b",
    r"^(?:all )?our (?P<noun>(?:(?!always|never|usually)[a-z-]+ ){0,2}(?!always)[a-z-]+s) ",
    r"^(?P<noun>(?:[a-z-]+ ){0,2}[a-z-]+s) (?:must|should|need to|have to|are always|always)\b",
    r"(?:每次|每回|每当|每个|每份|每篇)(?:做|写|进行|处理)?(?P<noun>[\u3400-\u9fff]{2,8}?)(?:之?前|之?后|时|"
    r"的时候|中|都|，|必须|要)",
    r"^(?:写|撰写|起草|制作|翻译)(?!要|都|应|必)(?P<noun>[\u3400-\u9fff]{2,8}?)(?=，|,|总是|一定|一律|始终|不要|不得|不能|不用|必须|务必|都?要)",
    r"(?:写|做|处理|生成|撰写|翻译)(?!要|都|应|必)(?P<noun>[\u3400-\u9fff]{2,10}?)(?:之?前|之?后|时|的时候)",
    r"(?:(?:我们|我|咱们|公司|团队|本组)的?)?(?P<noun>[\u3400-\u9fff]{2,6}流程)(?=[：:是]|如下)",
    r"^(?P<noun>[\u3400-\u9fff]{2,6}?)(?:流程|步骤)(?=[：:是]|如下)",
    r"(?:我们|公司|团队)的?(?P<noun>[\u3400-\u9fff]{2,6}?)(?:流程|步骤)",
)
_PROCEDURE = re.compile(
    r"\b(?:procedure|process|workflow|steps|runbook|checklist|ablauf|procédure|procedimiento|procedura|procedimento"
    r"|порядок)\b|流程|步骤|手順|절차",
    re.IGNORECASE,
)
# What a rule speaks of, where it names no occasion.
_TOPICS = (
    r"^(?:always |never )?[a-z]+ (?:all )?(?:my|our) (?P<noun>(?:[a-z-]+ )?[a-z-]+)"
    r"(?= (?:with|in|by|as|to|on|from|at)\b|[,.]|$)",
    r"^(?:所有的?|凡是|全部|每[个份篇封])?(?P<noun>(?![不我你用请别在对都要只必])[\u3400-\u9fff]{2,8}?)(?:里|中|上)?(?:都|全部)?"
    r"(?:一律|统一|必须|务必|默认|始终|都要|都用|都得|不要|不能|不得|不用|先)",
)
_LEADING_ON = words("a an the with and or of in on to for is are my our your that not be as by at from")
_ANSWERS = re.compile(
    r"\b(?:be (?:brief|concise)\w*|answers?|repl(?:y|ies)|respon(?:d|ses?)|explain|explanations?|talk|speak|"
    r"réponds|réponses?|responde|respuestas|antworte|antworten|rispondi|responda|отвечай)\b|回答|回复|解释|说话|答え|返答|답변|대답|답해",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"`|\b(?:repo(?:sitory)?|project|codebase|code|comments?|commit\w*|tests?|functions?|class(?:es)?|"
    r"modules?|pip|uv|npm|pnpm|yarn"
    r"|git|branch(?:es)?|lint\w*|type hints?|imports?|docstrings?|mock\w*|api|database|schema|migrations?|build|ci|prs?"
    r"|pull requests?|snake_case|json|комментари\w+)\b|\w+\(\)|\w+\.(?:py|ts|js|go|rs|java|toml|json)\b|代码|仓库|"
    r"提交|测试|函数|变量",
    re.IGNORECASE,
)


def task_of_rules(said: tuple[str, ...], *, codes: Languages, ordered: bool, agent: bool) -> Task:
    """The job that rules without a request speak of: an occasion they name, answers, code, or themselves.

    `ordered` rules give an order of work; an `agent` works on the user's own files.
    """
    code = codes[0]
    wording = TABLES[code].wording
    if occasion := _first_named(said, _occasions()):
        return _job(occasion, wording, code=code, ordered=ordered)
    if any(_ANSWERS.search(text) for text in said):
        return Task(wording.answers.title, wording.answers.about)
    if agent or any(_CODE.search(text) for text in said):
        return Task(wording.code.title, wording.code.about)
    if topic := _first_named(said, _topics()):
        return _job(topic, wording, code=code, ordered=ordered)
    return Task(wording.memory.title, _task(_brief(said[0], code), wording.memory.about, code=code).description)


def task_of_document(title: str, lead: str, *, codes: Languages, ordered: bool) -> Task:
    """The job that a document states under its title; `lead` is what it says of itself first, or ""."""
    wording = TABLES[codes[0]].wording
    named = title if not ordered or _PROCEDURE.search(title) else wording.procedure.title.format(title=title)
    task = _task(named, wording.procedure.about if ordered else wording.topic, code=codes[0])
    return Task(title, f"{_shortened(re.sub('[<>]', '', lead))} {task.description}".strip()[:_DESCRIPTION])


def _job(noun: str, wording: Wording, *, code: str, ordered: bool) -> Task:
    """The job that is called by a noun: carrying it out where rules give an order of work."""
    if not ordered:
        return _task(_first_up(noun), wording.topic, code=code)
    title = noun if noun.endswith("流程") else wording.procedure.title.format(title=noun)
    return _task(_first_up(title), wording.procedure.about, code=code)


def _brief(text: str, code: str) -> str:
    """The first words of a text, not breaking off at one that leads on."""
    if code in {"zh", "ja"}:
        return re.split(r"[，。：、]", text, maxsplit=1)[0][:16].strip() or text[:16].strip()
    kept = text.split()[:6]
    while len(kept) > 2 and (kept[-1].casefold() in _LEADING_ON):
        kept.pop()
    return " ".join(kept).rstrip(",;:")


@cache
def _occasions() -> tuple[re.Pattern[str], ...]:
    """Compiled when first needed: they cost ten milliseconds."""
    return tuple(re.compile(source, re.IGNORECASE) for source in _OCCASIONS)


@cache
def _topics() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source, re.IGNORECASE) for source in _TOPICS)


def _first_named(said: tuple[str, ...], patterns: tuple[re.Pattern[str], ...]) -> str:
    """The first noun that one of the patterns finds in the rules, or ""."""
    matches = (pattern.search(text) for text in said for pattern in patterns)
    return next((match["noun"].strip() for match in matches if match), "")


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
