"""OpenAI messages: chat completions, the Responses API, fine-tuning and batch files, and their wrappers."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.transcripts import responses
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import rows
from skillgit.transcripts.model import Diagnostic, Item, Transcript
from skillgit.transcripts.stream import Record
from skillgit.transcripts.wrappers import MESSAGES, conversations, transcript

NAME = "openai"
LOOSE = "openai-lines"


def is_openai(value: object) -> bool:
    """Whether some conversation can be found in the value."""
    return next(conversations(value), None) is not None


def read(record: Record) -> Iterator[Transcript]:
    """Yield the conversations of one document or line."""
    for found in conversations(record.value):
        yield transcript(NAME, found, line=record.line)


def is_loose(value: object) -> bool:
    """Whether the value is a message that stands alone, outside any conversation."""
    if not isinstance(value, dict) or not isinstance(value.get("role"), str):
        return False
    return ("content" in value or "tool_calls" in value) and not any(key in value for key in MESSAGES)


def read_loose(records: Iterator[Record | Diagnostic]) -> Iterator[Item]:
    """Yield the one conversation of a file that has a message a line."""
    draft = Draft()
    for record in records:
        if isinstance(record, Diagnostic):
            yield record
            continue
        draft.line = record.line
        for message in rows(record.value):
            responses.add(draft, message)
    yield draft.transcript(LOOSE)
