"""A body's sections and list items, by line; lines inside code fences are neither."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_ITEM = re.compile(r"^(?P<indent>[ \t]*)(?P<marker>[-*+]|\d{1,9}[.)])[ \t]+(?P<text>\S.*?)[ \t]*$")


@dataclass(frozen=True, slots=True)
class Item:
    """A list item: its 0-based line, its text without the marker, and whether the list is numbered."""

    line: int
    text: str
    marker: str
    indent: int

    @property
    def numbered(self) -> bool:
        """Whether the order of the list counts."""
        return self.marker[0].isdigit()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it: lines `start` (the heading's, or 0) up to `end`, exclusive.

    Level 0 is what stands before the first heading. A section ends at the next heading of any level.
    """

    heading: str
    level: int
    start: int
    end: int
    items: tuple[Item, ...]


def sections(body: str) -> tuple[Section, ...]:
    """The sections of a body in order; the first has level 0 and may be empty."""
    lines = body.splitlines()
    headings: list[tuple[str, int, int]] = [("", 0, 0)]
    items: list[list[Item]] = [[]]
    for number, line in outside_fences(lines):
        if heading := _heading(line):
            headings.append((heading[2], len(heading[1]), number))
            items.append([])
        elif item := _ITEM.match(line):
            indent = len(item["indent"].expandtabs(4))
            items[-1].append(Item(number, item["text"], item["marker"], indent))
    ends = [start for _, _, start in headings[1:]] + [len(lines)]
    return tuple(
        Section(text, level, start, end, tuple(inside))
        for (text, level, start), end, inside in zip(headings, ends, items, strict=True)
    )


def headings(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Give the number of each line that is a heading, and its text."""
    for number, line in outside_fences(lines):
        if heading := _heading(line):
            yield number, heading[2]


def outside_fences(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Give the lines that are no code, with their 0-based numbers."""
    fence = ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if fence:
            fence = "" if mark and mark[1].startswith(fence) and not line.strip("`~ \t") else fence
        elif mark:
            fence = mark[1]
        else:
            yield number, line


def _heading(line: str) -> re.Match[str] | None:
    return _HEADING.match(line) if "#" in line else None  # a pattern takes ten times as long to say no
