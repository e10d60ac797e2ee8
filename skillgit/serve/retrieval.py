"""The skills for a conversation, found on a thread of their own: the only one that has the repository and the index.

Whatever goes wrong there is a note, and the conversation goes on without skills. Nothing is waited for longer than
PATIENCE; while a search is that late, nobody waits for another.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from skillgit.changes.skill import Scope
from skillgit.config import setting
from skillgit.git.repo import Repo
from skillgit.search import ask, context, rewrite, select
from skillgit.search.ask import View
from skillgit.search.hit import Hit
from skillgit.search.index import Index
from skillgit.search.rewrite import Question
from skillgit.serve.model import model
from skillgit.serve.options import Rewrite
from skillgit.transcripts.model import Turn

Key = TypeVar("Key")
Value = TypeVar("Value")

PATIENCE: Final = 2.0
"""Seconds that an answer waits for its skills."""
MODEL_PATIENCE: Final = 15.0
"""Seconds that it waits for a model that writes its query."""
_REST = (
    20.0  # times as long as it took to follow HEAD it is not followed again, so that bursts of decisions cost little
)
_LONGEST_REST = 1.0
_PAUSE = 0.25  # seconds between two looks whether HEAD has moved, while nobody asks
_ANYTHING = "anything"
_TURNS = 10  # of the user's that a query is made of
_END = 2_000  # characters of either end of a turn
_ASKED = 16  # queries that a model writes at once
_KEPT = 256  # findings, and views, that are kept while the commit stays: the steps of a loop over tools ask the same


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose skills are asked for, and which: None is the setting's."""

    user: str
    scope: Scope = "all"
    limit: int | None = None
    min_score: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The text of the skills that were found, "" for none, the hits in it, all hits, and what was asked.

    `trouble` says why a search came to nothing, "" where it did not; `notes` what there is to hear about one that did.
    """

    text: str = ""
    injected: tuple[Hit, ...] = ()
    hits: tuple[Hit, ...] = ()
    query: str = ""
    trouble: str = ""
    notes: tuple[str, ...] = ()


class _InVain(Exception):
    """A search that comes to nothing, and why."""


class Retrieval:
    """Searches in a repository, one after the other."""

    def __init__(self, directory: Path, *, patience: float = PATIENCE) -> None:
        self._directory = directory
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="retrieval")
        self._models = ThreadPoolExecutor(_ASKED, thread_name_prefix="rewriting")
        chat = model(Repo.open(directory))
        self._rewriter = rewrite.by_model(chat) if chat else None
        self._late: Future[Any] | None = None
        self._shelf: _Shelf | None = None

    async def find(self, turns: Sequence[Turn], wish: Wish, *, how: Rewrite, seconds: float | None = None) -> Found:
        """The skills for what the user says last; never an exception.

        `seconds` are for those who ask for nothing else, and would rather wait than get none.
        """
        try:
            question = await self._question([_clipped(turn) for turn in turns[-_TURNS:]], how)
            found = await self._asked(question.query, wish, seconds) if question.query else Found()
        except _InVain as err:
            return Found(trouble=str(err))
        return replace(found, query=question.query, notes=(*question.notes, *found.notes))

    async def search(self, query: str, wish: Wish, *, seconds: float) -> Found:
        """The skills for a query; never an exception."""
        try:
            return replace(await self._asked(query, wish, seconds), query=query)
        except _InVain as err:
            return Found(trouble=str(err))

    async def _question(self, turns: Sequence[Turn], how: Rewrite) -> Question:
        if how != "model":
            return rewrite.rewrite(turns[-1:] if how == "never" else turns)
        if self._rewriter is None:
            return replace(rewrite.rewrite(turns), notes=("the query is made by rule, as no model is configured",))
        return await _within(MODEL_PATIENCE, self._models.submit(self._rewriter, turns))

    async def _asked(self, query: str, wish: Wish, seconds: float | None) -> Found:
        find = _Shelf.find if seconds is None else _Shelf.find_now
        return await self._done(partial(find, query=query, wish=wish), seconds)

    async def _done(self, work: Callable[[_Shelf], Value], seconds: float | None = None) -> Value:
        """What some work on the thread comes to; _InVain where that is nothing in time."""
        if seconds is None and self._late and not self._late.done():
            raise _InVain("an earlier search is not done yet")
        running = self._thread.submit(lambda: work(self._open()))
        try:
            return await _within(seconds or self._patience, running)
        except _InVain:
            self._late = running
            raise

    async def follow(self) -> None:
        """Follow HEAD for ever, so that a request seldom has to."""
        while True:
            with suppress(_InVain):  # the next request says so
                await self._done(_Shelf.follow)
            await asyncio.sleep(_PAUSE)

    async def check(self) -> str:
        """Why nothing can be found now, or ""."""
        try:
            await self._asked(_ANYTHING, Wish("nobody"), None)
        except _InVain as err:
            return str(err)
        return ""

    def close(self) -> None:
        """No search is under way any more, and none begins."""
        for threads in (self._thread, self._models):
            threads.shutdown(wait=False, cancel_futures=True)

    def _open(self) -> _Shelf:
        if self._shelf is None:
            self._shelf = _Shelf(Repo.open(self._directory))
        return self._shelf


class _Shelf:
    """The repository and its index, as the thread has them, with what was found at the commit that HEAD is at."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self._index = Index.of(repo)
        self._budget = int(setting(repo, "context.budget").text)
        self._commit: str | None = ""
        self._rests_until = 0.0
        self._views: OrderedDict[Wish, View] = OrderedDict()
        self._found: OrderedDict[tuple[Wish, str], Found] = OrderedDict()

    def find(self, query: str, wish: Wish) -> Found:
        """The skills for a query at the commit that HEAD is at, or was at a moment ago where it moves all the time."""
        if time.monotonic() >= self._rests_until:
            self.follow()
        if (wish, query) not in self._found:
            _keep(self._found, (wish, query), self._ask(wish, query))
        return self._found[wish, query]

    def find_now(self, query: str, wish: Wish) -> Found:
        """The skills for a query at the commit that HEAD is at."""
        self.follow()
        return self.find(query, wish)

    def follow(self) -> None:
        """Be at the commit that HEAD is at, with all that a search there needs."""
        commit = self.repo.tip("HEAD")
        if commit == self._commit:
            return
        began = time.monotonic()
        self._views.clear()
        self._found.clear()
        self._commit = commit
        ask.ask(self._view(Wish("nobody")), _ANYTHING)
        ended = time.monotonic()
        self._rests_until = ended + min(_REST * (ended - began), _LONGEST_REST)

    def _ask(self, wish: Wish, query: str) -> Found:
        view = self._view(wish)
        if not view.seen:
            return Found()
        answer = ask.ask(view, query)
        made = context.full(select.select(query, answer.hits).hits, budget=self._budget)
        return Found(made.text, made.injected, answer.hits, notes=(*view.notes, *answer.notes))

    def _view(self, wish: Wish) -> View:
        if wish not in self._views:
            view = ask.look(
                self.repo,
                self._index,
                user=wish.user,
                scope=wish.scope,
                limit=wish.limit,
                min_score=wish.min_score,
                commit=self._commit,
            )
            _keep(self._views, wish, view)
        return self._views[wish]


def _clipped(turn: Turn) -> Turn:
    """A turn whose middle is left out where it is long: what is asked stands at an end, and what is between costs."""
    if len(turn.text) <= 2 * _END:
        return turn
    return replace(turn, text=f"{turn.text[:_END]}\n\n{turn.text[-_END:]}")


async def _within(seconds: float, running: Future[Value]) -> Value:
    """What a thread comes to; _InVain where that is an error, whichever, or not done by then."""
    waiting = asyncio.wrap_future(running)
    waiting.add_done_callback(_looked_at)
    done, _ = await asyncio.wait({waiting}, timeout=seconds)
    if not done:
        raise _InVain("no skills in time")
    error = waiting.exception()
    if error:
        raise _InVain(f"{type(error).__name__}: {error}")
    return waiting.result()


def _looked_at(done: asyncio.Future[Any]) -> None:
    """Nobody may wait for it any more, and asyncio complains of errors that nobody has looked at."""
    if not done.cancelled():
        done.exception()


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    kept[key] = value
    if len(kept) > _KEPT:
        kept.popitem(last=False)
