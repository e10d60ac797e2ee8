"""What a candidate becomes at the tip of a branch: a decision, and the change to record. Pure but for what it reads.

It runs under the lock, so no model is asked here. A model's answer counts where it still holds at this tip; where the
skills it was about have changed since, the offline rules decide about the model's candidate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from skillgit.changes import skill as skills
from skillgit.changes.record import Change, describe
from skillgit.changes.skill import shown
from skillgit.git import ledger
from skillgit.git.ledger import Rejected
from skillgit.git.message import Quote
from skillgit.git.transaction import Transaction
from skillgit.learn import decide_model
from skillgit.learn.candidate import Candidate
from skillgit.learn.decide import Verdict, decide, similar
from skillgit.learn.decide_model import Answer, Near, holds
from skillgit.learn.learner import DISCARDS_REF, Heard, Learner, Outcome
from skillgit.learn.rejected import Place, rejections, without
from skillgit.search.index import Match

_LATER = "decided offline, as skills like it have changed since the model was asked"


@dataclass(frozen=True, slots=True)
class Lesson:
    """A candidate beside what is there at some commit: without the rules that were rejected before, and its likes.

    `rejected` is where all of it was, None where something is left to decide about.
    """

    candidate: Candidate
    matches: tuple[Match, ...]
    skills: Mapping[str, str]
    rejected: Rejected | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A candidate, and what a model has decided about it; None where none was asked."""

    candidate: Candidate
    answer: Answer | None = None


def commit_of(learner: Learner, tip: str | None, attempt: str) -> str | None:
    """The commit of an attempt that is in the history already; None where it is not."""
    repo = learner.repo
    refs = [tip, repo.tip(DISCARDS_REF) if learner.discards == "ref" else None]
    refs += [repo.tip("HEAD")] if learner.policy != "auto" else []
    commits = (ledger.applied(repo, ref, attempt) for ref in refs)
    return next((commit for commit in commits if commit), None)


def applied(learner: Learner, tip: str | None, attempt: str) -> Outcome | None:
    """The outcome of an attempt that is in the history already; None where it is not."""
    commit = commit_of(learner, tip, attempt)
    return Outcome("none", f"this conversation is in the history already, at {commit[:10]}") if commit else None


def lesson(learner: Learner, candidate: Candidate, *, tip: str | None) -> Lesson:
    """A candidate beside the skills of a commit."""
    known = learner.repo.skills(tip)
    learner.index.sync(known, learner.repo.read)
    matches = tuple(similar(candidate, user=learner.user, skills=known, index=learner.index))
    place = Place(candidate, learner.user, {match.path for match in matches}, known)
    left, rejection = without(place, rejections(learner, tip))
    return Lesson(left, matches, known, rejected=rejection)


def near(learner: Learner, found: Lesson) -> tuple[Near, ...]:
    """The skills like a lesson, read; one that cannot be read is none."""
    tip = learner.tip
    read = ((match, skills.readable(learner.repo, tip, match.path)) for match in found.matches)
    return tuple(Near(match.path, found.skills[match.path], each, match.score) for match, each in read if each)


def settled(learner: Learner, tx: Transaction, said: Heard, *, found: Decided) -> tuple[Outcome, Change | None]:
    """The decision on the transaction's tip; the change that it makes is still to be recorded."""
    done = applied(learner, tx.tip, said.attempt)
    if done:
        return done, None
    now = lesson(learner, found.candidate, tip=tx.tip)
    answer = found.answer
    stands = answer is not None and now.candidate == found.candidate and holds(answer, now.skills, now.matches)
    verdict = _verdict(learner, now, answer if stands else None)
    late = (_LATER,) if answer and not stands and not now.rejected else ()
    change = _change(learner, verdict, said, now.candidate)
    change = replace(change, remarks=(*found.candidate.remarks, *late))
    recorded, after = describe(tx, change)
    outcome = Outcome(verdict.action, verdict.reason, now.candidate, recorded, before=verdict.before, after=after)
    return replace(outcome, remarks=change.remarks), replace(change, after=after)


def cited(said: Heard, candidate: Candidate) -> dict[int, str]:
    """The turns that a candidate quotes, without secrets."""
    turns = {each.turn for each in candidate.evidence}
    return {turn: said.transcript.turns[turn].text for turn in sorted(turns)}


def _verdict(learner: Learner, found: Lesson, answer: Answer | None) -> Verdict:
    repo, known = learner.repo, found.skills
    if found.rejected:
        path = found.rejected.path
        document = skills.read(repo, known[path], path) if path in known else None
        reason = f"rejected before by {found.rejected.oid[:10]}, in {shown(path)}"
        return Verdict("discard", path, document, document, reason)
    if answer:
        return decide_model.verdict(answer, found.candidate, user=learner.user, skills=known)
    return decide(
        found.candidate,
        user=learner.user,
        skills=known,
        load=lambda path: skills.read(repo, known[path], path),
        index=learner.index,
    )


def _change(learner: Learner, verdict: Verdict, said: Heard, candidate: Candidate) -> Change:
    return Change(
        action=verdict.action,
        path=verdict.path,
        before=verdict.before,
        after=verdict.after,
        summary=_summary(verdict, candidate),
        score=verdict.score,
        nearest=verdict.nearest,
        reason=verdict.reason,
        learner=learner.name,
        attempt=said.attempt,
        evidence=_quotes(said, candidate),
    )


def _quotes(said: Heard, candidate: Candidate) -> tuple[Quote, ...]:
    """Each cited passage once, in order; one that stands in another of its turn says nothing more."""
    passages = list(dict.fromkeys((each.turn, each.quote) for each in candidate.evidence))
    return tuple(
        Quote(said.digest, turn, quote)
        for turn, quote in passages
        if not any(other != quote and quote in other for place, other in passages if place == turn)
    )


def _summary(verdict: Verdict, candidate: Candidate) -> str:
    if verdict.action == "discard":
        return verdict.reason
    if verdict.action == "add" and not candidate.rules:
        return " -> ".join(step.text for step in candidate.steps)
    first = verdict.hunks[0].new or f"without '{verdict.hunks[0].old}'"
    return first + (f" (and {len(verdict.hunks) - 1} more)" if len(verdict.hunks) > 1 else "")
