"""opencode's sessions, exported as one document: messages of parts."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, rows, text
from skillgit.transcripts.harness import own_words
from skillgit.transcripts.model import Role, Transcript
from skillgit.transcripts.stream import Record

NAME = "opencode"

_ROLES: dict[str, Role] = {"user": "user", "assistant": "assistant"}
_SILENT = {"step-start", "step-finish", "snapshot", "patch", "agent", "retry", "compaction", "subtask"}


def is_opencode(value: object) -> bool:
    """Whether the value is such a session or an array of them."""
    return any(
        isinstance(row.get("info"), dict) and any("parts" in sent for sent in rows(row.get("messages")))
        for row in rows(value)[:1]
    )


def read(record: Record) -> Iterator[Transcript]:
    """Yield the sessions of one document or line."""
    for row in rows(record.value):
        if isinstance(row.get("messages"), list):
            yield transcript(fields(row.get("info")), rows(row["messages"]), line=record.line)


def transcript(session: Fields, messages: list[Fields], *, line: int | None = None) -> Transcript:
    """A session out of its record and its messages, each with `info` and `parts`, in order."""
    draft = Draft(line)
    for sent in messages:
        info = fields(sent.get("info"))
        role = _ROLES.get(text(info.get("role")))
        if role is None:
            draft.note("unknown_role", "dropped a message of neither user nor assistant")
            continue
        when = moment(fields(info.get("time")), "created")
        for part in rows(sent.get("parts")):
            when = _add(draft, part, role, when)
    return draft.transcript(
        NAME,
        id=first(session, "id"),
        title=first(session, "title"),
        created=moment(fields(session.get("time")), "created"),
        subagent=first(session, "parentID", "parent_id") is not None,
    )


def _add(draft: Draft, part: Fields, role: Role, when: str | None) -> str | None:
    """Add one part and return when it ended: what follows in the message is not before that."""
    kind = text(part.get("type"))
    if kind == "text" and not part.get("synthetic") and not part.get("ignored"):
        said = text(part.get("text"))
        draft.say(role, own_words(said) if role == "user" else said, timestamp=when)
    elif kind == "reasoning":
        draft.say("reasoning", text(part.get("text")), timestamp=when)
    elif kind == "tool":
        return _add_call(draft, part, when)
    elif kind not in _SILENT and kind != "text":
        draft.note(
            "part_dropped" if kind == "file" else "noise_record_dropped", f"dropped a part of type '{kind[:40]}'"
        )
    return when


def _add_call(draft: Draft, part: Fields, timestamp: str | None) -> str | None:
    state = fields(part.get("state"))
    time = fields(state.get("time"))
    call_id, started = first(part, "callID", "id") or "", moment(time, "start") or timestamp
    ended = moment(time, "end") or started
    draft.call(call_id, text(part.get("tool")), state.get("input"), joins=False, timestamp=started)
    if state.get("status") == "error":
        draft.answer(call_id, text(state.get("error")), ok=False, timestamp=ended)
    elif state.get("status") == "completed":
        draft.answer(call_id, text(state.get("output")), ok=True, timestamp=ended)
    return ended
