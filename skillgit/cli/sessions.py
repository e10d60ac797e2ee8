"""What `skillgit ingest --agent` prints: what became of agents' sessions, a line each and the sum of it at the end."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from skillgit.cli import outcome as outcomes
from skillgit.cli import output
from skillgit.cli.context import tell
from skillgit.errors import ModelError, SkillgitError, UsageError
from skillgit.learn import ingest as learning
from skillgit.learn import sessions as files
from skillgit.learn.harvest import Taken, harvest
from skillgit.learn.learner import Learner, Outcome
from skillgit.learn.sessions import Session
from skillgit.transcripts import sources
from skillgit.transcripts.model import Diagnostic

ALL = "all"
_PATIENCE = 5  # conversations in a row that a model gives no answer about; more would be in vain
_SECONDS = {"h": 3_600, "d": 86_400, "w": 604_800}
_WORDS = {"add": "added", "merge": "merged", "discard": "discarded", "none": "nothing", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose sessions: an agent's or all's; only those written to `since` then, and held in a `project`."""

    agent: str
    since: str | None = None
    project: Path | None = None


def ingest_sessions(learner: Learner, asked: Asked, *, jobs: int, dry_run: bool, as_json: bool) -> bool:
    """Learn from what is new in the sessions, and say what became of it. True where something failed."""
    found = _found(asked)
    if not found:
        output.note(f"no sessions of '{asked.agent}' were found")
        return False
    land = learning.foresee if dry_run else learning.land
    if learner.chat is None and not as_json:
        output.note("learning offline")
    counts = Counter[str]()
    with files.ledger(learner.repo, learner.user) as ledger:
        unread = [each for each in found if not ledger.is_read(each)]
        shown = output.progress(unread, total=len(unread), label="Reading sessions")
        try:
            taken = harvest(learner, shown, ledger, jobs=jobs if learner.chat else 1, land=land)
            show(taken, counts, dry_run=dry_run, as_json=as_json)
        finally:
            output.note(f"{total(counts)}; {len(found) - len(unread)} of {len(found)} files unchanged")
    return counts["failed"] > 0


def show(taken: Iterable[Taken], counts: Counter[str], *, dry_run: bool = False, as_json: bool = False) -> None:
    """Say what becomes of each conversation as it is known, and count it; nothing is said where nothing was learned.

    Raises ModelError where a model gives no answer about several in a row.
    """
    in_vain = 0
    for each in taken:
        is_undecided = isinstance(each.outcome, Outcome) and each.outcome.decision == "undecided"
        counts[_kind(each)] += 1
        _tell(each, dry_run=dry_run, as_json=as_json)
        in_vain = in_vain + 1 if is_undecided else 0
        if in_vain == _PATIENCE:
            raise ModelError(
                f"no answer about {in_vain} conversations in a row; what comes after them was not read",
                hint="'skillgit models test' asks the model something small",
            )


def total(counts: Counter[str]) -> str:
    """`1 added, 0 merged, 0 discarded, 7 nothing, 0 failed`."""
    return ", ".join(f"{counts[kind]} {word}" for kind, word in _WORDS.items())


def moment(text: str) -> float:
    """When `7d`, `12h`, `2w` ago was, or a date or time; in Unix time. Raises UsageError."""
    ago = re.fullmatch(r"(\d{1,6})([hdw])", text)
    if ago:
        return time.time() - int(ago[1]) * _SECONDS[ago[2]]
    try:
        said = datetime.fromisoformat(text)
    except ValueError as err:
        raise UsageError(f"'{text}' is no time", hint="write 12h, 7d, 2w or 2026-11-22") from err
    return (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()


def _found(asked: Asked) -> list[Session]:
    """The files of the sessions that are asked for, the oldest first."""
    start = moment(asked.since) if asked.since else 0.0
    folder = (asked.project or Path()).resolve()
    there = files.machine(folder)
    chosen = sources.SOURCES if asked.agent == ALL else (sources.named(asked.agent),)
    if asked.project and asked.agent == ALL:
        chosen = tuple(each for each in chosen if files.says_project(each))
    found = (session for source in chosen for session in files.find(source, there, since=start))
    wanted = files.of_project(found, chosen, folder) if asked.project else found
    return sorted(wanted, key=lambda each: each.changed)


def _kind(taken: Taken) -> str:
    if isinstance(taken.outcome, Outcome) and taken.outcome.decision != "undecided":
        return taken.outcome.decision
    return "failed"


def _tell(taken: Taken, *, dry_run: bool, as_json: bool) -> None:
    outcome, transcript = taken.outcome, taken.transcript
    place = f"{taken.session.path}#{transcript.place}" if transcript and transcript.place else str(taken.session.path)
    if isinstance(outcome, Diagnostic):
        output.warn(f"{place}: {outcome.message}")
    elif isinstance(outcome, SkillgitError):
        output.complain(f"{place}: {outcome.message}", hint=outcome.hint)
    elif transcript and as_json:
        output.json_line(outcomes.row(str(taken.session.path), transcript, outcome))
    elif transcript and dry_run and outcome.decision != "none":
        outcomes.explain(place, transcript, outcome)
    elif outcome.decision != "none":
        output.say(outcomes.line(place, outcome))
    if isinstance(outcome, Outcome):
        _remark(place, outcome)


def _remark(place: str, outcome: Outcome) -> None:
    for text in outcome.remarks:
        output.note(f"{place}: {text}")
    if outcome.landed:
        tell(outcome.landed)
