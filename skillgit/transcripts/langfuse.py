"""Langfuse's exports: a trace with its observations and scores, or observations, one a line."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.errors import Unreadable
from skillgit.transcripts import langchain, traces
from skillgit.transcripts.fields import Fields, fields, first, rows, text
from skillgit.transcripts.model import Diagnostic, Item, Outcome
from skillgit.transcripts.stream import Record, held

NAME = "langfuse"

_TRACE = ("traceId", "trace_id")


def is_langfuse(value: object) -> bool:
    """Whether the value is a trace with its observations, or an observation."""
    return any(
        isinstance(row.get("observations"), list) or (any(key in row for key in _TRACE) and _observed(row))
        for row in rows(value)[:1]
    )


def read(records: Iterator[Record | Diagnostic]) -> Iterator[Item]:
    """Yield one conversation a session, or a trace where there is none, with its scores as the outcome."""
    missing = Unreadable("no observation holds messages")
    yield from traces.read(records, source=NAME, gather=_gather, missing=missing)


def _observed(row: Fields) -> bool:
    return "input" in row and "type" in row and ("startTime" in row or "start_time" in row)


def _gather(row: Fields) -> tuple[list[traces.Call], dict[str, Outcome]]:
    trace = fields(row.get("trace")) or row
    trace_id = first(trace, "id") or ""
    conversation = first(trace, "sessionId", "session_id") or trace_id
    if "observations" not in row:
        return [_call(row, first(row, "sessionId", "session_id", *_TRACE) or "", first(row, *_TRACE) or "")], {}
    seen = [_call(one, conversation, trace_id) for one in rows(row["observations"]) if "input" in one]
    found = [call for call in seen if call.messages]
    scores = rows(row.get("scores")) or rows(trace.get("scores"))
    return found or [_call(trace, conversation, trace_id)], {conversation: _outcome(scores)} if scores else {}


def _call(row: Fields, conversation: str, trace: str) -> traces.Call:
    given = _messages(row.get("input"))
    answer = _messages(row.get("output")) if given else []
    began = first(row, "startTime", "start_time", "timestamp") or ""
    return traces.Call(conversation, trace, began, tuple(given + [{"role": "assistant", **said} for said in answer]))


def _messages(given: object) -> list[Fields]:
    """The messages of an input or output: an array, under `messages`, or one; text is none."""
    value = held(given)
    inner = fields(value).get("messages", value)
    found = [langchain.plain(one) for one in (inner if isinstance(inner, list) else [inner])]
    return [one for one in found if "content" in one or "tool_calls" in one]


def _outcome(scores: list[Fields]) -> Outcome:
    """The first number as the reward; every score by its name as the status."""
    values = [(text(score.get("name")), score.get("stringValue", score.get("value"))) for score in scores]
    numbers = [float(value) for _, value in values if isinstance(value, int | float)]
    status = ", ".join(f"{name}={value}" for name, value in values if value is not None)
    return Outcome(reward=numbers[0] if numbers else None, status=status or None)
