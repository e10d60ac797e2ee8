"""A body in pieces that a cut may fall between, and what a cut leaves out, in words.

A cut falls before a heading, a list item, a line of prose or a fence; never inside a fence, before what is
indented, or right below a heading.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from skillgit.skills.outline import headings, outside_fences

_NAMED: Final = 3  # sections that are named; further ones are counted
_HEADING: Final = 60  # characters of a heading that are shown


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines of a body; `rest` is what is behind them, "" for the last: `28 of 40 lines: the rest of "Steps"`."""

    text: str
    rest: str


class _Section(NamedTuple):
    """A heading that says something, and the lines up to the next one."""

    heading: str
    start: int
    end: int


def pieces(body: str) -> Iterator[Piece]:
    """The pieces of a body in order; joined they are its lines, with blanks at their ends gone. "" has none."""
    written = body.splitlines()
    found = _sections(written)  # "# " is a heading, "#" is none
    lines = [line.rstrip() for line in written]
    for start, end in pairwise([*_starts(lines, {section.start for section in found}), len(lines)]):
        yield Piece(_joined(lines[start:end]), _rest(found, end, of=len(lines)))


def uncut(body: str) -> str:
    """All pieces of a body, joined."""
    return _joined([line.rstrip() for line in body.splitlines()])


def whole(body: str) -> str:
    """What `pieces` of a body leaves out where nothing of it is taken; "" where it is empty."""
    lines = body.splitlines()
    return _rest(_sections(lines), 0, of=len(lines))


def _sections(lines: Sequence[str]) -> list[_Section]:
    """The sections that have a heading."""
    found = [*headings(lines), (len(lines), "")]
    return [_Section(text, start, end) for (start, text), (end, _) in pairwise(found) if text]


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


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


def _rest(found: Sequence[_Section], end: int, *, of: int) -> str:
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
