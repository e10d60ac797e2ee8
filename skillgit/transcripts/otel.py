"""OpenTelemetry's spans and logs of calls to models, in OTLP's JSON.

Messages stand in attributes of a span or of its events, by the GenAI conventions (from 1.36 as one value, before
as an event for each), or one attribute for each field, as OpenLLMetry and OpenInference have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from skillgit.errors import Unreadable
from skillgit.transcripts import traces
from skillgit.transcripts.fields import Fields, fields, first, moment, rows, text
from skillgit.transcripts.model import Diagnostic, Item, Outcome
from skillgit.transcripts.stream import Record, held

NAME = "otel"

_INPUT = ("gen_ai.input.messages", "gen_ai.output.messages")
_EVENT = re.compile(r"gen_ai\.(?P<role>system|user|assistant|tool)\.message$|gen_ai\.choice$")
_FLAT = re.compile(
    r"(?P<list>gen_ai\.prompt|gen_ai\.completion|llm\.input_messages|llm\.output_messages)"
    r"\.(?P<place>\d{1,6})\.(?:message\.)?(?P<field>role|content)$"
)
_CONVERSATION = ("gen_ai.conversation.id", "session.id")
_DEPTH = 60


def is_otel(value: object) -> bool:
    """Whether the value is such an export, or the first of several."""
    return any(isinstance(row.get(key), list) for row in rows(value)[:1] for key in ("resourceSpans", "resourceLogs"))


def read(records: Iterator[Record | Diagnostic]) -> Iterator[Item]:
    """Yield one conversation a conversation id, or a trace where there is none."""
    missing = Unreadable(
        "no span holds messages", hint="the content of messages is recorded only where it is asked for"
    )
    yield from traces.read(records, source=NAME, gather=_gather, missing=missing)


def _gather(export: Fields) -> tuple[list[traces.Call], dict[str, Outcome]]:
    return [_call(span) for span in _spans(export)], {}


def _spans(export: Fields) -> Iterator[Fields]:
    for resource in rows(export.get("resourceSpans")) + rows(export.get("resourceLogs")):
        for scope in rows(resource.get("scopeSpans")) + rows(resource.get("scopeLogs")):
            yield from rows(scope.get("spans")) + rows(scope.get("logRecords"))


def _call(span: Fields) -> traces.Call:
    own = _attributes(span)
    trace = text(span.get("traceId"))
    began = moment({"at": _nanoseconds(span)}, "at") or ""
    told = [message for part in (own, *_events(span)) for message in _messages(part)]
    return traces.Call(first(own, *_CONVERSATION) or trace, trace, began, tuple(told))


def _nanoseconds(span: Fields) -> float | None:
    when = first(span, "startTimeUnixNano", "timeUnixNano") or ""
    return int(when) / 1e9 if when.isdecimal() and len(when) < 30 else None


def _events(span: Fields) -> Iterator[Fields]:
    """The attributes of each event with what it is called, and of a log record its body."""
    if "body" in span:
        name = text(_attributes(span).get("event.name")) or text(span.get("eventName"))
        yield {**fields(_plain(span["body"])), "event.name": name}
    for event in rows(span.get("events")):
        yield {**_attributes(event), "event.name": text(event.get("name"))}


def _attributes(holder: Fields) -> Fields:
    given = holder.get("attributes")
    if isinstance(given, dict):
        return given
    return {text(pair.get("key")): _plain(pair.get("value")) for pair in rows(given)}


def _plain(value: object, *, depth: int = 0) -> Any:
    """The value out of OTLP's wrapping, which names its type; nothing deeper than 60 levels."""
    wrapped = fields(value)
    kind, bare = next(iter(wrapped.items()), ("", value))
    if len(wrapped) != 1 or not kind.endswith(("Value", "_value")) or depth > _DEPTH:
        return value
    inner = fields(bare).get("values")
    if kind.startswith("array"):
        return [_plain(item, depth=depth + 1) for item in inner] if isinstance(inner, list) else []
    if kind.startswith("kvlist"):
        return {text(pair.get("key")): _plain(pair.get("value"), depth=depth + 1) for pair in rows(inner)}
    return bare


def _messages(told: Fields) -> Iterator[Fields]:
    """The messages in some attributes, as Anthropic's blocks."""
    system = held(told.get("gen_ai.system_instructions"))
    if system:
        yield _message({"role": "system", "parts": system})
    for key in _INPUT:
        yield from map(_message, rows(held(told.get(key))))
    event = _EVENT.match(text(told.get("event.name")))
    if event:
        yield _message({"role": event["role"] or "assistant", **(fields(held(told.get("message"))) or told)})
    yield from _flat(told)


def _flat(told: Fields) -> Iterator[Fields]:
    found: dict[tuple[str, int], Fields] = {}
    for key, value in told.items():
        if named := _FLAT.match(key):
            found.setdefault((named["list"], int(named["place"])), {})[named["field"]] = value
    for place in sorted(found, key=lambda place: ("output" in place[0] or "completion" in place[0], place[1])):
        yield _message({"role": "assistant", **found[place]})


def _message(sent: Fields) -> Fields:
    """A message in the blocks that `message.add` reads; results of tools go with the user's, as Anthropic has them."""
    role = "user" if sent.get("role") == "tool" and "parts" in sent else sent.get("role")
    if "parts" not in sent:
        return {**sent, "role": role, "tool_call_id": sent.get("tool_call_id", sent.get("id"))}
    parts = sent["parts"]
    return {"role": role, "content": [_block(part) for part in rows(parts)] if isinstance(parts, list) else parts}


def _block(part: Fields) -> Fields:
    kind = text(part.get("type"))
    if kind == "tool_call":
        return {"type": "tool_use", "id": part.get("id"), "name": part.get("name"), "input": part.get("arguments")}
    if kind == "tool_call_response":
        return {"type": "tool_result", "tool_use_id": part.get("id"), "content": _said(part)}
    if kind == "reasoning":
        return {"type": "thinking", "thinking": part.get("content")}
    return {"type": "text", "text": part.get("content")} if kind == "text" else part


def _said(part: Fields) -> object:
    return part.get("response", part.get("result"))
