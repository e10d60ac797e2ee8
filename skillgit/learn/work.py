"""The jobs that agents' hooks have left, done one after the other, and what a model gave no answer about before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from skillgit.errors import Refused, Unreadable, UsageError
from skillgit.learn import ingest, sessions, spool, undecided
from skillgit.learn.harvest import Taken, harvest
from skillgit.learn.learner import Learner, Outcome
from skillgit.learn.sessions import Ledger, Session
from skillgit.learn.spool import Job, Queue
from skillgit.learn.undecided import Undecided
from skillgit.transcripts import sources
from skillgit.transcripts.model import Diagnostic


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that failed, and why; `whole` where it was not about one of its conversations."""

    job: Job
    error: str
    whole: bool


def drain(learner: Learner, jobs: Queue) -> Iterator[Taken | Failed]:
    """What becomes of each conversation of the jobs that are due, and which jobs failed. What is left waits.

    Where there is a model, it is asked again about what it gave no answer about before.
    """
    spool.collect(learner.repo, jobs)
    with sessions.ledger(learner.repo, learner.user) as ledger:
        while job := jobs.lease():
            yield from _done(learner, ledger, jobs, job)
    for each in undecided.due(learner.repo) if learner.chat else ():
        with undecided.claimed(learner.repo, each) as is_mine:
            if is_mine:
                yield _again(learner, each)


def _again(learner: Learner, kept: Undecided) -> Taken:
    """What becomes of a conversation that is kept because no answer came."""
    mine = replace(learner, user=kept.user, hint=kept.hint)
    session = Session("", undecided.place(learner.repo, kept.heard.attempt), None, "", 0.0)
    try:
        return Taken(session, ingest.learn(mine, kept.heard), kept.heard.transcript)
    except Refused as err:
        return Taken(session, err, kept.heard.transcript)


def _done(learner: Learner, ledger: Ledger, jobs: Queue, job: Job) -> Iterator[Taken | Failed]:
    error, broken = "", ""
    try:
        for taken in harvest(learner, _unread(job, ledger), ledger):
            jobs.renew(job)
            error = error or _fault(taken)
            yield taken
    except (Unreadable, UsageError) as err:
        broken = err.message
    if error or broken:
        jobs.fail(job, broken or error)
        yield Failed(job, broken or error, whole=bool(broken))
    else:
        jobs.finish(job)


def _unread(job: Job, ledger: Ledger) -> tuple[Session, ...]:
    """The files that a job is about and that were not read as they are now."""
    source = sources.named(job.agent)
    if not job.path:
        return tuple(each for each in sessions.find(source, sessions.machine(Path())) if not ledger.is_read(each))
    found = sessions.session(source, Path(job.path))
    if found is None:
        raise Unreadable(f"no file '{job.path}'")
    return () if ledger.is_read(found) else (found,)


def _fault(taken: Taken) -> str:
    """Why a conversation has to be tried again, or ""."""
    outcome = taken.outcome
    if isinstance(outcome, Outcome):
        return outcome.reason if outcome.decision == "undecided" else ""
    return "" if isinstance(outcome, Diagnostic) else outcome.message
