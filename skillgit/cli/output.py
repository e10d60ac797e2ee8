"""What every command prints through: lines, tables, JSON, colours, the pager, progress, questions.

Text that came from a file, a transcript or a user reaches a terminal only through `visible`.
Colours and the pager are decided as git decides them, by its configuration and environment.
"""

from __future__ import annotations

import functools
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeVar

from skillgit.errors import UsageError

Item = TypeVar("Item")
Style = Literal["plain", "bold", "dim", "red", "green", "yellow", "cyan"]

_SGR: Mapping[Style, str] = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}

# Compiled by re on first use, not at import, which costs a millisecond.
_INVISIBLE = (
    "[\0-\x08\x0b-\x1f\x7f-\x9f"  # controls, all but tab and newline
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi marks, overrides, isolates
    "\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff"  # zero width and deprecated formats, separators
    "\U000e0000-\U000e007f\ud800-\udfff]"  # tags, lone surrogates
)

_PATIENCE = 2.0  # seconds of work before a progress line appears, as in git


def visible(text: str) -> str:
    """The text with what a terminal would obey or hide spelled out: ESC becomes `\\x1b`."""
    return re.sub(_INVISIBLE, lambda match: _escape(match[0]), text)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _one_line(text: str) -> str:
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def prepare_streams() -> None:
    """Make stdout and stderr UTF-8 whatever the locale; what has no UTF-8 is written as an escape.

    A stream that was closed when we started (`>&-`) is /dev/null, as in git: else the next
    file we open would take its number, and what children print would land in it.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w"))  # noqa: SIM115 (until exit)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(text: str = "", *, style: Style = "plain") -> None:
    """One line, or a few, on stdout."""
    print(paint(visible(text), style))


def serving(address: str) -> None:
    """A line that says where a server is, out at once: whoever has started it in a pipe waits for that."""
    say(f"serving on {address}")
    sys.stdout.flush()


def write(text: str) -> None:
    """A text of several lines on stdout, with one newline at its end."""
    print(visible(text).removesuffix("\n"))


def piece(text: str) -> None:
    """More of a text on stdout, at once, where the last piece ended."""
    print(visible(text), end="", flush=True)


def report(row: Mapping[str, object], *, as_json: bool) -> None:
    """A decision: as JSON, or as `merge ada/release 0.1.0 -> 0.1.1: the summary`."""
    if as_json:
        json_line(row)
        return
    before, after = row.get("before"), row.get("version")
    version = f"{before} -> {after}" if before and after and before != after else after or before or ""
    say(" ".join(f"{row['decision']} {row['skill']} {version}".split()) + f": {row['summary']}")


def note(text: str) -> None:
    """A remark beside the answer, on stderr."""
    sys.stdout.flush()
    print(visible(text), file=sys.stderr)


def warn(text: str) -> None:
    """A `warning:` line on stderr."""
    note(f"warning: {_one_line(text)}")


def complain(message: str, *, hint: str = "", fatal: bool = False) -> None:
    """What went wrong as git says it: `fatal:` ends the work, `error:` is the answer no."""
    print(f"{'fatal' if fatal else 'error'}: {_one_line(message)}", file=sys.stderr)
    for line in hint.splitlines():
        print(f"hint: {visible(line)}", file=sys.stderr)


def moment(seconds: float) -> str:
    """A moment of Unix time as JSON has it: ISO 8601, in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(seconds))


