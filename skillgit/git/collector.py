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

from skillgit.errors import Locked

_POLL_SECONDS = 0.1
_LONGEST = 12 * 3600.0
"""Seconds after which git takes a `gc.pid` for one that was left, whoever made it."""


@contextmanager
def hold(common_dir: Path, *, seconds: float) -> Iterator[None]:
    """No `git gc` runs inside the block; Locked, naming what does, after `seconds` of waiting."""
    file = common_dir / "gc.pid"
    deadline = time.monotonic() + seconds
    while in_the_way := _taken(file):
        if time.monotonic() >= deadline:
            raise Locked(f"objects are packed already: {in_the_way}", hint="wait until that is done")
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _taken(file: Path) -> str:
    """Take the lock as git does, through `gc.pid.lock`; "", or what is in the way."""
    beside = file.with_name("gc.pid.lock")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        return f"'{beside}' is there"
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as mine:
            mine.write(f"{os.getpid()} {socket.gethostname()}")
        holder = _holder(file)
        if not holder:
            beside.replace(file)
        return holder
    finally:
        beside.unlink(missing_ok=True)


def _holder(file: Path) -> str:
    """Who holds the lock, by git's rule: a process that lives, or one of another machine; "" for nobody."""
    try:
        said, host = file.read_text(encoding="utf-8", errors="replace").split(maxsplit=1)
        pid, age = int(said), time.time() - file.stat().st_mtime
    except (FileNotFoundError, ValueError):
        return ""
    is_left = age > _LONGEST or (host == socket.gethostname() and not _lives(pid))
    return "" if is_left else f"'git gc' runs on {host} (pid {pid})"


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
