"""A candidate as text: a new SKILL.md, or small hunks in one that is there.

    # Government reports

    ## Rules
    - Cite a source for every figure.

    ## Steps              only where the user gave an order of work
    1. Draft the outline.

    ## When to use
    - "write a government report"

Rules stand one a line, so that git's merges, blame and review work on rules. An existing body keeps every
byte that the candidate does not speak of, whoever wrote it and in whatever shape.
"""

from __future__ import annotations

from dataclasses import dataclass

from skillgit.learn.candidate import Candidate, Rule
from skillgit.learn.relate import relation
from skillgit.skills import document as documents
from skillgit.skills.document import Document
from skillgit.skills.outline import Item, Section, sections

_CHINESE = {"Rules": "规则", "Steps": "步骤", "When to use": "何时使用"}
_TRIGGERS = 8
"""A skill lists at most so many requests; more would say no more about when it is for."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """One thing an edit did: a rule added (`old` is ""), or put in another's place."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A document after an edit, and what was done to its rules and steps; no hunks: all was there before."""

    document: Document
    hunks: tuple[Hunk, ...]


def create(candidate: Candidate, name: str) -> Document:
    """The SKILL.md of a new skill."""
    parts = [f"# {candidate.title}\n"]
    parts.append(_listing("Rules", candidate, [f"- {rule.text}" for rule in candidate.rules]))
    parts.append(_listing("Steps", candidate, [f"{n}. {step.text}" for n, step in enumerate(candidate.steps, start=1)]))
    parts.append(_listing("When to use", candidate, [f"- {_quoted(text)}" for text in candidate.triggers[:_TRIGGERS]]))
    metadata = {"tags": ", ".join(candidate.tags)} if candidate.tags else {}
    return documents.new(name, candidate.description, metadata=metadata, body="\n".join(part for part in parts if part))


def extend(document: Document, candidate: Candidate) -> Edited:
    """The document with the candidate's rules, steps and triggers worked into it.

    A rule that is there already changes nothing; one that refines or reverses a rule takes its line;
    any other is added to the list of rules.
    """
    body = document.body
    hunks: list[Hunk] = []
    for rule in candidate.rules:
        body, hunk = _put_rule(body, rule, candidate)
        hunks += [hunk] if hunk else []
    if candidate.steps:
        body, changed = _put_steps(body, candidate)
        hunks += changed
    if not hunks:
        return Edited(document, ())
    for trigger in candidate.triggers:
        body = _put_trigger(body, trigger, candidate)
    return Edited(document.with_body(body), tuple(hunks))


def _put_rule(body: str, rule: Rule, candidate: Candidate) -> tuple[str, Hunk | None]:
    outline = sections(body)
    items = [item for section in outline if not _is(section, "When to use") for item in section.items]
    for wanted in ("same", "reverses", "refines"):
        for item in items:
            if relation(item.text, rule.text) == wanted:
                return (body, None) if wanted == "same" else _replace(body, item, rule.text)
    return _add_item(body, "Rules", f"- {rule.text}", candidate), Hunk("", rule.text)


def _replace(body: str, item: Item, text: str) -> tuple[str, Hunk]:
    lines = body.splitlines(keepends=True)
    line = lines[item.line]
    at = line.index(item.text, line.index(item.marker) + len(item.marker))
    lines[item.line] = line[:at] + text + line[at + len(item.text) :]
    return "".join(lines), Hunk(item.text, text)


def _put_steps(body: str, candidate: Candidate) -> tuple[str, list[Hunk]]:
    """Steps are one thing: the user's newest order of work stands in the place of the last one."""
    section = _find(body, "Steps")
    old = [item.text for item in section.items] if section else []
    new = [step.text for step in candidate.steps]
    if len(old) == len(new) and all(relation(was, now) == "same" for was, now in zip(old, new, strict=True)):
        return body, []
    numbered = [f"{n}. {text}" for n, text in enumerate(new, start=1)]
    if section is None or not section.items:
        for line in numbered:
            body = _add_item(body, "Steps", line, candidate)
        return body, [Hunk("", text) for text in new]
    lines = body.splitlines(keepends=True)
    first, last = section.items[0].line, section.items[-1].line
    ending = _line_break(body)
    lines[first : last + 1] = [f"{line}{ending}" for line in numbered]
    kept = set(old)
    return "".join(lines), [Hunk("", text) for text in new if text not in kept]


def _put_trigger(body: str, trigger: str, candidate: Candidate) -> str:
    section = _find(body, "When to use")
    there = [item.text.strip('"“”') for item in section.items] if section else []
    if len(there) >= _TRIGGERS or any(relation(old, trigger) in ("same", "refines") for old in there):
        return body
    return _add_item(body, "When to use", f"- {_quoted(trigger)}", candidate)


def _add_item(body: str, heading: str, line: str, candidate: Candidate) -> str:
    """The body with one more item at the end of the list under `heading`, which is made where it is missing."""
    ending = _line_break(body)
    section = _find(body, heading)
    lines = body.splitlines(keepends=True)
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += ending
    if section is None:
        return "".join(lines) + ending + f"## {_named(heading, candidate)}{ending}{line}{ending}"
    at = _end_of(section.items[-1], lines) if section.items else section.start + 1
    return "".join(lines[:at]) + line + ending + "".join(lines[at:])


def _end_of(item: Item, lines: list[str]) -> int:
    """The line behind an item, its continuation lines included."""
    end = item.line + 1
    while end < len(lines) and lines[end].strip() and lines[end][:1] in " \t":
        end += 1
    return end


def _find(body: str, heading: str) -> Section | None:
    return next((section for section in sections(body) if _is(section, heading)), None)


def _is(section: Section, heading: str) -> bool:
    return section.heading.casefold() in (heading.casefold(), _CHINESE[heading])


def _listing(heading: str, candidate: Candidate, lines: list[str]) -> str:
    return "\n".join([f"## {_named(heading, candidate)}", *lines, ""]) if lines else ""


def _named(heading: str, candidate: Candidate) -> str:
    return _CHINESE[heading] if any("\u4e00" <= char <= "\u9fff" for char in candidate.title) else heading


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "'") + '"'


def _line_break(body: str) -> str:
    return "\r\n" if "\r\n" in body else "\n"
