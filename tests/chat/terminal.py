"""skillgit on a terminal: what it prints goes to a screen of so many rows and columns, and what a test types to it.

with terminal("chat", cwd=library) as screen:
    screen.wait("> ")
    screen.type("Hello", ENTER)
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread

import pyte

ENTER, ALT_ENTER, CTRL_C, CTRL_D, UP = "\r", "\x1b\r", "\x03", "\x04", "\x1b[A"
ROWS, COLUMNS = 30, 100
_SECONDS = 20.0
_LOOK = 0.02
_START = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.executable, [sys.executable, '-m', 'skillgit', *sys.argv[1:]])"
)
"""A program has the terminal for its own before it becomes skillgit: so Ctrl-C reaches it."""


class _Screen(pyte.Screen):
    """A screen that answers when it is asked where the cursor is."""

    def __init__(self, answer: Callable[[bytes], object]) -> None:
        super().__init__(COLUMNS, ROWS)
        self._answer = answer

    def write_process_input(self, data: str) -> None:
        self._answer(data.encode())


class Terminal:
    """A terminal with a program in it."""

    def __init__(self, keyboard: int, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._keyboard = keyboard
        self._lock = Lock()
        self._screen = _Screen(self._send)
        self._stream = pyte.ByteStream(self._screen)
        Thread(target=self._read, daemon=True).start()

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, without what is empty below."""
        with self._lock:
            lines = [line.rstrip() for line in self._screen.display]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def type(self, *keys: str) -> None:
        """Press keys."""
        for each in keys:
            self._send(each.encode())

    def paste(self, text: str) -> None:
        """Paste, as terminals say it."""
        self._send(f"\x1b[200~{text.replace(chr(10), chr(13))}\x1b[201~".encode())

    def wait(self, wanted: str | Callable[[list[str]], bool]) -> list[str]:
        """The screen, as soon as it shows a text, or is as wanted."""
        is_there = wanted if callable(wanted) else lambda lines: wanted in "\n".join(lines)
        until = time.monotonic() + _SECONDS
        while not is_there(lines := self.lines):
            if time.monotonic() > until:
                raise AssertionError("the screen shows:\n" + "\n".join(lines))
            time.sleep(_LOOK)
        return lines

    def ready(self) -> None:
        """Wait until the last line is an empty prompt."""
        self.wait(lambda lines: bool(lines) and lines[-1].strip() == ">")

    def resize(self, rows: int, columns: int) -> None:
        """The window has another size."""
        with self._lock:
            self._screen.resize(rows, columns)
        fcntl.ioctl(self._keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def end(self) -> int:
        """The exit code, when the program has ended."""
        try:
            return self.process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # it tells where its threads are
            self.process.wait()
            raise AssertionError("it does not end; the screen shows:\n" + "\n".join(self.lines)) from None

    def echoes(self) -> bool:
        """Whether the terminal shows by itself what is typed."""
        return bool(termios.tcgetattr(self._keyboard)[3] & termios.ECHO)

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._keyboard, data) :]

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._keyboard, 1 << 16)
            except OSError as err:  # whoever wrote to it has gone
                assert err.errno in (errno.EIO, errno.EBADF)
                return
            with self._lock:
                self._stream.feed(data)


@contextmanager
def terminal(*words: str, cwd: Path) -> Iterator[Terminal]:
    """A terminal in which `skillgit WORDS...` runs; it is ended with the block."""
    keyboard, screen = os.openpty()
    fcntl.ioctl(keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {
        **os.environ,
        "TERM": "xterm-256color",
        "NO_COLOR": "1",
        "GIT_PAGER": "cat",
        "PYTHONFAULTHANDLER": "1",
    }
    command = [sys.executable, "-c", _START, *words]
    process = subprocess.Popen(
        command, cwd=cwd, stdin=screen, stdout=screen, stderr=screen, env=environment, start_new_session=True
    )
    os.close(screen)
    try:
        yield Terminal(keyboard, process)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()
        os.close(keyboard)
