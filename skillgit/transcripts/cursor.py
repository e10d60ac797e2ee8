"""Cursor's agent transcripts: a message a line, the user's request wrapped in what the editor adds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, Row, fields, rows
from skillgit.transcripts.harness import own_content
from skillgit.transcripts.model import Transcript

NAME = "cursor"

_SPEAKERS = ("user", "assistant")
_QUERY = re.compile(r"<user_query>\s*(.*?)\s*</user_query>", re.DOTALL)


def is_cursor(value: object) -> bool:
    """Whether the value is such a row."""
    return any(
        isinstance(row.get("role"), str) and "content" in fields(row.get("message")) and "type" not in row
        for row in rows(value)[:1]
    )


def read(entries: Iterable[Row]) -> Transcript:
    """The one conversation of a file."""
    draft = Draft()
    for entry, line in entries:
        draft.line = line
        role = entry.get("role")
        if role not in _SPEAKERS:
            draft.note("noise_record_dropped", "dropped a row of neither the user nor the assistant")
            continue
        content = fields(entry.get("message")).get("content")
        message.add(draft, {"role": role, "content": asked(content) if role == "user" else content})
    return draft.transcript(NAME)


def asked(content: object) -> list[Any]:
    """The content of a user message, as blocks, with only what the user typed."""
    blocks = content if isinstance(content, list) else [{"type": "text", "text": content}]
    return own_content([_block(block) for block in blocks])


def _block(block: object) -> object:
    part: Fields = fields(block)
    said = part.get("text")
    queries = _QUERY.findall(said) if isinstance(said, str) else []
    return {**part, "text": "\n".join(queries)} if queries else block
