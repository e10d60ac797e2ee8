"""What a route is, and what every route begins with: who asks, how often, and with what body."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import unquote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp

from skillgit.errors import SkillgitError
from skillgit.serve import formats
from skillgit.serve.answering import LEFT
from skillgit.serve.formats import Format
from skillgit.serve.identity import Caller
from skillgit.serve.problem import Problem
from skillgit.serve.server import Server

Endpoint: TypeAlias = Callable[[Request], Awaitable[ASGIApp]]
Refuse: TypeAlias = Callable[[Request, int, SkillgitError], Response]
"""How an error is answered, with a status."""

SECURITY: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}
"""Headers of every answer that is our own."""

USER: Final = "skillgit-user"
"""The header by which a key that may act for others says for whom it does."""

_SLOW = 60.0  # seconds that a client has to send its request


@dataclass(frozen=True, slots=True)
class Row:
    """One route of the table. Its endpoint begins with `enter`, or is for everybody.

    Its errors are JSON that looks as in `wire`, but for those that `refuse` answers.
    """

    method: str
    path: str
    endpoint: Endpoint
    wire: Format = formats.CHAT
    refuse: Refuse | None = None


def enter(request: Request) -> tuple[Server, Caller]:
    """The server, and who asks it. Raises Problem where nobody may, or not so often."""
    server: Server = request.app.state.server
    caller = server.gate.caller(request)
    server.limit.count(caller.user)
    return server, caller


def acting(request: Request, caller: Caller) -> Caller:
    """Who asks, for the user that the request names. Raises Problem where the key may not act for that one."""
    named = request.headers.get(USER)
    return caller.acting_for(unquote(named)) if named else caller


async def body(request: Request, *, limit: int, seconds: float = _SLOW) -> bytes:
    """The body of a request. Raises Problem where it is longer than `limit` bytes, or too slow in coming."""
    try:
        async with asyncio.timeout(seconds):
            return await _whole(request, limit)
    except TimeoutError as err:
        raise Problem(408, f"the request did not come within {seconds:g} s") from err
    except ClientDisconnect as err:
        raise Problem(LEFT, "the client has left") from err


async def _whole(request: Request, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise Problem(413, f"the request is longer than {limit >> 20} MiB")
        chunks.append(chunk)
    return b"".join(chunks)
