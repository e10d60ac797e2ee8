"""AutoSkill's saved web sessions: the chats of one user, each with its settings."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.transcripts import wrappers
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, rows
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import Record

NAME = "autoskill"


def is_autoskill(value: object) -> bool:
    """Whether the value is such a file."""
    return any(_messages(session) is not None for session in rows(fields(value).get("sessions")))


def read(record: Record) -> Iterator[Transcript]:
    """Yield one conversation a session."""
    for session in rows(fields(record.value).get("sessions")):
        yield _transcript(session, line=record.line)


def _transcript(session: Fields, *, line: int | None) -> Transcript:
    draft = Draft(line)
    wrappers.add_all(draft, _messages(session) or [])
    meta = fields(session.get("meta"))
    created = moment(meta, "created_at", "created_at_ms", "created_ms", "created")
    return draft.transcript(NAME, id=first(session, "id"), title=first(meta, "title"), created=created)


def _messages(session: Fields) -> list[object] | None:
    messages = fields(session.get("state")).get("messages")
    return messages if isinstance(messages, list) else None
