"""The ladder: a three-way merge of a SKILL.md that says of every hunk what became of it and how sure that is.

    1  identical, or changed on one side only    that one
    2  git's own line merge is clean             its bytes
    3  the frontmatter                           field by field
    4  sections and list items                   both sides' additions, moves, refinements
    5  an answer                                 of a model, a cache, a person; checked by `check`
    6  otherwise                                 conflict markers, with a proposal where there is one

    merged = merge(base, ours, theirs, by_git=..., answer=...)
    merged.content      the file, with markers where `merged.clean` is False
    merged.hunks        what became of each conflict of git's
    accept(merged)      the file with every proposal taken

Bytes that git merges cleanly come out as git has them. A step commits only what was right nine times in ten
on real merges (benchmarks/merge.py); anything less is a proposal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from skillgit.merge import markers
from skillgit.merge.hunk import Conflict, Labels, Outcome, Resolution

__all__ = ["Answer", "Conflict", "Labels", "Merged", "Outcome", "Resolution", "accept", "marker_size", "merge"]

Answer: TypeAlias = Callable[[Conflict], Resolution | None]
"""Answers a conflict, or says None; an answer that `check.problems` objects to is refused."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged file: plain text and the outcomes of conflicts, in the order of the file."""

    pieces: tuple[str | Outcome, ...]
    labels: Labels
    warnings: tuple[str, ...] = ()

    @property
    def content(self) -> bytes:
        """The file's bytes: what is sure, and markers for the rest."""
        newline = "\r\n" if _has_crlf(self.pieces) else "\n"
        return _encoded("".join(_shown(piece, self.labels, newline) for piece in self.pieces))

    @property
    def hunks(self) -> tuple[Outcome, ...]:
        """What became of each conflict that git's line merge leaves."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Outcome))

    @property
    def clean(self) -> bool:
        """Whether no conflict is left."""
        return all(hunk.sure for hunk in self.hunks)


def merge(
    base: bytes,
    ours: bytes,
    theirs: bytes,
    *,
    by_git: bytes,
    labels: Labels = Labels(),  # noqa: B008  (frozen)
    answer: Answer | None = None,
) -> Merged:
    """Merge three versions of a file; `base` is empty where there is none.

    `by_git` is what `git merge-file -p --diff3 --marker-size=N OURS BASE THEIRS` printed, with its conflicts,
    N being `marker_size(base, ours, theirs)`. It is not read where two of the three are the same.
    """
    if ours == theirs or base == theirs:
        return Merged((_decoded(ours),), labels)
    if base == ours:
        return Merged((_decoded(theirs),), labels)
    sides = (_decoded(base), _decoded(ours), _decoded(theirs))
    pieces = markers.read(_decoded(by_git), size=markers.free_size(*sides))
    return Merged(tuple(p if isinstance(p, str) else _settled(p, answer) for p in pieces), labels)


def accept(merged: Merged) -> bytes:
    """The file with every proposal taken; markers stay where there is none."""
    return replace(
        merged,
        pieces=tuple(
            piece if isinstance(piece, str) else replace(piece, sure=piece.text is not None) for piece in merged.pieces
        ),
    ).content


def marker_size(base: bytes, ours: bytes, theirs: bytes) -> int:
    """The marker size that `by_git` is made with: longer than anything in the sides that looks like a marker."""
    return markers.free_size(*map(_decoded, (base, ours, theirs)))


def _settled(conflict: Conflict, answer: Answer | None) -> Outcome:
    found = answer(conflict) if answer else None
    if found is not None:
        return Outcome(conflict, 5, "answer", found.text, sure=True, dropped=found.dropped)
    return Outcome(conflict, 6, "conflict", None, sure=False)


def _shown(piece: str | Outcome, labels: Labels, newline: str) -> str:
    if isinstance(piece, str):
        return piece
    return piece.text if piece.sure and piece.text is not None else markers.write(piece, labels, newline=newline)


def _has_crlf(pieces: tuple[str | Outcome, ...]) -> bool:
    first = next((p if isinstance(p, str) else p.conflict.ours + p.conflict.theirs for p in pieces), "")
    return first.partition("\n")[0].endswith("\r")


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
