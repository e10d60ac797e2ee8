"""A model whose answer can be stopped at any moment, also while it says nothing yet.

The model is asked on a thread of its own, which may wait for the network as long as it has to: who listens hears of a
stop at once, and the thread ends with the next piece. So many may be asked at once, and so many for one user.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Final

from skillgit.chat.session import Talker
from skillgit.errors import ModelError
from skillgit.models.ports import Message, Reply

MOST: Final = 32
"""Answers under way at once in a server."""
EACH: Final = 4
"""Answers under way at once for one user."""


class Choir:
    """How many answers are under way, and for whom."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._users: Counter[str] = Counter()

    def enter(self, user: str) -> None:
        """One answer more is under way. Raises ModelError where that would be one too many."""
        with self._lock:
            if self._users[user] >= EACH or self._users.total() >= MOST:
                raise ModelError("too many answers are under way", hint="wait for one of them to end, then ask again")
            self._users[user] += 1

    def leave(self, user: str) -> None:
        """One answer less is under way."""
        with self._lock:
            self._users[user] -= 1
            if not self._users[user]:
                del self._users[user]


@dataclass(frozen=True, eq=False)
class Voice:
    """A model for one answer to one user."""

    model: Talker
    user: str
    choir: Choir
    _stopped: Event = field(default_factory=Event)
    _pieces: SimpleQueue[str | ModelError | None] = field(default_factory=SimpleQueue)

    @property
    def name(self) -> str:
        """The model's."""
        return self.model.name

    def answer(self, messages: Sequence[Message], *, schema: Mapping[str, object] | None = None) -> Reply:
        """A whole reply, which cannot be stopped."""
        return self.model.answer(messages, schema=schema)

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The text of a reply, as it comes. Raises ModelError where it does not come to its end, or is stopped."""
        self.choir.enter(self.user)
        Thread(target=self._listen, args=(messages,), name="voice", daemon=True).start()
        while isinstance(piece := self._pieces.get(), str):
            yield piece
        if piece is not None:
            raise piece

    def stop(self) -> None:
        """Who listens hears no more."""
        self._stopped.set()
        self._pieces.put(ModelError("the answer was stopped"))

    @property
    def is_stopped(self) -> bool:
        """Whether it was."""
        return self._stopped.is_set()

    def _listen(self, messages: Sequence[Message]) -> None:
        end: ModelError | None = ModelError("the answer broke off")
        try:
            for piece in self.model.stream(messages):
                if self.is_stopped:
                    return
                self._pieces.put(piece)
            end = None
        except ModelError as err:
            end = err
        finally:
            self.choir.leave(self.user)
            self._pieces.put(end)
