"""The offline learner: one candidate from the user's own words, by rules, without a model or a network.

A turn teaches when it says how work is to be done beyond this piece of it: explicitly ("from now
on", "our convention is"), or by correcting the manner of work already delivered ("no tables").
First requests, however detailed, questions, small talk, errands at a service desk, roles to play
and changes bound to one place of one text teach nothing. The default is to abstain.

Method: `offline/judge.py` for the turns, `offline/rules.py` for the text, `offline/task.py` for the name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from skillgit.learn.candidate import Abstention, Candidate, Rule
from skillgit.learn.offline.judge import Force, TurnVerdict, judge_turns, read_directives
from skillgit.learn.offline.language import Languages, languages
from skillgit.learn.offline.rules import distil, polish, steps
from skillgit.learn.offline.setting import read_setting
from skillgit.learn.offline.task import Task, task_of_request, task_of_rules, trigger
from skillgit.transcripts.model import Transcript

__all__ = ["VERSION", "TurnVerdict", "extract", "judge_turns"]

VERSION = "offline/1"
_MOST_TRIGGERS = 3


@dataclass(frozen=True, slots=True)
class _Topic:
    """The turns about one job, from the request that opens it to the next."""

    task: Task | None = None
    requests: tuple[str, ...] = ()
    verdicts: tuple[TurnVerdict, ...] = field(default=())

    @property
    def durable(self) -> tuple[TurnVerdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.durable)


def extract(transcript: Transcript, *, hint: str | None = None) -> Candidate | Abstention:
    """Propose at most one skill from what the user said; an abstention gives the reason in words.

    With a `hint` the user has asked to learn: turns whose cues alone would not do are taken too.
    """
    usual = read_setting(transcript).usual
    verdicts = judge_turns(transcript)
    if hint is not None and not any(verdict.durable for verdict in verdicts):
        verdicts = tuple(_encouraged(verdict, transcript, usual=usual) for verdict in verdicts)
    topics = _topics(verdicts, transcript, usual=usual)
    rated = [(topic, distil(topic.durable, codes=usual)) for topic in topics]
    best, rules = max(reversed(rated), key=lambda pair: len(pair[1]), default=(_Topic(), ()))
    if not rules:
        return Abstention(_reason(verdicts))
    others = sum(len(topic.durable) for topic in topics if topic is not best)
    return _candidate(best, rules, usual=usual, left_out=others)


def _encouraged(verdict: TurnVerdict, transcript: Transcript, *, usual: Languages) -> TurnVerdict:
    text = transcript.turns[verdict.turn].text
    found = verdict.directives or read_directives(text, languages(text, usual=usual))
    firm = tuple(directive for directive in found if directive.force >= Force.PLAIN)
    kept = firm or found
    return replace(verdict, durable=bool(kept), why="asked to learn", directives=kept)


def _reason(verdicts: tuple[TurnVerdict, ...]) -> str:
    """The reasons of the turns, each once, in order."""
    reasons = tuple(dict.fromkeys(verdict.why for verdict in verdicts))
    return f"nothing durable: {'; '.join(reasons[:4])}" if reasons else "no turn of the user"


def _topics(verdicts: tuple[TurnVerdict, ...], transcript: Transcript, *, usual: Languages) -> tuple[_Topic, ...]:
    topics = [_Topic()]
    for verdict in verdicts:
        text = transcript.turns[verdict.turn].text
        codes = languages(text, usual=usual)
        task = task_of_request(text, codes)
        if task and (topics[-1].task is None or task.name != topics[-1].task.name) and not _refines(verdict):
            topics.append(_Topic(task))
        asked = trigger(text, codes) if task else ""
        requests = topics[-1].requests + ((asked,) if asked else ())
        topics[-1] = replace(topics[-1], requests=requests, verdicts=(*topics[-1].verdicts, verdict))
    return tuple(topics)


def _refines(verdict: TurnVerdict) -> bool:
    """True of a requirement that only looks like a request: it belongs to the job at hand."""
    return verdict.durable and not any(directive.lasting for directive in verdict.directives)


def _candidate(topic: _Topic, rules: tuple[Rule, ...], *, usual: Languages, left_out: int) -> Candidate:
    order = steps(topic.durable, codes=usual)
    task = topic.task or task_of_rules(rules, codes=usual, procedure=bool(order))
    return Candidate(
        name=task.name,
        title=polish(task.title, ()),
        description=task.description.replace("<", "").replace(">", ""),
        rules=rules,
        steps=order,
        triggers=tuple(dict.fromkeys(topic.requests))[:_MOST_TRIGGERS],
        left_out=left_out,
    )
