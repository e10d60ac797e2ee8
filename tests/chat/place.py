"""A place to talk in: a library of ada's, a model on loopback, and what the background tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from skillgit.chat.chats import Chats, Lesson, chats
from skillgit.chat.event import Learned, News, Piece, Retrieved
from skillgit.chat.learning import Background
from skillgit.chat.options import Options
from skillgit.chat.retrieve import finder
from skillgit.chat.session import Room, Session
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.learn import learner
from skillgit.learn.learner import Learner
from skillgit.models.remote import RemoteChat
from skillgit.search.index import Index
from tests.models.asking import HURRY, model
from tests.models.server import Reply, Request, Sent, Server, says, serving

REQUEST = "Write the release notes for 2.4."
FEEDBACK = "From now on, list breaking changes first in release notes, and never use emoji in them."
MORE = "Always link every fix in release notes to its issue."
ANSWER = "Here they are: all that is new in this release."


@dataclass(slots=True)
class Place:
    """Where a test talks; `told` is all that the background has said so far."""

    repo: Repo
    chats: Chats
    server: Server | None
    told: list[News] = field(default_factory=list)

    def model(self) -> RemoteChat | None:
        return model(self.server.url, patience=replace(HURRY, read=5, total=10)) if self.server else None

    def session(self, *, options: Options | None = None, name: str | None = None) -> Session:
        chat = self.model()
        find = finder(self.repo, Index.open(self.repo.private / "index"), user="ada", chat=chat)
        room = Room(self.repo, "ada", find, chat)
        return Session(room, self.chats, self.background(), options=options, name=name)

    def background(self) -> Background:
        return Background(self.repo.directory, offline, self.told.append)

    @property
    def lessons(self) -> list[Lesson]:
        return [news.lesson for news in self.told if isinstance(news, Learned)]

    def decisions(self) -> list[str]:
        """What became of each attempt to learn, as `add 0.1.0`."""
        return [f"{lesson.decision} {lesson.version}".rstrip() for lesson in self.lessons]


@contextmanager
def place(directory: Path, *script: Reply) -> Iterator[Place]:
    """A place with a model that answers by a script, or with none."""
    repo = Repo.open(directory) if directory.exists() else init(directory).repo
    with chats(repo) as kept:
        if not script:
            yield Place(repo, kept, None)
            return
        with serving(*script) as server:
            yield Place(repo, kept, server)


def offline(repo: Repo, user: str = "ada") -> Learner:
    return learner.configured(repo, Index.open(repo.private / "index"), user, offline=True)


def talk(session: Session, *said: str) -> str:
    """The last answer; each message is learned from before the next."""
    answer = ""
    for text in said:
        answer = "".join(event.text for event in session.say(text) if isinstance(event, Piece))
        settle(session)
    return answer


def settle(session: Session) -> None:
    """What waits is learned from."""
    session._background.wait()


def retrieved(session: Session, text: str) -> Retrieved:
    """What is found for a message."""
    found = [event for event in session.say(text) if isinstance(event, Retrieved)]
    settle(session)
    return found[0]


def echo(request: Request) -> Sent:
    """An answer that names the user's last words."""
    return says(f"You said: {request.messages[-1]['content']}")(request)
