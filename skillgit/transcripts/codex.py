"""Codex's rollouts: items of the Responses API in envelopes, with events that repeat some of them."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.transcripts import responses
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, rows, text
from skillgit.transcripts.harness import own_content
from skillgit.transcripts.model import Diagnostic, Item, Role, Transcript, Turn
from skillgit.transcripts.stream import Record

NAME = "codex"

_ENVELOPES = {"session_meta", "response_item", "event_msg", "turn_context", "compacted", "world_state"}
_EVENTS: dict[str, tuple[Role, str]] = {
    "user_message": ("user", "message"),
    "agent_message": ("assistant", "message"),
    "agent_reasoning": ("reasoning", "text"),
}
_PARTS = {"input_text", "output_text"}


def is_codex(value: object) -> bool:
    """Whether the value is such a row, with or without an envelope, or an array that begins with one."""
    return any(_is_envelope(row) or _is_bare_item(row) for row in rows(value)[:1])


def read(records: Iterator[Record | Diagnostic]) -> Iterator[Item]:
    """Yield the one session of a rollout."""
    session = _Session()
    for record in records:
        if isinstance(record, Diagnostic):
            yield record
            continue
        for row in rows(record.value):
            session.add(row, line=record.line)
    yield session.transcript()


class _Session:
    """The items of a rollout, and the events, which count only where no item says the same kind of thing."""

    def __init__(self) -> None:
        self._draft = Draft()
        self._from_events: set[int] = set()
        self._meta: Fields = {}
        self._created: str | None = None

    def add(self, row: Fields, *, line: int | None) -> None:
        """Add one row of the rollout."""
        self._draft.line = line
        when = moment(row, "timestamp")
        payload = fields(row.get("payload")) if _is_envelope(row) else row
        kind = row.get("type") if _is_envelope(row) else "response_item"
        if kind == "session_meta" and not self._meta:
            self._meta, self._created = payload, moment(payload, "timestamp") or when
        elif kind == "event_msg":
            self._add_event(payload, when)
        elif kind == "response_item" and "type" in payload:
            _add_item(self._draft, payload, when)

    def transcript(self) -> Transcript:
        """The session in the normal form."""
        self._draft.turns = self._without_repeats()
        source = fields(self._meta.get("source"))
        session_id = first(self._meta, "id")
        return self._draft.transcript(NAME, id=session_id, created=self._created, subagent="subagent" in source)

    def _add_event(self, event: Fields, when: str | None) -> None:
        role, field = _EVENTS.get(text(event.get("type")), (None, ""))
        if role is None:
            return
        start = len(self._draft.turns)
        content = [{"type": "text", "text": text(event.get(field))}]
        for block in own_content(content) if role == "user" else content:
            self._draft.say(role, block["text"], timestamp=when)
        self._from_events.update(range(start, len(self._draft.turns)))

    def _without_repeats(self) -> list[Turn]:
        turns = self._draft.turns
        told = {turn.role for place, turn in enumerate(turns) if place not in self._from_events and turn.text}
        return [turn for place, turn in enumerate(turns) if place not in self._from_events or turn.role not in told]


def _is_envelope(row: Fields) -> bool:
    return text(row.get("type")) in _ENVELOPES and isinstance(row.get("payload"), dict)


def _is_bare_item(row: Fields) -> bool:
    """Whether this is a row of the first rollouts, which had no envelopes."""
    if "record_type" in row or responses.is_item(row):
        return True
    parts = rows(row.get("content"))
    return row.get("type") == "message" and any(text(part.get("type")) in _PARTS for part in parts)


def _add_item(draft: Draft, item: Fields, when: str | None) -> None:
    if item["type"] != "message":
        responses.add(draft, item, timestamp=when)
        return
    content = own_content(item.get("content")) if item.get("role") == "user" else item.get("content")
    if content == [] or item.get("role") in ("developer", "system"):
        draft.note("injected_context_dropped", f"dropped what the harness wrote as the {item.get('role')}")
        return
    responses.add(draft, {**item, "content": content}, timestamp=when)
