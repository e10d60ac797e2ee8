"""A folder that appears as a whole: it is made beside its place, as `.NAME.skillgit-unfinished`, and moved there.

Who is killed meanwhile leaves that behind; whoever makes the same folder next takes it away first.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from skillgit.errors import Locked, Refused, RepositoryError

_PATIENCE, _POLL_SECONDS = 1.0, 0.05


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A folder that is being made, and the descriptor that holds it: a child that inherits it holds it too."""

    folder: Path
    held: int


@contextmanager
def appearing(place: Path) -> Iterator[Unfinished]:
    """An empty folder to fill inside the block; afterwards it is `place`, or gone where the block has failed.

    Refused where anything but an empty folder stands at `place`, Locked where another process is making it.
    """
    place = place.resolve()
    check_free(place)
    scratch = place.with_name(f".{place.name}.skillgit-unfinished")
    held, done = _take(scratch), False
    try:
        _empty(scratch)
        yield Unfinished(scratch, held)
        _move(scratch, place)
        done = True
    finally:
        if not done:
            shutil.rmtree(scratch, ignore_errors=True)
        os.close(held)


def check_free(place: Path) -> None:
    """Refused where anything but an empty folder stands at a place."""
    if not os.path.lexists(place):
        return
    if not place.is_dir():
        raise Refused(f"'{place}' is there already", hint="name another folder")
    if any(place.iterdir()):
        hint = "'skillgit init' there sets up a clone that is there already" if (place / ".git").exists() else ""
        raise Refused(f"the folder '{place}' is not empty", hint=hint or "name another one")


def _take(scratch: Path) -> int:
    """A descriptor that holds the scratch folder for this process, as long as it lives."""
    try:
        scratch.mkdir(parents=True, exist_ok=True)
        held = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as err:
        said = (err.strerror or "").lower()
        raise RepositoryError(f"cannot make a folder in '{scratch.parent}': {said}", hint="name another place") from err
    try:
        _lock(held)
        if not os.path.samestat(os.fstat(held), scratch.stat()):
            raise FileNotFoundError
    except (BlockingIOError, FileNotFoundError) as err:
        os.close(held)
        raise Locked(f"another process is at work on '{scratch}'", hint="wait for it, then try again") from err
    return held


def _lock(held: int) -> None:
    """What a process that was stopped has started gets a moment to end, too."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
        time.sleep(_POLL_SECONDS)


def _empty(folder: Path) -> None:
    """Nothing is left in a scratch folder of a process that died."""
    for child in folder.iterdir():
        shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()


def _move(scratch: Path, place: Path) -> None:
    """An empty folder that is there already stays the same folder: somebody may stand in it."""
    if not place.exists():
        scratch.rename(place)
        return
    check_free(place)
    for child in sorted(scratch.iterdir(), key=lambda each: each.name != ".git"):
        child.rename(place / child.name)
    scratch.rmdir()
