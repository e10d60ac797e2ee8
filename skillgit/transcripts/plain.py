"""Plain text: each turn opens with who speaks (`User:`, `**Assistant:**`, `## Human`, `用户：`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillgit.transcripts.draft import Draft
from skillgit.transcripts.model import Role, Transcript
from skillgit.transcripts.roles import speaker
from skillgit.transcripts.stream import Record

NAME = "plain"

_FENCE = re.compile(r"\s*(```|~~~)")

Spoken = tuple[Role, str] | None


def is_plain(value: object) -> bool:
    """Whether the value is a text that opens with a speaker, or in which a user and an assistant speak."""
    if not isinstance(value, str):
        return False
    lines = value.strip().split("\n")
    openings = [opening for opening in _openings(lines) if opening]
    return speaker(lines[0]) is not None or {"user", "assistant"} <= {role for role, _ in openings}


def read(record: Record) -> Iterator[Transcript]:
    """Yield the one conversation of a text; lines between two openings belong to the first of them."""
    lines = record.value.split("\n") if isinstance(record.value, str) else []
    draft = Draft()
    role: Role | None = None
    said: list[str] = []
    for number, (line, opening) in enumerate(zip(lines, _openings(lines), strict=True), start=1):
        if opening is None:
            said.append(line)
            continue
        _close(draft, role, said)
        draft.line = number
        role, said = opening[0], [opening[1]]
    if role is not None:
        _close(draft, role, said)
        yield draft.transcript(NAME)


def _close(draft: Draft, role: Role | None, said: list[str]) -> None:
    words = "\n".join(said).strip()
    if role is not None:
        draft.say(role, words)
    elif words:
        draft.note("preamble_dropped", "dropped the text before anybody speaks")


def _openings(lines: list[str]) -> list[Spoken]:
    """For each line who starts to speak on it; nobody does inside a code block."""
    fences = [place for place, line in enumerate(lines) if _FENCE.match(line)]
    openings = [speaker(line) for line in lines]
    for start, end in zip(fences[::2], fences[1::2], strict=False):
        openings[start:end] = [None] * (end - start)
    return openings
