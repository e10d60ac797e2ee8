"""One conversation in, one decision out: extract, decide, edit, commit.

    begin     what the history says of it                    reads the repository
    extract   a candidate, held to the user's words           asks the model, or goes by rules
    look      the skills like it                              reads the repository
    decide    what a model says of them                       asks the model
    land      the decision on the newest tip, as a commit     under the lock

Only `extract` and `decide` ask a model, and they touch nothing else: `batch.py` runs them side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from skillgit.changes.record import record
from skillgit.errors import ModelError
from skillgit.git import evidence
from skillgit.git.message import encode
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.learn import decide_model, extract_model, extract_offline, landing, undecided
from skillgit.learn.candidate import Abstention, Candidate, unsupported
from skillgit.learn.decide_model import Near
from skillgit.learn.landing import Decided
from skillgit.learn.learner import DISCARDS_REF, Heard, Learner, Outcome, heard
from skillgit.learn.redact import PLACEHOLDER
from skillgit.models.ports import Chat
from skillgit.transcripts.model import Transcript


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is to decide about: a candidate, and the skills that are like it."""

    chat: Chat
    candidate: Candidate
    near: tuple[Near, ...]


def ingest(learner: Learner, transcript: Transcript) -> Outcome:
    """Learn from one conversation: the decision is committed when this returns.

    Where a model gives no answer that can be used, the conversation is kept (`undecided.py`) and the outcome says so.
    """
    return learn(learner, heard(learner, transcript))


def learn(learner: Learner, said: Heard) -> Outcome:
    """As `ingest`, of a conversation that was heard already."""
    return land(learner, said, found(learner, said))


def rehearse(learner: Learner, transcript: Transcript) -> Outcome:
    """What `ingest` would decide now; nothing is written."""
    said = heard(learner, transcript)
    return foresee(learner, said, found(learner, said))


def begin(learner: Learner, said: Heard) -> Outcome | None:
    """The outcome where the conversation is in the history already; None where it is to be learned from."""
    return landing.applied(learner, learner.tip, said.attempt)


def extract(learner: Learner, said: Heard) -> Candidate | Outcome:
    """What the conversation teaches, every quote checked; an Outcome where it teaches nothing, or none can tell."""
    try:
        found = _proposed(learner, said.transcript)
    except ModelError as err:
        return _not_decided(err)
    if isinstance(found, Abstention):
        return Outcome("none", found.reason)
    loose = unsupported(found, said.transcript)
    rules = tuple(rule for rule in found.rules if rule not in loose)
    steps = tuple(step for step in found.steps if step not in loose)
    if not rules and not steps:
        return Outcome("none", "no rule could be traced to the user's words")
    rules, steps = (tuple(rule for rule in told if rule.evidence.turn >= said.since) for told in (rules, steps))
    if not rules and not steps:
        return Outcome("none", "nothing durable was said since it was last read")
    rules, steps = (tuple(rule for rule in told if PLACEHOLDER not in rule.text) for told in (rules, steps))
    if not rules and not steps:
        return Outcome("none", "all that was said holds a secret")
    return replace(found, rules=rules, steps=steps)


def look(learner: Learner, candidate: Candidate) -> Question | Decided:
    """What to ask a model about a candidate; what is decided without, where none is configured or all was rejected."""
    if learner.chat is None:
        return Decided(candidate)
    now = landing.lesson(learner, candidate, tip=learner.tip)
    return Decided(candidate) if now.rejected else Question(learner.chat, now.candidate, landing.near(learner, now))


def decide(question: Question | Decided) -> Decided | Outcome:
    """What a model decides about a question."""
    if isinstance(question, Decided):
        return question
    try:
        answer = decide_model.decide(question.chat, question.candidate, question.near)
    except ModelError as err:
        return _not_decided(err)
    return Decided(question.candidate, answer)


def land(learner: Learner, said: Heard, found: Decided | Outcome) -> Outcome:
    """What was found, on the newest tip: a commit, or where none could decide a file that keeps the conversation."""
    if isinstance(found, Outcome):
        if found.decision == "undecided":
            undecided.keep(learner, said, found.reason)
        else:
            undecided.drop(learner.repo, said.attempt)
        return found
    outcomes: list[Outcome] = []

    def body(tx: Transaction) -> None:
        outcome, change = landing.settled(learner, tx, said, found=found)
        if change and (outcome.decision != "discard" or learner.discards == "branch"):
            outcome = replace(outcome, recorded=record(tx, change).decision)
            evidence.keep(tx, said.digest, landing.cited(said, found.candidate))
        outcomes[:] = [outcome]

    landed = write(learner.repo, body, ref=learner.ref, park_as=said.attempt.lower())
    outcome = outcomes[0]
    if outcome.decision == "discard" and learner.discards == "ref":
        landed = write(learner.repo, body=lambda tx: _discard_apart(tx, outcome), ref=DISCARDS_REF)
    undecided.drop(learner.repo, said.attempt)
    return replace(outcome, commit=_last(landed), landed=landed)


def foresee(learner: Learner, said: Heard, found: Decided | Outcome) -> Outcome:
    """What `land` would make of it now; nothing is written."""
    if isinstance(found, Outcome):
        return found
    outcome, _ = landing.settled(learner, Transaction(learner.repo, learner.ref, learner.tip), said, found=found)
    return outcome


def found(learner: Learner, said: Heard) -> Decided | Outcome:
    """What there is to land: a candidate with what a model says of it, or what became of the conversation already."""
    candidate = begin(learner, said) or extract(learner, said)
    return candidate if isinstance(candidate, Outcome) else decide(look(learner, candidate))


def _proposed(learner: Learner, transcript: Transcript) -> Candidate | Abstention:
    if learner.chat is None:
        return extract_offline.extract(transcript, hint=learner.hint, watch=learner.watch)
    return extract_model.extract(learner.chat, transcript, hint=learner.hint, budget=learner.budget)


def _not_decided(err: ModelError) -> Outcome:
    return Outcome("undecided", err.message, remarks=(err.hint,) if err.hint else ())


def _discard_apart(tx: Transaction, outcome: Outcome) -> None:
    assert outcome.recorded is not None
    tx.commit(encode(outcome.recorded), {})


def _last(landed: Landed) -> str | None:
    return landed.commits[-1] if landed.commits else None
