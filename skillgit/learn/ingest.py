"""One conversation in, one decision out: extract, decide, edit, commit."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from typing import Literal, cast

from skillgit.changes import skill as skills
from skillgit.changes.record import Change, describe, record
from skillgit.config import setting
from skillgit.git import evidence, ledger
from skillgit.git.message import Decision, Quote, encode
from skillgit.git.objects import today
from skillgit.git.repo import Repo
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.learn import extract_offline
from skillgit.learn.candidate import Abstention, Candidate, unsupported
from skillgit.learn.decide import Verdict, decide
from skillgit.learn.redact import PLACEHOLDER, redact, without_secrets
from skillgit.search.index import Index
from skillgit.skills.document import Document
from skillgit.transcripts.model import Transcript

Policy = Literal["auto", "branch", "pr"]
Discards = Literal["branch", "ref", "none"]
DISCARDS_REF = "refs/skillgit/discards"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one conversation.

    `decision` is "none" where nothing durable was said, or the conversation is in the history already. `commit` is
    None where nothing was recorded (none, or a dry run). `before` and `after` are the SKILL.md on both sides.
    """

    decision: Literal["add", "merge", "discard", "none"]
    reason: str
    candidate: Candidate | None = None
    recorded: Decision | None = None
    commit: str | None = None
    before: Document | None = None
    after: Document | None = None
    landed: Landed | None = None

    @property
    def skill(self) -> str | None:
        """The skill it was about, as people type it."""
        return self.recorded.skill if self.recorded else None

    @property
    def version(self) -> str | None:
        """The version the skill has afterwards."""
        return self.recorded.after if self.recorded else None


def policy(repo: Repo, flag: str | None = None) -> Policy:
    """Where decisions go: the flag, or the repository's setting."""
    return cast(Policy, setting(repo, "learn.policy", flag).text)


def discards(repo: Repo) -> Discards:
    """Where discards are recorded, by the repository's setting."""
    return cast(Discards, setting(repo, "learn.discards").text)


@dataclass(frozen=True, slots=True)
class Learner:
    """Whose conversations are learned from, into what repository, and where the decisions go."""

    repo: Repo
    index: Index
    user: str
    hint: str | None = None
    policy: Policy = "auto"
    discards: Discards = "branch"

    @property
    def ref(self) -> str:
        """The branch that decisions are committed to."""
        if self.policy == "auto":
            return self.repo.branch_ref()
        return f"refs/heads/learn/{self.user}/{today(self.repo)}"


def ingest(learner: Learner, transcript: Transcript) -> Outcome:
    """Learn from one conversation: the decision is committed when this returns."""
    candidate = _candidate(learner, transcript)
    if isinstance(candidate, Outcome):
        return candidate
    outcomes: list[Outcome] = []

    def body(tx: Transaction) -> None:
        outcome, change = _settled(learner, tx, transcript, candidate)
        if change and (outcome.decision != "discard" or learner.discards == "branch"):
            outcome = replace(outcome, recorded=record(tx, change).decision)
            evidence.keep(tx, transcript.digest, _cited(transcript, candidate))
        outcomes[:] = [outcome]

    attempt = attempt_key(learner, transcript)
    landed = write(learner.repo, body, ref=learner.ref, park_as=attempt.lower())
    outcome = outcomes[0]
    if outcome.decision == "discard" and learner.discards == "ref":
        landed = write(learner.repo, body=lambda tx: _discard_apart(tx, outcome), ref=DISCARDS_REF)
    commit = landed.commits[-1] if landed.commits else None
    return replace(outcome, commit=commit, landed=landed)


def rehearse(learner: Learner, transcript: Transcript) -> Outcome:
    """What `ingest` would decide now; nothing is written."""
    candidate = _candidate(learner, transcript)
    if isinstance(candidate, Outcome):
        return candidate
    outcome, _ = _settled(learner, Transaction(learner.repo, learner.ref, _tip(learner)), transcript, candidate)
    return outcome


def attempt_key(learner: Learner, transcript: Transcript) -> str:
    """The key under which an attempt is applied once: the same conversation, user and hint give the same."""
    text = "\0".join([transcript.digest, learner.user, learner.hint or ""])
    return base64.b32encode(hashlib.sha256(text.encode()).digest()).decode()[:26]


