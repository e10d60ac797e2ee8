"""R6: a disk that is full, read-only or not ours to write, in the middle of a decision."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.torture import place
from benchmarks.torture.command import Answer, User, skillgit
from benchmarks.torture.row import Row

_NOBODY = 65534
_SIZE = 4 << 20
_FULL = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 64, 72, 80, 88, 96, 112, 128]
"""How many KiB are left when a decision is to be written; it needs about 100."""


def r6(quick: bool) -> Row:
    """Learn on a small file system with ever more room left; then on one that is read-only; then as nobody."""
    if os.geteuid():
        return Row(0, skipped="needs root: it mounts a small file system, and becomes another user")
    problems: list[str] = []
    with place.directory() as scratch, _mounted(scratch / "disk") as disk:
        top = disk / "library"
        repo = place.library(top)
        place.learn(repo, place.lesson(0))
        rooms = _FULL[:: 14 if quick else 1]
        landed = 0
        for number, room in enumerate(rooms):
            with _filled(disk, room):
                answer = _learn(top, number)
            landed += answer.code == 0
            problems += _wrong(top, answer, number, f"{room} KiB left")
        with _read_only(disk):
            answer = _learn(top, 500)
            looked = skillgit(top, "search", "--user", "ada", "letters")
        problems += _refused(answer, "read-only") + ([f"search, read-only: {looked.err}"] if looked.code else [])
        problems += _wrong(top, answer, 500, "read-only")
        answer = _learn(top, 600, user=nobody(scratch, trusting=True))
        problems += _refused(answer, "not ours to write")
        problems += _wrong(top, answer, 600, "not ours to write")
    figures = f"{landed} of {len(rooms)} found room enough; then: {answer.words}"
    return Row(len(rooms) + 2, tuple(problems), figures)


def _learn(top: Path, number: int, *, user: User | None = None) -> Answer:
    text = "\n".join(f"{turn.role.capitalize()}: {turn.text}" for turn in place.lesson(number + 1).turns)
    return skillgit(top, "ingest", "--user", "ada", "-", stdin=text + "\n", user=user)


def _refused(answer: Answer, where: str) -> list[str]:
    return [] if answer.code == 128 else [f"{where}: exit {answer.code}, {answer.err[-200:]}"]


def _wrong(top: Path, answer: Answer, number: int, where: str) -> Iterator[str]:
    """What does not hold after one decision on a bad disk, now that the disk is good again."""
    if answer.unclear:
        yield f"{where}: {answer.unclear}"
    before = place.attempts(top)
    again = _learn(top, number)
    if again.code:
        yield f"{where}: the next run fails: {again.err[-200:]}"
    after = place.attempts(top)
    if answer.code == 0 and len(after) != len(before):
        yield f"{where}: acknowledged, and not in the history"
    if len(set(after)) != len(after):
        yield f"{where}: an attempt is applied twice"
    yield from (f"{where}: {said}" for said in place.unsound(top))
    left = place.status(top)
    if left:
        yield f"{where}: git status: {left}"


@contextmanager
def _mounted(target: Path) -> Iterator[Path]:
    target.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "torture", target], check=True)
    try:
        yield target
    finally:
        subprocess.run(["umount", target], check=True)


@contextmanager
def _filled(disk: Path, room: int) -> Iterator[None]:
    """Leave no more than `room` KiB of the file system free inside the block."""
    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    os.posix_fallocate(descriptor, 0, max(free - 1024 * room, 1))
    os.close(descriptor)
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def _read_only(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


def nobody(scratch: Path, *, trusting: bool) -> User:
    """Another user, who may look into `scratch`, and who trusts the repositories there or does not."""
    home = scratch / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(f"[safe]\n\tdirectory = {'*' if trusting else '/nowhere'}\n")
    scratch.chmod(0o755)
    return User(_NOBODY, home)
