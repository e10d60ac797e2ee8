"""Housekeeping: loose objects into packs, and a commit-graph that knows which paths each commit changed.

A writer starts it after the branch has moved, about every 250 decisions, as a process of its own with low
priority that outlives the writer. It holds `.git/skillgit/upkeep.lock`, git's own `gc.pid` (`collector.py` says why),
and no lock that a writer waits for.
Nothing is ever pruned: an object that a writer has made and no ref reaches yet is packed like any other
(`gc --prune=now` beside writers destroyed the repository when it was measured).

`git config skillgit.upkeep false`, or SKILLGIT_UPKEEP=0, switches it off; `skillgit doctor --fix` runs it too.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from skillgit.errors import SkillgitError
from skillgit.git import collector, lock
from skillgit.git.repo import Repo, switched_on
from skillgit.git.run import environment, git

DECISIONS = 250
"""So many decisions make about 1,500 loose objects, in a small library."""

MANY_PACKS = 20
_SAMPLE = "17"
_SAMPLE_FULL = 6
"""git's way to count loose objects: those in one of 256 folders stand for all."""
_REST_SECONDS = 60.0
_PATIENCE = 600.0

_REPACK = ("repack", "-n", "-q", "-d", "--geometric=2", "--write-midx")
_GRAPH = ("commit-graph", "write", "--reachable", "--changed-paths", "--no-progress")
_STEPS = (_REPACK, (*_GRAPH, "--split"))


def start_if_due(repo: Repo, *, commits: int) -> None:
    """Housekeeping runs in the background where it is due after so many new commits; the caller never waits for it.

    Nothing that hinders it is an error: what was written is written, and `skillgit doctor` says when objects pile up.
    """
    with suppress(OSError, SkillgitError):
        if _is_due(repo, commits) and _has_rested(repo) and is_on(repo) and not unfit(repo):
            start(repo)


def start(repo: Repo) -> None:
    """Housekeeping goes on in a detached process when this returns; Locked where one is at it already.

    It leaves the repository to a `git gc` that runs.
    """
    words = shlex.join([sys.executable, "-P", "-m", "skillgit.git.upkeep", str(repo.common_dir)])
    with lock.hold(_lock_file(repo), seconds=0) as held:
        subprocess.run(
            ["sh", "-c", f"{{ nice -n 10 {words}; }} &"],
            cwd=repo.common_dir,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(held,),
            start_new_session=True,
            check=False,
        )


def run(repo: Repo) -> None:
    """Loose objects are packed and the commit-graph is up to date; waits for housekeeping that is under way."""
    with lock.hold(_lock_file(repo), seconds=_PATIENCE) as held:
        _work(repo.common_dir, seconds=_PATIENCE, keep=(held,))


def _work(common_dir: Path, *, seconds: float, keep: Sequence[int] = ()) -> None:
    with collector.hold(common_dir, seconds=seconds):
        for step in _STEPS:
            git(step, cwd=common_dir, keep=keep)


def rewrite_graph(repo: Repo) -> None:
    """The commit-graph is written anew, as one file with the changed paths of every commit."""
    with lock.hold(_lock_file(repo), seconds=_PATIENCE) as held:
        git([*_GRAPH, "--split=replace"], cwd=repo.common_dir, keep=(held,))


def is_on(repo: Repo) -> bool:
    """Whether housekeeping may run by itself."""
    return switched_on(repo, "upkeep", unsaid=True)


def unfit(repo: Repo) -> str:
    """Why this repository is left to git's own housekeeping, or ""."""
    if repo.handle.is_shallow:
        return "it is shallow"
    if (repo.common_dir / "objects/info/alternates").exists():
        return "it borrows objects from another repository"
    if any((repo.common_dir / "objects/pack").glob("*.promisor")):
        return "it is a partial clone"
    return ""


def loose(repo: Repo) -> int:
    """About how many loose objects there are."""
    return 256 * _count(repo.common_dir / "objects" / _SAMPLE, "")


def packs(repo: Repo) -> int:
    """How many packs there are."""
    return _count(repo.common_dir / "objects" / "pack", ".pack")


def _is_due(repo: Repo, commits: int) -> bool:
    return commits >= DECISIONS or loose(repo) >= 256 * _SAMPLE_FULL or packs(repo) > MANY_PACKS


def _has_rested(repo: Repo) -> bool:
    """Whether the last one began a minute ago: one that fails is not started again by every decision."""
    try:
        return abs(time.time() - _lock_file(repo).stat().st_mtime) > _REST_SECONDS
    except FileNotFoundError:
        return True


def _lock_file(repo: Repo) -> Path:
    return repo.private / "upkeep.lock"


def _count(folder: Path, ending: str) -> int:
    try:
        with os.scandir(folder) as there:
            return sum(entry.name.endswith(ending) for entry in there)
    except FileNotFoundError:
        return 0


if __name__ == "__main__":
    with suppress(SkillgitError):  # nobody is there to hear it: `skillgit doctor` says when objects pile up
        _work(Path(sys.argv[1]), seconds=0)
