"""What becomes of a job, as events: one for each state that is seen, and then the end.

    event: state
    data: {"id": "...", "state": "running", ...}

    event: end
    data: {"id": "...", "state": "done", ...}

The stream ends with the job, or when the time is up, and its connection with it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Final

import msgspec

from skillgit.serve.api import extractions
from skillgit.serve.api.lesson_shapes import Extraction, Patience
from skillgit.serve.api.operation import Ask, Reply
from skillgit.serve.problem import Problem

_LIVE: Final = ("waiting", "running")
_FIRST, _LONGEST = 0.05, 1.0
"""Seconds between the first two looks, and at the most: each pause is half as long again as the one before."""
_SILENCE: Final = 15.0
"""Seconds after which a comment says that the connection is alive."""


async def follow(ask: Ask[Patience, None]) -> Reply:
    """The states of a job as they come. Raises Problem, 404, before anything is sent."""
    now = await _look(ask)
    return Reply(_events(ask, now), {"X-Accel-Buffering": "no"})


async def _events(ask: Ask[Patience, None], now: Extraction) -> AsyncIterator[bytes]:
    until, told, pause = time.monotonic() + ask.query.timeout, time.monotonic(), _FIRST
    yield _event("state", now)
    while now.state in _LIVE and time.monotonic() < until:
        await asyncio.sleep(min(pause, max(until - time.monotonic(), 0)))
        pause = min(1.5 * pause, _LONGEST)
        try:
            last, now = now, await _look(ask)
        except Problem:  # it was pruned
            break
        if now != last:
            yield _event("state", now)
            told, pause = time.monotonic(), _FIRST
        elif time.monotonic() - told > _SILENCE:
            yield b": still at it\n\n"
            told = time.monotonic()
    yield _event("end", now)


async def _look(ask: Ask[Patience, None]) -> Extraction:
    return await ask.server.desk.do("read", partial(extractions.look, ask.user, ask.path["extraction"]))


def _event(name: str, said: Extraction) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), msgspec.json.encode(said))
