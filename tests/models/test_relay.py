"""A relay asks an address itself, or the proxy that the environment names for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from skillgit.models.relay import Relay, Unanswered


@pytest.mark.parametrize(
    ("variables", "url", "asked"),
    [
        ({}, "http://127.0.0.1:{port}/v1/x?a=b", "GET /v1/x?a=b HTTP/1.1"),
        ({"http_proxy": "127.0.0.1:{port}"}, "http://model.invalid/v1/x", "GET http://model.invalid/v1/x HTTP/1.1"),
        ({"ALL_PROXY": "http://127.0.0.1:{port}"}, "http://model.invalid/", "GET http://model.invalid/ HTTP/1.1"),
        (
            {"http_proxy": "http://proxy.invalid", "no_proxy": "127.0.0.1"},
            "http://127.0.0.1:{port}/v1/x",
            "GET /v1/x HTTP/1.1",
        ),
    ],
)
def test_the_environment_says_through_which_proxy(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], url: str, asked: str
) -> None:
    answered = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nset-cookie: a=b\r\n\r\nhi"
    assert exchanged(monkeypatch, variables, url, answered) == (asked, 200, b"hi")


@pytest.mark.parametrize(
    "proxy", ["ftp://ada:secret@proxy.invalid", "http://ada:secret@proxy.invalid:port", "socks9://proxy.invalid"]
)
def test_a_proxy_that_cannot_be_one_is_told_without_its_password(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("http_proxy", proxy)

    async def asking() -> None:
        relay = Relay(seconds=10)
        async with relay.answer("GET", "http://model.invalid/", headers=[], content=b""):
            pass

    with pytest.raises(Unanswered, match="the proxy that the environment names") as told:
        asyncio.run(asking())
    assert told.value.status == 502
    assert "secret" not in told.value.message


@pytest.mark.parametrize(
    ("variables", "url", "answered", "status", "said"),
    [
        (
            {"https_proxy": "http://ada:secret@127.0.0.1:{port}"},
            "https://model.invalid/",
            b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
            502,
            "the proxy that the environment names does not connect: 407 Proxy Authentication Required",
        ),
        (
            {},
            "http://127.0.0.1:{port}/",
            b"HTTP/1.1 799 Odd\r\ncontent-length: 2\r\n\r\nno",
            502,
            "the upstream answered with 799, which is no status",
        ),
        ({}, f"http://127.0.0.1:{{port}}/{'a' * 70_000}", b"", 400, "the request cannot be sent on: url too long"),
    ],
    ids=["a proxy that refuses", "a status that is none", "an address that is too long"],
)
def test_what_came_in_place_of_an_answer_is_told(
    monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str], url: str, answered: bytes, status: int, said: str
) -> None:
    with pytest.raises(Unanswered) as found:
        exchanged(monkeypatch, variables, url, answered)
    assert (found.value.status, found.value.message) == (status, said)


def exchanged(
    monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str], url: str, answered: bytes
) -> tuple[str, int, bytes]:
    """The line with which a server was asked that says this, whatever it is asked, and the answer's status and body."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    lines: list[str] = []

    async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append((await reader.readuntil(b"\r\n\r\n")).decode().splitlines()[0])
        writer.write(answered)
        await writer.drain()
        writer.close()

    async def asking() -> tuple[str, int, bytes]:
        async with await asyncio.start_server(told, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            for name, value in variables.items():
                monkeypatch.setenv(name, value.format(port=port))
            relay = Relay(seconds=10)
            try:
                async with relay.answer("GET", url.format(port=port), headers=[], content=b"") as answer:
                    body = b"".join([chunk async for chunk in answer.chunks])
                    return lines[0], answer.status, body
            finally:
                await relay.close()

    return asyncio.run(asking())
