"""One request to a model: its skills before it goes out, a job after its answer has come.

    who asks -> what is asked -> the skills for that -> the same bytes with the skills in them -> the upstream
                                                        the same answer, as it comes           <-
                                                        a job that learns from it, once it is whole

Nothing of ours can break an answer: where there are no skills, for whatever reason, the request goes out without.
"""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.types import ASGIApp

from skillgit.learn.jobs import Trigger, Wanted, new_id
from skillgit.models.relay import Headers
from skillgit.models.upstream import Upstream
from skillgit.search.hit import Hit
from skillgit.serve import audit, conversation, formats, options, splice
from skillgit.serve.answering import HOP_BY_HOP, Passing, pass_on
from skillgit.serve.formats import Format
from skillgit.serve.identity import Caller, is_ours
from skillgit.serve.options import HEADER, Learn, Options
from skillgit.serve.problem import Problem
from skillgit.serve.retrieval import Found, Wish
from skillgit.serve.route import body, enter
from skillgit.serve.server import Server
from skillgit.serve.splice import Member
from skillgit.transcripts.model import Turn

_OURS = HOP_BY_HOP | {b"host", b"content-length", b"expect"}
_PREFIX = HEADER.encode()
_KEYS = (b"authorization", b"x-api-key")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was understood: its text and members, both empty where it is no object of JSON."""

    text: str = ""
    members: tuple[Member, ...] = ()
    named: Mapping[str, Member] = field(default_factory=dict)
    options: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What there is to learn from a request, once it is answered."""

    name: str
    trigger: Trigger
    messages: list[Any]
    turns: tuple[Turn, ...]

    def wanted(self, user: str, hint: str) -> Wanted:
        """The job for it."""
        return Wanted(user, conversation.kept(self.messages), conversation.digests(self.turns), self.trigger, hint)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what is to become of it: what is sent, with which skills in it, and what there is to learn."""

    request: Request
    server: Server
    wire: Format
    caller: Caller
    content: bytes
    options: Options = field(default_factory=Options)
    found: Found = field(default_factory=Found)
    lesson: Lesson | None = None


async def plain(request: Request, *, wire: Format) -> ASGIApp:
    """Passed on as it is."""
    server, caller = enter(request)
    content = await body(request, limit=server.rules.max_body)
    return _passed_on(Exchange(request, server, wire, caller, content))


async def converse(request: Request, *, wire: Format, learns: bool) -> ASGIApp:
    """Passed on with the skills for it in its system prompt, and learned from when the answer has come."""
    server, caller = enter(request)
    content = await body(request, limit=server.rules.max_body)
    asked = understood(content, request.headers)
    client_id = asked.options.user or (wire.user(asked.named) if caller.acts else "")
    caller = caller.acting_for(client_id) if client_id else caller
    bare, _ = _edited(asked, wire, Found())
    as_it_is = Exchange(request, server, wire, caller, bare.encode() if bare else content, asked.options)
    try:
        exchange = await _with_skills(as_it_is, asked, learns=learns)
    except Exception:  # a bug of ours is no reason for no answer
        audit.trouble(traceback.format_exc())
        exchange = as_it_is
    return _passed_on(exchange)


def understood(content: bytes, headers: Mapping[str, str]) -> Asked:
    """A request as far as it can be read. Raises UsageError for options that are none."""
    try:
        text = content.decode()
        members = tuple(splice.members(text))
    except (ValueError, RecursionError):
        return Asked(options=options.read(headers, None))
    own = [each for each in members if each.key == "skillgit"]
    if len(own) > 1:
        raise Problem(400, "'skillgit' stands twice in the request")
    named = {each.key: each for each in members}  # of doubled ones the last, as parsers have it
    return Asked(text, members, named, options.read(headers, own[0].value if own else None))


async def _with_skills(exchange: Exchange, asked: Asked, *, learns: bool) -> Exchange:
    messages = exchange.wire.messages(asked.named)
    turns = formats.user_turns(messages)
    text, found = _edited(asked, exchange.wire, await _found(exchange, turns))
    lesson = _lesson(exchange, messages, turns) if learns else None
    if lesson:  # the steps of a loop over tools are given the same skills again, which is no news
        exchange.server.counting.add(found, user=exchange.caller.user)
    return replace(exchange, content=text.encode() if text else exchange.content, found=found, lesson=lesson)


async def _found(exchange: Exchange, turns: Sequence[Turn]) -> Found:
    wants, server = exchange.options, exchange.server
    if not wants.skills or not turns:
        return Found()
    wish = Wish(exchange.caller.user, wants.scope, wants.top_k, wants.min_score)
    return await server.retrieval.find(turns, wish, how=wants.rewrite or server.rules.rewrite)


def _edited(asked: Asked, wire: Format, found: Found) -> tuple[str, Found]:
    """The text to send, "" where the request's own bytes are to be sent, and what of the skills is in it."""
    edits = [splice.without(asked.members, place) for place, each in enumerate(asked.members) if each.key == "skillgit"]
    if found.text:
        added = wire.place(asked.text, asked.named, formats.block(found.text))
        if added is None:
            found = Found(hits=found.hits, trouble="the request has no place for skills", notes=found.notes)
        else:
            edits.append(added)
    return (splice.spliced(asked.text, edits) if edits else ""), found


