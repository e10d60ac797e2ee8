"""Qwen Code's sessions: Gemini's messages in rows like those of Claude Code."""

from __future__ import annotations

from collections.abc import Iterable

from skillgit.transcripts import gemini_api
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, Row, fields, first, moment, rows
from skillgit.transcripts.harness import own_content
from skillgit.transcripts.model import Transcript

NAME = "qwen"

_SPEAKERS = ("user", "assistant", "tool_result")


def is_qwen(value: object) -> bool:
    """Whether the value is such a row."""
    return any(_speaks(row) for row in rows(value)[:1])


def read(entries: Iterable[Row]) -> Transcript:
    """The one session of a file."""
    draft = Draft()
    session_id: str | None = None
    created: str | None = None
    for entry, line in entries:
        draft.line = line
        session_id = session_id or first(entry, "sessionId")
        if _speaks(entry):
            created = created or moment(entry, "timestamp")
            _add(draft, entry)
    return draft.transcript(NAME, id=session_id, created=created)


def _speaks(entry: Fields) -> bool:
    return entry.get("type") in _SPEAKERS and isinstance(fields(entry.get("message")).get("parts"), list)


def _add(draft: Draft, entry: Fields) -> None:
    sent = fields(entry["message"])
    parts = own_content(sent["parts"]) if entry["type"] == "user" else sent["parts"]
    gemini_api.add(draft, {**sent, "parts": parts}, timestamp=moment(entry, "timestamp"))
