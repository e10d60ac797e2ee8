"""A client that is too slow loses its connection, whatever it is slow at; one that takes its time does not."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from skillgit.serve.connection import Connection

_MIB = 1 << 20
_HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
_ASK = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Hasty(Connection):
    head = 0.3
    body = 0.3
    stall = 0.3


@dataclass(slots=True)
class App:
    """Answers with as many MiB as it is told, and notes which answers came to their end."""

    size: int = 0
    ended: list[bool] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        while (message := await receive())["type"] == "http.request" and message.get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(self.size):
            await send({"type": "http.response.body", "body": b"x" * _MIB, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        self.ended.append(True)


@contextmanager
def listening(app: App, kind: type[Connection]) -> Iterator[socket.socket]:
    """A connection to the application, behind connections of this kind."""
    with socket.create_server(("127.0.0.1", 0)) as place:
        server = uvicorn.Server(uvicorn.Config(app, http=kind, log_level="critical", timeout_graceful_shutdown=1))
        thread = Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
        thread.start()
        try:
            with socket.create_connection(place.getsockname(), timeout=10) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


def rest(client: socket.socket) -> int:
    """How many bytes there are to read until the server ends the connection."""
    size = 0
    with suppress(ConnectionResetError):
        while piece := client.recv(_MIB):
            size += len(piece)
    return size


@pytest.mark.parametrize(
    "sent",
    [b"", b"POST / HT", _HEAD, _HEAD + b"Content-Length: 9\r\n\r\nhalf", _ASK + b"GET / HTTP/1.1\r\nHost: lo"],
    ids=["nothing", "half a line", "half a head", "half a body", "half of a second request"],
)
def test_what_does_not_come_is_not_waited_for(sent: bytes) -> None:
    with listening(App(), Hasty) as client:
        client.sendall(sent)
        began = time.monotonic()
        rest(client)
        assert time.monotonic() - began < 3


def test_a_byte_now_and_then_is_not_enough() -> None:
    with listening(App(), Hasty) as client, pytest.raises(OSError):
        for letter in _HEAD * 10:
            client.sendall(bytes([letter]))
            time.sleep(0.05)


def test_an_answer_that_nobody_takes_is_dropped() -> None:
    app = App(size=64)
    with listening(app, Hasty) as client:
        client.sendall(_ASK)
        time.sleep(1)
        assert rest(client) < 64 * _MIB
        assert app.ended == [True]  # what is sent to a connection that is gone goes nowhere, and nobody waits


def test_who_takes_time_within_bounds_is_answered() -> None:
    class Patient(Connection):
        head = body = stall = 2.0

    with listening(App(size=16), Patient) as client:
        for part in (_HEAD, b"Content-Length: 4\r\n\r\n", b"ha", b"lf"):
            client.sendall(part)
            time.sleep(0.1)
        read = 0
        while read < 16 * _MIB:
            read += len(client.recv(_MIB))
            time.sleep(0.005)
        client.sendall(_ASK)
        assert client.recv(_MIB)
