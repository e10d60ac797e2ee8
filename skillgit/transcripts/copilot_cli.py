"""GitHub Copilot CLI's events; the prompt is told by a hook, by an event, or by both."""

from __future__ import annotations

from collections.abc import Iterable

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, Row, fields, first, moment, rows, text
from skillgit.transcripts.harness import own_words
from skillgit.transcripts.model import Transcript

NAME = "copilot-cli"

_FAMILIES = ("session.", "hook.", "user.", "assistant.", "tool.")
_SILENT = (*_FAMILIES, "system.", "abort", "skill.", "subagent.", "permission.", "pending_messages.")
_TURNED_DOWN = ("rejected", "denied")


def is_copilot_cli(value: object) -> bool:
    """Whether the value is such an event."""
    return any(
        text(row.get("type")).startswith(_FAMILIES) and isinstance(row.get("data"), dict) for row in rows(value)[:1]
    )


def read(entries: Iterable[Row]) -> Transcript:
    """The one session of a file."""
    draft = Draft()
    started: Fields = {}
    for entry, line in entries:
        draft.line = line
        told, when = fields(entry.get("data")), moment(entry, "timestamp")
        kind = text(entry.get("type"))
        if kind == "session.start":
            started = started or told
        elif "parentToolCallId" in told:
            draft.note("sidechain_record_dropped", "dropped an event of a subagent inside its parent's session")
        else:
            _add(draft, kind, told, when)
    return draft.transcript(NAME, id=first(started, "sessionId"), created=moment(started, "startTime"))


def _add(draft: Draft, kind: str, told: Fields, when: str | None) -> None:
    if kind == "user.message":
        _ask(draft, text(told.get("content")), when)
    elif kind == "hook.start" and told.get("hookType") == "userPromptSubmitted":
        _ask(draft, text(fields(told.get("input")).get("prompt")), when)
    elif kind == "assistant.message":
        _answer(draft, told, when)
    elif kind == "tool.execution_complete":
        _add_result(draft, told, when)
    elif not kind.startswith(_SILENT):
        draft.note("noise_record_dropped", "dropped an event of a kind we do not know")


def _ask(draft: Draft, prompt: str, when: str | None) -> None:
    """Add the prompt, unless it was just added from the other event that tells it."""
    words = own_words(prompt)
    last = draft.turns[-1] if draft.turns else None
    if last is None or (last.role, last.text) != ("user", words):
        draft.say("user", words, timestamp=when)


def _answer(draft: Draft, told: Fields, when: str | None) -> None:
    calls = [
        {"id": call.get("toolCallId"), "name": call.get("name"), "arguments": call.get("arguments")}
        for call in rows(told.get("toolRequests"))
    ]
    said = {"role": "assistant", "content": told.get("content"), "tool_calls": calls}
    message.add(draft, {**said, "reasoning_content": told.get("reasoningText")}, timestamp=when)


def _add_result(draft: Draft, told: Fields, when: str | None) -> None:
    success = told.get("success")
    ok = success if isinstance(success, bool) else None
    error = fields(told.get("error"))
    result = text(error.get("message")) if error else message.flat(draft, fields(told.get("result")).get("content"))
    call_id = first(told, "toolCallId") or ""
    if error.get("code") in _TURNED_DOWN:
        draft.turn_down(call_id, result, timestamp=when)
    else:
        draft.answer(call_id, result, ok=ok, timestamp=when)
