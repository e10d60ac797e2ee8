"""Goose's sessions: its database, and the JSONL of its older versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, Row, fields, first, moment, rows, text
from skillgit.transcripts.harness import own_content
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import held

NAME = "goose"
STORE = "goose-store"


def is_goose(value: object) -> bool:
    """Whether the value is the header of such a JSONL."""
    return any("working_dir" in row and ("description" in row or "message_count" in row) for row in rows(value)[:1])


def read(entries: Iterable[Row]) -> Transcript:
    """The one session of a JSONL."""
    draft = Draft()
    header: Fields = {}
    for entry, line in entries:
        draft.line = line
        if "working_dir" in entry:
            header = header or entry
        else:
            _add(draft, entry.get("role"), entry.get("content"), moment(entry, "created"))
    return draft.transcript(NAME, title=first(header, "description"))


def read_store(select: Callable[..., Iterator[Fields]]) -> Iterator[Transcript]:
    """Yield one conversation a session of the database."""
    for session in list(select("SELECT * FROM sessions ORDER BY rowid")):
        draft = Draft()
        for row in select("SELECT * FROM messages WHERE session_id = ? ORDER BY id", session.get("id")):
            _add(draft, row.get("role"), held(row.get("content_json")), moment(row, "created_timestamp"))
        yield draft.transcript(
            STORE,
            id=first(session, "id"),
            title=first(session, "name", "description"),
            created=moment(session, "created_at"),
            subagent=session.get("session_type") == "sub_agent",
        )


def _add(draft: Draft, role: object, content: object, when: str | None) -> None:
    if not isinstance(content, list):
        draft.note("part_dropped", "dropped a message without parts")
        return
    for block in own_content(content) if role == "user" else content:
        part = fields(block)
        if part.get("type") == "toolRequest":
            made = fields(fields(part.get("toolCall")).get("value"))
            name, given = text(made.get("name")), made.get("arguments")
            draft.call(first(part, "id") or "", name, given, joins=False, timestamp=when)
        elif part.get("type") == "toolResponse":
            _add_result(draft, first(part, "id") or "", fields(part.get("toolResult")), when)
        else:
            message.add(draft, {"role": role, "content": [block]}, timestamp=when)


def _add_result(draft: Draft, call_id: str, result: Fields, when: str | None) -> None:
    value = result.get("value")
    failed = result.get("status") == "error" or fields(value).get("isError") is True
    content = fields(value).get("content") if isinstance(value, dict) else value
    said = text(result.get("error")) or message.flat(draft, content)
    draft.answer(call_id, said, ok=not failed, timestamp=when)
