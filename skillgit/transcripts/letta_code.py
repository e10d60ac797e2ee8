"""Letta Code's transcripts: a row for each thing said, thought or done."""

from __future__ import annotations

from collections.abc import Iterable

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, Row, first, moment, rows, text
from skillgit.transcripts.harness import own_words
from skillgit.transcripts.model import Role, Transcript

NAME = "letta-code"

_SPOKEN: dict[str, Role] = {"user": "user", "assistant": "assistant", "reasoning": "reasoning"}


def is_letta_code(value: object) -> bool:
    """Whether the value is such a row."""
    return any(
        "captured_at" in row and (row.get("kind") == "tool_call" or text(row.get("kind")) in _SPOKEN)
        for row in rows(value)[:1]
    )


def read(entries: Iterable[Row]) -> Transcript:
    """The one conversation of a file."""
    draft = Draft()
    created: str | None = None
    for entry, line in entries:
        draft.line = line
        kind, when = text(entry.get("kind")), moment(entry, "captured_at")
        created = created or when
        if kind in _SPOKEN:
            said = text(entry.get("text"))
            draft.say(_SPOKEN[kind], own_words(said) if kind == "user" else said, timestamp=when)
        elif kind == "tool_call":
            _add_call(draft, entry, when)
        else:
            draft.note("noise_record_dropped", "dropped a row in which nobody speaks")
    return draft.transcript(NAME, created=created)


def _add_call(draft: Draft, entry: Fields, when: str | None) -> None:
    call_id = first(entry, "source_line_id", "source_message_id") or f"{NAME}-tool-line-{draft.line}"
    draft.call(call_id, text(entry.get("name")), entry.get("argsText"), joins=False, timestamp=when)
    if "resultText" in entry or "resultOk" in entry:
        ok = entry["resultOk"] if isinstance(entry.get("resultOk"), bool) else None
        draft.answer(call_id, message.marked(text(entry.get("resultText")), ok=ok), ok=ok, timestamp=when)
