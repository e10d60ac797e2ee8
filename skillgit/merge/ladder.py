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

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from skillgit.errors import SkillgitError
from skillgit.merge import body, check, fields, markers, overlap, parts
from skillgit.merge.hunk import FRONTMATTER, Conflict, Labels, Outcome, Piece, Resolution
from skillgit.skills import document as documents
from skillgit.skills.document import Document

__all__ = ["Answer", "Conflict", "Labels", "Merged", "Outcome", "Resolution", "accept", "marker_size", "merge"]

Answer: TypeAlias = Callable[[Conflict], Resolution | None]
"""Answers a conflict, or says None; an answer that `check.problems` objects to is refused. Asked of UTF-8 only."""

_ESCAPED = re.compile("[\udc80-\udcff]")  # bytes that are no UTF-8


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
    texts = _decoded(base), _decoded(ours), _decoded(theirs)
    pieces = markers.read(_decoded(by_git), size=markers.free_size(*texts))
    sides = _Sides.read(*texts)
    settled = _settled(pieces, sides)
    if answer and not any(map(_ESCAPED.search, texts)):
        settled = [_answered(piece, answer) for piece in settled]
    settled = _valid(settled, sides)
    if any(isinstance(last, Conflict) for last in pieces[-1:]):
        settled = _final_newline(settled, *texts)
    merged = Merged(tuple(settled), labels)
    return replace(merged, warnings=overlap.warnings(*sides.bodies)) if merged.clean else merged


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


@dataclass(frozen=True, slots=True)
class _Sides:
    """The three versions as documents; None for what is no SKILL.md, the base of one that both added included."""

    base: Document | None
    ours: Document | None
    theirs: Document | None
    bodies: tuple[str, str, str]

    @staticmethod
    def read(*texts: str) -> _Sides:
        base, ours, theirs = found = [_document(text) for text in texts]
        bodies = [document.body if document else text for document, text in zip(found, texts, strict=True)]
        return _Sides(base, ours, theirs, (bodies[0], bodies[1], bodies[2]))

    @property
    def learned(self) -> bool:
        """Whether both sides are the same skill of skillgit's, made of rules of one line each."""
        return bool(self.ours and self.theirs and self.ours.id and self.ours.id == self.theirs.id)


def _document(text: str) -> Document | None:
    try:
        return documents.parse(_encoded(text))
    except SkillgitError:  # no frontmatter, or none that can be read: merged by lines, and said by `validate`
        return None


def _settled(pieces: Sequence[str | Conflict], sides: _Sides) -> list[Piece]:
    """Levels 3 and 4."""
    parted = parts.part(pieces) if sides.ours and sides.theirs else None
    front, rest = parted or ([], pieces)
    return [*_frontmatter(front, sides), *body.merge(rest, learned=sides.learned)]


def _frontmatter(front: Sequence[str | Conflict], sides: _Sides) -> Sequence[Piece]:
    """git's lines where they are clean, can be read and need no other version; else field by field."""
    plain = [piece for piece in front if isinstance(piece, str)]
    if not (front and sides.ours and sides.theirs):
        return plain
    is_fine = len(plain) == len(front) and _document("".join(plain)) is not None
    if is_fine and fields.raised_version(sides.base, sides.ours, sides.theirs) is None:
        return plain
    contested = "".join(piece.ours + piece.theirs for piece in front if not isinstance(piece, str))
    merged = fields.merge(sides.base, sides.ours, sides.theirs, contested=contested)
    return merged if _document("".join(map(_likely, merged))) else [_unmerged(sides.base, sides.ours, sides.theirs)]


def _unmerged(*sides: Document | None) -> Outcome:
    """A conflict about the frontmatter as a whole: its fields do not go together."""
    texts = (side.head + side.frontmatter + side.fence if side else "" for side in sides)
    return Outcome(Conflict(FRONTMATTER, *texts), 6, "conflict", None, sure=False)


def _answered(piece: Piece, answer: Answer) -> Piece:
    """Level 5: an open hunk with an answer that stands up, or with what is wrong with it."""
    if isinstance(piece, str) or piece.sure:
        return piece
    resolution = answer(piece.conflict)
    if resolution is None:
        return piece
    if refused := check.problems(piece.conflict, resolution):
        return replace(piece, refused=refused)
    return Outcome(piece.conflict, 5, "answer", resolution.text, sure=True, dropped=resolution.dropped)


def _valid(pieces: list[Piece], sides: _Sides) -> list[Piece]:
    """The pieces without what would break the frontmatter: no text for it that leaves a problem neither side has."""
    if sides.ours is None or sides.theirs is None or not any(map(_is_doubtful, pieces)):
        return pieces
    merged = _document("".join(map(_likely, pieces)))
    had = _faults(sides.ours) | _faults(sides.theirs)
    new = sorted(_faults(merged) - had) if merged else ["unreadable"]
    return [_reopened(piece, new) for piece in pieces] if new else pieces


def _is_doubtful(piece: Piece) -> bool:
    """Whether the piece is a text for the frontmatter that nobody has read yet."""
    return (
        isinstance(piece, Outcome)
        and piece.conflict.section == FRONTMATTER
        and piece.level != 3
        and piece.text is not None
    )


def _faults(document: Document) -> set[str]:
    from skillgit.skills import spec  # 15 ms: hashlib; the driver starts once for every skill

    return {problem.code for problem in spec.problems(document, directory=document.name)}


def _reopened(piece: Piece, faults: list[str]) -> Piece:
    if isinstance(piece, str) or not _is_doubtful(piece):
        return piece
    refused = (*piece.refused, f"the frontmatter would not be valid: {', '.join(faults)}")
    return Outcome(piece.conflict, 6, "conflict", None, sure=False, refused=refused)


def _likely(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    return piece.conflict.ours if piece.text is None else piece.text


def _final_newline(pieces: list[Piece], base: str, ours: str, theirs: str) -> list[Piece]:
    """The pieces with or without a line break at their end as three-way merging has it.

    For a conflict at the end of the file: git ends every line of one with a line break.
    """
    was, mine, their = (side.endswith("\n") for side in (base, ours, theirs))
    *before, last = pieces
    if mine if was == their else their:
        return pieces
    if isinstance(last, str):
        return [*before, _without_newline(last)]
    return [*before, replace(last, text=_without_newline(last.text))] if last.text else pieces


def _without_newline(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")


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
