"""aider's chat history: Markdown in which `####` opens what the user typed, and `>` what aider says itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from skillgit.transcripts.draft import Draft
from skillgit.transcripts.model import Role, Transcript
from skillgit.transcripts.stream import Record

NAME = "aider"

_START = re.compile(r"^# aider chat started at (?P<when>.+)$", re.MULTILINE)
_TYPED = "#### "
_OWN = (">", "#### /")


def is_aider(value: object) -> bool:
    """Whether the value is such a history."""
    return isinstance(value, str) and _START.search(value) is not None


def read(record: Record) -> Iterator[Transcript]:
    """Yield one conversation a start of aider."""
    written = record.value if isinstance(record.value, str) else ""
    starts = list(_START.finditer(written))
    ends = [*(start.start() for start in starts), len(written)][1:]
    for start, end in zip(starts, ends, strict=True):
        draft = Draft()
        _add_all(draft, written[start.end() : end].split("\n"))
        yield draft.transcript(NAME, created=start["when"].strip().replace(" ", "T"))


def _add_all(draft: Draft, lines: list[str]) -> None:
    for kind, group in groupby(lines, key=_kind):
        said = "\n".join(line.removeprefix(_TYPED) if kind == "user" else line for line in group).strip()
        if kind is not None:
            draft.say(kind, said)


def _kind(line: str) -> Role | None:
    """Who a line is by; None where it is aider's own or a command to it."""
    if line.startswith(_OWN):
        return None
    return "user" if line.startswith(_TYPED) else "assistant"
