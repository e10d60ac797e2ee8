"""Learning over HTTP: a conversation becomes a job, on the disk before its client hears of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from skillgit.errors import Unreadable
from skillgit.learn import ingest
from skillgit.learn.candidate import Rule as Lesson
from skillgit.learn.jobs import Job, Wanted, jobs, new_id, transcript
from skillgit.learn.learner import Outcome
from skillgit.serve import conversation, formats
from skillgit.serve.api.lesson_shapes import (
    Before,
    Conversations,
    Extract,
    Extraction,
    Extractions,
    Rule,
    Simulation,
    Verdict,
)
from skillgit.serve.api.operation import Ask, Reply
from skillgit.serve.api.shapes import Fault, Nothing
from skillgit.serve.desk import Hands
from skillgit.serve.model import learner_of
from skillgit.serve.problem import Problem
from skillgit.skills.document import Document
from skillgit.transcripts import detect
from skillgit.transcripts.model import Diagnostic, Item, Transcript

_MOST: Final = 1_000
"""Conversations that one upload may hold."""


async def create(ask: Ask[Nothing, Extract]) -> Reply:
    """A job that learns from a conversation."""
    name = new_id()
    await ask.server.ask(partial(_wanted, ask.user, ask.body.messages, hint=ask.body.hint), name=name)
    made = await ask.server.desk.do("read", partial(look, ask.user, name))
    return Reply(made, {"Location": f"/v1/skillgit/extractions/{name}"})


async def upload(ask: Ask[Nothing, bytes]) -> Conversations:
    """A job for each conversation of a file, in whatever format it is."""
    made = await ask.server.desk.do("long", partial(_queued, ask))
    ask.server.worker.wake()
    return made


def one(ask: Ask[Nothing, None], hands: Hands) -> Extraction:
    """A job of the user's."""
    return look(ask.user, ask.path["extraction"], hands)


def listed(ask: Ask[Before, None], hands: Hands) -> Extractions:
    """A part of the jobs of the user's, the newest first."""
    wants = ask.query
    with jobs(hands.repo) as queue:
        found = queue.list(user=ask.user, limit=wants.limit + 1, before=wants.before or None)
    here = found[: wants.limit]
    return Extractions(data=[shape(job) for job in here], next=here[-1].created if len(found) > len(here) else 0)


def simulate(ask: Ask[Nothing, Extract], hands: Hands) -> Simulation:
    """What an extraction would decide; nothing is recorded."""
    read = transcript(conversation.kept(ask.body.messages))
    learns = learner_of(hands.repo, hands.index, ask.user, hint=ask.body.hint or None)
    return _simulation(ingest.rehearse(learns, read), learns.name)


def look(user: str, name: str, hands: Hands) -> Extraction:
    """The job of this name. Raises Problem, 404, where the user has none."""
    with jobs(hands.repo) as queue:
        job = queue.get(name, user=user)
    if job is None:
        raise Problem(404, "no such extraction")
    return shape(job)


def shape(job: Job) -> Extraction:
    """A job as clients get it."""
    said = Verdict(decision=job.decision, reason=job.reason, skill=job.skill, version=job.version, commit=job.commit)
    return Extraction(
        id=job.id,
        state=job.state,
        trigger=job.trigger,
        hint=job.hint,
        created=datetime.fromtimestamp(job.created, UTC),
        changed=datetime.fromtimestamp(job.changed, UTC),
        tries=job.tries,
        error=job.error,
        result=said if job.state == "done" else None,
    )


def _wanted(user: str, messages: list[Any], *, hint: str = "") -> Wanted:
    digests = conversation.digests(formats.user_turns(messages))
    return Wanted(user, conversation.kept(messages), digests, "now", hint)


def _queued(ask: Ask[Nothing, bytes], hands: Hands) -> Conversations:
    try:
        found = list(_at_most(detect.read(ask.body)))
    except Unreadable as err:
        raise Problem(422, err.message, hint=err.hint) from err
    said = [_wanted(ask.user, _messages(each)) for each in found if isinstance(each, Transcript)]
    names = [new_id() for _ in said]
    with jobs(hands.repo) as queue:
        for name, wanted in zip(names, said, strict=True):
            queue.add(wanted, name=name, due=time.time())
    return Conversations(
        data=[look(ask.user, name, hands) for name in names],
        left_out=[_fault(each) for each in found if isinstance(each, Diagnostic)],
    )


def _at_most(items: Iterator[Item]) -> Iterator[Item]:
    for number, item in enumerate(items):
        if number >= _MOST:
            raise Problem(422, f"a file may hold {_MOST} conversations", hint="send it in parts")
        yield item


def _messages(read: Transcript) -> list[Any]:
    """A conversation as messages; what another agent wrote in the user's name is not the user's."""
    spoken = (turn for turn in read.turns if turn.role != "reasoning" and not (read.subagent and turn.role == "user"))
    return [
        {"role": "tool", "tool_call_id": turn.call_id or "", "content": turn.text, "is_error": turn.ok is False}
        if turn.role == "tool"
        else {"role": turn.role, "content": turn.text}
        for turn in spoken
    ]


def _fault(said: Diagnostic) -> Fault:
    return Fault(place=f"line {said.line}" if said.line else "", problem=said.message)


def _simulation(outcome: Outcome, name: str) -> Simulation:
    found, recorded = outcome.candidate, outcome.recorded
    return Simulation(
        decision=outcome.decision,
        reason=outcome.reason,
        skill=outcome.skill or "",
        version=outcome.version or "",
        score=recorded.score if recorded else None,
        nearest=recorded.nearest or "" if recorded else "",
        name=found.name if found else "",
        description=found.description if found else "",
        rules=[_rule(rule) for rule in found.rules] if found else [],
        steps=[_rule(step) for step in found.steps] if found else [],
        learner=name,
        before=_text(outcome.before),
        after=_text(outcome.after),
    )


def _rule(lesson: Lesson) -> Rule:
    return Rule(text=lesson.text, turn=lesson.evidence.turn, quote=lesson.evidence.quote)


def _text(document: Document | None) -> str:
    return document.render().decode() if document else ""
