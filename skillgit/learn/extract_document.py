"""The offline learner for documents: the steps and rules that a document states, each with the line it stands on.

Steps are headings and lines that say which step they are, else numbered lists, else the list below a heading such
as "Procedure". Rules are the other list items and the sentences that order or forbid something. Whatever hangs below
a step is told with it, in one line. Sections such as "References" are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from skillgit.learn.candidate import Abstention, Candidate, Evidence, Rule
from skillgit.learn.offline.force import Force, weigh
from skillgit.learn.offline.language import Languages, languages, lead_length
from skillgit.learn.offline.passages import sentences
from skillgit.learn.offline.task import Task, task_of_document
from skillgit.learn.offline.text import one_line
from skillgit.skills.outline import Item, Section, outside_fences, sections
from skillgit.transcripts.model import Transcript

_LONGEST = 400
_LONGEST_TITLE = 80
_NUMERAL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_SAYS_STEP = rf"(?:(?:step|phase|schritt|étape|paso|passo|шаг)\s+{_NUMERAL}|第\s*{_NUMERAL}\s*步|步骤\s*{_NUMERAL})"
_STEP_LINE = re.compile(rf"^\W{{0,6}}{_SAYS_STEP}\s*[:：.)、–—-]+\s*(?P<text>\S.*?)[\s*#]*$", re.IGNORECASE)
_STEP_HEADING = re.compile(rf"^(?:{_SAYS_STEP}\s*[:：.)、–—-]*|\d{{1,2}}[.)、:])\s*(?P<text>\S.*)$", re.IGNORECASE)
_ORDERED = re.compile(
    r"\b(?:steps?|procedure|process|workflow|instructions|checklist|runbook|how to|ablauf|schritte|étapes|procédure"
    r"|pasos|procedimiento|passaggi|passos|шаги|порядок)\b|步骤|流程|步驟|操作|手順|절차",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"^(?:(?:table of )?contents|references|see also|(?:related|useful )?links|further reading|licen[cs]e|change ?log"
    r"|(?:revision |version )?history|authors?|contacts?|glossary|目录|参考(?:资料|文献)?|许可证?|更新日志|修订记录)$",
    re.IGNORECASE,
)
_CHECKBOX = re.compile(r"^\[[ xX]\]\s+")
_NO_PROSE = re.compile(r"^\s*(?:[#>|]|[-*+]\s|\d{1,9}[.)]\s|```|~~~|---|<!--|$)")
_HEADING_OR_END = re.compile(r"^\s{0,3}#|[.!?:。！？：;；]\s*$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")


@dataclass(frozen=True, slots=True)
class _Said:
    """An instruction, the words of the document it rests on, and their 0-based line."""

    text: str
    quote: str
    line: int


def extract(transcript: Transcript) -> Candidate | Abstention:
    """Propose the skill that a document states; an abstention where it states no step and no rule."""
    text = transcript.turns[0].text if transcript.turns else ""
    lines = _without_frontmatter(text.splitlines())
    codes = languages(text)
    parts = [part for part in sections("\n".join(lines)) if not _ASIDE.match(part.heading.strip(" :*"))]
    steps = _steps(lines, parts)
    rules = _rules(lines, parts, steps, codes=codes)
    if not steps and not rules:
        return Abstention("no steps and no rules in the document")
    task = _task(lines, parts, ordered=bool(steps), codes=codes)
    return Candidate(
        name=task.name,
        title=task.title,
        description=task.description,
        rules=_evident(rules),
        steps=_evident(steps),
        remarks=(f"From a document, {_places([*steps, *rules])}.",),
    )


def _without_frontmatter(lines: list[str]) -> list[str]:
    """The lines with those of YAML frontmatter blanked, so that the others keep their numbers."""
    if not lines or lines[0].strip() != "---" or "---" not in lines[1:]:
        return lines
    end = lines.index("---", 1) + 1
    return [""] * end + lines[end:]


def _steps(lines: list[str], parts: list[Section]) -> list[_Said]:
    headed = [_headed(part, heading, lines) for part in parts if (heading := _STEP_HEADING.match(part.heading))]
    if len(headed) > 1:
        return headed
    told = [
        _Said(_clean(found["text"]), found["text"], number)
        for number, line in outside_fences(lines)
        if (found := _STEP_LINE.match(line))
    ]
    if len(told) > 1:
        return told
    numbered = [_item(item, inner, lines) for part in parts for item, inner in _roots(part) if item.numbered]
    ordered = [part for part in parts if _ORDERED.search(part.heading)]
    return numbered or [_item(item, inner, lines) for part in ordered for item, inner in _roots(part)]


def _rules(lines: list[str], parts: list[Section], steps: list[_Said], *, codes: Languages) -> list[_Said]:
    """What is no step: items of lists that tell what to do, and sentences that order or forbid."""
    taken = {step.line for step in steps}
    within = [part for part in parts if part.start not in taken]
    items = [_item(item, inner, lines) for part in within for item, inner in _roots(part) if not item.numbered]
    found = [said for said in items if said.line not in taken and _tells(said.quote, codes) != Force.NONE]
    outside = [number for number, _ in outside_fences(lines) if number not in taken]
    for part in parts:
        for number in outside:
            if part.start <= number < part.end:
                found += _ordering(lines, number, codes=codes)
    return sorted(found, key=lambda said: said.line)


def _ordering(lines: list[str], number: int, *, codes: Languages) -> list[_Said]:
    """The sentences of a line of prose that order or forbid; none that began or ends on another line."""
    told = [sentence.text for sentence in sentences(lines[number])] if _is_prose(lines[number]) else []
    if number and lines[number - 1].strip() and not _HEADING_OR_END.search(lines[number - 1]):
        told = told[1:]
    if number + 1 < len(lines) and _is_prose(lines[number + 1]) and not _HEADING_OR_END.search(lines[number]):
        told = told[:-1]
    return [_Said(_clean(said), said, number) for said in told if _tells(said, codes) == Force.PLAIN]


def _is_prose(line: str) -> bool:
    return not line.startswith((" ", "\t")) and not _NO_PROSE.match(line)


def _tells(said: str, codes: Languages) -> Force:
    return weigh(said[lead_length(said, codes) :], codes)[0]


def _roots(part: Section) -> list[tuple[Item, list[Item]]]:
    """The items of a section, each with those that are indented below it."""
    roots: list[tuple[Item, list[Item]]] = []
    for item in part.items:
        if roots and item.indent > roots[-1][0].indent:
            roots[-1][1].append(item)
        else:
            roots.append((item, []))
    return roots


def _headed(part: Section, heading: re.Match[str], lines: list[str]) -> _Said:
    """A step by its heading, with the items below it, or the first line where there are none."""
    below = [item.text for item, _ in _roots(part)] or [
        line for line in lines[part.start + 1 : part.end] if _is_prose(line)
    ][:1]
    return _Said(_with_inner(heading["text"], below) + _command(lines, part.start), heading["text"], part.start)


def _item(item: Item, inner: list[Item], lines: list[str]) -> _Said:
    said = [item.text, *_continued(lines, item.line)]
    return _Said(
        _with_inner(" ".join(said), [below.text for below in inner]) + _command(lines, item.line), item.text, item.line
    )


def _continued(lines: list[str], start: int) -> Iterable[str]:
    """The lines that go on with the item before them."""
    for line in lines[start + 1 :]:
        if _NO_PROSE.match(line):
            return
        yield line.strip()


def _with_inner(said: str, inner: list[str]) -> str:
    below = "; ".join(_clean(text).rstrip(".;。；") for text in inner)
    return f"{_clean(said).rstrip(':：.。')}: {below}" if below else _clean(said)


def _command(lines: list[str], start: int) -> str:
    """The code of one line that stands right below, in backticks."""
    below = [line for line in lines[start + 1 : start + 6] if line.strip()]
    if len(below) < 3 or not _FENCE.match(below[0]) or not _FENCE.match(below[2]) or "`" in below[1]:
        return ""
    return f" `{below[1].strip()}`"


def _clean(said: str) -> str:
    return one_line(_CHECKBOX.sub("", said))


def _evident(said: list[_Said]) -> tuple[Rule, ...]:
    """The instructions as rules, each once, none too long for a line."""
    found = {one.text[:_LONGEST]: Evidence(0, one.quote) for one in reversed(said) if one.text}
    return tuple(Rule(text, quote) for text, quote in reversed(found.items()))


def _task(lines: list[str], parts: list[Section], *, ordered: bool, codes: Languages) -> Task:
    """The job, by the document's title: its first heading, or its first line."""
    titled = min((part for part in parts if part.heading), key=lambda part: part.level, default=None)
    if titled is None:
        title = next(line for line in lines if line.strip())
        return task_of_document(one_line(title)[:_LONGEST_TITLE], "", codes=codes, ordered=ordered)
    lead = next((one_line(line) for line in lines[titled.start + 1 : titled.end] if _is_prose(line)), "")
    return task_of_document(one_line(titled.heading)[:_LONGEST_TITLE], lead, codes=codes, ordered=ordered)


def _places(said: list[_Said]) -> str:
    """The lines they stand on: `lines 3-5, 9`."""
    numbers = sorted({one.line + 1 for one in said})
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    shown = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return f"line{'s' if len(numbers) > 1 else ''} {shown}"
