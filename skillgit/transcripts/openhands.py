"""OpenHands' events: those of the agent SDK, and those of its older trajectories and evaluations."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.transcripts import message, openhands_v0
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, rows, text
from skillgit.transcripts.harness import own_content
from skillgit.transcripts.model import Role, Transcript
from skillgit.transcripts.stream import Record

NAME = "openhands"

_ROLES: dict[str, Role] = {"user": "user", "agent": "assistant"}
_KINDS = {"MessageEvent", "ActionEvent", "ObservationEvent", "SystemPromptEvent", "AgentErrorEvent"}
_NOT_ARGUMENTS = ("kind", "security_risk")


def is_openhands(value: object) -> bool:
    """Whether the value is an array of events, an object that holds one, or a run of an evaluation."""
    return any(text(event.get("kind")) in _KINDS or openhands_v0.is_event(event) for event in _events(value))


def read(record: Record) -> Iterator[Transcript]:
    """Yield the one conversation of a document or line."""
    events = _events(record.value)
    if any(openhands_v0.is_event(event) for event in events):
        yield openhands_v0.transcript(NAME, fields(record.value), events, line=record.line)
    elif events:
        yield _transcript(fields(record.value), events, line=record.line)


def _events(value: object) -> list[Fields]:
    held = fields(value)
    return rows(next((held[key] for key in ("items", "events", "history", "trajectory") if key in held), value))


def _transcript(run: Fields, events: list[Fields], *, line: int | None) -> Transcript:
    draft = Draft(line)
    calls = {text(event.get("id")): _call_id(event) for event in events if event.get("kind") == "ActionEvent"}
    for event in events:
        if first(event, "id") is None:
            draft.note("noise_record_dropped", "dropped an event without an id")
        else:
            _add(draft, event, calls)
    return draft.transcript(NAME, id=first(run, "conversation_id", "id"), created=moment(events[0], "timestamp"))


def _call_id(event: Fields) -> str:
    return first(event, "tool_call_id") or f"oh_{first(event, 'id')}"


def _add(draft: Draft, event: Fields, calls: dict[str, str]) -> None:
    kind, when = event.get("kind"), moment(event, "timestamp")
    answers = calls.get(text(event.get("action_id"))) or first(event, "tool_call_id")
    if kind == "MessageEvent":
        _say(draft, event, when)
    elif kind == "SystemPromptEvent":
        draft.say("system", text(fields(event.get("system_prompt")).get("text")), timestamp=when)
    elif kind == "ActionEvent":
        _add_call(draft, event, when)
    elif kind == "UserRejectObservation":
        reason = text(event.get("rejection_reason"))
        draft.turn_down(answers or "", reason, words=_words(reason), timestamp=when)
    elif kind == "AgentErrorEvent":
        draft.answer(answers or "", text(event.get("error")), ok=False, timestamp=when)
    elif kind == "ObservationEvent":
        _add_result(draft, event, answers, when)


def _say(draft: Draft, event: Fields, when: str | None) -> None:
    said = fields(event.get("llm_message"))
    role = _ROLES.get(text(event.get("source")))
    content = own_content(said.get("content")) if role == "user" else said.get("content")
    message.add(draft, {**said, "role": role or "system", "content": content}, timestamp=when)


def _add_call(draft: Draft, event: Fields, when: str | None) -> None:
    draft.say("reasoning", text(event.get("reasoning_content")), timestamp=when)
    draft.say("reasoning", message.flat(draft, event.get("thought")), timestamp=when)
    made = fields(event.get("tool_call"))
    action = {key: value for key, value in fields(event.get("action")).items() if key not in _NOT_ARGUMENTS}
    name = first(event, "tool_name") or first(made, "name") or ""
    draft.call(_call_id(event), name, made.get("arguments", action), joins=False, timestamp=when)


def _add_result(draft: Draft, event: Fields, answers: str | None, when: str | None) -> None:
    seen = fields(event.get("observation"))
    error = seen.get("is_error")
    said = message.flat(draft, seen.get("content", seen.get("output")))
    if answers is None:
        draft.observe(said, timestamp=when)
    else:
        draft.answer(answers, said, ok=not error if isinstance(error, bool) else None, timestamp=when)


def _words(reason: str) -> str:
    """The reason where the user gave one; what OpenHands says in its place is none."""
    return "" if reason.startswith("User rejected") else reason
