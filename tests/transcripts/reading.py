"""Short ways to read a source in a test, and the normal form beside that of the shared fixtures."""

from __future__ import annotations

import json
from typing import Any

from skillgit.transcripts.detect import read
from skillgit.transcripts.model import Diagnostic, Transcript, Turn


def source(value: object) -> bytes:
    """A value as the bytes of a file: bytes and str as they are, a tuple as a JSONL, anything else as JSON."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, tuple):
        return b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in value)
    return json.dumps(value, ensure_ascii=False).encode()


def transcripts(value: object, *, format: str | None = None) -> list[Transcript]:
    """The conversations of a file, without the diagnostics between them."""
    return [item for item in read(source(value), format=format) if isinstance(item, Transcript)]


def only(value: object, *, format: str | None = None) -> Transcript:
    """The one conversation of a file."""
    [found] = transcripts(value, format=format)
    return found


def diagnostics(value: object) -> list[tuple[str, int | None]]:
    """Code and line of every diagnostic of a file, in order."""
    noted: list[Diagnostic] = []
    for item in read(source(value)):
        noted += [item] if isinstance(item, Diagnostic) else item.diagnostics
    return [(diagnostic.code, diagnostic.line) for diagnostic in noted]


def said(transcript: Transcript) -> list[tuple[str, str]]:
    """Who said what."""
    return [(turn.role, turn.text) for turn in transcript.turns]


def records(transcript: Transcript) -> list[dict[str, Any]]:
    """The turns as the fixtures' expected.json writes them.

    There a turn of words and each of its tool calls are records of their own, a call with
    null content; `ok` is left out where the source says nothing. Their leading `meta` record
    has no counterpart, and where a source gives no timestamps they make some up: ours stay None.
    """
    return [record | {"timestamp": turn.timestamp} for turn in transcript.turns for record in _records(turn)]


def _records(turn: Turn) -> list[dict[str, Any]]:
    if turn.role == "tool":
        known = {} if turn.ok is None else {"ok": turn.ok}
        return [{"role": "tool", "tool_call_id": turn.call_id, "content": turn.text, **known}]
    words = [{"role": turn.role, "content": turn.text}] if turn.text else []
    calls = [{"id": call.id, "name": call.name, "args": call.arguments} for call in turn.calls]
    return words + [{"role": "assistant", "content": None, "tool_calls": [call]} for call in calls]
