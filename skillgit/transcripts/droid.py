"""Factory Droid's sessions: Anthropic messages in envelopes."""

from __future__ import annotations

from collections.abc import Iterable

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, Row, fields, first, moment, rows
from skillgit.transcripts.harness import own_content
from skillgit.transcripts.model import Transcript

NAME = "droid"


def is_droid(value: object) -> bool:
    """Whether the value is the header of such a session."""
    return any(row.get("type") == "session_start" and "id" in row for row in rows(value)[:1])


def read(entries: Iterable[Row]) -> Transcript:
    """The one session of a file."""
    draft = Draft()
    header: Fields = {}
    for entry, line in entries:
        draft.line = line
        if entry.get("type") == "session_start":
            header = header or entry
        elif entry.get("type") == "message":
            _add(draft, fields(entry.get("message")), moment(entry, "timestamp"))
    title = first(header, "sessionTitle", "title")
    return draft.transcript(NAME, id=first(header, "id"), title=title, created=moment(header, "timestamp"))


def _add(draft: Draft, said: Fields, timestamp: str | None) -> None:
    content = said.get("content")
    if said.get("role") == "user":
        content = own_content(content)
    message.add(draft, {"role": said.get("role"), "content": content}, timestamp=timestamp)
