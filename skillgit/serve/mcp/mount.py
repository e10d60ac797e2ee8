"""The protocol as a route: who may come in talks to it, each request by itself, with no session to keep or to steal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from typing import Final

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skillgit.serve.desk import Desk
from skillgit.serve.identity import Caller, Gate
from skillgit.serve.limit import Limit
from skillgit.serve.mcp import PATH
from skillgit.serve.mcp.protocol import Context, served
from skillgit.serve.route import Row, acting, body

_CALLER: Final = "skillgit.caller"


@dataclass(frozen=True, slots=True)
class Entrance:
    """Who is let in, how often, and with how many bytes."""

    gate: Gate
    limit: Limit
    max_body: int

    def caller(self, request: Request) -> Caller:
        """Who asks. Raises Problem where nobody may, or not so often."""
        caller = acting(request, self.gate.caller(request))
        self.limit.count(caller.user)
        return caller


@dataclass(frozen=True, slots=True)
class Mount:
    """The route, and the block that it is served in."""

    row: Row
    running: Callable[[], AbstractAsyncContextManager[None]]


def mount(desk: Desk, door: Entrance) -> Mount:
    """The protocol for the skills that a desk has, behind an entrance."""
    manager = StreamableHTTPSessionManager(
        served(desk, _whose), json_response=True, stateless=True, max_request_body_size=door.max_body
    )
    return Mount(Row("POST", PATH, partial(_answered, door=door, manager=manager)), manager.run)


async def _answered(request: Request, *, door: Entrance, manager: StreamableHTTPSessionManager) -> ASGIApp:
    request.scope[_CALLER] = door.caller(request)
    return partial(_read, manager, await body(request, limit=door.max_body))


async def _read(
    manager: StreamableHTTPSessionManager, content: bytes, scope: Scope, receive: Receive, send: Send
) -> None:
    """The answer to a request whose body was read already."""
    unread: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]

    async def receiving() -> Message:
        return unread.pop() if unread else await receive()

    await manager.handle_request(scope, receiving, send)


def _whose(context: Context) -> str:
    """The user whom a request was let in for."""
    assert context.request is not None
    caller: Caller = context.request.scope[_CALLER]
    return caller.user
