"""Claude.ai's data export: `chat_messages` of a human and an assistant."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, first, moment, rows, text
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import Record

NAME = "claude-ai"


def is_claude_ai(value: object) -> bool:
    """Whether the value is such a conversation or an array of them."""
    return any(isinstance(row.get("chat_messages"), list) for row in rows(value)[:1])


def read(record: Record) -> Iterator[Transcript]:
    """Yield the conversations of one document or line."""
    for row in rows(record.value):
        if isinstance(row.get("chat_messages"), list):
            yield _transcript(row, line=record.line)


def _transcript(conversation: Fields, *, line: int | None) -> Transcript:
    draft = Draft(line)
    for sent in rows(conversation["chat_messages"]):
        _add(draft, sent)
    return draft.transcript(
        NAME,
        id=first(conversation, "uuid"),
        title=first(conversation, "name"),
        created=moment(conversation, "created_at"),
    )


def _add(draft: Draft, sent: Fields) -> None:
    blocks = rows(sent.get("content"))
    content = (
        blocks if any(text(block.get("text")) or block.get("type") != "text" for block in blocks) else sent.get("text")
    )
    message.add(draft, {"role": sent.get("sender"), "content": content}, timestamp=moment(sent, "created_at"))
    for kind in ("attachments", "files"):
        for attached in rows(sent.get(kind)):
            draft.note("part_dropped", f"dropped the attachment '{text(attached.get('file_name'))[:80]}'")
