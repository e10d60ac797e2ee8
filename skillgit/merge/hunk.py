"""What a merge is made of: conflicts, what answers them, and what became of each.

Text is the file's own, every line with its line break. A file that is no UTF-8 is text as well, with
`surrogateescape`, and comes back as the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

FRONTMATTER = "frontmatter"

Level: TypeAlias = Literal[1, 2, 3, 4, 5, 6]
Action: TypeAlias = Literal["both", "longer", "fields", "words", "answer", "conflict"]
"""How a hunk was merged.

    both      with what both sides put in, or one moved and the other edited
    longer    as the side that made the other's edit and wrote more
    fields    as the frontmatter's fields are
    words     with the words of both edits
    answer    as somebody answered
    conflict  not at all
"""


@dataclass(frozen=True, slots=True)
class Labels:
    """What stands behind the conflict markers, and how long these are (git's `%L`)."""

    ours: str = "ours"
    base: str = "base"
    theirs: str = "theirs"
    size: int = 7


@dataclass(frozen=True, slots=True)
class Conflict:
    """Lines that both sides changed. `section` is the heading they stand under, "frontmatter", or "" before any."""

    section: str
    base: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line of a side that an answer leaves out, and why."""

    line: str
    reason: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """An answer to a conflict: the lines that take its place, and those of either side that it leaves out."""

    text: str
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a conflict.

    `text` is what the ladder makes of it: it stands in the merged file where it is `sure`, is a proposal
    between the markers where not, and is None where there is none. `level` is the step of the ladder that
    made it. `dropped` and `refused` tell of an answer: the lines it leaves out, what was wrong with it.
    """

    conflict: Conflict
    level: Level
    action: Action
    text: str | None
    sure: bool
    dropped: tuple[Dropped, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def proposal(self) -> str | None:
        """The suggestion between the markers, None where there is none or the hunk is settled."""
        return None if self.sure else self.text


Piece: TypeAlias = "str | Outcome"
"""A stretch of the merged file: plain text, or what became of a conflict."""
