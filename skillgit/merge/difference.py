"""What differs between two texts, to be read: their lines beside each other, reworded ones word by word.

Made for people who review a change, not for patches: a line that was reworded stands beside what became of it, one
that only moved says where to, and what did not change is folded away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from skillgit.merge.lines import pairs
from skillgit.merge.wording import Mark, Segment, compare, likeness, said

Kind: TypeAlias = Literal["same", "removed", "added", "changed"]

ALIKE = 0.4
"""A line with this share of another's words is that line reworded."""
_CELLS = 100_000
"""So many pairs of lines of two texts are compared with each other; beyond that none is taken for another reworded."""
_CHARS = 200_000
"""So many characters of reworded lines are compared word by word; the lines beyond that are marked whole."""
_FOLDED = 4
"""Rows that are folded away at least: fewer take no more room than to say so."""
_MOVED = 8
"""Letters and digits that a line has at least, to be known again elsewhere."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the text before, of the text after, or of both: its 1-based number there, None where it is not.

    `moved` is its number in the other text, where it only stands elsewhere there.
    """

    before: int | None
    after: int | None
    segments: tuple[Segment, ...]
    moved: int | None = None

    @property
    def kind(self) -> Kind:
        """What became of the line."""
        if self.before is None or self.after is None:
            return "removed" if self.after is None else "added"
        return "same" if all(segment.mark == "same" for segment in self.segments) else "changed"

    @property
    def old(self) -> tuple[Segment, ...]:
        """The line as it was before."""
        return tuple(segment for segment in self.segments if segment.mark != "added")

    @property
    def new(self) -> tuple[Segment, ...]:
        """The line as it is after."""
        return tuple(segment for segment in self.segments if segment.mark != "removed")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that follow each other; `is_folded` where nothing changed in them or near them."""

    rows: tuple[Row, ...]
    is_folded: bool


def difference(before: str, after: str) -> tuple[Row, ...]:
    """The rows of two texts, in order; a line break that only one of them ends with is told as an empty line."""
    both_end = all(text.endswith("\n") or not text for text in (before, after))
    old, new = (text.removesuffix("\n" if both_end else "").split("\n") if text else [] for text in (before, after))
    alike = pairs(old, new)
    moved = _moved(old, new, alike)
    aligned = sorted([*alike, *_reworded(old, new, alike, moved)])
    to, back = {i: j + 1 for i, j in moved.items()}, {j: i + 1 for i, j in moved.items()}
    rows, i, j, chars = list[Row](), 0, 0, 0
    for left, right in [*aligned, (len(old), len(new))]:
        rows += [Row(at + 1, None, _whole("removed", old[at]), to.get(at)) for at in range(i, left)]
        rows += [Row(None, at + 1, _whole("added", new[at]), back.get(at)) for at in range(j, right)]
        if left < len(old):
            chars += len(old[left]) + len(new[right]) if old[left] != new[right] else 0
            rows.append(Row(left + 1, right + 1, _segments(old[left], new[right], by_word=chars <= _CHARS)))
        i, j = left + 1, right + 1
    return tuple(rows)


def folded(rows: Sequence[Row], *, around: int = 3) -> tuple[Stretch, ...]:
    """The rows with those folded away that are further than `around` from any change, where they are some."""
    changed = (at for at, row in enumerate(rows) if row.kind != "same")
    near = {each for at in changed for each in range(at - around, at + around + 1)}
    parts = [list(group) for _, group in groupby(enumerate(rows), key=lambda each: each[0] in near)]
    folds = [part[0][0] not in near and len(part) >= _FOLDED for part in parts]
    found = groupby(zip(parts, folds, strict=True), key=lambda each: each[1])
    return tuple(Stretch(tuple(row for part, _ in group for _, row in part), fold) for fold, group in found)


def _whole(mark: Mark, line: str) -> tuple[Segment, ...]:
    return (Segment(mark, line),)


def _segments(old: str, new: str, *, by_word: bool) -> tuple[Segment, ...]:
    if old == new:
        return _whole("same", old)
    return compare(old, new) if by_word else (Segment("removed", old), Segment("added", new))


def _moved(old: Sequence[str], new: Sequence[str], alike: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The lines that stand once in what is left of each text: where they were to where they are."""
    left, right = (_once(lines, {pair[side] for pair in alike}) for side, lines in enumerate((old, new)))
    return {left[text]: right[text] for text in left if text in right}


def _once(lines: Sequence[str], matched: Set[int]) -> dict[str, int]:
    """The lines that say something and stand once among those that are not matched, without their indentation."""
    rest = [(line.strip(), at) for at, line in enumerate(lines) if at not in matched]
    counts = Counter(text for text, _ in rest)
    return {text: at for text, at in rest if counts[text] == 1 and sum(map(str.isalnum, text)) >= _MOVED}


def _reworded(
    old: Sequence[str], new: Sequence[str], alike: Sequence[tuple[int, int]], moved: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Each line that is another one reworded, with that one; between two lines that stayed, in the order of both."""
    come, cells, i, j = set(moved.values()), 0, 0, 0
    for left, right in [*alike, (len(old), len(new))]:
        gone, new_ones = (
            [at for at in range(i, left) if at not in moved],
            [at for at in range(j, right) if at not in come],
        )
        cells += len(gone) * len(new_ones)
        if cells <= _CELLS:
            found = _most_alike([said(old[at]) for at in gone], [said(new[at]) for at in new_ones])
            yield from ((gone[one], new_ones[other]) for one, other in found)
        i, j = left + 1, right + 1


def _most_alike(old: Sequence[Counter[str]], new: Sequence[Counter[str]]) -> Iterator[tuple[int, int]]:
    """Match lines in order so that the sum of their likenesses is the highest."""
    shares = [[likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            matched = shares[i][j] + best[i + 1][j + 1] if shares[i][j] >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], matched)
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            yield i, j
            i, j = i + 1, j + 1
