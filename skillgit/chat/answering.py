"""One answer at a time in a conversation, over all threads, processes and faces: `.git/skillgit/answering/ID`, locked.

The lock goes with the process that holds it, and the file with the lock.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from skillgit.errors import Refused
from skillgit.git.repo import Repo

_PATIENCE = 1.0  # seconds that an answer which was stopped has to be kept
_LOOK = 0.02


@contextmanager
def answering(repo: Repo, name: str) -> Iterator[None]:
    """No other answer is under way in the conversation of this id while the block runs. Refused where one is."""
    file = _place(repo, name)
    held = _taken(file)
    try:
        yield
    finally:
        with suppress(FileNotFoundError):
            file.unlink()
        os.close(held)


def is_answering(repo: Repo, name: str) -> bool:
    """Whether an answer is under way in the conversation of this id."""
    try:
        seen = os.open(_place(repo, name), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _locked(seen)
    finally:
        os.close(seen)


def _place(repo: Repo, name: str) -> Path:
    return repo.private / "answering" / name


def _taken(file: Path) -> int:
    """A descriptor that holds the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        held = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if _locked(held) and _stands(held, file):
            return held
        os.close(held)
        time.sleep(_LOOK)
    raise Refused("an answer is under way in this conversation", hint="wait for it, or stop it")


def _locked(descriptor: int) -> bool:
    """Whether nobody else had the file; it is this descriptor's then, until that is closed."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _stands(descriptor: int, file: Path) -> bool:
    """Whether the file is still the one that was opened: who had it before may have taken it along."""
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except FileNotFoundError:
        return False
