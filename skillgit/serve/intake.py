"""The one thread of a server that adds jobs, so that nobody waits for the disk, or for a database that is away.

Where the jobs are in a database that is away, those that come of an answer wait in the repository's own file: the
learning process moves them when it is back. Who asks for a job by name is told instead, and asks again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import Final

from skillgit.errors import DatabaseError
from skillgit.git.repo import Repo
from skillgit.learn import jobs_sqlite
from skillgit.learn.jobs import Database, Jobs, Wanted, connect, is_shared
from skillgit.serve import audit
from skillgit.serve.options import Learn

QUIET: Final = 120.0
"""Seconds of silence after which a conversation is learned from, even where it is shorter than `serve.every`."""


class Intake:
    """Adds jobs in the order in which they come; `every` is how many turns of a user's make a job due."""

    def __init__(self, repo: Repo, *, every: int) -> None:
        self._repo = repo
        self._every = every
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="jobs")
        self._is_shared = is_shared(repo)
        self._database: Database | None = None

    def add(self, wanted: Callable[[], Wanted], done: Callable[[], object], *, name: str, policy: Learn) -> None:
        """Have a job, which `wanted` makes on the thread, added sooner or later; `done` is called there then."""
        self._thread.submit(self._kept, wanted, name, policy).add_done_callback(partial(_told, done))

    async def ask(self, wanted: Callable[[], Wanted], *, name: str) -> None:
        """A job for which somebody has asked is on the disk. Raises DatabaseError where it cannot be."""
        await asyncio.wrap_future(self._thread.submit(self._asked, wanted, name))

    async def close(self) -> None:
        """What was asked for is on the disk."""
        self._thread.submit(self._close)
        await asyncio.to_thread(self._thread.shutdown)

    def _asked(self, wanted: Callable[[], Wanted], name: str) -> None:
        self._put(self._jobs(), wanted(), name=name, policy="always")

    def _kept(self, wanted: Callable[[], Wanted], name: str, policy: Learn) -> None:
        made = wanted()
        try:
            self._put(self._jobs(), made, name=name, policy=policy)
            return
        except DatabaseError as err:
            if not self._is_shared:
                raise
            audit.trouble(f"job {name} waits in this repository until the database is back: {err.message}")
        with closing(jobs_sqlite.connect(self._repo)) as here:
            self._put(Jobs(here), made, name=name, policy=policy)

    def _put(self, queue: Jobs, made: Wanted, *, name: str, policy: Learn) -> None:
        new = len(made.digests) - queue.heard(made.user, made.digests)
        is_due = made.trigger == "now" or policy == "always" or new >= self._every
        queue.add(made, name=name, due=time.time() + (0 if is_due else QUIET))

    def _jobs(self) -> Jobs:
        """The jobs, for this thread; to open them for each would take three times as long."""
        if self._database is None:
            self._database = connect(self._repo)
        return Jobs(self._database)

    def _close(self) -> None:
        if self._database:
            self._database.close()


def _told(added: Callable[[], object], done: Future[None]) -> None:
    error = done.exception()
    if error:
        audit.trouble(f"a conversation is not learned from: {type(error).__name__}: {error}")
    else:
        added()
