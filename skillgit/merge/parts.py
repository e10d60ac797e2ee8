"""git's pieces of a merged file, parted at the line that closes the frontmatter and put under their headings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from skillgit.merge.hunk import Conflict
from skillgit.merge.markers import split_lines
from skillgit.skills.outline import Section, sections

_FENCE = re.compile(r"---[ \t]*(?:\r?\n|\Z)")


def part(pieces: Sequence[str | Conflict]) -> tuple[list[str | Conflict], list[str | Conflict]] | None:
    """The frontmatter with its closing line, and the body; None where a conflict makes it unclear where that is.

    A conflict that reaches over the closing line becomes one in each.
    """
    opened = False
    for number, piece in enumerate(pieces):
        sides = [piece] if isinstance(piece, str) else [piece.base, piece.ours, piece.theirs]
        ends = [_closing(side, opened=opened) for side in sides]
        if ends[-1] and all(ends[1:]):
            front = _like(piece, [side[:end] for side, end in zip(sides, ends, strict=True)])
            body = _like(piece, [side[end:] for side, end in zip(sides, ends, strict=True)])
            return [*pieces[:number], front], [body, *pieces[number + 1 :]]
        if any(ends[1:]):
            return None
        opened = opened or any(_FENCE.match(line) for line in split_lines(sides[-1]))
    return None


def under_headings(pieces: Sequence[str | Conflict]) -> list[str | Conflict]:
    """The body's pieces, each conflict with the heading it stands under in ours."""
    texts = [piece if isinstance(piece, str) else piece.ours for piece in pieces]
    starts = accumulate((text.count("\n") for text in texts), initial=0)
    headings = outline("".join(texts))
    tops = [section.start for section in headings]
    return [
        piece if isinstance(piece, str) else replace(piece, section=headings[bisect_left(tops, start, 1) - 1].heading)
        for piece, start in zip(pieces, starts, strict=False)
    ]


def outline(body: str) -> tuple[Section, ...]:
    """The sections of a body by its lines as git counts them."""
    return sections(_ODD_BREAK.sub(" ", body))


def simplest(conflict: Conflict) -> str | Conflict:
    """One side's text where the other changed nothing here, or both the same; else the conflict itself."""
    if conflict.ours == conflict.theirs or conflict.base == conflict.theirs:
        return conflict.ours
    return conflict.theirs if conflict.base == conflict.ours else conflict


_ODD_BREAK = re.compile("\r(?!\n)|[\v\f\x1c-\x1e\x85\u2028\u2029]")  # line breaks to Python, not to git


def _like(piece: str | Conflict, sides: list[str]) -> str | Conflict:
    return sides[0] if isinstance(piece, str) else Conflict(piece.section, *sides)


def _closing(text: str, *, opened: bool) -> int:
    """Where the line ends that closes the frontmatter; 0 where it is not in this text."""
    at = 0
    for line in split_lines(text):
        at += len(line)
        if _FENCE.match(line):
            if opened:
                return at
            opened = True
    return 0
