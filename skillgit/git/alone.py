"""The writers' lock of a repository, and what a writer left behind that did not end well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from skillgit.git import boot, lock, locks, worktree
from skillgit.git.repo import Repo

LOCK_SECONDS: Final = 30.0
"""How long a writer waits for another."""


@contextmanager
def alone(repo: Repo) -> Iterator[int]:
    """No other skillgit writes within, and what a killed one left is put away; gives the lock's descriptor.

    Raises Locked when another does not let go within LOCK_SECONDS.
    """
    with lock.hold(repo.private / "lock", seconds=LOCK_SECONDS) as held:
        boot.remember(repo.common_dir)
        clear_leftovers(repo, held)
        yield held


def clear_leftovers(repo: Repo, held: int) -> None:
    """Put away the lock files that a writer left which did not end well, and that nobody holds now."""
    since = lock.unfinished_since(held)
    if since is None:
        return
    for found in locks.lock_files(repo.common_dir, worktree.every(repo)):
        if found.made >= since and not found.holder:
            locks.set_aside(repo.common_dir, found.path, inode=found.inode)
