"""An operation of the API: one row of the table, of which its route and its part of the OpenAPI document are made."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeAlias, TypeVar

from msgspec import Struct

from skillgit.serve.api.shapes import Nothing
from skillgit.serve.desk import Hands, Kind
from skillgit.serve.identity import Caller
from skillgit.serve.server import Server

JSON: Final = "application/json"
MARKDOWN: Final = "text/markdown"
ZIP: Final = "application/zip"
EVENTS: Final = "text/event-stream"
LINES: Final = "application/x-ndjson"
BYTES: Final = "application/octet-stream"

Query = TypeVar("Query")
Body = TypeVar("Body")
Other = TypeVar("Other")
Another = TypeVar("Another")


@dataclass(frozen=True, slots=True)
class Ask(Generic[Query, Body]):
    """A request that was understood: who asks whom, and for what.

    `path` are the parts of the path that its template names, `headers` those that the operation takes, in lower case.
    `media` is what the body says it is.
    """

    server: Server
    caller: Caller
    path: Mapping[str, str]
    query: Query
    body: Body
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = ""

    @property
    def user(self) -> str:
        """For whom."""
        return self.caller.user

    def of(self, query: Other, body: Another) -> Ask[Other, Another]:
        """The same caller's, about the same thing, with another query and body."""
        return Ask(self.server, self.caller, self.path, query, body, self.headers, self.media)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is more than a shape: bytes, or events as they come, or a shape with headers or a status."""

    content: Struct | bytes | AsyncIterator[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None


Answer: TypeAlias = Struct | Reply
AtDesk: TypeAlias = Callable[[Any, Hands], Answer]
"""What is done on a thread that has the repository open."""
OnLoop: TypeAlias = Callable[[Any], Awaitable[Answer]]
"""What waits for others, and touches no repository itself."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `does` is a line for people, `name` is what generated clients call it.

    `takes` is the shape of the body, or the media types of one that is bytes; `gives` the shape of the answer, or its
    media type. `headers` are those that it reads; `refusals` the statuses beside those that every operation has.
    `at` is the kind of thread that `run` needs; "" where it runs on the event loop.
    """

    method: str
    path: str
    name: str
    does: str
    run: AtDesk | OnLoop
    gives: type[Struct] | str
    query: type[Struct] = Nothing
    takes: type[Struct] | Sequence[str] = ()
    status: int = 200
    headers: Sequence[str] = ()
    refusals: Sequence[int] = ()
    at: Kind | None = "read"
