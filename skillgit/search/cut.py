"""A body in pieces that a cut may fall between, and what a cut leaves out, in words.

A cut falls before a heading, a list item, a line of prose or a fence; never inside a fence, before what is
indented, or right below a heading.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from skillgit.skills.outline import Section, outside_fences, sections

_NAMED: Final = 3  # sections that are named; further ones are counted
_HEADING: Final = 60  # characters of a heading that are shown


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines of a body; `rest` is what is behind them, "" for the last: `28 of 40 lines: the rest of "Steps"`."""

    text: str
    rest: str


def pieces(body: str) -> Iterator[Piece]:
    """The pieces of a body in order; joined they are its lines, with blanks at their ends gone. "" has none."""
    lines = [line.rstrip() for line in body.splitlines()]
    found = [section for section in sections(body) if section.heading]
    for start, end in pairwise([*_starts(lines, {section.start for section in found}), len(lines)]):
        yield Piece("".join(f"{line}\n" for line in lines[start:end]), _rest(found, end, of=len(lines)))


def whole(body: str) -> str:
    """What `pieces` of a body leaves out where nothing of it is taken; "" where it is empty."""
    found = [section for section in sections(body) if section.heading]
    return _rest(found, 0, of=len(body.splitlines()))


def _starts(lines: Sequence[str], headings: set[int]) -> list[int]:
    """The lines that pieces start with."""
    prose = {number for number, _ in outside_fences(lines)}
    starts = [0] if lines else []
    bare = True  # nothing but headings so far in this piece
    for number, line in enumerate(lines):
        if not line or (number not in prose and number - 1 not in prose and number):
            continue
        heading = number in headings
        if not bare and (heading or not line[0].isspace()):
            starts.append(number)
            bare = heading
        bare = bare and heading
    return starts


def _rest(found: Sequence[Section], end: int, *, of: int) -> str:
    """Say how many of the lines stand from line `end` on, and under which headings."""
    if end == of:
        return ""
    after = bisect_left(found, end, key=lambda section: section.start)
    names = [f'"{_clip(section.heading)}"' for section in found[after : after + _NAMED]]
    if after and end < found[after - 1].end:
        names.insert(0, f'the rest of "{_clip(found[after - 1].heading)}"')
    further = len(found) - after - _NAMED
    if further > 0:
        names[-1] += f" and {further} more section{'s' if further > 1 else ''}"
    return f"{of - end} of {of} lines" + (f": {', '.join(names)}" if names else "")


def _clip(heading: str) -> str:
    return heading if len(heading) <= _HEADING else f"{heading[: _HEADING - 1].rstrip()}…"
