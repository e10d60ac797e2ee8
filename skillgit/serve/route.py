"""What a route is, and what every route begins with: who asks, how often, and with what body."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp

from skillgit.serve import formats
from skillgit.serve.answering import LEFT
from skillgit.serve.formats import Format
from skillgit.serve.identity import Caller
from skillgit.serve.problem import Problem
from skillgit.serve.server import Server

Endpoint: TypeAlias = Callable[[Request], Awaitable[ASGIApp]]

SECURITY: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}
"""Headers of every answer that is our own."""

_SLOW = 60.0  # seconds that a client has to send its request


@dataclass(frozen=True, slots=True)
class Row:
    """One route of the table; `wire` is how its errors look. Its endpoint begins with `enter`, or is for everybody."""

    method: str
    path: str
    endpoint: Endpoint
    wire: Format = formats.CHAT


def enter(request: Request) -> tuple[Server, Caller]:
    """The server, and who asks it. Raises Problem where nobody may, or not so often."""
    server: Server = request.app.state.server
    caller = server.gate.caller(request)
    server.limit.count(caller.user)
    return server, caller


async def body(request: Request, *, limit: int) -> bytes:
    """The body of a request. Raises Problem where it is longer than `limit` bytes, or too slow in coming."""
    try:
        async with asyncio.timeout(_SLOW):
            return await _whole(request, limit)
    except TimeoutError as err:
        raise Problem(408, f"the request did not come within {_SLOW:g} s") from err
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
