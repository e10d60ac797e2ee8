"""What a running server has: its settings, and the things that requests share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import cast

from skillgit import config
from skillgit.changes.chronicle import Chronicle
from skillgit.config import Value, setting
from skillgit.git.repo import YES, Repo
from skillgit.learn.jobs import Jobs, Wanted, connect
from skillgit.models.relay import Relay
from skillgit.models.upstream import Upstream, upstream
from skillgit.serve import audit
from skillgit.serve.desk import Desk
from skillgit.serve.identity import Gate
from skillgit.serve.keys import Keyring
from skillgit.serve.limit import Limit
from skillgit.serve.options import Learn, Rewrite
from skillgit.serve.retrieval import Retrieval
from skillgit.serve.talks import Talks
from skillgit.serve.worker import Worker

QUIET = 120.0
"""Seconds of silence after which a conversation is learned from, even where it is shorter than `serve.every`."""
_LOGINS = 20
"""How many wrong keys a minute are answered from one address."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of a server."""

    upstreams: tuple[Upstream, ...]
    rewrite: Rewrite
    learn: Learn
    every: int
    rate: int | None
    max_body: int
    seconds: float
    pages: bool = True


class Server:
    """The things that requests share, of one event loop."""

    def __init__(self, directory: Path, rules: Rules, *, is_local: bool) -> None:
        self.repo = Repo.open(directory)
        self.rules = rules
        self.gate = gate(self.repo, is_local=is_local)
        self.limit = Limit(rules.rate)
        self.logins = Limit(_LOGINS)
        self.relay = Relay(seconds=rules.seconds)
        self.retrieval = Retrieval(directory)
        self.talks = Talks(directory, self.retrieval)
        self.worker = Worker(directory)
        self.desk = Desk(directory)
        self.checked: tuple[float, dict[str, object]] | None = None
        """When `health.py` looked the last time, and what it found."""
        self.chronicle = Chronicle()
        """What was decided, up to the commit for which somebody has asked last."""
        self._following: asyncio.Task[None] | None = None
        self._database: Connection | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="jobs")

    async def start(self) -> None:
        """All of it runs."""
        self._following = asyncio.create_task(self.retrieval.follow())
        await self.worker.start()

    async def stop(self) -> None:
        """What was asked for is on the disk, and nothing runs any more."""
        if self._following:
            self._following.cancel()
        await self.talks.close()
        self._writer.submit(self._close)
        await asyncio.to_thread(self._writer.shutdown)
        await asyncio.to_thread(self.desk.close)
        await self.worker.stop()
        await self.relay.close()
        self.retrieval.close()

    def learn(self, wanted: Callable[[], Wanted], *, name: str, policy: Learn) -> None:
        """Have a conversation learned from as a job of this name; `wanted` is called on another thread."""
        wake = partial(asyncio.get_running_loop().call_soon_threadsafe, self.worker.wake)
        self._writer.submit(self._add, wanted, name, policy).add_done_callback(partial(_told, wake))

    async def ask(self, wanted: Callable[[], Wanted], *, name: str) -> None:
        """A job of this name, for which somebody has asked, is on the disk; `wanted` is called on another thread."""
        await asyncio.wrap_future(self._writer.submit(self._add, wanted, name, "always"))
        self.worker.wake()

    def _add(self, wanted: Callable[[], Wanted], name: str, policy: Learn) -> None:
        made, queue = wanted(), self._queue()
        new = len(made.digests) - queue.heard(made.user, made.digests)
        is_due = made.trigger == "now" or policy == "always" or new >= self.rules.every
        queue.add(made, name=name, due=time.time() + (0 if is_due else QUIET))

    def _queue(self) -> Jobs:
        """The jobs, for the one thread that adds to them; to open them for each would take three times as long."""
        if self._database is None:
            self._database = connect(self.repo)
        return Jobs(self._database)

    def _close(self) -> None:
        if self._database:
            self._database.close()


def gate(repo: Repo, *, is_local: bool) -> Gate:
    """Who is let in to a server of this repository. Raises UsageError for an issuer that is none."""
    file = setting(repo, "serve.jwt-key").text
    tokens = None
    if file:
        from skillgit.serve.tokens import configured  # 60 ms, with cryptography

        tokens = configured(repo, file)
    return Gate(Keyring(repo), config.user(repo), is_local, tokens)


def rules(repo: Repo, upstreams: Sequence[str] = ()) -> Rules:
    """The settings of a server of this repository. Raises UsageError for a wrong one."""
    rate = setting(repo, "serve.rate").text
    return Rules(
        _upstreams(repo, upstreams),
        cast(Rewrite, setting(repo, "serve.rewrite").text),
        cast(Learn, setting(repo, "serve.learn").text),
        int(setting(repo, "serve.every").text),
        int(rate) if rate else None,
        int(setting(repo, "serve.max-body").text) << 20,
        float(setting(repo, "model-timeout").text),
        setting(repo, "serve.web").text.lower() in YES,
    )


def _upstreams(repo: Repo, given: Sequence[str]) -> tuple[Upstream, ...]:
    """Those that are given, or else the setting's, or else the one of the model that is configured, if one is."""
    values = [Value(text, "--upstream") for text in given] or [setting(repo, "serve.upstream")]
    if not values[0].text:
        values = [Value(setting(repo, "model").text.partition("/")[0], "skillgit.model")]
    return tuple(upstream(repo, value) for value in values if value.text)


def _told(wake: Callable[[], object], done: Future[None]) -> None:
    error = done.exception()
    if error:
        audit.trouble(f"a conversation is not learned from: {type(error).__name__}: {error}")
    else:
        wake()
