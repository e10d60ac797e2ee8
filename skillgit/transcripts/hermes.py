"""Hermes' sessions: rows of its store, exported with or without the row of their session."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, rows, text
from skillgit.transcripts.harness import own_content
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import Record, held

NAME = "hermes"

_JSON = "\0json:"


def is_hermes(value: object) -> bool:
    """Whether the value is an array of such rows, or one beside its session."""
    beside = rows(fields(value).get("messages")) if isinstance(fields(value).get("session"), dict) else rows(value)
    return any("session_id" in row and "role" in row and ("active" in row or "observed" in row) for row in beside[:1])


def read(record: Record) -> Iterator[Transcript]:
    """Yield one conversation a session id, in the order the ids appear."""
    document = fields(record.value)
    session = fields(document.get("session"))
    sessions: dict[str | None, list[Fields]] = {}
    for row in rows(document.get("messages", record.value)):
        sessions.setdefault(first(row, "session_id") or first(session, "id"), []).append(row)
    for session_id, kept in sessions.items():
        yield transcript({"id": session_id, **session}, kept, line=record.line)


def transcript(session: Fields, messages: list[Fields], *, line: int | None = None) -> Transcript:
    """A session out of its row and its messages, in the order of their ids, without those taken back."""
    draft = Draft(line)
    kept = [row for row in messages if row.get("active", 1) not in (0, False)]
    kept.sort(key=_number)
    for place, row in enumerate(kept):
        _add(draft, row, kept[place + 1 :])
    return draft.transcript(
        NAME, id=first(session, "id"), title=first(session, "title"), created=moment(session, "started_at")
    )


def _number(row: Fields) -> int:
    return row["id"] if isinstance(row.get("id"), int) else 0


def _add(draft: Draft, row: Fields, following: list[Fields]) -> None:
    content = _decoded(row.get("content"))
    if row.get("role") == "user":
        content = own_content(content)
    thought = next((text(row.get(key)) for key in ("reasoning_content", "reasoning") if text(row.get(key)).strip()), "")
    said = {**row, "content": content, "reasoning_content": thought, "reasoning": None}
    message.add(draft, {**said, "tool_calls": _calls(row, following)}, timestamp=moment(row, "timestamp"))


def _decoded(content: object) -> object:
    """Content of several parts, which the store keeps as marked JSON."""
    if not isinstance(content, str) or not content.startswith(_JSON):
        return content
    return held(content.removeprefix(_JSON))


def _calls(row: Fields, following: list[Fields]) -> list[Fields]:
    """The calls of a row; those without ids take them from the results that follow, if there are as many."""
    calls = rows(held(row.get("tool_calls")))
    answers = [first(result, "tool_call_id") for result in takewhile(_is_result, following)]
    if any(call.get("id") or call.get("call_id") for call in calls) or len(answers) != len(calls):
        return [{**call, "id": first(call, "id", "call_id")} for call in calls]
    return [{**call, "id": answer} for call, answer in zip(calls, answers, strict=True)]


def _is_result(row: Fields) -> bool:
    return row.get("role") == "tool"
