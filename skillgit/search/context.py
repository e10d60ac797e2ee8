"""The skills for a task as text for a prompt, within a budget.

    <skill_content name="release-checklist" version="0.1.1" path="Users/ada/release-checklist">
    Steps before a release. Use when ...        the description

    # Release checklist                         the body
    ...
    [cut: 12 of 40 lines left out; all of it: skillgit show Users/ada/release-checklist]
    </skill_content>

    [2 more skills did not fit]

Nothing in a skill can open or close the delimiter: its `<` becomes `&lt;` there.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from skillgit.errors import SkillgitError
from skillgit.search.index import Match
from skillgit.skills import document

_DELIMITER = re.compile(r"<(?=\s*/?\s*skill_content)", re.IGNORECASE)
_CLOSING = "</skill_content>"
_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class Hit:
    """A skill found for a query: what it says, how well it fits in (0, 1], and the line that fits best."""

    path: str
    name: str
    version: str
    description: str
    body: str
    score: float
    line: str


def hit(match: Match, data: bytes) -> Hit:
    """Put a match and the bytes of its SKILL.md together; a file that is no valid SKILL.md is all body."""
    try:
        skill = document.parse(data)
    except SkillgitError:
        name, text = match.path.rpartition("/")[2], data.decode("utf-8", "replace")
        return Hit(match.path, name, "", "", text, match.score, match.line)
    return Hit(match.path, skill.name, skill.version, skill.description, skill.body, match.score, match.line)


def render(hits: Sequence[Hit], *, budget: int) -> str:
    """Write the hits out in their order, in at most `budget` characters; "" where not even the first one fits.

    Each is whole, or as long as any other that is cut: what short skills leave over goes to
    the long ones. A cut falls between lines and is marked. The last hits are left out, and
    counted, where there is no room for their first line.
    """
    blocks = [_block(hit) for hit in hits]
    for kept in range(len(blocks), 0, -1):
        notice = f"\n\n[{len(blocks) - kept} more skills did not fit]" if kept < len(blocks) else ""
        room = budget - len(notice)
        if _length(blocks[:kept], 0) <= room:
            share = _share(blocks[:kept], room)
            return _BETWEEN.join(block.cut(share) for block in blocks[:kept]) + notice
    return ""


@dataclass(frozen=True, slots=True)
class _Block:
    path: str
    opening: str
    lines: tuple[str, ...]

    @property
    def frame(self) -> int:
        return len(self.opening) + len(_CLOSING)

    @property
    def whole(self) -> int:
        return self.frame + sum(len(line) + 1 for line in self.lines)

    @property
    def least(self) -> int:
        """The length with nothing but the first line and a mark."""
        return min(self.whole, self.frame + len(self.lines[0]) + 1 + len(self.mark(len(self.lines))))

    def mark(self, cut: int) -> str:
        return f"[cut: {cut} of {len(self.lines)} lines left out; all of it: skillgit show {self.path}]\n"

    def cut(self, share: int) -> str:
        if self.whole <= share:
            return self._join(self.lines, "")
        room = max(share, self.least) - self.frame - len(self.mark(len(self.lines)))
        kept = bisect_right(list(accumulate(len(line) + 1 for line in self.lines)), room)
        return self._join(self.lines[:kept], self.mark(len(self.lines) - kept) if kept < len(self.lines) else "")

    def _join(self, lines: Sequence[str], mark: str) -> str:
        return self.opening + "".join(f"{line}\n" for line in lines) + mark + _CLOSING


def _block(hit: Hit) -> _Block:
    attributes = {"name": hit.name, "version": hit.version, "path": hit.path}
    written = "".join(f' {key}="{html.escape(" ".join(value.split()))}"' for key, value in attributes.items() if value)
    text = "\n\n".join(part for part in (hit.description.strip(), hit.body.strip()) if part)
    lines = tuple(line.rstrip() for line in _DELIMITER.sub("&lt;", text).split("\n"))
    path = " ".join(_DELIMITER.sub("&lt;", hit.path).split())
    return _Block(path, f"<skill_content{written}>\n", lines)


def _length(blocks: Sequence[_Block], share: int) -> int:
    """How long all of it is where no block may take more than its share, or its least."""
    return sum(min(block.whole, max(block.least, share)) for block in blocks) + len(_BETWEEN) * (len(blocks) - 1)


def _share(blocks: Sequence[_Block], room: int) -> int:
    """The largest share at which all of it fits."""
    return bisect_right(range(room + 1), room, key=lambda share: _length(blocks, share)) - 1
