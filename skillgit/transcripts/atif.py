"""ATIF, Harbor's interchange format for trajectories: steps of user, agent and system."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, rows, text
from skillgit.transcripts.model import Role, Transcript
from skillgit.transcripts.stream import Record

NAME = "atif"

_ROLES: dict[str, Role] = {"user": "user", "agent": "assistant", "system": "system"}


def is_atif(value: object) -> bool:
    """Whether the value is a trajectory or an array of them."""
    return any(text(row.get("schema_version")).startswith("ATIF-") for row in rows(value)[:1])


def read(record: Record) -> Iterator[Transcript]:
    """Yield one conversation a trajectory; those of subagents inside it stay out."""
    for row in rows(record.value):
        if isinstance(row.get("steps"), list):
            yield _transcript(row, line=record.line)


def _transcript(run: Fields, *, line: int | None) -> Transcript:
    draft = Draft(line)
    if inner := rows(run.get("subagent_trajectories")):
        draft.note("noise_record_dropped", f"dropped {len(inner)} trajectories of subagents inside their parent's")
    steps = rows(run["steps"])
    for step in steps:
        _add(draft, step)
    created = moment(steps[0], "timestamp") if steps else None
    return draft.transcript(NAME, id=first(run, "session_id", "trajectory_id"), created=created)


def _add(draft: Draft, step: Fields) -> None:
    role, when = _ROLES.get(text(step.get("source"))), moment(step, "timestamp")
    if role is None:
        draft.note("unknown_role", "dropped a step of neither user, agent nor system")
        return
    calls = [
        {"id": call.get("tool_call_id"), "name": call.get("function_name"), "arguments": call.get("arguments")}
        for call in rows(step.get("tool_calls"))
    ]
    said = {"role": role, "content": _content(step.get("message")), "tool_calls": calls}
    message.add(draft, {**said, "reasoning_content": step.get("reasoning_content")}, timestamp=when)
    for result in rows(fields(step.get("observation")).get("results")):
        _add_result(draft, result, when)


def _add_result(draft: Draft, result: Fields, when: str | None) -> None:
    call_id = first(result, "source_call_id")
    rest = {key: value for key, value in result.items() if key not in ("source_call_id", "content")}
    content = result.get("content")
    said = draft.compact(rest) if content is None and rest else message.flat(draft, _content(content))
    if call_id is None:
        draft.observe(said, timestamp=when)
    else:
        draft.answer(call_id, said, timestamp=when)


def _content(content: object) -> object:
    if not isinstance(content, list):
        return content
    return [message.IMAGE if fields(part).get("type") == "image" else part for part in content]
