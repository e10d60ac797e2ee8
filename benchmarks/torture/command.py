"""`skillgit` as a process that is forked, not started, so that hundreds of them cost little; with a watchdog."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from benchmarks.torture import place
from skillgit.cli.app import COMMANDS, main

for _row in COMMANDS:  # once, and not in each forked process, some of which may not read the files
    import_module(f"skillgit.cli.{_row.module}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said, and after how many seconds; `code` is None where it hung and was killed."""

    code: int | None
    out: str
    err: str
    seconds: float

    @property
    def unclear(self) -> str:
        """Why this is no way to answer: it hung, crashed, or failed without saying so in a line; "" where it is."""
        if self.code is None:
            return f"hung for {self.seconds:.0f} s"
        if self.code == 3 or "Traceback" in self.err or self.code < 0:
            return f"crashed: {self.err[-300:]}"
        told = [line for line in self.err.splitlines() if line.startswith(("fatal: ", "error: "))]
        if self.code and len(told) != 1:
            return f"exit {self.code} with {len(told)} errors: {self.err[-300:]}"
        return ""

    @property
    def words(self) -> str:
        """The line that says what went wrong, or ""."""
        return next((line for line in self.err.splitlines() if line.startswith(("fatal: ", "error: "))), "")


@dataclass(frozen=True, slots=True)
class User:
    """Another user: the id, and a home that this user may read."""

    id: int
    home: Path


def skillgit(top: Path, *words: str, stdin: str = "", seconds: float = 20, user: User | None = None) -> Answer:
    """What `skillgit WORDS...` answers in a directory, run as another user where one is given."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin.encode())
        given.seek(0)
        child = os.fork()
        if child == 0:
            _become(top, words, (given.fileno(), out.fileno(), err.fileno()), user)
        code = _watched(child, began + seconds)
        texts = [_text(file.fileno()) for file in (out, err)]
    return Answer(code, texts[0], texts[1], time.monotonic() - began)


def _become(top: Path, words: Sequence[str], streams: tuple[int, int, int], user: User | None) -> None:
    """The life of the forked process, which never returns."""
    code = 70
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            setattr(sys, name, os.fdopen(("stdin", "stdout", "stderr").index(name), mode, closefd=False))
        os.chdir(top)
        if user is not None:
            place.seal(user.home)
            os.setgid(user.id)
            os.setuid(user.id)
        code = main(words)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _watched(child: int, deadline: float) -> int | None:
    """The exit code of the process; None where it had to be killed."""
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _text(descriptor: int) -> str:
    size = os.lseek(descriptor, 0, os.SEEK_END)
    return os.pread(descriptor, size, 0).decode("utf-8", "replace")
