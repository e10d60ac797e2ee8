"""List items that both sides changed at the same place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from skillgit.merge.hunk import Conflict
from skillgit.merge.lines import pairs
from skillgit.merge.markers import split_lines
from skillgit.skills.rules import is_reversal, rule_changes

MAX_RULES = 120  # in one conflict, of all three: each new one is held against each of the other side's
MIN_SORTED = 5  # items around the conflict: fewer are in order by chance

_ITEM = re.compile(r"[ \t]*[-*+][ \t]+(?P<text>\S.*)")
_DECORATION = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class _Side:
    """A side's lines, and for each line of the base that it kept or reworded the number of its own."""

    lines: list[str]
    kept: dict[int, int]

    def of(self, number: int) -> str:
        """What a line of the base is here, "" where it is gone."""
        return self.lines[self.kept[number]] if number in self.kept else ""

    @property
    def new(self) -> dict[int, list[str]]:
        """The side's own lines by the line of the base they follow, -1 for the start."""
        found, after = dict[int, list[str]](), -1
        where = {line: number for number, line in self.kept.items()}
        for number, line in enumerate(self.lines):
            after = where.get(number, after)
            if number not in where:
                found.setdefault(after, []).append(line)
        return found


def merge_rules(conflict: Conflict) -> str | None:
    """The rules of a learned skill as both sides want them: both sides' new ones, each once, ours first.

    Such rules are one a line and each stands for itself: a change of one says nothing about its neighbours.
    None where a line is no such item, where both changed one rule, or one what the other removed, and where
    what one side wrote forbids what the other asks for.
    """
    base, *both = (split_lines(side) for side in (conflict.base, conflict.ours, conflict.theirs))
    lines = [*base, *both[0], *both[1]]
    if len(lines) > MAX_RULES or not all(map(_ITEM.match, lines)):
        return None
    ours, theirs = (_Side(side, _kept(base, side)) for side in both)
    fates = [(line, ours.of(number), theirs.of(number)) for number, line in enumerate(base)]
    if any(was != mine != their != was for was, mine, their in fates) or _contradict(base, *both):
        return None
    return "".join(_woven(base, ours, theirs))


def merge_sorted(conflict: Conflict, before: str, after: str) -> str | None:
    """Both sides' new items, each once, where the list they join is in alphabetical order and stays so.

    `before` and `after` are the text around the conflict. None where the list is no such one, or too short
    to tell.
    """
    if conflict.base:
        return None
    ours, theirs = split_lines(conflict.ours), split_lines(conflict.theirs)
    above = list(takewhile(_ITEM.match, reversed(split_lines(before[-_NEAR:]))))[::-1]
    below = list(takewhile(_ITEM.match, split_lines(after[:_NEAR])))
    if len(above) + len(below) < MIN_SORTED or not (ours and theirs and all(map(_ITEM.match, [*ours, *theirs]))):
        return None
    if not all(_is_sorted([*above, *side, *below]) for side in (ours, theirs)):
        return None
    return "".join(sorted(dict.fromkeys([*ours, *theirs]), key=_place))


_NEAR = 10_000  # characters around a conflict that are looked at


def _kept(base: list[str], side: list[str]) -> dict[int, int]:
    """Which line of a side each line of the base is, as it was or in other words."""
    kept = dict(pairs(base, side))
    old = {_text(line): number for number, line in enumerate(base) if number not in kept}
    new = {_text(line): number for number, line in enumerate(side) if number not in kept.values()}
    reworded = rule_changes("".join(base), "".join(side)).changed
    return kept | {old[was]: new[now] for was, now in reworded if was in old and now in new}


def _contradict(base: list[str], ours: list[str], theirs: list[str]) -> bool:
    """Whether what one side wrote forbids what the other side's asks for."""
    mine, their = ([_text(line) for line in side if line not in base] for side in (ours, theirs))
    return any(is_reversal(one, other) for one in mine for other in their)


def _woven(base: list[str], ours: _Side, theirs: _Side) -> Iterator[str]:
    """Ours' lines with theirs' changes, and theirs' new lines behind those that they stand behind there."""
    known = {_text(line).casefold() for line in ours.lines}
    mine, their = ours.new, theirs.new
    added, anchor = dict[int, list[str]](), -1
    for number in range(-1, len(base)):
        anchor = number if number in ours.kept else anchor
        lines = (line for line in their.get(number, []) if _text(line).casefold() not in known)
        added.setdefault(anchor, []).extend(lines)
    for number in [-1, *sorted(ours.kept, key=ours.kept.__getitem__)]:
        if number >= 0:
            yield theirs.of(number) if ours.of(number) == base[number] else ours.of(number)
        yield from mine.get(number, [])
        yield from added[number]


def _is_sorted(lines: list[str]) -> bool:
    places = [_place(line) for line in lines]
    return places == sorted(places)


def _place(line: str) -> str:
    """What an item is sorted by: its letters and digits."""
    return _DECORATION.sub(" ", _text(line).casefold()).strip()


def _text(line: str) -> str:
    item = _ITEM.match(line)
    return item["text"].strip() if item else line.strip()