def _tip(learner: Learner) -> str | None:
    return learner.repo.tip(learner.ref) or learner.repo.tip("HEAD")


def _candidate(learner: Learner, transcript: Transcript) -> Candidate | Outcome:
    """What the transcript teaches, every quote checked; an Outcome where it teaches nothing, or did already."""
    done = _applied(learner, _tip(learner), attempt_key(learner, transcript))
    if done:
        return done
    said = without_secrets(transcript)
    found = extract_offline.extract(said, hint=learner.hint)
    if isinstance(found, Abstention):
        return Outcome("none", found.reason)
    loose = unsupported(found, said)
    rules = tuple(rule for rule in found.rules if rule not in loose)
    steps = tuple(step for step in found.steps if step not in loose)
    if not rules and not steps:
        return Outcome("none", "no rule could be traced to the user's words")
    rules, steps = (tuple(rule for rule in told if PLACEHOLDER not in rule.text) for told in (rules, steps))
    if not rules and not steps:
        return Outcome("none", "all that was said holds a secret")
    return replace(found, rules=rules, steps=steps)


def _applied(learner: Learner, tip: str | None, attempt: str) -> Outcome | None:
    refs = [tip, learner.repo.tip(DISCARDS_REF) if learner.discards == "ref" else None]
    for ref in refs:
        commit = ledger.applied(learner.repo, ref, attempt)
        if commit:
            return Outcome("none", f"this conversation is in the history already, at {commit[:10]}", commit=None)
    return None


def _settled(
    learner: Learner, tx: Transaction, transcript: Transcript, candidate: Candidate
) -> tuple[Outcome, Change | None]:
    """Decide on the transaction's tip; the change that the decision makes is still to be recorded."""
    attempt = attempt_key(learner, transcript)
    done = _applied(learner, tx.tip, attempt)
    if done:
        return done, None
    known = tx.repo.skills(tx.tip)
    learner.index.sync(known, tx.repo.read)
    verdict = decide(
        candidate,
        user=learner.user,
        skills=known,
        load=lambda path: skills.read(tx.repo, known[path], path),
        index=learner.index,
    )
    change = _change(verdict, transcript, candidate, attempt)
    recorded, after = describe(tx, change)
    outcome = Outcome(verdict.action, verdict.reason, candidate, recorded, before=verdict.before, after=after)
    return outcome, replace(change, after=after)


def _discard_apart(tx: Transaction, outcome: Outcome) -> None:
    assert outcome.recorded is not None
    tx.commit(encode(outcome.recorded), {})


def _change(verdict: Verdict, transcript: Transcript, candidate: Candidate, attempt: str) -> Change:
    return Change(
        action=verdict.action,
        path=verdict.path,
        before=verdict.before,
        after=verdict.after,
        summary=_summary(verdict, candidate),
        score=verdict.score,
        nearest=verdict.nearest,
        reason=verdict.reason,
        learner=extract_offline.VERSION,
        attempt=attempt,
        evidence=_quotes(transcript, candidate),
    )


def _cited(transcript: Transcript, candidate: Candidate) -> dict[int, str]:
    """The turns that a candidate quotes, without secrets."""
    turns = {each.turn for each in candidate.evidence}
    return {turn: redact(transcript.turns[turn].text) for turn in sorted(turns)}


def _quotes(transcript: Transcript, candidate: Candidate) -> tuple[Quote, ...]:
    """Each cited passage once, in order; one that stands in another of its turn says nothing more."""
    said = list(dict.fromkeys((each.turn, each.quote) for each in candidate.evidence))
    return tuple(
        Quote(transcript.digest, turn, quote)
        for turn, quote in said
        if not any(other != quote and quote in other for place, other in said if place == turn)
    )


def _summary(verdict: Verdict, candidate: Candidate) -> str:
    if verdict.action == "discard":
        return verdict.reason
    if verdict.action == "add" and not candidate.rules:
        return " -> ".join(step.text for step in candidate.steps)
    first = verdict.hunks[0].new
    return first + (f" (and {len(verdict.hunks) - 1} more)" if len(verdict.hunks) > 1 else "")
