"""Packs that another git replaces while we read.

libgit2 remembers which packs there are. Where `git repack` or `git gc` has put their objects into another pack since,
it says that a pack is invalid or an object not there, though it is: whoever looks again finds it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import pygit2

if TYPE_CHECKING:
    from skillgit.git.repo import Repo

T = TypeVar("T")

_MISSED = re.compile("pack-?file|doesn't exist|invalid object|object not found|[0-9a-f]{40}")
_LEAST, _MOST, _SECONDS = 5, 20, 0.5
_FIRST = 100
"""The priority of a store that is asked before the disk is (1 and 2), and so is the one written to."""


class Looks:
    """How often something is looked for before it counts as missing: 5 times, and up to 20 within half a second.

    On a busy machine a git that repacks again and again may be done between any two looks.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._count = 0

    def more(self) -> bool:
        """Whether to look again, after another look that was in vain."""
        self._count += 1
        soon = time.monotonic() - self._began < _SECONDS
        return self._count < (_MOST if soon else _LEAST)


def read(repo: Repo, ask: Callable[[], T]) -> T:
    """What `ask` reads with libgit2, asked again where it misses an object; it may be asked several times.

    The error of the last try, where the object is missing for good.
    """
    looks = Looks()
    while True:
        try:
            return ask()
        except (pygit2.GitError, OSError, KeyError, ValueError) as err:
            if not missed(err) or not looks.more():
                raise
            look_again(repo)


def missed(err: Exception) -> bool:
    """Whether an error may be libgit2's about an object that is there."""
    return _MISSED.search(str(err)) is not None


def look_again(repo: Repo) -> None:
    """Forget what packs there were. What is being drafted is found as before."""
    found = pygit2.Odb(str(repo.common_dir / "objects"))
    if repo.drafts is not None:
        found.add_backend(repo.drafts(), _FIRST)
    repo.handle.set_odb(found)
