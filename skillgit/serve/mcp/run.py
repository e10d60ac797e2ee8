"""Serving the protocol: to the program that has started us, over its pipes, or to whoever has a key, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import uvicorn
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp

from skillgit.config import setting
from skillgit.git.repo import Repo
from skillgit.serve import audit, run
from skillgit.serve.api.endpoint import USER
from skillgit.serve.app import guarded
from skillgit.serve.desk import Desk
from skillgit.serve.identity import Caller, Gate, is_loopback
from skillgit.serve.limit import Limit
from skillgit.serve.mcp.protocol import Context, served
from skillgit.serve.route import Row
from skillgit.serve.server import gate

PATH: Final = "/mcp"
_GRACE = 20
_CALLER = "skillgit.caller"


@dataclass(frozen=True, slots=True)
class Entrance:
    """Who is let in, how often, and with how many bytes."""

    gate: Gate
    limit: Limit
    max_body: int

    def caller(self, request: Request) -> Caller:
        """Who asks. Raises Problem where nobody may, or not so often."""
        caller = self.gate.caller(request)
        named = request.headers.get(USER)
        caller = caller.acting_for(unquote(named)) if named else caller
        self.limit.count(caller.user)
        return caller


def over_pipes(directory: Path, user: str) -> None:
    """Serve one user over stdin and stdout, until stdin ends; what was begun is done then."""
    asyncio.run(_piped(directory, user))


def over_http(directory: Path, host: str, port: int, tell: Callable[[str], None]) -> None:
    """Serve whoever may come in, until the process is told to end; the address is told when it can be reached."""
    audit.to_stderr()
    made = app(directory, entrance(Repo.open(directory), host))
    with run.listening(host, port) as place:
        tell(f"{run.address(place)}{PATH}")
        config = uvicorn.Config(
            made,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=_GRACE,
            proxy_headers=False,
        )
        uvicorn.Server(config).run(sockets=[place])


def entrance(repo: Repo, host: str) -> Entrance:
    """The entrance to a repository's skills at an address, as the settings of a server have it."""
    rate = setting(repo, "serve.rate").text
    limit = Limit(int(rate) if rate else None)
    return Entrance(gate(repo, is_local=is_loopback(host)), limit, int(setting(repo, "serve.max-body").text) << 20)


def app(directory: Path, door: Entrance) -> Starlette:
    """The application that serves the protocol: each request by itself, with no session to keep or to steal."""
    desk = Desk(directory)
    manager = StreamableHTTPSessionManager(
        served(desk, _whose), json_response=True, stateless=True, max_request_body_size=door.max_body
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with manager.run():
            try:
                yield
            finally:
                await asyncio.to_thread(desk.close)

    row = Row("POST", PATH, partial(_answered, door=door, manager=manager))
    return Starlette(routes=[Route(row.path, guarded(row), methods=[row.method])], lifespan=lifespan)


async def _answered(request: Request, *, door: Entrance, manager: StreamableHTTPSessionManager) -> ASGIApp:
    request.scope[_CALLER] = door.caller(request)
    return manager.handle_request


def _whose(context: Context) -> str:
    """The user whom a request was let in for."""
    assert context.request is not None
    caller: Caller = context.request.scope[_CALLER]
    return caller.user


async def _piped(directory: Path, user: str) -> None:
    desk = Desk(directory)
    made = served(desk, lambda _: user)
    try:
        async with stdio_server() as (incoming, outgoing):
            await made.run(incoming, outgoing, made.create_initialization_options())
    finally:
        await asyncio.to_thread(desk.close)
