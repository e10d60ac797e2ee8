"""What a server counts, in the text format that Prometheus reads (0.0.4). Numbers alone: no user, no skill, no word.

    skillgit_requests_total{route="/v1/chat/completions",method="POST",status="200",process="71"} 12

Of several processes the one that is asked tells what it has counted: each has its own series, by its number. The jobs
are those of the repository, whoever is asked.
"""

from __future__ import annotations

import asyncio
import os
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skillgit.errors import DatabaseError
from skillgit.learn.jobs import jobs
from skillgit.serve.answering import LEFT
from skillgit.serve.model import budget
from skillgit.serve.problem import Problem
from skillgit.serve.route import SECURITY, Endpoint, Row, enter
from skillgit.serve.server import Server

MEDIA: Final = "text/plain; version=0.0.4; charset=utf-8"

_BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
_SKILLS: Final = b"skillgit-skills"


class Times:
    """How long the answers of a route took: how many up to each bound and beyond all of them, and all seconds."""

    def __init__(self) -> None:
        self.counts = [0] * (len(_BOUNDS) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(_BOUNDS, seconds)] += 1
        self.seconds += seconds


class Meter:
    """What one process has counted since it began."""

    def __init__(self) -> None:
        self._began = time.time()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._times: dict[str, Times] = {}
        self._skills: Counter[str] = Counter()

    def count(self, row: Row, *, status: int, seconds: float, skills: int) -> None:
        """Count an answer, which came to its end after so long, and the skills that its request was given."""
        self._requests[row.path, row.method, status] += 1
        self._times.setdefault(row.path, Times()).add(seconds)
        if skills:
            self._skills[row.path] += skills

    def lines(self) -> Iterator[str]:
        """What was counted, in the format."""
        yield from _heading("skillgit_requests_total", "counter", "Requests that were answered.")
        for (route, method, status), number in sorted(self._requests.items()):
            yield _sample("skillgit_requests_total", number, route=route, method=method, status=str(status))
        yield from _heading("skillgit_request_seconds", "histogram", "Seconds until an answer came to its end.")
        for route, times in sorted(self._times.items()):
            yield from _histogram("skillgit_request_seconds", times, route)
        yield from _heading("skillgit_skills_total", "counter", "Skills that were put into requests.")
        for route, number in sorted(self._skills.items()):
            yield _sample("skillgit_skills_total", number, route=route)
        yield from _heading("skillgit_start_time_seconds", "gauge", "When the process began, in seconds since 1970.")
        yield _sample("skillgit_start_time_seconds", self._began)


def metered(row: Row, endpoint: Endpoint) -> Endpoint:
    """The endpoint, whose answers are counted."""

    async def counted(request: Request) -> ASGIApp:
        began = time.monotonic()
        return partial(_watched, await endpoint(request), row, began)

    return counted


async def metrics(request: Request) -> ASGIApp:
    """What was counted. Raises Problem, 403, for the key of one user: the numbers are about all."""
    server, caller = enter(request)
    if caller.key and not caller.acts:
        raise Problem(403, "this key may not see what others do; one of 'skillgit keys add --for-users' may")
    meter: Meter = request.app.state.meter
    states = await asyncio.to_thread(_jobs, server)
    tokens = await server.desk.do("read", lambda hands: budget(hands.repo).spent)
    lines = [*meter.lines(), *_learning(server, states), *_tokens(tokens)]
    return Response("\n".join(lines) + "\n", headers={**SECURITY, "Content-Type": MEDIA})


async def _watched(answer: ASGIApp, row: Row, began: float, scope: Scope, receive: Receive, send: Send) -> None:
    status, skills = LEFT, 0

    async def sending(message: Message) -> None:
        nonlocal status, skills
        if message["type"] == "http.response.start":
            status = message["status"]
            skills = _given(message.get("headers", ()))
        await send(message)

    try:
        await answer(scope, receive, sending)
    finally:
        meter: Meter = scope["app"].state.meter
        meter.count(row, status=status, seconds=time.monotonic() - began, skills=skills)


def _given(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """How many skills an answer says that its request was given."""
    return sum(value.count(b",") + 1 for name, value in headers if name == _SKILLS)


def _jobs(server: Server) -> dict[str, int]:
    try:
        with jobs(server.repo) as queue:
            return queue.count()
    except DatabaseError as err:
        raise Problem(503, "the jobs cannot be read") from err


def _learning(server: Server, states: dict[str, int]) -> Iterator[str]:
    yield from _heading("skillgit_jobs", "gauge", "Conversations that are to be learned from, or were, by their state.")
    for state in ("waiting", "running", "done", "failed", "superseded"):
        yield f'skillgit_jobs{{state="{state}"}} {states.get(state, 0)}'
    yield from _heading("skillgit_learner_up", "gauge", "Whether the process that learns is there.")
    yield _sample("skillgit_learner_up", int(server.worker.pid is not None))


def _tokens(number: int) -> Iterator[str]:
    yield from _heading(
        "skillgit_model_tokens", "gauge", "Tokens that the model has used today (UTC), here as a whole."
    )
    yield f"skillgit_model_tokens {number}"


def _histogram(name: str, times: Times, route: str) -> Iterator[str]:
    below = 0
    for bound, number in zip([*map(str, _BOUNDS), "+Inf"], times.counts, strict=True):
        below += number
        yield _sample(f"{name}_bucket", below, route=route, le=bound)
    yield _sample(f"{name}_sum", round(times.seconds, 6), route=route)
    yield _sample(f"{name}_count", below, route=route)


def _heading(name: str, kind: str, text: str) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"


def _sample(name: str, value: float, **labels: str) -> str:
    told = ",".join(f'{label}="{text}"' for label, text in {**labels, "process": str(os.getpid())}.items())
    return f"{name}{{{told}}} {value}"
