"""git's own lock for `git gc`, held by us too while objects move from pack to pack.

What no ref reaches, `git gc` takes out of a pack as loose objects before it removes the pack; `git repack -d` takes
away loose objects that stand in a pack. At the same moment they take both, and what a writer has just written, and no
ref reaches yet, is gone: 2 of 454 commits when it was measured, and none beside either alone.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from skillgit.errors import Locked, RepositoryError
from skillgit.git import lock, locks

_POLL_SECONDS = 0.1
_LONGEST = 12 * 3600.0
"""Seconds after which git takes a `gc.pid` for one that was left, whoever made it."""


@contextmanager
def hold(common_dir: Path, *, seconds: float) -> Iterator[None]:
    """No `git gc` runs inside the block; Locked, naming what is in the way, after `seconds` of waiting."""
    file = common_dir / "gc.pid"
    deadline = time.monotonic() + seconds
    while refusal := _refusal(file):
        if time.monotonic() >= deadline:
            raise refusal
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _refusal(file: Path) -> Locked | None:
    """Take the lock as git does, through `gc.pid.lock`; or say what is in the way."""
    beside = file.with_name("gc.pid.lock")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        return Locked(f"a 'git gc' is about to begin, or died: '{beside}' is there", hint=locks.hint(beside))
    except OSError as err:
        raise RepositoryError(f"cannot write to '{file.parent}': {(err.strerror or '').lower()}") from err
    is_taken = False
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as mine:
            mine.write(f"{os.getpid()} {socket.gethostname()}")
        holder = _holder(file)
        if not holder:
            beside.replace(file)
            is_taken = True
    finally:
        if not is_taken:  # else it is whoever's makes it next
            beside.unlink(missing_ok=True)
    return None if is_taken else Locked(f"objects are packed already: {holder}", hint="wait until that is done")


def _holder(file: Path) -> str:
    """Who holds the lock, by git's rule: a process that lives, or one of another machine; "" for nobody."""
    try:
        said, host = file.read_text(encoding="utf-8", errors="replace").split(maxsplit=1)
        pid, age = int(said), time.time() - file.stat().st_mtime
    except (FileNotFoundError, ValueError):
        return ""
    is_left = age > _LONGEST or (host == socket.gethostname() and not lock.lives(pid))
    return "" if is_left else f"'git gc' runs on {host} (pid {pid})"
