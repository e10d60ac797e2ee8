"""Texts that both sides put in at the same place: a proposal with both of them.

On real conflicts this is what people did in about half of the cases where the two are alike in kind and not
in words; two versions of one text are for people to choose from.
"""

from __future__ import annotations

import re

from skillgit.merge.hunk import Conflict
from skillgit.merge.markers import split_lines
from skillgit.merge.words import likeness

ALIKE = 0.6  # from here on two additions are two versions of one

_KINDS = {
    "section": re.compile(r" {0,3}#{1,6}[ \t]"),
    "table": re.compile(r"[ \t]*\|"),
    "list": re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]"),
}


def both(conflict: Conflict) -> str | None:
    """Ours and then theirs, lines of lists and tables once; a new section behind what continues the one before.

    None where something stood there before, where one side adds nothing, or the two are versions of one text.
    """
    ours, theirs = conflict.ours, conflict.theirs
    if conflict.base.strip() or not ours.strip() or not theirs.strip() or likeness(ours, theirs) >= ALIKE:
        return None
    kinds = _kind(ours), _kind(theirs)
    if kinds[0] == kinds[1] != "section":
        there = set(split_lines(ours))
        return ours + "".join(line for line in split_lines(theirs) if line not in there or not line.strip())
    if kinds[0] == "section" != kinds[1]:
        ours, theirs = theirs, ours
    gap = "" if "section" not in kinds or ours.endswith(("\n\n", "\r\n\r\n")) else _newline(ours)
    return ours + gap + theirs


def _kind(text: str) -> str:
    """What a text opens with: "section", "table", "list" or "prose"."""
    first = next(line for line in split_lines(text) if line.strip())
    return next((kind for kind, pattern in _KINDS.items() if pattern.match(first)), "prose")


def _newline(text: str) -> str:
    return "\r\n" if text.endswith("\r\n") else "\n"
