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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from skillgit.learn import listing
from skillgit.learn.candidate import Candidate
from skillgit.learn.listing import Block, Style, one_line
from skillgit.learn.relate import relation, telling
from skillgit.skills import document as documents
from skillgit.skills.document import Document
from skillgit.skills.outline import Item, sections
from skillgit.skills.rules import forbids, is_aside

_TRIGGERS = 8
"""A skill lists at most so many requests; more would say no more about when it is for."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """One thing an edit did: a rule or step added (`old` is ""), or put in another's place."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A document after an edit, and what was done to its rules and steps; no hunks: all was there before."""

    document: Document
    hunks: tuple[Hunk, ...]


def create(candidate: Candidate, name: str) -> Document:
    """The SKILL.md of a new skill."""
    style = style_of(candidate, "\n")
    lists = {
        "Rules": [f"- {text}" for text in _rules(candidate)],
        "Steps": listing.numbered(_steps(candidate)),
        "When to use": [f"- {text}" for text in _requests(candidate)[:_TRIGGERS]],
    }
    parts = [f"# {one_line(candidate.title) or name}\n"]
    parts += ["\n".join([style.heading(heading), *lines, ""]) for heading, lines in lists.items() if lines]
    metadata = {"tags": ", ".join(candidate.tags)} if candidate.tags else {}
    return documents.new(name, candidate.description, metadata=metadata, body="\n".join(parts))


def extend(document: Document, candidate: Candidate) -> Edited:
    """The document with the candidate's rules, steps and triggers worked into it.

    A rule that is there already changes nothing; one that refines or reverses a rule takes its line;
    any other is added to the list of rules. Doing it again changes nothing.
    """
    style = style_of(candidate, document.newline)
    body, steps = with_steps(document.body, candidate, style)
    body, rules = _with_rules(body, _rules(candidate), style)
    return edited(document, body, (*rules, *steps), candidate)


def edited(document: Document, body: str, hunks: tuple[Hunk, ...], candidate: Candidate) -> Edited:
    """The document with an edited body and the candidate's triggers; as it was where no hunk says what was done."""
    if not hunks:
        return Edited(document, ())
    style = style_of(candidate, document.newline)
    for request in _requests(candidate):
        body = _with_request(body, request, style)
    return Edited(document.with_body(body), hunks)


def style_of(candidate: Candidate, newline: str) -> Style:
    """How lines of a candidate are written in a file with such line breaks."""
    return Style(newline, chinese=any("\u4e00" <= char <= "\u9fff" for char in candidate.title))


def _rules(candidate: Candidate) -> list[str]:
    """The texts of the rules; of two about the same thing the later one counts, at the place of the first."""
    told: list[str] = []
    for text in map(one_line, (rule.text for rule in candidate.rules)):
        place = next((n for n, other in enumerate(told) if relation(other, text) != "other"), None)
        if place is None:
            told += [text] if text else []
        elif relation(told[place], text) != "same":
            told[place] = text
    return told


def _steps(candidate: Candidate) -> list[str]:
    return [text for step in candidate.steps if (text := one_line(step.text))]


def _requests(candidate: Candidate) -> list[str]:
    """The triggers as the items of a list, in quotes."""
    return [f'"{text}"' for trigger in candidate.triggers if (text := one_line(trigger.replace('"', "'")))]


def _with_rules(body: str, texts: Sequence[str], style: Style) -> tuple[str, list[Hunk]]:
    """Each line of the body is spoken of by one rule at most, so that no two rules fight over it."""
    steps, rules = items(body)
    known = {text: _related(rules + steps, text, "same") for text in texts}
    free = [item for item in rules if item not in known.values()]
    lines = body.splitlines(keepends=True)
    hunks: list[Hunk] = []
    for text in (text for text in texts if known[text] is None):
        old = _related(free, text, "reverses") or _related(free, text, "refines")
        if old:
            free.remove(old)
            lines[old.line] = reworded(lines[old.line], old, text)
        hunks.append(Hunk(old.text if old else "", text))
    body = "".join(lines)
    for text in (hunk.new for hunk in hunks if not hunk.old):
        body = listing.with_item(body, "Rules", text, style=style)
    return body, hunks


def items(body: str) -> tuple[list[Item], list[Item]]:
    """The items that are steps, and those that are rules; examples, requests and the like are neither."""
    steps: list[Item] = []
    rules: list[Item] = []
    for section in sections(body):
        if listing.has_heading(section, "Steps"):
            steps += section.items
        elif not is_aside(section.heading):
            rules += section.items
    return steps, rules


def _related(items: Iterable[Item], text: str, wanted: str) -> Item | None:
    return next((item for item in items if relation(item.text, text) == wanted), None)


def reworded(line: str, item: Item, text: str) -> str:
    """An item's line with another text behind the same mark."""
    at = line.index(item.text, line.index(item.marker) + len(item.marker))
    return line[:at] + text + line[at + len(item.text) :]


def with_steps(body: str, candidate: Candidate, style: Style) -> tuple[str, list[Hunk]]:
    """Steps are one thing: the user's newest order of work stands in the place of the last one.

    What stands below a step that stays (a note, a code block) stays with it.
    """
    texts = _steps(candidate)
    section = listing.find(body, "Steps")
    lines = body.splitlines(keepends=True)
    blocks = listing.blocks(section, lines) if section else []
    old = [block.item.text for block in blocks]
    if not texts or (len(old) == len(texts) and all(map(_says, old, texts))):
        return body, []
    new = [text for text in texts if not any(_says(was, text) for was in old)]
    hunks = [Hunk("", text) for text in new] or [Hunk("; ".join(old), "; ".join(texts))]
    if not blocks:
        return listing.with_lines(body, "Steps", listing.numbered(texts), style=style), hunks
    start, end = blocks[0].start, blocks[-1].end
    stay: list[Block | None] = []
    for text in texts:
        kept = _standing([block for block in blocks if block not in stay], text)
        stay.append(kept)
    told = [kept.item.text if kept else text for kept, text in zip(stay, texts, strict=True)]
    written: list[str] = []
    behind = lines[end] if end < len(lines) else ""
    for kept, line in zip(stay, listing.numbered(told, before=behind), strict=True):
        written += [line + style.newline, *(lines[kept.start + 1 : kept.end] if kept else ())]
    return "".join([*lines[:start], *written, *lines[end:]]), hunks


def _standing(blocks: Sequence[Block], text: str) -> Block | None:
    """The step that says what a new one does: in the same words, or in more, as a person may have written it."""
    same = (block for block in blocks if _is_same(block.item.text, text))
    return next(same, None) or next((block for block in blocks if _says(block.item.text, text)), None)


def _says(old: str, new: str) -> bool:
    """Whether a step that is there says all of a new one; the user's detail in it stays then."""
    words = telling(new)
    return _is_same(old, new) or (bool(words) and words <= telling(old) and forbids(old) == forbids(new))


def _is_same(old: str, new: str) -> bool:
    return relation(old, new) == "same"


def _with_request(body: str, request: str, style: Style) -> str:
    section = listing.find(body, "When to use")
    there = [item.text.strip('"“”') for item in section.items] if section else []
    if len(there) >= _TRIGGERS or any(relation(old, request) in ("same", "refines") for old in there):
        return body
    return listing.with_item(body, "When to use", request, style=style)
