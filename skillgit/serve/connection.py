"""Connections that end where their client is too slow: to say what it wants, or to take what it has asked for.

uvicorn bounds only how long a connection rests between two requests. A client that sends a header a minute, or reads
nothing of a long answer, would else keep a connection, and one to the upstream, for as long as it likes.
"""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Connection(HttpToolsProtocol):
    """A connection of a client's, with the seconds that it has for each part of a request, and for taking an answer."""

    head = 20.0
    body = 90.0  # more than `route.body` waits, which can say so
    stall = 60.0
    """Seconds for which a client may read nothing while there is more to read than fits on the way."""

    _sending: TimerHandle | None = None
    _taking: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._expect(self.head)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        self._wait(None)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect(self.head)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._expect(None if self.pipeline else self.body)  # what is behind another request is not read yet

    def on_message_complete(self) -> None:
        self._expect(None)
        super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait(self.stall)

    def resume_writing(self) -> None:
        self._wait(None)
        super().resume_writing()

    def _expect(self, seconds: float | None) -> None:
        """The next part of a request has to come within so many seconds; None for nothing that is awaited."""
        if self._sending:
            self._sending.cancel()
        self._sending = self.loop.call_later(seconds, self.transport.abort) if seconds is not None else None

    def _wait(self, seconds: float | None) -> None:
        """Something of an answer has to be taken within so many seconds; None where nothing waits."""
        if self._taking:
            self._taking.cancel()
        self._taking = self.loop.call_later(seconds, self.transport.abort) if seconds is not None else None
