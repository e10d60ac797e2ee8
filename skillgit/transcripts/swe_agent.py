"""SWE-agent's trajectories, and those of mini-SWE-agent: a task, then actions and what they showed.

Nobody speaks after the task is set: what stands there as a user's message is the environment's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, rows, text
from skillgit.transcripts.model import Outcome, Transcript
from skillgit.transcripts.stream import Record

NAME = "swe-agent"

_TASK = re.compile(
    r"<(?P<tag>pr_description|issue_description|issue|problem_statement|task)>(.*?)</(?P=tag)>", re.DOTALL
)


def is_swe_agent(value: object) -> bool:
    """Whether the value is such a trajectory."""
    return any(isinstance(row.get("info"), dict) and (_steps(row) or _is_mini(row)) for row in rows(value)[:1])


def read(record: Record) -> Iterator[Transcript]:
    """Yield one conversation a trajectory, with how the run ended as its outcome."""
    for row in rows(record.value):
        if _steps(row) or _is_mini(row):
            yield _transcript(row, line=record.line)


def _is_mini(run: Fields) -> bool:
    info = fields(run.get("info"))
    return isinstance(run.get("messages"), list) and ("exit_status" in info or "mini_version" in info)


def _steps(run: Fields) -> list[Fields]:
    return [step for step in rows(run.get("trajectory")) if "action" in step or "observation" in step]


def _transcript(run: Fields, *, line: int | None) -> Transcript:
    draft = Draft(line)
    told = rows(run.get("history")) if _steps(run) else rows(run.get("messages"))
    _set_task(draft, [sent for sent in told if not sent.get("is_demo")])
    if _steps(run):
        for step in _steps(run):
            _add_step(draft, step)
    else:
        _add_messages(draft, told)
    status = first(fields(run.get("info")), "exit_status")
    return draft.transcript(NAME, id=first(run, "instance_id", "environment"), outcome=Outcome(status=status))


def _set_task(draft: Draft, told: list[Fields]) -> None:
    """Add what comes before the first action: the task as the user's, the rest of its template as the system's."""
    for sent in told:
        if sent.get("role") not in ("system", "user"):
            return
        said = message.flat(draft, sent.get("content"))
        task = _TASK.search(said) if sent["role"] == "user" else None
        if task:
            draft.say("system", said[: task.start()] + said[task.end() :])
            draft.say("user", task[2].strip())
        else:
            draft.say("user" if sent["role"] == "user" else "system", said)
        if sent["role"] == "user":
            return


def _add_step(draft: Draft, step: Fields) -> None:
    draft.say("reasoning", text(step.get("thought")))
    if action := text(step.get("action")).strip():
        draft.call("", "shell", {"command": action}, joins=False)
        draft.answer("", text(step.get("observation")))
    else:
        draft.observe(text(step.get("observation")))


def _add_messages(draft: Draft, told: list[Fields]) -> None:
    """Add the messages after the task; what the environment says as the user becomes a tool turn."""
    start = next((place for place, sent in enumerate(told) if sent.get("role") == "assistant"), len(told))
    for sent in told[start:]:
        if sent.get("role") == "user":
            draft.observe(message.flat(draft, sent.get("content")))
        else:
            message.add(draft, sent)
