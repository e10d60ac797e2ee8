"""Text that one side moved and the other edited: the edit follows it to its new place.

git sees a deletion against an edit, and elsewhere an insertion of one side's.
"""

from __future__ import annotations

from collections.abc import Sequence

from skillgit.merge.hunk import Conflict
from skillgit.merge.markers import split_lines

MIN_LINES = 3  # that say something: fewer may stand in two places by chance


def follow(pieces: Sequence[str | Conflict]) -> tuple[list[str | Conflict], frozenset[int]]:
    """The pieces with such edits made where the text went, and the numbers of the conflicts this settles."""
    result, settled = list(pieces), set[int]()
    for number, conflict in enumerate(pieces):
        if isinstance(conflict, str) or not (edited := _edited(conflict)):
            continue
        for place, text in enumerate(result):
            if isinstance(text, str) and _holds(text, conflict.base):
                result[place] = text.replace(conflict.base.strip("\r\n"), edited.strip("\r\n"))
                settled.add(number)
                break
    return result, frozenset(settled)


def _edited(conflict: Conflict) -> str:
    """What the side made of the text that kept it, where the other took it away; else ""."""
    if sum(bool(line.strip()) for line in split_lines(conflict.base)) < MIN_LINES:
        return ""
    if not conflict.ours.strip():
        return conflict.theirs
    return "" if conflict.theirs.strip() else conflict.ours


def _holds(text: str, moved: str) -> bool:
    """Whether the moved lines stand in a text, whole and once."""
    lines = moved.strip("\r\n")
    before, found, after = text.partition(lines)
    return bool(found) and lines not in after and before[-1:] in ("", "\n") and after[:1] in ("", "\r", "\n")