def json_line(value: Mapping[str, object]) -> None:
    """One JSON object on one line, out at once so that a reader may follow."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    print(re.sub(_INVISIBLE, lambda match: json.dumps(match[0])[1:-1], line), flush=True)


def table(rows: Iterable[Sequence[str]], *, headers: Sequence[str]) -> None:
    """Rows in columns: with a heading on a terminal, bare and two spaces apart elsewhere."""
    cells = [[_one_line(cell) for cell in row] for row in rows]
    if cells and on_terminal():
        _rich_table(cells, headers)
        return
    widths = [max(map(_columns, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell + " " * (width - _columns(cell)) for cell, width in zip(row, widths, strict=True))
        print("  ".join(padded).rstrip())


def _rich_table(cells: Sequence[Sequence[str]], headers: Sequence[str]) -> None:
    from rich.console import Console  # 50 ms, and only a terminal wants it
    from rich.table import Table
    from rich.text import Text

    grid = Table(*headers, box=None, pad_edge=False, header_style="bold")
    for row in cells:
        grid.add_row(*map(Text, row))
    Console(no_color=not coloured(), highlight=False, force_terminal=coloured()).print(grid)


def _columns(text: str) -> int:
    """How many terminal columns a line takes: 2 for `中`, 0 for a combining accent."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def clip(text: str, width: int) -> str:
    """The start of a text on one line, `width` characters at the most, with a mark where it was cut."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def patch(text: str) -> None:
    """A unified diff, coloured line by line as git colours it."""
    for line in text.removesuffix("\n").split("\n"):
        print(paint(visible(line), _patch_style(line)))


def _patch_style(line: str) -> Style:
    if line.startswith(("diff ", "index ", "--- ", "+++ ", "old mode", "new mode", "rename ", "similarity ")):
        return "bold"
    styles: dict[str, Style] = {"@": "cyan", "+": "green", "-": "red"}
    return styles.get(line[:1], "plain")


def paint(text: str, style: Style) -> str:
    """The text in a style where stdout wants colours, as it is elsewhere."""
    return f"\x1b[{_SGR[style]}m{text}\x1b[m" if style != "plain" and coloured() else text


def on_terminal() -> bool:
    """Whether a person reads stdout, on the terminal or in the pager we started."""
    return sys.stdout.isatty() or "GIT_PAGER_IN_USE" in os.environ


def coloured() -> bool:
    """Whether stdout wants colours: a terminal that is not dumb, no NO_COLOR, and git's color.ui agrees."""
    if not on_terminal() or os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb":
        return False
    return _git("config", "--get-colorbool", "color.ui", "true") == "true"


@functools.cache  # asked for every painted line; git's configuration does not change under one command
def _git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=False).stdout.strip()


@contextmanager
def paged() -> Iterator[None]:
    """Show what the body prints, and what its child processes print, in the user's pager.

    As git: $GIT_PAGER, core.pager, $PAGER, then less; none for `cat`, for an empty name, or off a terminal.
    """
    pager = _git("var", "GIT_PAGER") if sys.stdout.isatty() else ""
    if pager in ("", "cat"):
        yield
        return
    sys.stdout.flush()
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    with subprocess.Popen(pager, shell=True, stdin=subprocess.PIPE, env=environment) as reader:
        assert reader.stdin is not None
        terminal = os.dup(sys.stdout.fileno())
        os.dup2(reader.stdin.fileno(), sys.stdout.fileno())
        reader.stdin.close()
        os.environ["GIT_PAGER_IN_USE"] = "true"
        try:
            yield
        finally:
            _leave_pager(reader, terminal)


def _leave_pager(reader: subprocess.Popen[bytes], terminal: int) -> None:
    """Hand over what is left, give stdout back, and wait until the user is done reading."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # the user quit early; what is left in the buffer is for nobody
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stdout.flush()
    os.dup2(terminal, sys.stdout.fileno())
    os.close(terminal)
    del os.environ["GIT_PAGER_IN_USE"]
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the pager while it shows
    reader.wait()
    signal.signal(signal.SIGINT, previous)


def progress(items: Iterable[Item], *, total: int | None = None, label: str) -> Iterator[Item]:
    """The same items, with a line `label:  45% (450/1000)` on stderr once the work drags on.

    Only on a terminal, only after two seconds, at most ten times a second.
    """
    if not sys.stderr.isatty():
        yield from items
        return
    shown = time.monotonic() + _PATIENCE
    drawn = False
    done = 0
    for done, item in enumerate(items, start=1):
        yield item
        if time.monotonic() >= shown:
            _draw(label, done, total, end="\r")
            shown = time.monotonic() + 0.1
            drawn = True
    if drawn:
        _draw(label, done, total, end=", done.\n")


def _draw(label: str, done: int, total: int | None, *, end: str) -> None:
    count = f"{100 * done // total:3}% ({done}/{total})" if total else f"{done}"
    print(f"{label}: {count}", end=end, file=sys.stderr, flush=True)


def confirm(question: str) -> bool:
    """Whether the user said yes to a question on the terminal; the default is no.

    Raises UsageError where there is no terminal to ask on: a script must say --yes.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"no terminal to ask: {question}", hint="say --yes to go ahead")
    print(f"{_one_line(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def choose(*answers: str) -> str:
    """The one of these words that the user says, whole or by its first letter; the last one where input ends."""
    keys = {word[0]: word for word in answers}
    asked = ", ".join(f"[{word[0]}]{word[1:]}" for word in answers)
    while True:
        print(f"{asked}? ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        said = line.strip().lower()
        if not line or said in keys or said in answers:
            return keys.get(said, said) or answers[-1]


def ask(question: str) -> str:
    """What the user answers in a line; "" where input ends."""
    print(f"{_one_line(question)} ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()
