"""ShareGPT: `conversations` of `from` and `value`, as training sets of many tools keep them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, rows, text
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import Record

NAME = "sharegpt"

_CALLS = {"function_call", "tool_call"}


def is_sharegpt(value: object) -> bool:
    """Whether the value, or the first object in it, is a ShareGPT conversation."""
    return _turns(value) is not None or any(_turns(row) is not None for row in rows(value)[:1])


def read(record: Record) -> Iterator[Transcript]:
    """Yield the conversations of one document or line."""
    values = [record.value] if _turns(record.value) is not None else rows(record.value)
    for value in values:
        turns = _turns(value)
        if turns is not None:
            yield _transcript(fields(value), turns, line=record.line)


def _turns(value: object) -> list[Any] | None:
    """The turns of one conversation: the value itself, or what stands under `conversations`."""
    record = fields(value)
    turns = record.get("conversations", record.get("conversation")) if record else value
    if isinstance(turns, list) and turns and isinstance(turns[0], dict) and "from" in turns[0] and "value" in turns[0]:
        return turns
    return None


def _transcript(record: Fields, turns: list[Any], *, line: int | None) -> Transcript:
    draft = Draft(line)
    draft.say("system", text(record.get("system")))
    for turn in turns:
        _add(draft, fields(turn))
    return draft.transcript(NAME, id=first(record, "id", "conversation_id"), title=first(record, "title"))


def _add(draft: Draft, turn: Fields) -> None:
    if text(turn.get("from")) in _CALLS:
        for call in _calls(text(turn.get("value"))):
            draft.call("", text(call.get("name")), call.get("arguments"), joins=False)
    else:
        message.add(draft, {"role": turn.get("from"), "content": turn.get("value")})


def _calls(value: str) -> list[Fields]:
    """The calls of a turn: JSON with a name and arguments, one or an array of them, or free text."""
    try:
        calls = rows(json.loads(value))
    except (ValueError, RecursionError):
        calls = []
    return calls or [{"name": "", "arguments": value}]
