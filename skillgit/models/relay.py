"""Requests passed on as they are, and answers as they come: what a proxy needs of httpx.

Unlike `endpoint.py` this retries nothing, reads nothing and says nothing in words of its own: status, headers and body
are the upstream's, bytes and all. A redirect is passed on like any other answer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

import httpx

from skillgit.errors import ModelError

CONNECT: Final = 10.0
"""Seconds within which a connection has to stand."""

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]

_IDLE = 30.0  # seconds that a connection nobody uses is kept


class Unanswered(ModelError):
    """No answer came, or it broke off: `status` is what a gateway says of it, such as 502."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that has begun: its status and headers, and its body as it comes, compressed where it is."""

    status: int
    headers: Headers
    chunks: AsyncIterator[bytes]


class Relay:
    """Connections to upstreams, kept and shared by all requests of one event loop."""

    def __init__(self, *, seconds: float) -> None:
        """`seconds` is how long nothing may come before an answer counts as lost."""
        timeout = httpx.Timeout(seconds, connect=CONNECT, pool=None)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=_IDLE)
        self._client = httpx.AsyncClient(timeout=timeout, limits=limits, follow_redirects=False)
        self._timeout = timeout.as_dict()

    async def close(self) -> None:
        """No connection is left."""
        await self._client.aclose()

    @asynccontextmanager
    async def answer(self, method: str, url: str, *, headers: Headers, content: bytes) -> AsyncIterator[Answer]:
        """The answer to a request, within the block; its connection is closed where the body was not read to its end.

        Raises Unanswered, here or while the chunks come.
        """
        request = httpx.Request(
            method, url, headers=list(headers), content=content, extensions={"timeout": self._timeout}
        )
        try:
            response = await self._client.send(request, stream=True)
        except httpx.HTTPError as err:
            raise _translated(err) from err
        try:
            yield Answer(response.status_code, response.headers.raw, _chunks(response))
        finally:
            await response.aclose()


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.aiter_raw():
            yield chunk
    except httpx.HTTPError as err:
        raise _translated(err) from err


def _translated(err: httpx.HTTPError) -> Unanswered:
    match err:
        case httpx.ConnectTimeout():
            return Unanswered(f"no connection to the upstream within {CONNECT:g} s", status=504)
        case httpx.TimeoutException():
            return Unanswered("the upstream did not answer in time", status=504)
        case httpx.ConnectError():
            return Unanswered("cannot reach the upstream", status=502)
        case httpx.LocalProtocolError():
            return Unanswered(f"the request cannot be sent on: {str(err).lower()}", status=400)
    return Unanswered("the upstream broke the connection off", status=502)
