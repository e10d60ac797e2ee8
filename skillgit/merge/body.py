"""The body merged by what its lines are: rules, list items, words (level 4)."""

from __future__ import annotations

from collections.abc import Sequence

from skillgit.merge import additions, items, moves, parts, words
from skillgit.merge.hunk import Action, Conflict, Outcome, Piece


def merge(pieces: Sequence[str | Conflict], *, learned: bool) -> list[Piece]:
    """The pieces with what became of each conflict; `learned` is whether this is a skill made of rules.

    Sure is only what was right nine times in ten on real merges; the rest is a proposal.
    """
    simple = [piece if isinstance(piece, str) else parts.simplest(piece) for piece in pieces]
    named, moved = moves.follow(parts.under_headings(simple))
    around = ["", *map(_ours, named), ""]
    merged = list[Piece]()
    for number, piece in enumerate(named):
        if isinstance(piece, str):
            merged.append(piece)
        elif number in moved:
            gone = piece.ours if not piece.ours.strip() else piece.theirs
            merged.append(_sure(piece, "both", gone))
        else:
            merged.append(_merged(piece, around[number], around[number + 2], learned=learned))
    return merged


def _merged(conflict: Conflict, before: str, after: str, *, learned: bool) -> Outcome:
    """The first way of merging that has a text for the hunk, the surest first; each is tried only then."""
    if learned and (text := items.merge_rules(conflict)) is not None:
        return _sure(conflict, "both", text)
    if (text := items.merge_sorted(conflict, before, after)) is not None:
        return _sure(conflict, "both", text)
    if (text := words.longer(conflict)) is not None:
        return _sure(conflict, "longer", text)
    if (text := additions.both(conflict)) is not None:
        return _open(conflict, "both", text)
    if (text := words.merge(conflict)) is not None:
        return _open(conflict, "words", text)
    return _open(conflict, "conflict", None)


def _sure(conflict: Conflict, action: Action, text: str) -> Outcome:
    return Outcome(conflict, 4, action, text, sure=True)


def _open(conflict: Conflict, action: Action, text: str | None) -> Outcome:
    return Outcome(conflict, 6, action, text, sure=False)


def _ours(piece: str | Conflict) -> str:
    return piece if isinstance(piece, str) else piece.ours