def _lesson(exchange: Exchange, messages: list[Any], turns: tuple[Turn, ...]) -> Lesson | None:
    if exchange.options.extract_now and turns:
        return Lesson(new_id(), "now", messages, turns)
    if _policy(exchange) == "never" or not formats.ends_with_user(messages):
        return None
    return Lesson(new_id(), "turn", messages, turns)


def _policy(exchange: Exchange) -> Learn:
    return exchange.options.learn or exchange.server.rules.learn


def _passed_on(exchange: Exchange) -> ASGIApp:
    request, injected = exchange.request, exchange.found.injected
    upstream = _upstream(exchange.server.rules.upstreams, request, exchange.wire)
    job = exchange.lesson.name if exchange.lesson else ""
    passing = Passing(
        request.method,
        upstream.at(_path(request))
        + (f"?{query.decode('latin-1')}" if (query := request.scope["query_string"]) else ""),
        _headers(request, upstream, exchange.caller.header),
        exchange.content,
        skills=", ".join(quote(_shown(hit), safe="/@.-") for hit in injected),
        job=job,
        member=_member(injected, job),
        refusal=exchange.wire.refusal,
        ended=partial(_ended, exchange, time.monotonic()),
    )
    return partial(pass_on, exchange.server.relay, passing)


def _path(request: Request) -> str:
    """The path as the client wrote it. Raises Problem where it leads out of the route: our key would go with it."""
    if {".", ".."} & set(re.split(r"[/\\]", request.scope["path"])):
        raise Problem(404, f"no route {request.method} {request.scope['path']}")
    written: bytes = request.scope["raw_path"]
    return written.decode("latin-1")


def _ended(exchange: Exchange, began: float, status: int, whole: bool) -> None:
    """Learn from an answer that is whole, and say what became of the request."""
    caller, found = exchange.caller, exchange.found
    lesson = exchange.lesson if whole and 200 <= status < 300 else None
    if lesson:
        wanted = partial(lesson.wanted, caller.user, exchange.options.hint)
        exchange.server.learn(wanted, name=lesson.name, policy=_policy(exchange))
    audit.record(
        request=f"{exchange.request.method} {exchange.request.scope['path']}",
        status=status,
        whole=None if whole else False,
        ms=round(1000 * (time.monotonic() - began), 1),
        user=caller.user,
        key=caller.key,
        skills=[_shown(hit) for hit in found.injected],
        job=lesson.name if lesson else "",
        trouble=found.trouble,
        notes=list(found.notes),
    )


def _upstream(upstreams: Sequence[Upstream], request: Request, wire: Format) -> Upstream:
    """The upstream that speaks the format of a request, or the first where none says that it does.

    Raises Problem, 503, where there is none.
    """
    if not upstreams:
        raise Problem(503, "there is no upstream to send requests to", hint="start the server with --upstream")
    anthropic = wire is formats.MESSAGES or "anthropic-version" in request.headers
    return next((each for each in upstreams if each.anthropic == anthropic), upstreams[0])


def _headers(request: Request, upstream: Upstream, key: str) -> Headers:
    """The client's headers but for what is about its connection, or for us; the upstream's key where we have it."""
    dropped = {*_OURS, *_named(request), key.encode(), *(_KEYS if upstream.headers else ())}
    own = [
        (name, value)
        for name, value in request.headers.raw
        if name not in dropped and not name.startswith(_PREFIX) and not is_ours(name, value)
    ]
    return [*own, *upstream.headers]


def _named(request: Request) -> set[bytes]:
    """The headers that the client's connection names as its own."""
    named = request.headers.get("connection", "").split(",")
    return {each.strip().lower().encode("latin-1") for each in named}


def _member(injected: Sequence[Hit], job: str) -> str:
    """What an answer that is an object says of its skills."""
    if not injected:
        return ""
    told = {"skills": [{"path": hit.path, "version": hit.version} for hit in injected], "job": job or None}
    return f'"skillgit":{splice.quoted(told)}'


def _shown(hit: Hit) -> str:
    return f"{hit.path}@{hit.version}" if hit.version else hit.path
