"""One job of a server: what its conversation teaches, where that goes by the policy, and what is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from skillgit.errors import ModelError
from skillgit.git import history, lock
from skillgit.git.transaction import Landed
from skillgit.learn import ingest, landing, learner
from skillgit.learn.jobs import Job, Result
from skillgit.learn.learner import Heard, Learner, Outcome
from skillgit.serve import audit
from skillgit.share import propose
from skillgit.transcripts.model import Transcript

_PROPOSING = 120.0  # seconds that one process waits for another which proposes


def learned(learning: Learner, job: Job, read: Transcript, *, since: int) -> Result:
    """What came of a conversation, whose turns before `since` are known; where the policy says so it is proposed.

    Raises SkillgitError where that failed: to do it again changes nothing that is done already.
    """
    # of each try the same, so that none is made on another branch
    day = datetime.fromtimestamp(job.created, UTC).date().isoformat()
    own = replace(learning, user=job.user, hint=job.hint or None, day=day)
    said = replace(learner.heard(own, read), since=since)
    outcome = ingest.learn(own, said)
    if outcome.decision == "undecided":
        raise ModelError(outcome.reason)
    is_again = job.tries > 1
    if own.policy == "pr" and (outcome.commit or is_again):
        propose_learned(own, job=job.id)
    earlier = _earlier(own, said) if is_again and outcome.decision == "none" else None
    return earlier or _result(outcome)


def propose_learned(own: Learner, **about: object) -> None:
    """The branch of decisions is at the remote, and asked for; one process does so at a time. `about` is recorded."""
    with lock.hold(own.repo.private / "propose.lock", seconds=_PROPOSING):
        proposed = propose.propose_learned(own.repo, own.ref)
    if proposed:
        aim, done = proposed
        url = done.pull.url if done.pull else ""
        audit.record(**about, user=own.user, proposal=done.fate, branch=aim.shared.name, url=url)


def _earlier(own: Learner, said: Heard) -> Result | None:
    """What an earlier try has recorded, before it failed or its process died; None where there was none."""
    commit = landing.commit_of(own, own.tip, said.attempt)
    made = next(history.revisions(own.repo, [commit]), None) if commit else None
    if made is None or made.decision is None:
        return None
    found = made.decision
    return Result(found.action, found.reason or found.summary, found.skill, found.after or "", made.oid)


def _result(outcome: Outcome) -> Result:
    reason = outcome.reason + (_parked(outcome.landed) if outcome.landed else "")
    return Result(outcome.decision, reason, outcome.skill or "", outcome.version or "", outcome.commit or "")


def _parked(landed: Landed) -> str:
    """Where a decision waits for a person, as somebody's own changes are in its way; "" where none are."""
    return f"; parked at '{landed.ref}', as {landed.blocked.words}" if landed.blocked else ""
