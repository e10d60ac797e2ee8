"""Anthropic messages: content in blocks, tool results in user messages, the system prompt beside them."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.transcripts.fields import fields, rows, text
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import Record
from skillgit.transcripts.wrappers import Found, conversations, transcript

NAME = "anthropic"

_BLOCKS = {"thinking", "redacted_thinking", "document", "search_result"}


def is_anthropic(value: object) -> bool:
    """Whether the first conversation of the value has a system prompt beside it or blocks only Anthropic has."""
    found = next(conversations(value), None)
    return found is not None and ("system" in found.request or _has_blocks(found))


def read(record: Record) -> Iterator[Transcript]:
    """Yield the conversations of one document or line."""
    for found in conversations(record.value):
        yield transcript(NAME, found, line=record.line)


def _has_blocks(found: Found) -> bool:
    for message in rows(found.messages):
        for block in rows(message.get("content")):
            kind = text(block.get("type"))
            if (
                kind in _BLOCKS
                or kind.endswith(("tool_use", "tool_result"))
                or "media_type" in fields(block.get("source"))
            ):
                return True
    return False
