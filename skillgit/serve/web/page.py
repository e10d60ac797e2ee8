"""What a page is: a row of the table, what it is asked with, and what it answers with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from skillgit.errors import SkillgitError
from skillgit.serve.desk import Kind
from skillgit.serve.identity import Caller
from skillgit.serve.problem import told
from skillgit.serve.server import Server

Language: TypeAlias = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that was let in. `caller` acts for the user whose library is looked at.

    `path` are the parts of the path that its template names. Of a name that stands twice in query or form the last
    counts. `token` has to stand in every form that posts; `here` is the path with its query, as it was asked for.
    """

    server: Server
    caller: Caller
    may_act: bool
    language: Language
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    token: str
    here: str = "/"

    @property
    def user(self) -> str:
        """Whose library is looked at."""
        return self.caller.user

    def told(self, error: SkillgitError) -> str:
        """What is wrong; our files and addresses are named to who may act for others alone."""
        return error.message if self.may_act else told(error)


@dataclass(frozen=True, slots=True)
class View:
    """A template, and the values that it shows."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Cookie:
    """What a browser is to keep for so many seconds; 0 is no longer."""

    name: str
    value: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on to this path, which is one of ours."""

    to: str
    cookies: Sequence[Cookie] = ()


@dataclass(frozen=True, slots=True)
class Data:
    """Bytes that are no page: a file, an archive, JSON."""

    content: bytes
    media: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Stream:
    """Bytes as they come, such as events."""

    chunks: AsyncIterator[bytes]
    media: str = "text/event-stream"


Answer: TypeAlias = View | Redirect | Data | Stream
AtDesk: TypeAlias = Callable[[Visit, Any], Answer]
"""What is done on a thread that has the repository open: its second parameter is the `Hands`."""
OnLoop: TypeAlias = Callable[[Visit], Awaitable[Answer]]
"""What waits for others, and touches no repository itself."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page, or what one of its forms does; `at` is the kind of thread that `run` needs, None the event loop."""

    method: str
    path: str
    run: AtDesk | OnLoop
    at: Kind | None = "read"
