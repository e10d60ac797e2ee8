"""Threads that have the repository open: what a request asks of git is done here, and never on the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from skillgit.changes.skill import read
from skillgit.errors import SkillgitError
from skillgit.git.repo import Repo
from skillgit.search.index import Index

Result = TypeVar("Result")
Kind: TypeAlias = Literal["read", "write", "long"]

_THREADS: dict[Kind, int] = {"read": 4, "write": 1, "long": 2}
"""Writers queue for the repository anyhow; what takes long keeps neither of the others waiting."""
_CARDS = 100_000


@dataclass(frozen=True, slots=True)
class Card:
    """What a SKILL.md says of its skill; `problem` is why it cannot be read, and all else "" then."""

    id: str = ""
    version: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Hands:
    """The repository as one thread has it. All threads share the cards, by the oid of their SKILL.md, and the lock.

    Who has the lock makes the index anew.
    """

    repo: Repo
    cards: dict[str, Card] = field(repr=False)
    rebuilding: threading.Lock

    @cached_property
    def index(self) -> Index:
        """The search index, by words, for this thread."""
        return Index.open(self.repo.private / "index")

    def card(self, path: str, oid: str) -> Card:
        """The card of the SKILL.md with this oid, which stands at a path."""
        found = self.cards.get(oid)
        if found is None:
            if len(self.cards) >= _CARDS:
                self.cards.clear()
            found = self.cards[oid] = _card(self.repo, path, oid)
        return found


class Desk:
    """The threads of a server."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._pools = {kind: ThreadPoolExecutor(count, thread_name_prefix=kind) for kind, count in _THREADS.items()}
        self._own = threading.local()
        self._cards: dict[str, Card] = {}
        self._rebuilding = threading.Lock()

    async def do(self, kind: Kind, work: Callable[[Hands], Result]) -> Result:
        """What `work` gives, on a thread of this kind."""
        return await asyncio.wrap_future(self._pools[kind].submit(self._done, work))

    def close(self) -> None:
        """What is under way ends, and what waits is not begun."""
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)

    def _done(self, work: Callable[[Hands], Result]) -> Result:
        if not hasattr(self._own, "hands"):
            self._own.hands = Hands(Repo.open(self._directory), self._cards, self._rebuilding)
        return work(self._own.hands)


def _card(repo: Repo, path: str, oid: str) -> Card:
    try:
        said = read(repo, oid, path)
    except SkillgitError as err:
        return Card(problem=err.message)
    return Card(said.id, said.version, said.description, said.tags)
