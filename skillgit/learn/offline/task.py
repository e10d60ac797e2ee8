"""The job that rules are about: what it is called, whoever asks and whatever about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from skillgit.learn.candidate import Rule
from skillgit.learn.offline.deliverable import deliverable
from skillgit.learn.offline.directives import request_start
from skillgit.learn.offline.language import TABLES, Languages
from skillgit.learn.offline.passages import sentences
from skillgit.learn.offline.text import one_line, words
from skillgit.skills.naming import slug

_TRIGGER = 120
_DESCRIPTION = 1024
_KEEP_CASE = words("de zh ja ko")


@dataclass(frozen=True, slots=True)
class Task:
    """A job: `title` names it without this instance's topic, `ask` is how one asks for it, or ""."""

    title: str
    code: str
    ask: str = ""

    @property
    def name(self) -> str:
        """The slug of the title: two sessions about one job have the same."""
        return slug(self.title)

    @property
    def description(self) -> str:
        """What the skill holds and when to use it, in the user's language."""
        wording = TABLES[self.code].wording
        subject = self.title if self.code in _KEEP_CASE or self.title[1:2].isupper() else _first_low(self.title)
        what = wording.what.format(title=subject)
        when = wording.when.format(ask=self.ask) if self.ask else wording.about.format(title=subject)
        gap = "" if self.code in {"zh", "ja"} else " "
        return re.sub(r"[<>]", "", f"{what}{gap}{when}")[:_DESCRIPTION]


@dataclass(frozen=True, slots=True)
class Request:
    """What a user turn asks for: the job, where it has a name, and the request as one line.

    It `opens` the turn or comes after something else was said.
    """

    task: Task | None
    trigger: str
    opens: bool


def request_of(text: str, codes: Languages) -> Request | None:
    """The first request for new work in a user turn; None where it makes none."""
    for place, sentence in enumerate(sentences(text)[:6]):
        start = request_start(sentence, codes)
        if start is not None:
            line = one_line(sentence.text)
            return Request(_named(one_line(sentence.text[start:]), codes[0]), _shortened(line), opens=place == 0)
    return None


def _named(body: str, code: str) -> Task | None:
    found = deliverable(body, code)
    if found is None:
        return None
    return Task(TABLES[code].wording.code, code) if found.coding else Task(found.title, code, found.ask)


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
    r"^(?:our|my|the) (?P<noun>(?:[a-z-]+ )?[a-z-]+) (?:process|procedure|workflow|steps)\b",
    r"^(?P<noun>(?:[a-z-]+ ){0,2}[a-z-]+s) (?:must|should|need to|have to|are always|always)\b",
    r"(?:每次|每回|每当|每个|每份|每篇)(?:做|写|进行|处理)?(?P<noun>[\u3400-\u9fff]{2,8}?)(?:之?前|之?后|时|"
    r"的时候|中|都|，|必须|要)",
    r"(?:写|做|处理|生成|撰写|翻译)(?P<noun>[\u3400-\u9fff]{2,10}?)(?:之?前|之?后|时|的时候)",
    r"(?:我们|公司|团队)的?(?P<noun>[\u3400-\u9fff]{2,6}?)(?:流程|步骤)",
)
_ANSWERS = re.compile(
    r"\b(?:answers?|repl(?:y|ies)|respon(?:d|ses?)|explain|explanations?|talk|speak|réponds|réponses?|"
    r"responde|respuestas"
    r"|antworte|antworten|rispondi|responda|отвечай)\b|回答|回复|解释|说话|答え|返答|답변|대답|답해",
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


def task_of_rules(rules: tuple[Rule, ...], *, codes: Languages, ordered: bool, agent: bool) -> Task:
    """The job that rules without a request speak of: an occasion they name, answers, code, or themselves.

    `ordered` rules give an order of work; an `agent` works on the user's own files.
    """
    code = codes[0]
    wording = TABLES[code].wording
    said = [rule.text for rule in rules]
    if occasion := next((noun for text in said if (noun := _occasion(text))), ""):
        return Task(_first_up(wording.procedure.format(title=occasion) if ordered else occasion), code)
    if any(_ANSWERS.search(text) for text in said):
        return Task(wording.answers, code)
    if agent or any(_CODE.search(text) for text in said):
        return Task(wording.code, code)
    brief = said[0][:16] if code in {"zh", "ja"} else " ".join(said[0].split()[:6])
    return Task(_first_up(brief), code)


@cache
def _occasions() -> tuple[re.Pattern[str], ...]:
    """Compiled when first needed: they cost ten milliseconds."""
    return tuple(re.compile(source, re.IGNORECASE) for source in _OCCASIONS)


def _occasion(text: str) -> str:
    matches = (pattern.search(text) for pattern in _occasions())
    return next((match["noun"].strip() for match in matches if match), "")


def _first_low(text: str) -> str:
    return text[:1].lower() + text[1:]


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
