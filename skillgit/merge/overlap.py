"""What git cannot see: two edits that merge cleanly and may not go together.

Of real clean merges that people corrected afterwards, most had both sides in one section or a few lines
apart, but so have four in ten of those that nobody touched: it is worth a look, no more.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from skillgit.merge.lines import pairs
from skillgit.merge.markers import split_lines
from skillgit.merge.parts import outline

NEAR = 8  # lines


def warnings(base: str, ours: str, theirs: str) -> tuple[str, ...]:
    """Say where in the body both sides edited one section, or lines of it and the next a few apart."""
    lines = split_lines(base)
    mine, their = (_touched(lines, split_lines(side)) for side in (ours, theirs))
    headings = outline(base)
    starts = [section.start for section in headings]
    found = dict[str, None]()
    for line in mine:
        here = bisect_right(starts, max(line, 0)) - 1
        end = starts[here + 1] if here + 1 < len(starts) else len(lines)
        low, high = min(starts[here], line - NEAR), max(end - 1, line + NEAR)
        if bisect_left(their, low) < bisect_right(their, high):
            name = headings[here].heading
            found[f"both sides edited '{name}'" if name else "both sides edited what stands before the headings"] = None
    return tuple(found)


def _touched(base: list[str], side: list[str]) -> list[int]:
    """The lines of the base that a side changed, and those around what it put in; in order."""
    touched, at, expected = set[int](), 0, 0
    for line, other in [*pairs(base, side), (len(base), len(side))]:
        touched.update(range(at, line))
        if other > expected:
            touched.update((at - 1, line))
        at, expected = line + 1, other + 1
    return sorted(touched)
