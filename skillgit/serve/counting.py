"""What users were given, counted on a thread of its own, so that neither an answer nor the next search waits for it."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock
from typing import Final

from skillgit.git.repo import Repo
from skillgit.search import usage
from skillgit.serve import audit
from skillgit.serve.retrieval import Found

_TOGETHER: Final = 0.25  # seconds; what is counted within them is written at once


class Counting:
    """Counts in the order in which they come; what came last is lost where the server is killed."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="counting")
        self._lock, self._writing = Lock(), Lock()
        self._given: list[usage.Use] = []
        self._over = Event()
        self._told: tuple[str, ...] = ()

    def add(self, found: Found, *, user: str) -> None:
        """The hits are counted as given to a user, soon."""
        given = usage.given(found.hits, user=user, injected=found.injected)
        with self._lock:
            is_first = bool(given) and not self._given
            self._given += given
        if is_first:
            self._thread.submit(self._write).add_done_callback(_looked_at)

    def settle(self) -> None:
        """What was given until now is counted."""
        with self._writing:
            with self._lock:
                given, self._given = self._given, []
            if not given:
                return
            notes = usage.add(Repo.open(self._directory), given)
            if notes != self._told:
                audit.trouble("; ".join(notes) or "usage is counted again")
            self._told = notes

    def close(self) -> None:
        """What was given is counted, and nothing more will be."""
        self._over.set()
        self._thread.shutdown()

    def _write(self) -> None:
        self._over.wait(_TOGETHER)
        self.settle()


def _looked_at(done: Future[None]) -> None:
    """An error that nobody waits for is told, such as of a repository that is not there any more."""
    if error := done.exception():
        audit.trouble(f"usage is not counted: {type(error).__name__}: {error}")
