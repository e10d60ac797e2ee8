"""R8 and R15: locks that are dead, held or stopped; a clock that goes back; a repository of someone else's."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.torture import place
from benchmarks.torture.command import Answer, skillgit
from benchmarks.torture.disk import nobody
from benchmarks.torture.row import Row
from skillgit.git import lock
from skillgit.git.repo import Repo

LOCKS = (
    "index.lock",
    "HEAD.lock",
    "refs/heads/main.lock",
    "packed-refs.lock",
    "config.lock",
    "logs/HEAD.lock",
    "gc.pid",
    "objects/maintenance.lock",
    "skillgit/upkeep.lock",
)
_BOUND = 10.0
_MINUTES = 120.0


def r8(quick: bool) -> Row:
    """Each kind of lock file, left by a dead git and held by a living one: is it named, freed, never stolen?"""
    problems: list[str] = []
    slowest = 0.0
    names = LOCKS[:: 3 if quick else 1]
    with place.directory() as scratch:
        top = scratch / "library"
        repo = place.library(top)
        place.learn(repo, place.lesson(0))
        for number, name in enumerate(names):
            file = top / ".git" / name
            with _held(file):
                slow = [_learn(top, 2 * number + 1), skillgit(top, "doctor", "--fix", seconds=60)]
                problems += [f"{name}, held: stolen"] if not file.exists() else []
            problems += _wrong(slow[0], name, "held")
            os.utime(file, (time.time() - _MINUTES, time.time() - _MINUTES))
            dead = _learn(top, 2 * number + 2)
            problems += _wrong(dead, name, "dead")
            slowest = max(slowest, slow[0].seconds, dead.seconds)
            skillgit(top, "doctor", "--fix", seconds=60)
            freed = _learn(top, 2 * number + 2)
            problems += [f"{name}: not freed by the doctor: {freed.err}"] if freed.code else []
            file.unlink(missing_ok=True)
        problems += place.unsound(top) + [f"git status: {left}" for left in place.status(top)]
    return Row(2 * len(names), tuple(problems), f"the longest wait {slowest:.1f} s")


def _learn(top: Path, number: int) -> Answer:
    words = place.lesson(number, about="minutes").turns[0].text
    return skillgit(top, "ingest", "--user", "ada", "-", stdin=f"User: {words}\n", seconds=60)


def _wrong(answer: Answer, name: str, how: str) -> Iterator[str]:
    """A command beside a lock file goes on where it does not need it, or names it, and does not wait for ever."""
    if answer.unclear:
        yield f"{name}, {how}: {answer.unclear}"
    elif answer.code and Path(name).name not in answer.err:
        yield f"{name}, {how}: not named: {answer.err}"
    if answer.seconds > _BOUND:
        yield f"{name}, {how}: took {answer.seconds:.0f} s"


@contextmanager
def _held(file: Path) -> Iterator[None]:
    """A process holds the lock file open inside the block, and leaves it behind when it dies."""
    file.parent.mkdir(parents=True, exist_ok=True)
    words = ["sh", "-c", 'exec 9> "$1"; echo; read forever', "sh", str(file)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        try:
            yield
        finally:
            holder.kill()


def r15(quick: bool) -> Row:
    """A holder of the lock that is stopped, a clock a day back, and a repository that belongs to another user."""
    problems: list[str] = []
    with place.directory() as scratch:
        top = scratch / "library"
        repo = place.library(top)
        problems += _stopped(top, repo, quick=quick)
        problems += _day_back(top, repo)
        problems += _of_someone_else(scratch, top)
        problems += place.unsound(top)
    return Row(3, tuple(problems))


def _stopped(top: Path, repo: Repo, *, quick: bool) -> Iterator[str]:
    """A stopped holder is named by its pid when the time is up, and the lock is free as soon as it is dead."""
    child = os.fork()
    if child == 0:
        with lock.hold(repo.private / "lock", seconds=5):
            os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    os.waitpid(child, os.WUNTRACED)
    if not quick:
        answer = _learn(top, 1)
        if answer.code != 128 or f"pid {child}" not in answer.err or answer.seconds > 40:
            yield f"stopped: {answer.unclear or answer.err} after {answer.seconds:.0f} s"
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    after = _learn(top, 1)
    if after.code or after.seconds > _BOUND:
        yield f"after the stopped holder died: {after.err} after {after.seconds:.0f} s"


def _day_back(top: Path, repo: Repo) -> Iterator[str]:
    """Decisions made at yesterday's date, on files from tomorrow, come after those of today."""
    tomorrow = time.time() + 86_400
    for file in [path for path in (top / ".git").rglob("*") if path.is_file()]:
        os.utime(file, (tomorrow, tomorrow))
    before = place.git("rev-parse", "HEAD", cwd=top)
    yesterday = f"@{int(time.time()) - 86_400} +0000"
    os.environ.update(GIT_AUTHOR_DATE=yesterday, GIT_COMMITTER_DATE=yesterday)
    try:
        place.learn(repo, place.lesson(2, about="minutes"))
    finally:
        del os.environ["GIT_AUTHOR_DATE"], os.environ["GIT_COMMITTER_DATE"]
    if place.git("rev-parse", "HEAD~", cwd=top) != before:
        yield "clock back: the decision is not the newest"
    yield from place.falling(place.decisions(top))
    if place.learn(repo, place.lesson(2, about="minutes")).commit:
        yield "clock back: applied twice"
    yield from place.status(top)


def _of_someone_else(scratch: Path, top: Path) -> Iterator[str]:
    """Another user is told whose repository it is and how to trust it, and changes nothing."""
    if os.geteuid():
        return
    other = nobody(scratch, trusting=False)
    tip = place.git("rev-parse", "HEAD", cwd=top)
    for words in (("list",), ("ingest", "-")):
        answer = skillgit(top, *words, stdin="User: Always mention the tide.\n", user=other)
        if answer.code != 128 or "safe.directory" not in answer.err:
            yield f"two users: {answer.unclear or answer.err}"
    if place.git("rev-parse", "HEAD", cwd=top) != tip:
        yield "two users: something was written"
