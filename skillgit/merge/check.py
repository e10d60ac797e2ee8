"""What is wrong with a proposed answer to a conflict, in words: the answer of a model, a cache, a person.

An answer may rearrange and join the lines of both sides. It may not lose one without saying so, say
anything that neither side says, or leave markers behind.
"""

from __future__ import annotations

import re

from skillgit.merge.hunk import Conflict, Resolution
from skillgit.merge.markers import split_lines
from skillgit.merge.support import unsupported, words

_MARKER = re.compile(r"(?:<{7,}|\|{7,}|\+{7,}|={7,}|>{7,})(?:[ \r\n]|$)")


def problems(conflict: Conflict, resolution: Resolution) -> tuple[str, ...]:
    """List what speaks against an answer; nothing where it may be taken."""
    said, sides = resolution.text, conflict.ours + "\n" + conflict.theirs
    found = [f"a conflict marker in line {n}" for n, line in enumerate(split_lines(said), 1) if _MARKER.match(line)]
    found += [f"a line is lost: {line}" for line in _lost(conflict, resolution)]
    found += [f"no reason for dropping: {dropped.line}" for dropped in resolution.dropped if not dropped.reason.strip()]
    if new := sorted(words(said) - words(sides) - words(conflict.base)):
        found.append(f"words of neither side: {', '.join(new[:5])}")
    else:
        found += [f"a line that neither side says: {line}" for line in unsupported(conflict, said)]
    if len(said) > len(sides):
        found.append(f"longer than both sides together ({len(said)} characters for {len(sides)})")
    return tuple(found)


def _lost(conflict: Conflict, resolution: Resolution) -> list[str]:
    """The lines that a side has written or kept and the answer neither has nor lists as dropped."""
    there = {_plain(line) for line in split_lines(resolution.text)}
    dropped = {_plain(item.line) for item in resolution.dropped}
    wanted = dict.fromkeys(map(_plain, split_lines(conflict.ours) + split_lines(conflict.theirs)))
    deleted = {_plain(line) for line in split_lines(conflict.base)} - (
        {_plain(line) for line in split_lines(conflict.ours)} & {_plain(line) for line in split_lines(conflict.theirs)}
    )
    return [line for line in wanted if line and line not in there | dropped | deleted]


def _plain(line: str) -> str:
    return " ".join(line.split())
