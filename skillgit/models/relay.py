"""Requests passed on as they are, and answers as they come: what a proxy needs of httpx.

Unlike `endpoint.py` this retries nothing, reads nothing and says nothing in words of its own: status, headers and body
are the upstream's, bytes and all. A redirect is passed on like any other answer. So httpx's transports are asked and
not its client, whose cookies, redirects and logins cost a fifth of what it takes to pass a request on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.request import getproxies, proxy_bypass

import httpx

from skillgit.errors import ModelError

CONNECT: Final = 10.0
"""Seconds within which a connection has to stand."""

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]

_LAST = 599  # of statuses, which uvicorn sends on
_PLACES = 64  # scheme, host and port, whose proxies are kept; a server has few upstreams
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
        self._timeout = httpx.Timeout(seconds, connect=CONNECT, pool=None).as_dict()
        direct = _transport(None)  # now, as it reads certificates for 30 ms
        self._transports: dict[str | None, httpx.AsyncHTTPTransport] = {None: direct}
        self._through = lru_cache(_PLACES)(_proxy)

    async def close(self) -> None:
        """No connection is left."""
        for transport in self._transports.values():
            await transport.aclose()

    @asynccontextmanager
    async def answer(self, method: str, url: str, *, headers: Headers, content: bytes) -> AsyncIterator[Answer]:
        """The answer to a request, within the block; its connection is closed where the body was not read to its end.

        Raises Unanswered, here or while the chunks come.
        """
        try:
            request = httpx.Request(
                method, url, headers=list(headers), content=content, extensions={"timeout": self._timeout}
            )
            response = await self._towards(request.url).handle_async_request(request)
        except (httpx.HTTPError, httpx.InvalidURL) as err:
            raise _translated(err) from err
        try:
            if response.status_code > _LAST:
                raise Unanswered(f"the upstream answered with {response.status_code}, which is no status", status=502)
            yield Answer(response.status_code, response.headers.raw, _chunks(response))
        finally:
            await response.aclose()

    def _towards(self, url: httpx.URL) -> httpx.AsyncHTTPTransport:
        """The connections to an address, or to the proxy that the environment names for it."""
        proxy = self._through(url.scheme, url.host, url.port)
        if proxy not in self._transports:
            try:
                self._transports[proxy] = _transport(proxy)
            except (ValueError, ImportError, httpx.InvalidURL) as err:  # which may name its password
                message = f"the proxy that the environment names for {url.host} cannot be used"
                raise Unanswered(message, status=502) from err
        return self._transports[proxy]


def _transport(proxy: str | None) -> httpx.AsyncHTTPTransport:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=_IDLE)
    return httpx.AsyncHTTPTransport(limits=limits, proxy=proxy)


def _proxy(scheme: str, host: str, port: int | None) -> str | None:
    """The address of the proxy for a place, as `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` have it."""
    if proxy_bypass(host if port is None else f"{host}:{port}"):
        return None
    known = getproxies()
    proxy = known.get(scheme) or known.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    assert isinstance(response.stream, httpx.AsyncByteStream)
    try:
        async for chunk in response.stream:
            yield chunk
    except httpx.HTTPError as err:
        raise _translated(err) from err


def _translated(err: httpx.HTTPError | httpx.InvalidURL) -> Unanswered:
    match err:
        case httpx.ConnectTimeout():
            return Unanswered(f"no connection to the upstream within {CONNECT:g} s", status=504)
        case httpx.TimeoutException():
            return Unanswered("the upstream did not answer in time", status=504)
        case httpx.ConnectError():
            return Unanswered("cannot reach the upstream", status=502)
        case httpx.ProxyError():  # such as "407 Proxy Authentication Required"
            return Unanswered(f"the proxy that the environment names does not connect: {err}", status=502)
        case httpx.LocalProtocolError() | httpx.InvalidURL():
            return Unanswered(f"the request cannot be sent on: {str(err).lower()}", status=400)
    return Unanswered("the upstream broke the connection off", status=502)
