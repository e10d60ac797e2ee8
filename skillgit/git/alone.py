"""The locks of a repository's writers, and what a writer left behind that did not end well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from skillgit.git import boot, lock, locks, worktree
from skillgit.git.repo import Repo

LOCK_SECONDS: Final = 30.0
"""How long a writer waits for another."""
FETCH_SECONDS: Final = 60.0
"""How long one who fetches libraries waits for another who does."""

_TICK: Final = 0.01  # seconds: files have the time of a clock that ticks, and as a fraction it is rounded


@contextmanager
def alone(repo: Repo) -> Iterator[int]:
    """No other skillgit writes within, and what a killed one left is put away; gives the lock's descriptor.

    Raises Locked when another does not let go within LOCK_SECONDS.
    """
    with lock.hold(repo.private / "lock", seconds=LOCK_SECONDS) as held:
        boot.remember(repo.common_dir)
        clear_leftovers(repo, held)
        yield held


@contextmanager
def at_libraries(repo: Repo) -> Iterator[None]:
    """No other skillgit changes the stores of libraries within, and what a killed one left there is put away.

    Decisions are made meanwhile: a fetch takes as long as the network does. Raises Locked after FETCH_SECONDS.
    """
    with lock.hold(repo.private / "libraries.lock", seconds=FETCH_SECONDS) as held:
        clear_leftovers(repo, held, below=repo.common_dir / "modules")
        yield


def clear_leftovers(repo: Repo, held: int, *, below: Path | None = None) -> None:
    """Put away the lock files that a writer left which did not end well, and that nobody holds now."""
    since = lock.unfinished_since(held)
    if since is None:
        return
    for found in locks.lock_files(repo.common_dir, worktree.every(repo)):
        if found.made >= since - _TICK and not found.holder and (below is None or below in found.path.parents):
            locks.set_aside(repo.common_dir, found.path, inode=found.inode)
