"""Conflict markers: written as git writes them, and read back.

    <<<<<<< ours
    - Cite a source for every figure.
    ||||||| base
    - Cite sources.
    +++++++ proposal: words              only where there is one
    - Cite a source for every figure and quote.
    =======
    - Cite sources for figures and quotes.
    >>>>>>> theirs

The proposal stands in the part of the base, where editors and `git rerere` do not mind it: whoever
takes ours or theirs with a key is rid of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from skillgit.merge.hunk import Conflict, Labels, Outcome

_RUN = re.compile(r"^(<+|=+|>+|\|+|\++)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Marked:
    """A conflict as it stands in a text, its markers with it, and the proposal in it; None where there is none."""

    text: str
    conflict: Conflict
    proposal: str | None


def free_size(*texts: str) -> int:
    """The length of markers that no line of the texts can be taken for; at least git's 7."""
    return max([7, *(len(run[0]) + 1 for text in texts for run in _RUN.finditer(text))])


def write(outcome: Outcome, labels: Labels, *, newline: str) -> str:
    """The conflict between its markers, with the proposal where there is one."""
    conflict, proposal = outcome.conflict, outcome.proposal
    parts = [("<", labels.ours, conflict.ours), ("|", labels.base, conflict.base)]
    if proposal is not None:
        parts.append(("+", f"proposal: {outcome.action}", proposal))
    parts += [("=", "", conflict.theirs), (">", labels.theirs, "")]
    return "".join(
        f"{mark * labels.size}{label and ' '}{label}{newline}{_closed(text, newline)}" for mark, label, text in parts
    )


def read(text: str, *, size: int = 7) -> tuple[str | Conflict, ...]:
    """Part a text with markers of that size, with or without a base, into plain text and conflicts in order.

    A conflict's `section` is left "", and a proposal is left out. Markers in another order are plain text.
    """
    return tuple(piece if isinstance(piece, str) else piece.conflict for piece in part(text, size=size))


def part(text: str, *, size: int = 7) -> tuple[str | Marked, ...]:
    """The same, with everything that stands between the markers; the pieces' texts joined are the text again."""
    lines, pieces = split_lines(text), list[str | Marked]()
    at = plain = 0
    while at < len(lines):
        found = _conflict(lines, at, size)
        if found is None:
            at += 1
            continue
        parts, end = found
        conflict = Conflict("", parts["|"], parts["<"], parts["="])
        pieces += ["".join(lines[plain:at]), Marked("".join(lines[at:end]), conflict, parts.get("+"))]
        at = plain = end
    pieces.append("".join(lines[plain:]))
    return tuple(piece for piece in pieces if piece != "")


def split_lines(text: str) -> list[str]:
    """The text's lines as git counts them, each with its line break."""
    return _LINE.findall(text)


_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_NEXT = {"<": "|=", "|": "+=", "+": "=", "=": ">"}
"""Which marker may follow which."""


def _conflict(lines: list[str], at: int, size: int) -> tuple[dict[str, str], int] | None:
    """The parts of the conflict that opens at a line, by the marker before each, and the line behind it."""
    if _mark(lines[at], size) != "<":
        return None
    part, parts = "<", {mark: list[str]() for mark in "<|="}
    for number in range(at + 1, len(lines)):
        mark = _mark(lines[number], size)
        if not mark:
            parts[part].append(lines[number])
        elif mark not in _NEXT[part]:
            return None
        elif mark == ">":
            return {mark: "".join(texts) for mark, texts in parts.items()}, number + 1
        else:
            part, parts[mark] = mark, []
    return None


def _mark(line: str, size: int) -> str:
    """The marker a line is, or ""."""
    mark = line[:1]
    is_marker = mark in "<|+=>" and line.startswith(mark * size) and line[size : size + 1] in " \n\r"
    return mark if is_marker else ""


def _closed(text: str, newline: str) -> str:
    """The text with a line break at its end: a marker stands on a line of its own."""
    return text if not text or text.endswith("\n") else text + newline
