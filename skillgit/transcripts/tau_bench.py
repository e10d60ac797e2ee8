"""tau-bench's historical trajectories: OpenAI messages of one task, and the reward it earned."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.transcripts import wrappers
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, first, rows
from skillgit.transcripts.model import Outcome, Transcript
from skillgit.transcripts.stream import Record

NAME = "tau-bench"


def is_tau_bench(value: object) -> bool:
    """Whether the value is a trajectory or an array of them."""
    return any(isinstance(row.get("traj"), list) for row in rows(value)[:1])


def read(record: Record) -> Iterator[Transcript]:
    """Yield one conversation a trajectory, with its reward as the outcome."""
    for row in rows(record.value):
        if isinstance(row.get("traj"), list):
            yield _transcript(row, line=record.line)


def _transcript(run: Fields, *, line: int | None) -> Transcript:
    draft = Draft(line)
    wrappers.add_all(draft, run["traj"])
    return draft.transcript(NAME, id=first(run, "task_id"), outcome=Outcome(reward=_number(run.get("reward"))))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
