"""Finding the conversations in a JSON value, whatever objects they are wrapped in.

A conversation is an array of messages. It stands under one of `MESSAGES`, or under
`messages` in one of `REQUESTS` (a logged API call), or in one of `COLLECTIONS`; where
none of these names occurs, any nested value is searched. What the model answered, if it
was logged next to the request, is the last message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from skillgit.transcripts import message, responses
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, rows, text
from skillgit.transcripts.model import Transcript

MESSAGES = ("messages", "conversation", "dialogue", "history", "chat_history")
REQUESTS = ("body", "request", "input", "payload", "params")
COLLECTIONS = ("data", "items", "records", "conversations", "dialogues", "samples")
_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation as it was found: its messages, the object they stood in, the record around that."""

    messages: list[Any]
    request: Fields
    record: Fields


def conversations(value: object, *, depth: int = 0) -> Iterator[Found]:
    """Every conversation in the value, in order; nothing deeper than 40 levels is looked at."""
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        if is_messages(value):
            yield Found(value, {}, {})
            return
        for item in value:
            yield from conversations(item, depth=depth + 1)
    elif isinstance(value, dict):
        yield from _in_record(value, depth)


def is_messages(value: object) -> bool:
    """Whether this is an array of messages: objects, at least one of which names a role."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        return False
    return any(isinstance(item.get("role"), str) and not isinstance(item.get("message"), dict) for item in value)


def transcript(source: str, found: Found, *, line: int | None) -> Transcript:
    """The conversation in the normal form."""
    draft = Draft(line)
    for key in ("system", "system_prompt", "instructions"):
        draft.say("system", message.flat(draft, found.request.get(key)))
    add_all(draft, found.messages + _reply(found))
    return draft.transcript(
        source,
        id=first(found.record, "id", "conversation_id", "session_id", "custom_id", "uuid"),
        title=first(found.record, "title", "name"),
        created=moment(found.record, "created", *message.TIMES),
    )


def add_all(draft: Draft, messages: list[Any]) -> None:
    """Add every message to the draft; what is no object is noted."""
    for entry in messages:
        if isinstance(entry, dict):
            responses.add(draft, entry)
        else:
            draft.note("part_dropped", "dropped a message that is no object")


def _in_record(record: Fields, depth: int) -> Iterator[Found]:
    found = _direct(record)
    if found:
        yield found
        return
    named = [key for key in COLLECTIONS if isinstance(record.get(key), list | dict)]
    for key in named or record:
        yield from conversations(record[key], depth=depth + 1)


def _direct(record: Fields) -> Found | None:
    for holder in (record, *(fields(record.get(key)) for key in REQUESTS)):
        for key in MESSAGES if holder is record else ("messages",):
            if is_messages(holder.get(key)):
                return Found(holder[key], holder, record)
        if messages := _responses_input(holder):
            return Found(messages, holder, record)
    return None


def _responses_input(request: Fields) -> list[Any]:
    """The messages of a request to the Responses API, whose input may be one string."""
    given = request.get("input")
    if is_messages(given):
        return list(given or [])
    return [{"role": "user", "content": given}] if isinstance(given, str) and "model" in request else []


def _reply(found: Found) -> list[Any]:
    last = found.messages[-1]
    if isinstance(last, dict) and last.get("role") == "assistant" and not last.get("tool_calls"):
        return []
    answered = found.record.get("response")
    response = fields(answered) or found.record
    response = fields(response.get("body")) or response
    if choices := rows(response.get("choices")):
        return rows(choices[0].get("message"))
    if output := [item for item in rows(response.get("output")) if "type" in item]:
        return output
    if response.get("role") == "assistant":
        return [response]
    said = text(answered) or text(response.get("output_text"))
    return [{"role": "assistant", "content": said}] if said else []
