"""ChatGPT's data export: every conversation a tree of messages, of which one path was the last shown."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, rows, text
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import Record

NAME = "chatgpt"

_SPOKEN = {"text", "multimodal_text"}
_HIDDEN = ("is_visually_hidden_from_conversation", "is_user_system_message")


def is_chatgpt(value: object) -> bool:
    """Whether the value is such a conversation or an array of them."""
    return any(isinstance(row.get("mapping"), dict) for row in rows(value)[:1])


def read(record: Record) -> Iterator[Transcript]:
    """Yield the conversations of one document or line."""
    for row in rows(record.value):
        if isinstance(row.get("mapping"), dict):
            yield _transcript(row, line=record.line)


def _transcript(conversation: Fields, *, line: int | None) -> Transcript:
    draft = Draft(line)
    for shown in _shown_path(conversation, draft):
        _add(draft, shown)
    return draft.transcript(
        NAME,
        id=first(conversation, "conversation_id", "id"),
        title=first(conversation, "title"),
        created=moment(conversation, "create_time"),
    )


def _shown_path(conversation: Fields, draft: Draft) -> list[Fields]:
    """The messages from the root to the node shown last; other branches are earlier versions of it."""
    mapping = fields(conversation["mapping"])
    node_id: object = text(conversation.get("current_node"))
    if node_id not in mapping:
        node_id = next((key for key in reversed(mapping) if not fields(mapping[key]).get("children")), None)
        draft.note("no_current_node", "the conversation does not say which branch was shown: took the newest")
    path: list[Fields] = []
    seen: set[object] = set()
    while isinstance(node_id, str) and node_id in mapping and node_id not in seen:
        seen.add(node_id)
        node = fields(mapping[node_id])
        path.append(fields(node.get("message")))
        node_id = node.get("parent")
    return path[::-1]


def _add(draft: Draft, sent: Fields) -> None:
    metadata = fields(sent.get("metadata"))
    if not sent or sent.get("weight") == 0 or any(metadata.get(key) for key in _HIDDEN):
        return
    content = fields(sent.get("content"))
    kind = text(content.get("content_type"))
    if kind not in _SPOKEN or sent.get("recipient", "all") != "all":
        draft.note("part_dropped", f"dropped a message of type '{kind}' to '{text(sent.get('recipient'))}'")
        return
    said = {"role": fields(sent.get("author")).get("role"), "content": _parts(content)}
    message.add(draft, said, timestamp=moment(sent, "create_time"))


def _parts(content: Fields) -> list[object]:
    """The parts, speech as the text it was understood as, other assets under the name of their type."""
    parts = content.get("parts")
    return [_part(part) for part in parts] if isinstance(parts, list) else []


def _part(part: object) -> object:
    asset = fields(part)
    kind = asset.get("content_type")
    if kind == "audio_transcription":
        return text(asset.get("text"))
    return {"type": kind or "asset"} if asset else part
