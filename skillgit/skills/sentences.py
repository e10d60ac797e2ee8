"""A SKILL.md for reading as a diff: one sentence a line, so that a changed word does not show a whole paragraph."""

from __future__ import annotations

import re

_FENCE = re.compile(r" {0,3}(```+|~~~+)")
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
        lines.append(line if fence or mark else _END.sub(f"\n{_indent(line)}", line))
    return "".join(lines)


def _indent(line: str) -> str:
    """White space as wide as what a line's text begins after: its own, and the mark of a list item."""
    start = re.match(r"[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?", line)
    return re.sub(r"\S", " ", start[0]) if start else ""
