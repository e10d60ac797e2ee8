"""A SKILL.md for reading as a diff: one sentence a line, so that a changed word does not show a whole paragraph."""

from __future__ import annotations

import re

_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_START = re.compile(r"[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?")
_END = re.compile(r"(?<=[.!?])[ \t]+(?=[\"'“(\[*_`]*[A-ZÀ-ÞА-Я])|(?<=[。！？])(?=[^\s」』”）])")
"""Between two sentences: white space before a capital letter, or nothing after a full stop of Chinese or Japanese."""


def one_a_line(text: str) -> str:
    """The text with a line break between sentences, code blocks left alone; further ones are indented as their line."""
    lines, fence = list[str](), ""
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
        lines.append(line if fence or mark else _parted(line))
    return "".join(lines)


def _parted(line: str) -> str:
    """A line's sentences, the further ones below the first: behind white space as wide as its indent and list mark."""
    start = _START.match(line)
    indent = start[0] if start else ""
    return indent + _END.sub("\n" + re.sub(r"\S", " ", indent), line[len(indent) :])
