"""What a forge is: how pull requests are asked for in its REST API, as one value. Pure but for the API it is given.

A forge is a value `Forge`, made of a few facts and of functions that each make one call; `forge_github.py`,
`forge_gitlab.py` and `forge_gitea.py` have one each, and `forge_home.py` finds the one that a remote is at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from skillgit.errors import ForgeError
from skillgit.transcripts.fields import Fields

State = Literal["open", "closed", "merged"]


class Said(ForgeError):
    """The forge understood and said no; `status` is HTTP's, `words` are the forge's own."""

    def __init__(self, message: str, *, status: int, words: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.words = words


class Api(Protocol):
    """The API of a forge, with whatever token it wants; paths are below its address, and quoted."""

    def get(self, path: str) -> Fields:
        """The JSON object at a path."""

    def pages(self, path: str, query: Mapping[str, str], *, size: str) -> Iterator[Fields]:
        """The objects of a list, page after page; `size` is what the API calls the length of a page."""

    def send(self, method: str, path: str, body: Mapping[str, object]) -> Fields:
        """The object that the API answers a change with. Raises Said where it says no."""


@dataclass(frozen=True, slots=True)
class Route:
    """From where to where a pull request goes: repositories by their path at the forge, branches by their name."""

    source: str
    head: str
    target: str
    base: str

    @property
    def is_fork(self) -> bool:
        """Whether the branch is in another repository than the one it is proposed to."""
        return self.source.casefold() != self.target.casefold()


@dataclass(frozen=True, slots=True)
class Text:
    """What a pull request says."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request as the forge has it: its number there, and its page."""

    number: int
    url: str
    state: State
    text: Text


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on a pull request."""

    id: int
    body: str


@dataclass(frozen=True, slots=True)
class Forge:
    """One kind of forge.

    `api` gives the API's address from the forge's own. `token` makes the header that carries a token, which the
    environment has in one of `variables`: first those for the forge's public hosts, then those for all others.
    `pulls` lists what there is for a route, open or not, the newest first; `exists` is whether a refusal to open says
    that there is one. `draft` is what the title of a draft begins with, where nothing else tells it.
    """

    kind: str
    noun: str
    mark: str
    hosts: tuple[str, ...]
    variables: tuple[tuple[str, ...], tuple[str, ...]]
    scope: str
    draft: str
    api: Callable[[str], str]
    token: Callable[[str], Mapping[str, str]]
    pulls: Callable[[Api, Route], Iterator[Pull]]
    create: Callable[[Api, Route, Text, bool], Pull]
    update: Callable[[Api, Route, int, Text], Pull]
    exists: Callable[[int, str], bool]
    comments: Callable[[Api, str, int], Iterator[Comment]]
    comment: Callable[[Api, str, int, str], None]
    recomment: Callable[[Api, str, int, Comment], None]
    accepts: Mapping[str, str] = field(default_factory=dict)


def number(row: Fields, name: str) -> int:
    """A field that is a whole number; ForgeError where the answer has none, and so is none of this API's."""
    value = row.get(name)
    if not isinstance(value, int):
        raise ForgeError(f"the forge answered without '{name}'", hint="see that it is what skillgit.forge says it is")
    return value
