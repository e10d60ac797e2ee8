"""Serving the protocol: to the program that has started us, over its pipes, or to whoever has a key, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from mcp.server.stdio import stdio_server
from starlette.applications import Starlette
from starlette.routing import Route

from skillgit.config import setting
from skillgit.git.repo import Repo
from skillgit.serve import audit, run
from skillgit.serve.app import guarded
from skillgit.serve.desk import Desk
from skillgit.serve.identity import is_loopback
from skillgit.serve.limit import shared
from skillgit.serve.mcp import PATH
from skillgit.serve.mcp.mount import Entrance, mount
from skillgit.serve.mcp.protocol import served
from skillgit.serve.server import gate


def over_pipes(directory: Path, user: str) -> None:
    """Serve one user over stdin and stdout, until stdin ends; what was begun is done then."""
    asyncio.run(_piped(directory, user))


def over_http(directory: Path, host: str, port: int, tell: Callable[[str], None]) -> None:
    """Serve whoever may come in, until the process is told to end; the address is told when it can be reached."""
    audit.to_stderr()
    made = app(directory, entrance(Repo.open(directory), host))
    with run.listening(host, port) as place:
        tell(f"{run.address(place)}{PATH}")
        uvicorn.Server(run.configured(made)).run(sockets=[place])


def entrance(repo: Repo, host: str) -> Entrance:
    """The entrance to a repository's skills at an address, as the settings of a server have it."""
    rate = setting(repo, "serve.rate").text
    limit = shared(repo, int(rate) if rate else None)
    return Entrance(gate(repo, is_local=is_loopback(host)), limit, int(setting(repo, "serve.max-body").text) << 20)


def app(directory: Path, door: Entrance) -> Starlette:
    """The application that serves the protocol, and nothing else."""
    desk = Desk(directory)
    protocol = mount(desk, door)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with protocol.running():
            try:
                yield
            finally:
                await asyncio.to_thread(desk.close)

    row = protocol.row
    return Starlette(routes=[Route(row.path, guarded(row), methods=[row.method])], lifespan=lifespan)


async def _piped(directory: Path, user: str) -> None:
    desk = Desk(directory)
    made = served(desk, lambda _: user)
    try:
        async with stdio_server() as (incoming, outgoing):
            await made.run(incoming, outgoing, made.create_initialization_options())
    finally:
        await asyncio.to_thread(desk.close)
