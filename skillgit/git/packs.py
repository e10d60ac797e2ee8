"""Packs that another git replaces while we read.

libgit2 remembers which packs there are. Where `git repack` or `git gc` has put their objects into another pack since,
it says that a pack is invalid or an object not there, though it is: whoever looks again finds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import pygit2

if TYPE_CHECKING:
    from skillgit.git.repo import Repo

T = TypeVar("T")

TRIES = 5
"""How often something is read before it counts as missing."""

_MISSED = re.compile("pack-?file|doesn't exist|invalid object|object not found|[0-9a-f]{40}")
_FIRST = 100
"""The priority of a store that is asked before the disk is (1 and 2), and so is the one written to."""


def read(repo: Repo, ask: Callable[[], T]) -> T:
    """What `ask` reads with libgit2, asked again where it misses an object; it may be asked several times.

    The error of the last try, where the object is missing for good.
    """
    for _ in range(TRIES - 1):
        try:
            return ask()
        except (pygit2.GitError, OSError, KeyError, ValueError) as err:
            if not missed(err):
                raise
            look_again(repo)
    return ask()


def missed(err: Exception) -> bool:
    """Whether an error may be libgit2's about an object that is there."""
    return _MISSED.search(str(err)) is not None


def look_again(repo: Repo) -> None:
    """Forget what packs there were. What is being drafted is found as before."""
    found = pygit2.Odb(str(repo.common_dir / "objects"))
    if repo.drafts is not None:
        found.add_backend(repo.drafts(), _FIRST)
    repo.handle.set_odb(found)
