"""Retrieval, extractions and the index, as AutoSkill's clients ask for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

import msgspec

from skillgit.serve import formats
from skillgit.serve.api import extractions, places, searching, state
from skillgit.serve.api import lesson_shapes as lessons
from skillgit.serve.api import search_shapes as searches
from skillgit.serve.api import shapes as own
from skillgit.serve.api.autoskill import told
from skillgit.serve.api.autoskill.shapes import (
    Event,
    EventOf,
    Events,
    Foreseen,
    Hit,
    Hits,
    ImportedRecords,
    Listing,
    Loose,
    MdOf,
    Preview,
    Question,
    Rebuild,
    Records,
    Remade,
    Simulated,
    Status,
    VectorRebuild,
    Vectors,
    VectorStatus,
    Waiting,
)
from skillgit.serve.api.operation import Ask, Reply
from skillgit.serve.api.places import Place
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem

_STATUS: Mapping[str, Status] = {"waiting": "scheduled", "running": "running", "failed": "failed"}
_LIVE: Final = ("scheduled", "running")
_PAUSE: Final = 0.2
_LEARNED: Final = ("add", "merge")


async def search(ask: Ask[Loose, Question]) -> Hits:
    """The skills that answer a query, without a rewrite. Raises Problem, 422, where there is none."""
    ask, wants, query = told.whose(ask), ask.body, _query(ask.body)
    if not query:
        raise Problem(422, "a 'query' is needed")
    asked = searches.Asked(query=query, scope=told.scope(wants.scope), limit=wants.limit, min_score=wants.min_score)
    hits = await _hits(ask, (await searching.search(ask.of(own.Nothing(), asked))).data)
    return Hits(
        query=query, user=ask.user, scope=wants.scope, data=hits, data_user=_users(hits), data_library=_common(hits)
    )


async def preview(ask: Ask[Loose, Question]) -> Preview:
    """What a request to a model would get. Raises Problem, 422, where nothing is said."""
    ask, wants, query = told.whose(ask), ask.body, _query(ask.body)
    _said_something(wants)
    asked = searches.Turns(
        messages=wants.messages,
        query=query,
        scope=told.scope(wants.scope),
        limit=wants.limit,
        min_score=wants.min_score,
    )
    found = await searching.preview(ask.of(own.Nothing(), asked))
    hits = await _hits(ask, found.data)
    turns = formats.user_turns(wants.messages)
    latest = query or (turns[-1].text if turns else "")
    used = [hit for hit, each in zip(hits, found.data, strict=True) if each.path in found.injected]
    return Preview(
        user=ask.user,
        scope=wants.scope,
        query=latest,
        original_query=latest,
        latest_user_query=latest,
        rewritten_query=found.query if found.query != latest else None,
        search_query=found.query,
        event_time=_now(),
        top_k=int(wants.limit) if wants.limit else None,
        min_score=wants.min_score,
        hits=hits,
        hits_user=_users(hits),
        hits_library=_common(hits),
        selected_for_use_ids=[hit.id for hit in used],
        selected_for_context_ids=[hit.id for hit in used],
        selected_skills=[hit.skill for hit in used],
        context_injected=bool(used),
        context=found.context,
    )


async def create(ask: Ask[Loose, Question]) -> EventOf:
    """A job that learns from a conversation, or from a query alone."""
    ask = told.whose(ask)
    reply = await extractions.create(ask.of(own.Nothing(), _lesson(ask.body)))
    return EventOf(
        data=await ask.server.desk.do("read", partial(event, ask.user, cast(lessons.Extraction, reply.content)))
    )


def simulate(ask: Ask[Loose, Question], hands: Hands) -> Simulated:
    """What an extraction would come to, and why."""
    ask = told.whose(ask)
    found = extractions.simulate(ask.of(own.Nothing(), _lesson(ask.body)), hands)
    skills = [
        Foreseen(
            name=found.name,
            description=found.description,
            instructions="\n".join(f"- {rule.text}" for rule in (*found.rules, *found.steps)),
            decision=found.decision,
            reason=found.reason,
        )
    ]
    return Simulated(user=ask.user, count=len(skills) if found.name else 0, skills=skills if found.name else [])


def latest(ask: Ask[Loose, None], hands: Hands) -> EventOf:
    """The newest extraction."""
    ask = told.whose(ask)
    found = extractions.listed(ask.of(lessons.Before(limit=1), None), hands).data
    return EventOf(data=event(ask.user, found[0], hands) if found else None)


def listed(ask: Ask[Listing, None], hands: Hands) -> Events:
    """The extractions, the newest first."""
    ask = told.whose(ask)
    found = extractions.listed(ask.of(lessons.Before(limit=min(ask.query.limit, 200)), None), hands).data
    return Events(user=ask.user, data=[event(ask.user, each, hands) for each in found])


def one(ask: Ask[Loose, None], hands: Hands) -> EventOf:
    """An extraction."""
    ask = told.whose(ask)
    return EventOf(data=_look(ask, hands))


async def follow(ask: Ask[Waiting, None]) -> Reply:
    """The states of an extraction as they come, and `[DONE]`. Raises Problem, 404, before anything is sent."""
    ask = told.whose(ask)
    return Reply(_events(ask, await ask.server.desk.do("read", partial(_look, ask))), {"X-Accel-Buffering": "no"})


def event(user: str, job: lessons.Extraction, hands: Hands) -> Event:
    """A job as AutoSkill tells it, with the skill that it has changed, as that is now."""
    result = job.result
    learned = [result.skill] if result and result.decision in _LEARNED else []
    known = places.seen(hands, user)
    paths = [path for path in known for skill in learned if path in (skill, f"Users/{skill}")]
    here = [Place(hands.repo.resolve("HEAD"), path, known[path]) for path in paths]
    details = [told.detail(hands, place, with_md=True) for place in here]
    return Event(
        job_id=job.id,
        event_id=job.id,
        trigger="proxy_extract_now" if job.trigger == "now" else "proxy_turn",
        event_time=round(1000 * job.changed.timestamp()),
        status=_STATUS.get(job.state, "completed"),
        user_id=user,
        error=job.error,
        reason=result.reason if result else "",
        upserted=[told.summary(hands, place) for place in here],
        skills=details,
        skill_mds=[MdOf(id=each.id, md=each.skill_md or "") for each in details],
    )


async def records(ask: Ask[Loose, Records]) -> ImportedRecords:
    """Conversations are learned from, as jobs."""
    ask = told.whose(ask)
    made = await extractions.upload(ask.of(own.Nothing(), msgspec.json.encode(ask.body.data)))
    total = len(made.data) + len(made.left_out)
    return ImportedRecords(
        user=ask.user,
        total_conversations=total,
        processed=len(made.data),
        failed=len(made.left_out),
        job_ids=[each.id for each in made.data],
        errors=[f"{each.place}: {each.problem}" for each in made.left_out],
    )


def status(ask: Ask[Loose, None], hands: Hands) -> VectorStatus:
    """How far the index is."""
    return VectorStatus(data=_vectors(told.whose(ask), hands))


def rebuild(ask: Ask[Loose, Rebuild], hands: Hands) -> VectorRebuild:
    """The index is made anew, whole, for all users."""
    ask = told.whose(ask)
    made = state.rebuild(ask.of(own.Nothing(), None), hands)
    return VectorRebuild(data=Remade(user=ask.user, rebuilt=made.skills, status=_vectors(ask, hands)))


async def _events(ask: Ask[Waiting, None], now: Event) -> AsyncIterator[bytes]:
    until = time.monotonic() + ask.query.timeout_s
    yield _sent("update", now)
    while now.status in _LIVE and time.monotonic() < until:
        await asyncio.sleep(_PAUSE)
        last, now = now, await ask.server.desk.do("read", partial(_look, ask))
        if now != last:
            yield _sent("update", now)
    yield _sent("done", now)
    yield b"data: [DONE]\n\n"


def _sent(name: str, said: Event) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), msgspec.json.encode(said))


def _look(ask: Ask[Any, None], hands: Hands) -> Event:
    return event(ask.user, extractions.look(ask.user, ask.path["extraction"], hands), hands)


def _vectors(ask: Ask[Any, Any], hands: Hands) -> Vectors:
    found = state.index(ask, hands)
    missing = max(found.unseen_words, found.unseen_vectors)
    return Vectors(
        user=ask.user, total_skills=found.skills, indexed_skills=found.skills - missing, missing_skills=missing
    )


def _said_something(given: Question) -> None:
    if not given.messages and not _query(given):
        raise Problem(422, "'messages' or a 'query' is needed")


def _lesson(given: Question) -> lessons.Extract:
    _said_something(given)
    query = _query(given)
    said = [{"role": "user", "content": query}] if query and not given.messages else []
    return lessons.Extract(messages=[*given.messages, *said], hint=given.hint)


def _query(given: Question) -> str:
    return given.query or given.q


async def _hits(ask: Ask[Any, Any], found: Sequence[searches.Hit]) -> list[Hit]:
    return await ask.server.desk.do("read", partial(_told, ask.user, found)) if found else []


def _told(user: str, found: Sequence[searches.Hit], hands: Hands) -> list[Hit]:
    known, commit = places.seen(hands, user), hands.repo.resolve("HEAD")
    return [_hit(hands, rank, each, Place(commit, each.path, known[each.path])) for rank, each in enumerate(found, 1)]


def _hit(hands: Hands, rank: int, found: searches.Hit, place: Place) -> Hit:
    skill = told.summary(hands, place)
    is_common = skill.owner.startswith("library:")
    return Hit(
        rank=rank,
        score=found.score,
        id=skill.id,
        name=skill.name,
        description=skill.description,
        resource_paths=skill.resource_paths,
        source=skill.owner if is_common else f"user:{skill.owner}",
        owner=skill.owner,
        version=skill.version,
        skill=skill,
    )


def _users(hits: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in hits if hit.source.startswith("user:")]


def _common(hits: Sequence[Hit]) -> list[Hit]:
    return [hit for hit in hits if not hit.source.startswith("user:")]


def _now() -> int:
    return time.time_ns() // 1_000_000
