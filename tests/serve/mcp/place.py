"""Clients of the protocol, the official SDK's, of a server over pipes or over HTTP."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import httpx2
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import Request, TextContent
from pydantic import BaseModel, ConfigDict

from skillgit.git.repo import Repo
from skillgit.serve.mcp.run import app, entrance
from tests.conftest import world
from tests.serve.place import library
from tests.serve.upstream import listening

Result = TypeVar("Result")
Talk = Callable[[Client], Awaitable[Result]]

REPORT = "skill://users/ada/government-report/SKILL.md"
BOBS = "skill://users/bob/government-report/SKILL.md"
HAIKU = "skill://common/haiku/SKILL.md"


class Anything(BaseModel):
    """An answer of an extension, as it came."""

    model_config = ConfigDict(extra="allow")


class Asked(Request[dict[str, Any], str]):
    """A request of a method that the SDK does not know."""


@dataclass(frozen=True, slots=True)
class Place:
    """A server over HTTP, and its repository."""

    url: str
    repo: Repo

    def talk(self, talk: Talk[Result], *, key: str = "", mode: str = "auto", user: str = "") -> Result:
        """What comes of a talk with the server."""

        async def talked() -> Result:
            headers = ({"authorization": f"Bearer {key}"} if key else {}) | ({"skillgit-user": user} if user else {})
            async with (
                httpx2.AsyncClient(headers=headers) as http,
                Client(streamable_http_client(self.url, http_client=http), mode=mode) as client,
            ):
                return await talk(client)

        return asyncio.run(talked())


@contextmanager
def serving(directory: Path, *, host: str = "127.0.0.1") -> Iterator[Place]:
    """A server over HTTP of a new library at this directory, in a sealed world."""
    home = directory / "home"
    home.mkdir(parents=True)
    with patch.dict("os.environ", world(home), clear=True):
        repo = library(directory / "repo")
        with listening(app(repo.directory, entrance(repo, host))) as url:
            yield Place(f"{url}/mcp", repo)


def piped(repo: Repo, talk: Talk[Result], *words: str, mode: str = "auto") -> Result:
    """What comes of a talk with `skillgit mcp WORDS...`, which is started for it."""

    async def talked() -> Result:
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "skillgit", "mcp", *words], cwd=repo.directory, env=dict(os.environ)
        )
        async with Client(stdio_client(command), mode=mode) as client:
            return await talk(client)

    return asyncio.run(talked())


async def call(client: Client, tool: str, **arguments: object) -> tuple[bool, str, Any]:
    """Whether a tool has done it, its words, and its values."""
    made = await client.call_tool(tool, arguments)
    (text,) = made.content
    assert isinstance(text, TextContent)
    return not made.is_error, text.text, made.structured_content


async def ask(client: Client, method: str, **params: object) -> dict[str, Any]:
    """The answer to a method of an extension."""
    answer = await client.session.send_request(Asked(method=method, params=params), Anything)
    return answer.model_dump()
