"""Lists under the headings of a learned skill: finding them, and adding to them byte by byte.

The headings are `Rules`, `Steps` and `When to use`, or their Chinese names. Whatever stands in a list
stays as it is; new lines look like those of the list they join.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from skillgit.skills.outline import Item, Section, sections

_CHINESE = {"Rules": "规则", "Steps": "步骤", "When to use": "何时使用"}
_NUMBERED = re.compile(r"[ \t]*\d{1,9}\.[ \t]")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
"""Zero-width and bidirectional marks, and tags: what a reader does not see, a model would read."""


@dataclass(frozen=True, slots=True)
class Style:
    """How new lines are written: their line break, and whether headings are Chinese."""

    newline: str
    chinese: bool

    def heading(self, english: str) -> str:
        """The heading's line, without its line break."""
        return f"## {_CHINESE[english] if self.chinese else english}"


@dataclass(frozen=True, slots=True)
class Block:
    """An item of a list and the lines below it that belong to it: `start` up to `end`, exclusive."""

    item: Item
    start: int
    end: int


def one_line(text: str) -> str:
    """`text` on one line, without what is not seen: it can open no heading, list or fence of its own."""
    seen = "".join(" " if char.isspace() else char for char in _HIDDEN.sub("", text))
    kept = "".join(char for char in seen if unicodedata.category(char) not in ("Cc", "Cs"))
    return " ".join(kept.split())


def has_heading(section: Section, english: str) -> bool:
    """Whether a section stands under one of our headings, in either language."""
    return section.heading.casefold() in (english.casefold(), _CHINESE[english])


def find(body: str, english: str) -> Section | None:
    """The first section under one of our headings."""
    return next((section for section in sections(body) if has_heading(section, english)), None)


def numbered(texts: Sequence[str], *, before: str = "") -> list[str]:
    """Texts as the items of a numbered list, marked apart from a list that begins in the line it is put before."""
    mark = ")" if _NUMBERED.match(before) else "."
    return [f"{number}{mark} {text}" for number, text in enumerate(texts, start=1)]


def blocks(section: Section, lines: Sequence[str]) -> list[Block]:
    """The items of a section's first list, each with what stands below it.

    A list ends where the mark changes, and a bulleted one at the first line that is neither blank nor indented.
    """
    found: list[Block] = []
    peers = [item for item in section.items if item.indent == section.items[0].indent]
    for item in peers:
        if item.marker[-1] != peers[0].marker[-1] or (found and not item.numbered and found[-1].end != item.line):
            break
        if found:
            found[-1] = Block(found[-1].item, found[-1].start, item.line)
        found.append(Block(item, item.line, below(item, lines)))
    return found


def with_item(body: str, english: str, text: str, *, style: Style) -> str:
    """The body with one more item at the end of the list under a heading, which is made where it is missing."""
    section = find(body, english)
    if section is None or not section.items:
        return with_lines(body, english, [f"- {text}"], style=style)
    lines = complete(body, style)
    peers = [item for item in section.items if item.indent == section.items[0].indent]
    at = below(section.items[-1], lines)
    first = lines[peers[0].line]
    indent = first[: first.index(peers[0].marker)]
    return "".join([*lines[:at], f"{indent}{next_marker(peers[-1])} {text}{style.newline}", *lines[at:]])


def with_lines(body: str, english: str, new: Sequence[str], *, style: Style) -> str:
    """The body with lines right below a heading, which is made at the end where it is missing."""
    lines = complete(body, style)
    section = find(body, english)
    added = [f"{line}{style.newline}" for line in new]
    if section is not None:
        return "".join([*lines[: section.start + 1], *added, *lines[section.start + 1 :]])
    closing = _closing_fence(lines, f"{style.heading(english)}{style.newline}", english)
    return "".join([*lines, *closing, style.newline, style.heading(english), style.newline, *added])


def complete(body: str, style: Style) -> list[str]:
    """The body's lines, the last one with a line break."""
    lines = body.splitlines(keepends=True)
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += style.newline
    return lines


def _closing_fence(lines: Sequence[str], heading: str, english: str) -> list[str]:
    """What closes a code fence that was left open, so that a heading behind it is one."""
    body = "".join(lines)
    marks = [mark[1] for line in lines if (mark := _FENCE.match(line))]
    closings = ([], *([f"{mark}\n"] for mark in reversed(marks)))
    return next(closing for closing in closings if find("".join([body, *closing, heading]), english))


def below(item: Item, lines: Sequence[str]) -> int:
    """The line behind an item, its indented continuation included."""
    end = item.line + 1
    while end < len(lines) and lines[end].strip() and lines[end][:1] in " \t":
        end += 1
    return end


def next_marker(item: Item) -> str:
    """The mark of an item that comes behind this one."""
    return f"{int(item.marker[:-1]) + 1}{item.marker[-1]}" if item.numbered else item.marker
