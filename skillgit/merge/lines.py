"""Differences and three-way merges of sequences: lines, words, list items.

The matching is that of patience diff, with Myers' greedy algorithm between the anchors: what stands once
on each side is an anchor where it keeps its order, the rest is matched with as few edits as possible.
Sources: Bram Cohen's patience diff; Myers, Algorithmica 1986; Khanna, Kunal & Pierce, "A Formal
Investigation of Diff3", 2007.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

MAX_EDITS = 200  # between two anchors; texts further apart are taken for another text, so that time stays linear


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the merge: base, ours and theirs of it. `stable` where all three agree."""

    base: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def merged(self) -> tuple[str, ...] | None:
        """What the stretch is where at most one side changed it, or both in the same way; else None."""
        if self.ours == self.theirs or self.theirs == self.base:
            return self.ours
        return self.theirs if self.ours == self.base else None


def merge3(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[Chunk]:
    """Part three sequences into chunks; changes of both sides that touch are one chunk."""
    left, right = dict(pairs(base, ours)), dict(pairs(base, theirs))
    chunks, start = list[Chunk](), (0, 0, 0)
    for at in [i for i in left if i in right]:
        here = (at, left[at], right[at])
        chunks += _between(base, ours, theirs, start, here)
        start = (at + 1, left[at] + 1, right[at] + 1)
        chunks.append(Chunk(*((base[at],),) * 3))
    return chunks + _between(base, ours, theirs, start, (len(base), len(ours), len(theirs)))


def pairs(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Match equal elements of two sequences; both indices rise."""
    found, todo = list[tuple[int, int]](), [(0, len(a), 0, len(b), _DEPTH)]
    while todo:
        left, right, low, high, depth = todo.pop()
        while left < right and low < high and a[left] == b[low]:
            found.append((left, low))
            left, low = left + 1, low + 1
        while left < right and low < high and a[right - 1] == b[high - 1]:
            right, high = right - 1, high - 1
            found.append((right, high))
        anchors = _anchors(a[left:right], b[low:high]) if depth else []
        if not anchors:
            found += [(left + i, low + j) for i, j in _shortest(a[left:right], b[low:high])]
            continue
        ends = [*anchors, (right - left, high - low)]
        starts = [(0, 0), *((i + 1, j + 1) for i, j in anchors)]
        found += [(left + i, low + j) for i, j in anchors]
        todo += [
            (left + i, left + until_i, low + j, low + until_j, depth - 1)
            for (i, j), (until_i, until_j) in zip(starts, ends, strict=True)
            if i < until_i and j < until_j
        ]
    return sorted(found)


_DEPTH = 8  # how often a gap between anchors is searched for anchors of its own


def _between(
    base: Sequence[str],
    ours: Sequence[str],
    theirs: Sequence[str],
    start: tuple[int, int, int],
    end: tuple[int, int, int],
) -> list[Chunk]:
    if start == end:
        return []
    sides = zip((base, ours, theirs), start, end, strict=True)
    return [Chunk(*(tuple(side[i:j]) for side, i, j in sides))]


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """The elements that stand once in each, as many as keep their order."""
    once_a, once_b = ({x for x, count in Counter(side).items() if count == 1} for side in (a, b))
    where = {x: j for j, x in enumerate(b) if x in once_b}
    common = [(i, where[x]) for i, x in enumerate(a) if x in once_a and x in where]
    return _rising(common)


def _rising(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of points, in order of their first number, whose second one rises as well."""
    tops, ends, before = list[int](), list[int](), list[int]()
    for number, (_, j) in enumerate(points):
        length = bisect_left(tops, j)
        tops[length:], ends[length:] = [j, *tops[length + 1 :]], [number, *ends[length + 1 :]]
        before.append(ends[length - 1] if length else -1)
    chain, at = list[tuple[int, int]](), ends[-1] if ends else -1
    while at >= 0:
        chain.append(points[at])
        at = before[at]
    return chain[::-1]


def _shortest(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Match with as few insertions and deletions as possible; nothing where it takes more than MAX_EDITS."""
    reach, trace = {1: 0}, list[dict[int, int]]()
    m, n = len(a), len(b)
    for edits in range(min(m + n, MAX_EDITS) + 1):
        trace.append(dict(reach))
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and reach[k - 1] < reach[k + 1])
            x = reach[k + 1] if down else reach[k - 1] + 1
            while x < m and x - k < n and a[x] == b[x - k]:
                x += 1
            reach[k] = x
            if x >= m and x - k >= n:
                return _walk_back(trace, m, n)
    return []


def _walk_back(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    found = []
    for edits in range(len(trace) - 1, -1, -1):
        reach, k = trace[edits], x - y
        down = k == -edits or (k != edits and reach[k - 1] < reach[k + 1])
        before = k + 1 if down else k - 1
        from_x = reach[before]
        while x > from_x and y > from_x - before and (x, y) != (from_x + (not down), from_x - before + down):
            x, y = x - 1, y - 1
            found.append((x, y))
        x, y = from_x, from_x - before
    return found[::-1]
