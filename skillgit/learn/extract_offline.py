"""The offline learner: one candidate from the user's own words, by rules, without a model or a network.

A turn teaches when it says how work is to be done beyond this piece of it: explicitly ("from now
on", "our convention is"), or by correcting the manner of work already delivered ("no tables").
First requests, however detailed, questions, small talk, errands at a service desk, roles to play
and changes bound to one place of one text teach nothing, but for what they say of all such work
("in release notes, always ..."). The default is to abstain.

Method: `offline/judge.py` for the turns, `offline/rules.py` for the text, `offline/task.py` for the name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from skillgit.learn import extract_document
from skillgit.learn.candidate import Abstention, Candidate, Rule
from skillgit.learn.offline.directives import read_directives
from skillgit.learn.offline.force import Force, Reach
from skillgit.learn.offline.judge import TurnVerdict, Watch, judge_turns
from skillgit.learn.offline.language import languages
from skillgit.learn.offline.order import steps, without_steps
from skillgit.learn.offline.rules import distil
from skillgit.learn.offline.setting import Setting, read_setting
from skillgit.learn.offline.task import Request, Task, opens_with_code_work, request_of, task_of_rules
from skillgit.transcripts import document
from skillgit.transcripts.model import Transcript

__all__ = ["VERSION", "TurnVerdict", "extract", "judge_turns", "openings"]

VERSION = "offline/1"
_MOST_TRIGGERS = 3


@dataclass(slots=True)
class _Topic:
    """The turns about one job, from the request that opens it to the next; `coding` where it is on code.

    It grows by a turn at a time, of which there may be tens of thousands.
    """

    task: Task | None = None
    triggers: list[str] = field(default_factory=list)
    verdicts: list[TurnVerdict] = field(default_factory=list)
    coding: bool = False

    @property
    def durable(self) -> tuple[TurnVerdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.durable)


def extract(transcript: Transcript, *, hint: str | None = None, watch: Watch = iter) -> Candidate | Abstention:
    """Propose at most one skill from what the user said; an abstention gives the reason in words.

    With a `hint` the user has asked to learn: turns whose cues alone would not do are taken too. A document was given
    to be learned, and states what it states: `extract_document.py`. `watch` passes the turns on, for a progress bar.
    """
    if transcript.format == document.NAME:
        return extract_document.extract(transcript)
    setting = read_setting(transcript)
    verdicts = judge_turns(transcript, setting=setting, watch=watch)
    if hint is not None and not any(verdict.durable for verdict in verdicts):
        verdicts = _encouraged(verdicts, transcript, setting=setting)
    topics = _topics(verdicts, transcript, setting=setting)
    rated = [(topic, distil(topic.durable, codes=setting.usual)) for topic in reversed(topics)]
    best, rules = max(rated, key=lambda pair: len(pair[1]))
    if not rules:
        return Abstention(_reason(verdicts))
    left_out = sum(len(topic.durable) for topic in topics if topic is not best)
    return _candidate(best, rules, setting=setting, left_out=left_out)


def openings(transcript: Transcript) -> tuple[int, ...]:
    """The turns of the user that open a job: the first one, and each that asks for another."""
    setting = read_setting(transcript)
    topics = _topics(judge_turns(transcript, setting=setting), transcript, setting=setting)
    return tuple(topic.verdicts[0].turn for topic in topics if topic.verdicts)


def _encouraged(
    verdicts: tuple[TurnVerdict, ...], transcript: Transcript, *, setting: Setting
) -> tuple[TurnVerdict, ...]:
    """The turns with the strongest directives, whatever else speaks against them."""
    read = []
    for verdict in verdicts:
        text = transcript.turns[verdict.turn].text
        found = verdict.directives or read_directives(text, languages(text, usual=setting.usual))
        read.append(replace(verdict, directives=found))
    forces = [directive.force for verdict in read for directive in verdict.directives]
    strongest = max(forces, default=Force.NONE)
    return tuple(
        replace(verdict, durable=True, why="asked to learn", directives=kept)
        if (kept := tuple(directive for directive in verdict.directives if directive.force == strongest))
        else verdict
        for verdict in read
    )


def _reason(verdicts: tuple[TurnVerdict, ...]) -> str:
    """The reasons of the turns, each once, in order."""
    reasons = tuple(dict.fromkeys(verdict.why for verdict in verdicts))
    return f"nothing durable: {'; '.join(reasons[:4])}" if reasons else "no turn of the user"


def _topics(verdicts: tuple[TurnVerdict, ...], transcript: Transcript, *, setting: Setting) -> tuple[_Topic, ...]:
    topics = [_Topic()]
    for verdict in verdicts:
        text = transcript.turns[verdict.turn].text
        request = request_of(text, languages(text, usual=setting.usual))
        if request and _is_new(request, verdict):
            if request.task and request.task.name != _name(topics[-1]):
                topics.append(_Topic(request.task))
            topics[-1].triggers.append(request.trigger)
        topics[-1].verdicts.append(verdict)
        topics[-1].coding = topics[-1].coding or opens_with_code_work(text)
    return tuple(topics)


def _name(topic: _Topic) -> str:
    return topic.task.name if topic.task else ""


def _is_new(request: Request, verdict: TurnVerdict) -> bool:
    """False of a turn that teaches and only looks like a request: it belongs to the job at hand."""
    lasting = any(directive.reach == Reach.LASTING for directive in verdict.directives)
    return not verdict.durable or (request.opens and lasting)


def _candidate(topic: _Topic, rules: tuple[Rule, ...], *, setting: Setting, left_out: int) -> Candidate:
    order = steps(topic.durable, codes=setting.usual)
    said = tuple(rule.text for rule in rules)
    task = topic.task or task_of_rules(
        said, codes=setting.usual, ordered=bool(order), agent=setting.agent or topic.coding
    )
    return Candidate(
        name=task.name,
        title=task.title,
        description=task.description,
        rules=without_steps(rules, order),
        steps=order,
        triggers=tuple(dict.fromkeys(topic.triggers))[:_MOST_TRIGGERS],
        left_out=left_out,
    )
