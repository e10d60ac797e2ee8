"""The conversations that the pages hold: each answer on a thread, and what happens in it on the event loop.

A browser that leaves stops its answer; what came of it is kept. A conversation is learned from as its options say, and
when nothing has been said in it for two minutes, which is how one ends in a browser.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from skillgit.chat.chats import Chats, chats
from skillgit.chat.event import Event, Learned, News, Retrieved
from skillgit.chat.learning import Background, Wanted, learner_of
from skillgit.chat.options import Options
from skillgit.chat.session import Room, Session
from skillgit.errors import NotFound, SkillgitError
from skillgit.git.repo import Repo
from skillgit.learn.learner import Learner
from skillgit.serve import audit, job
from skillgit.serve.counting import Counting
from skillgit.serve.model import model
from skillgit.serve.retrieval import Retrieval, Wish
from skillgit.serve.voice import MOST, Choir, Voice
from skillgit.transcripts.model import Turn

if TYPE_CHECKING:
    from skillgit.models.remote import RemoteChat

QUIET: Final = 120.0
"""Seconds of silence with which a conversation is over for now."""

_THREADS = MOST + 8  # so that who is one too many is told so, and settings need not wait for answers
_PATIENCE = 20.0  # seconds that an answer waits for its skills, and for a model that writes its query
_SILENCE = 15.0  # seconds
_GRACE = 10.0  # seconds that learning has when the server ends; the next one takes up what was not done

Result = TypeVar("Result")
Say: TypeAlias = Callable[[Session], Generator[Event, None, None]]
"""What is done in a conversation, such as `Session.again`."""


class Talks:
    """The conversations of a server, of one event loop."""

    def __init__(self, directory: Path, retrieval: Retrieval, counting: Counting, *, quiet: float = QUIET) -> None:
        self.background = Background(directory, self._learner, self._hear)
        self._directory = directory
        self._retrieval = retrieval
        self._counting = counting
        self._quiet = quiet
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="talk")
        self._choir = Choir()
        self._model: RemoteChat | None = None
        self._voices: set[Voice] = set()
        self._leaving: dict[tuple[str, str], asyncio.TimerHandle] = {}
        self._met: set[str] = set()

    def model(self) -> RemoteChat | None:
        """The model that answers, None where none is configured yet. Raises UsageError where it cannot be asked.

        It may ask git for a key, and is for a thread that can wait.
        """
        if self._model is None:
            self._model = model(Repo.open(self._directory))
        return self._model

    def meet(self, kept: Chats, user: str) -> None:
        """What an earlier process has left of a user's conversations is learned from, once."""
        if user not in self._met:
            self._met.add(user)
            for name in kept.unheard(user):
                self.background.add(Wanted(name, user))

    async def answer(self, user: str, name: str, say: Say) -> AsyncGenerator[Event | None, None]:
        """What happens in a user's conversation, as it happens; None where nothing has for a while.

        It stops where nobody listens any more. Raises what the session does.
        """
        self._stay(user, name)
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Event | Future[None]] = asyncio.Queue()

        def tell(event: Event | Future[None]) -> None:
            loop.call_soon_threadsafe(events.put_nowait, event)

        model = await asyncio.to_thread(self.model)
        voice = Voice(model, user, self._choir) if model else None
        running = self._submit(user, name, partial(_told, say, voice, tell), voice=voice)
        running.add_done_callback(tell)
        self._voices |= {voice} if voice else set()
        try:
            while not isinstance(event := await _next(events), Future):
                yield event
            event.result()
        finally:
            running.cancel()
            if voice:
                voice.stop()
                self._voices.discard(voice)
            self._leave_later(user, name)

    async def do(self, user: str, name: str, work: Callable[[Session], Result]) -> Result:
        """What some work on a user's conversation gives, which asks no model. Raises what the session does."""
        return await asyncio.wrap_future(self._submit(user, name, work))

    async def leave(self, user: str, name: str) -> None:
        """A conversation is over for now."""
        self._stay(user, name)
        await self.do(user, name, Session.leave)

    async def close(self) -> None:
        """Nothing is answered any more, and what was said is learned from, or written down to be."""
        for voice in tuple(self._voices):
            voice.stop()
        for user, name in tuple(self._leaving):
            self._over(user, name)
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.to_thread(self.background.wait, _GRACE)

    def _stay(self, user: str, name: str) -> None:
        handle = self._leaving.pop((user, name), None)
        if handle:
            handle.cancel()

    def _leave_later(self, user: str, name: str) -> None:
        self._stay(user, name)
        self._leaving[user, name] = asyncio.get_running_loop().call_later(self._quiet, self._over, user, name)

    def _over(self, user: str, name: str) -> None:
        """Nothing was said for a while, or nothing can be any more."""
        self._stay(user, name)
        self._submit(user, name, Session.leave).add_done_callback(_looked_at)

    def _submit(
        self, user: str, name: str, work: Callable[[Session], Result], *, voice: Voice | None = None
    ) -> Future[Result]:
        find = partial(self._find, asyncio.get_running_loop(), user)
        return self._threads.submit(self._held, user, name, work, find=find, voice=voice)

    def _held(
        self,
        user: str,
        name: str,
        work: Callable[[Session], Result],
        *,
        find: Callable[[Sequence[Turn], Options], Retrieved],
        voice: Voice | None,
    ) -> Result:
        """The result of some work on a user's conversation, on this thread. NotFound where it is none of theirs."""
        repo = Repo.open(self._directory)
        with chats(repo) as kept:
            if kept.get(name).user != user:
                raise NotFound(f"no conversation '{name}'")
            return work(Session(Room(repo, user, find, voice), kept, self.background, name=name))

    def _find(self, loop: asyncio.AbstractEventLoop, user: str, turns: Sequence[Turn], options: Options) -> Retrieved:
        """The skills for a turn, found where the server finds them for all."""
        wish = Wish(user, options.scope, options.limit, options.min_score)
        asked = self._retrieval.find(turns, wish, how=options.rewrite, seconds=_PATIENCE)
        found = asyncio.run_coroutine_threadsafe(asked, loop).result()
        self._counting.add(found, user=user)
        if found.trouble:  # why, the log alone says
            audit.trouble(found.trouble)
        trouble = ("the skills cannot be searched now",) if found.trouble else ()
        return Retrieved(found.query, found.hits, found.injected, found.text, (*found.notes, *trouble))

    def _learner(self, repo: Repo, user: str) -> Learner:
        return learner_of(repo, user, chat=self.model())

    def _hear(self, news: News) -> None:
        """What was learned is recorded, and proposed where the policy says so."""
        if not isinstance(news, Learned):
            return
        lesson = news.lesson
        audit.record(learned=lesson.decision, skill=lesson.skill, version=lesson.version, commit=lesson.commit)
        if lesson.commit:
            repo = Repo.open(self._directory)
            try:
                self._propose(repo, news.chat)
            except SkillgitError as err:
                audit.trouble(f"what was learned is not proposed: {err.message}")

    def _propose(self, repo: Repo, name: str) -> None:
        with chats(repo) as kept:
            own = self._learner(repo, kept.get(name).user)
        if own.policy == "pr":
            job.propose_learned(own, chat=name)


async def _next(events: asyncio.Queue[Result]) -> Result | None:
    """What happens next; None where nothing has for a while, as those who look after connections want to see life."""
    try:
        return await asyncio.wait_for(events.get(), _SILENCE)
    except TimeoutError:
        return None


def _told(say: Say, voice: Voice | None, tell: Callable[[Event], object], session: Session) -> None:
    """All that happens is told, until it is stopped."""
    with closing(say(session)) as events:
        for event in events:
            tell(event)
            if voice and voice.is_stopped:
                return


def _looked_at(done: Future[None]) -> None:
    """A conversation that was deleted meanwhile cannot be left."""
    error = None if done.cancelled() else done.exception()
    if error and not isinstance(error, NotFound):
        audit.trouble(f"a conversation is not learned from: {type(error).__name__}: {error}")
