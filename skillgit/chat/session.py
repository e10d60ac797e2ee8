"""A conversation: what the user says is answered with the skills for it, and learned from in the background.

    session = Session(Room(repo, "ada", find, model), chats, background)
    for event in session.say("Write the release notes for 2.4."):
        ...                             Retrieved, Piece, Piece, ..., Answered

It prints nothing and asks nobody: what happens are values (`event.py`). A face that stops in the middle, closing the
events or interrupting them, stops the answer; what came of it is kept. Without a model there is no answer, and all else
goes on. A session is for one thread at a time, and a conversation has one answer under way, wherever it is held.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, Protocol

from skillgit.chat.answering import answering
from skillgit.chat.chats import Chats, Given, Lesson, Said, new_id, transcript
from skillgit.chat.event import Answered, Event, Piece, Retrieved, Unanswered
from skillgit.chat.learning import Background, Wanted
from skillgit.chat.options import Options, configured
from skillgit.chat.retrieve import Find
from skillgit.errors import ModelError, Refused
from skillgit.git.repo import Repo
from skillgit.models.ports import Chat, Message
from skillgit.search.tokens import tokens

HISTORY: Final = 32_000
"""The most tokens of a conversation that a model is given; of a longer one, its last turns."""
_OPENING = "Skills that were learned from earlier work. Follow those that fit the task at hand."


class Talker(Chat, Protocol):
    """A model that also answers piece by piece."""

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The text of a reply, as it comes; ModelError where it does not come to its end."""


@dataclass(frozen=True, slots=True)
class Room:
    """Where conversations are held: for whom, with which skills, and with which model, if any."""

    repo: Repo
    user: str
    find: Find
    model: Talker | None = None


class Session:
    """One conversation, a new one or, by its id, one that is kept."""

    def __init__(
        self,
        room: Room,
        chats: Chats,
        background: Background,
        *,
        options: Options | None = None,
        name: str | None = None,
    ) -> None:
        self.room = room
        self.id = name or new_id()
        self._chats = chats
        self._background = background
        kept = chats.get(name) if name else None
        self._options = options or (kept.options if kept else configured(room.repo))
        self._asked = kept.asked if kept else 0

    @property
    def options(self) -> Options:
        """How it is held."""
        return self._options

    @property
    def turns(self) -> tuple[Said, ...]:
        """What was said so far."""
        return self._chats.turns(self.id)

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """What was learned from it so far."""
        return self._chats.lessons(self.id)

    def configure(self, options: Options) -> None:
        """It goes on with these options."""
        self._options = options
        self._chats.configure(self.id, options)

    def say(self, text: str) -> Generator[Event, None, None]:
        """What happens when the user says this; nothing does before the first event is asked for.

        Refused while an answer is under way.
        """
        with answering(self.room.repo, self.id):
            self._chats.begin(self.id, self.room.user, options=self._options)
            self._chats.add(self.id, Said("user", text))
            yield from self._answered()

    def again(self) -> Generator[Event, None, None]:
        """Another answer to what the user said last, in place of the one that is there.

        Refused where nothing was, and while an answer is under way.
        """
        with answering(self.room.repo, self.id):
            turns = self.turns
            if not turns:
                raise Refused("nothing was said yet")
            if turns[-1].role == "assistant":
                self._chats.take_back(self.id)
                self._asked = min(self._asked, len(turns) - 1)
            yield from self._answered()

    def extract(self, hint: str | None = None) -> None:
        """All of it is learned from soon, whatever the policy says. Refused where nothing was said."""
        if not self.turns:
            raise Refused("nothing was said yet")
        self._ask(Wanted(self.id, self.room.user, asked=True, hint=hint))

    def leave(self) -> None:
        """It is over for now: with the policy auto, what was not learned from is."""
        new = any(each.role == "user" for each in self.turns[self._asked :])
        if new and self._options.learn == "auto":
            self._ask(Wanted(self.id, self.room.user))

    def clear(self) -> None:
        """This conversation is over, and kept; another one begins, with the same options."""
        self.leave()
        self.id, self._asked = new_id(), 0

    def _answered(self) -> Generator[Event, None, None]:
        turns = self.turns
        room = self.room
        said: list[str] = []
        found = Retrieved("")
        whole = False
        try:
            read = transcript(self.id, turns).turns
            found = room.find(read, self._options)
            yield found
            if room.model is None:
                yield Unanswered("no model is configured", hint="git config skillgit.model PROVIDER/MODEL")
                return
            for piece in room.model.stream(prompt(turns, found.text)):
                said.append(piece)
                yield Piece(piece)
            whole = True
        except ModelError as err:
            yield Unanswered(err.message, err.hint)
        finally:
            self._keep("".join(said), found, whole=whole)
        if whole:
            yield Answered("".join(said))

    def _keep(self, text: str, found: Retrieved, *, whole: bool) -> None:
        """Write down what was answered, and have it learned from where that is due."""
        if text:
            self._chats.add(self.id, Said("assistant", text, whole=whole, given=given(found)))
        turns = self.turns
        new = sum(each.role == "user" for each in turns[self._asked :])
        every = {"always": 1, "auto": self._options.every}.get(self._options.learn)
        if every and new >= every:
            self._ask(Wanted(self.id, self.room.user))

    def _ask(self, wanted: Wanted) -> None:
        self._asked = len(self.turns)
        self._chats.ask(self.id, self._asked)
        self._background.add(wanted)


def prompt(turns: Sequence[Said], skills: str) -> list[Message]:
    """What a model is asked: the skills, and the last turns of the conversation, from one of the user's on."""
    room = HISTORY
    last: list[Message] = []
    for said in reversed(turns):
        room -= tokens(said.text)
        if last and room < 0:
            break
        last.insert(0, Message(said.role, said.text))
    begun = len(list(takewhile(lambda each: each.role != "user", last)))
    opening = [Message("system", f"{_OPENING}\n\n{skills}")] if skills else []
    return opening + last[begun:]


def given(found: Retrieved) -> tuple[Given, ...]:
    """What is kept of the skills that were found for a turn."""
    chosen = {hit.path for hit in found.injected}
    return tuple(Given(hit.path, hit.version, hit.score, hit.path in chosen) for hit in found.hits)
