"""A file on this machine as conversations: text of any format, or the database of an agent.

An agent may be writing to its database at this moment: it is opened so that nothing is ever written, not to it and
not beside it, and where some of it is still in a write-ahead log, a copy of both is read instead.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from skillgit.errors import Unreadable, UsageError
from skillgit.transcripts import detect, document, stores
from skillgit.transcripts.model import Item

_CHUNK = 1 << 20
_PRINTED = (".docx", ".epub", ".htm", ".html", ".pdf", ".pptx")
_LOGS = ("-wal", "-journal")
_ATTEMPTS = 5


def check_format(name: str) -> None:
    """Raise UsageError unless a format of files or a store has this name."""
    if name not in formats():
        raise UsageError(f"no transcript format '{name}'", hint=f"one of: {', '.join(formats())}")


def formats() -> tuple[str, ...]:
    """The names of all formats: those of files, then the stores."""
    return tuple(row.name for row in detect.FORMATS) + tuple(row.name for row in stores.STORES)


def items(path: Path, *, format: str | None = None) -> Iterator[Item]:
    """Yield the conversations of a file as they are read, and a Diagnostic for each line that is none.

    A folder is read as one array of the JSON files in it, in the order of the numbers in their names.

    Raises Unreadable, when the first item is asked for, for a file that cannot be opened, is broken, or is in no
    known format, or not in `format`.
    """
    if format == document.NAME and path.suffix.lower() in _PRINTED:
        yield from detect.read(_as_markdown(path), format=format)
        return
    try:
        if path.is_dir():
            yield from detect.read(_events(path), format=format)
            return
        with path.open("rb") as file:
            if not file.peek(len(stores.MAGIC)).startswith(stores.MAGIC):
                yield from detect.read(iter(lambda: file.read(_CHUNK), b""), format=format)
                return
        with _database(path) as database:
            yield from stores.read(database, format=format)
    except OSError as err:
        raise Unreadable(f"cannot read it: {(err.strerror or '').lower()}") from err


def _events(folder: Path) -> Iterator[bytes]:
    for number, file in enumerate(sorted(folder.glob("*.json"), key=_in_order)):
        yield b"," if number else b"["
        yield file.read_bytes()
    yield b"]"


def _in_order(file: Path) -> tuple[int, str]:
    """9.json before 10.json; event-00009-3f.json before event-00010-0a.json."""
    number = re.search(r"\d+", file.stem)
    return int(number[0]) if number else 0, file.name


def _as_markdown(path: Path) -> bytes:
    """The text of a printed or web document, with its headings and lists.

    Raises UsageError where the extra that reads such files is not installed.
    """
    try:
        from markitdown import MarkItDown, MarkItDownException  # heavy, and an extra
    except ImportError as err:
        raise UsageError(f"cannot read '{path.suffix}' documents", hint="pip install 'skillgit[documents]'") from err
    try:
        return MarkItDown(enable_plugins=False).convert_local(path).text_content.encode("utf-8", "replace")
    except MarkItDownException as err:
        raise Unreadable(f"the document cannot be read: {str(err).splitlines()[0]}") from err


@contextmanager
def _database(path: Path) -> Iterator[sqlite3.Connection]:
    """The database of a file, read-only; it is closed at the end."""
    logs = [log for log in (path.with_name(path.name + suffix) for suffix in _LOGS) if _size(log)]
    with tempfile.TemporaryDirectory(prefix="skillgit-") as folder:
        copy = _copied(path, logs, Path(folder)) if logs else None
        location = copy.as_uri() if copy else f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(location, uri=True)) as database:
            database.text_factory = lambda written: written.decode("utf-8", "replace")
            database.execute("PRAGMA trusted_schema = OFF")
            yield database


def _copied(path: Path, logs: list[Path], folder: Path) -> Path:
    """A copy of the database and its logs, all of one moment. Raises Unreadable where they do not keep still."""
    files = [path, *logs]
    for _ in range(_ATTEMPTS):
        before = [_stamp(file) for file in files]
        for file in files:
            shutil.copyfile(file, folder / file.name)
        if [_stamp(file) for file in files] == before:
            return folder / path.name
    raise Unreadable("the database is being written to", hint="try again when the agent is idle")


def _stamp(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_mtime_ns, status.st_size


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
