"""Processes that die on time: at a moment, at a mark of the write path, or around one of their calls of git.

Nothing of this is in the code under test: a tracer in the forked process knows the marks (the first time that
each function of the write path is entered), and a script that stands for `git` on the PATH counts calls.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import TraceFunction

Deed = Callable[[], Iterable[str]]
"""Something that writes, and gives each commit when it is acknowledged."""

_WRITERS = ("transaction", "intent", "overlap", "worktree", "index", "objects", "drafts", "lock", "boot", "ledger")
"""The modules of the write path; of the first the private functions are marks, too."""

_PR_SET_CHILD_SUBREAPER = 36
_GIT = """#!/bin/sh
real={real}
count=$(($(cat "{count}" 2>/dev/null || echo 0) + 1))
echo $count > "{count}"
[ $count = {call} ] || exec $real "$@"
{fate}
"""

FATES = {
    "before": "kill -9 0",
    "writer": 'kill -9 $PPID; sleep 0.05; exec $real "$@"',
    "within": '$real "$@" & sleep 0.00{slice}; kill -9 0',
    "git": '$real "$@" & sleep 0.00{slice}; kill -9 $!; wait $!',
    "step": 'strace -qqo /dev/null -e inject=openat,unlink,write,rename:signal=9:when={step} $real "$@"; kill -9 0',
}
"""What happens at a call of git: to all processes before or within it, to the writer alone, to git alone.

A step is one of its system calls that open, remove, write or rename: git is killed on entering it, then all are.
"""


@dataclass(frozen=True, slots=True)
class Kill:
    """When a process dies: after `moment` seconds, on reaching `mark`, or at its `call`-th call of git by a fate.

    `step` says where within that git, for the fate that is called so.
    """

    moment: float | None = None
    mark: str | None = None
    call: int = 0
    fate: str = ""
    step: int = 0

    def __str__(self) -> str:
        if self.moment is not None:
            return f"after {1000 * self.moment:.0f} ms"
        step = f" {self.step} of" if self.step else ""
        return f"on entering {self.mark}" if self.mark else f"{self.fate}{step} git call {self.call}"


@dataclass(frozen=True, slots=True)
class Died:
    """What became of a process: the commits that it acknowledged, and whether it ended before it was killed."""

    acknowledged: tuple[str, ...]
    finished: bool


def killed(deed: Deed, kill: Kill, *, scratch: Path) -> Died:
    """Do the deed in a forked process, with a process group of its own, that dies as `kill` says."""
    _adopt_orphans()
    with wrapped_git(kill, scratch):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            _run(deed, kill, writer)
    os.close(writer)
    with suppress(OSError):  # both sides do it, whoever comes first
        os.setpgid(child, child)
    if kill.moment is not None:
        time.sleep(kill.moment)
        os.killpg(child, signal.SIGKILL)
    with os.fdopen(reader) as said:
        acknowledged = tuple(said.read().splitlines())
    _, code = os.waitpid(child, 0)
    _await_group(child)
    return Died(acknowledged, code == 0)


def marks(deed: Deed) -> list[str]:
    """The marks of a deed in the order in which it comes by them; the deed is done in this process."""
    found: dict[str, None] = {}

    def trace(frame: FrameType, event: str, _: object) -> None:
        mark = _mark(frame)
        if mark:
            found.setdefault(mark)

    sys.settrace(trace)
    try:
        list(deed())
    finally:
        sys.settrace(None)
    return list(found)


def calls(deed: Deed, *, scratch: Path) -> int:
    """How often a deed calls git; the deed is done."""
    with wrapped_git(Kill(call=-1, fate="before"), scratch):
        list(deed())
    count = scratch / "count"
    return int(count.read_text()) if count.exists() else 0


@contextmanager
def wrapped_git(kill: Kill, scratch: Path) -> Iterator[None]:
    """Have the script stand for `git` on the PATH, where the kill is at a call of git."""
    path = os.environ["PATH"]
    if not kill.fate:
        yield
        return
    (scratch / "count").unlink(missing_ok=True)
    fate = FATES[kill.fate].format(slice=1 + kill.call % 4, step=kill.step)
    script = _GIT.format(real=shutil.which("git"), count=scratch / "count", call=kill.call, fate=fate)
    (scratch / "bin").mkdir(exist_ok=True)
    (scratch / "bin/git").write_text(script)
    (scratch / "bin/git").chmod(0o755)
    os.environ["PATH"] = f"{scratch / 'bin'}{os.pathsep}{path}"
    try:
        yield
    finally:
        os.environ["PATH"] = path


def _run(deed: Deed, kill: Kill, writer: int) -> None:
    """The life of the forked process, which never returns."""
    os.setpgid(0, 0)
    if kill.mark:
        sys.settrace(_deadly(kill.mark))
    code = 70
    try:
        for commit in deed():
            os.write(writer, f"{commit}\n".encode())
        code = 0
    finally:
        os._exit(code)


def _deadly(mark: str) -> TraceFunction:
    def trace(frame: FrameType, event: str, _: object) -> None:
        if _mark(frame) == mark:
            os.kill(os.getpid(), signal.SIGKILL)

    return trace


def _mark(frame: FrameType) -> str:
    """The mark that entering this function is, or ""."""
    file, name = Path(frame.f_code.co_filename), frame.f_code.co_name
    if file.parent.name != "git" or file.parent.parent.name != "skillgit" or file.stem not in _WRITERS:
        return ""
    if name[0] == "<" or (name[0] == "_" and file.stem not in _WRITERS[:1]):
        return ""
    return f"{file.stem}.{name}"


def _await_group(group: int) -> None:
    """Wait until no process of the group is left: a git whose writer was killed may still write."""
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-group, 0)


def _adopt_orphans() -> None:
    """Make processes whose parent is killed children of this one, where the system can do that: Linux."""
    with suppress(AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
