"""What a learner proposes: at most one skill, every rule of it said by the user."""

from __future__ import annotations

from dataclasses import dataclass

from skillgit.transcripts.model import Transcript


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a rule comes from: `turn` indexes `Transcript.turns`, `quote` stands in that turn."""

    turn: int
    quote: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One atomic instruction, one line of Markdown text without its list marker."""

    text: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Candidate:
    """At most one of these comes out of an attempt.

    `name` is a slug (a valid skill name), `title` the heading of the body, `description`
    at most 1,024 characters that say what and when. `steps` are in the user's order and
    empty unless the user gave an order of work. `triggers` are requests of the user that
    this skill is for. `left_out` counts durable turns of other topics that were not taken.
    `remarks` say what else there is to know about how it came about, a line each.
    """

    name: str
    title: str
    description: str
    rules: tuple[Rule, ...]
    steps: tuple[Rule, ...] = ()
    triggers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    left_out: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every quote the candidate rests on, in the order of its rules, then its steps."""
        return tuple(rule.evidence for rule in self.rules + self.steps)


@dataclass(frozen=True, slots=True)
class Abstention:
    """Nothing durable was found, and why, in one line of words."""

    reason: str


def unsupported(candidate: Candidate, transcript: Transcript) -> tuple[Rule, ...]:
    """The rules whose quote does not stand in a user turn of the transcript."""
    return tuple(rule for rule in candidate.rules + candidate.steps if not _stands(rule.evidence, transcript))


def _stands(evidence: Evidence, transcript: Transcript) -> bool:
    said = dict(transcript.user_turns()).get(evidence.turn)
    return said is not None and bool(evidence.quote.strip()) and evidence.quote in said.text
