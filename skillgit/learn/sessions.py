"""The sessions that agents keep on this machine: which there are, and which files of them were read before.

What was read is kept in `.git/skillgit/sessions.db`, for each user: the files as they were when they were read to the
end, and of each conversation the number of turns that were heard, and their digest.

- A file that has not changed since is not opened.
- A conversation is the same where the source gives it the same id, or it has the same place in the same file, and it
  still begins with the turns that were heard. Where it has grown, all of it is read, for what it is about, and only
  what was said since is learned from. One that was changed further up is a new one.
- What could not be read, was refused, or was not decided is read again the next time.

The file is derived: without it everything is read again, and the history tells what it holds already.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from skillgit import files
from skillgit.errors import RepositoryError, UsageError
from skillgit.git.repo import Repo
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.sources import SOURCES, Machine, Place, Source, folder

_FORMAT = 1
_SECONDS = 30.0
_HEAD = 1 << 16
_LOG = "-wal"
_NAMES_FOLDER = ("claude-code", "codex", "copilot-cli", "droid", "pi", "qwen")
"""Formats in which a session says at its beginning in what folder it was."""
_HASHES_FOLDER = "gemini-cli"
_TELLING = (*_NAMES_FOLDER, _HASHES_FOLDER)
_TELLING_ID = 8
"""A shorter id may stand in any name."""
_TABLES = (
    "DROP TABLE IF EXISTS file",
    "DROP TABLE IF EXISTS heard",
    "CREATE TABLE file (user TEXT, path TEXT, stamp TEXT NOT NULL, PRIMARY KEY (user, path)) WITHOUT ROWID",
    "CREATE TABLE heard (user TEXT, path TEXT, id TEXT, turns INTEGER NOT NULL, digest TEXT NOT NULL,"
    " PRIMARY KEY (user, path, id)) WITHOUT ROWID",
    f"PRAGMA user_version = {_FORMAT}",
)


@dataclass(frozen=True, slots=True)
class Session:
    """A file of an agent's sessions, or a folder of events; `stamp` changes where it is written to.

    `changed` is when that was, in Unix time; `format` is None where an agent has several, and the file has to say.
    """

    agent: str
    path: Path
    format: str | None
    stamp: str
    changed: float


def machine(project: Path) -> Machine:
    """This machine, with a folder that is worked in."""
    return Machine(str(Path.home()), str(project), sys.platform, os.environ)


def find(source: Source, there: Machine, *, since: float = 0.0) -> tuple[Session, ...]:
    """The files of an agent's sessions that were written to since a moment, the oldest first."""
    found = {each.path: each for place in source.places for each in _in_place(source.name, place, there)}
    return tuple(sorted((each for each in found.values() if each.changed >= since), key=lambda each: each.changed))


def session(source: Source, path: Path) -> Session | None:
    """The file of an agent's at this path; None where there is none."""
    formats = {place.format for place in source.places}
    return _seen(source.name, path, formats.pop() if len(formats) == 1 else None)


def keeper(path: Path, there: Machine) -> str:
    """The agent among whose sessions a file lies, or ""."""
    return next((each.name for each in SOURCES for place in each.places if _is_in(path, place, there)), "")


def called(agent: str, name: str, there: Machine) -> str:
    """The path of the session of an agent's that has this id in its file's or folder's name, or ""."""
    source = next((each for each in SOURCES if each.name == agent), None)
    if source is None or len(name) < _TELLING_ID:
        return ""
    found = find(source, there)
    return next((str(each.path) for each in reversed(found) if any(name in part for part in each.path.parts[-2:])), "")


def says_project(source: Source) -> bool:
    """Whether the sessions of an agent tell which folder they were held in."""
    return any(_is_below_project(place) or place.format in _TELLING for place in source.places)


def of_project(sessions: Iterable[Session], chosen: Iterable[Source], project: Path) -> Iterator[Session]:
    """Those that were held in a folder or below it. Raises UsageError for an agent whose sessions do not tell."""
    for source in chosen:
        if not says_project(source):
            raise UsageError(f"the sessions of '{source.name}' do not tell which project they are of")
    return (each for each in sessions if each.format not in _TELLING or _is_of(each, str(project)))


class Ledger:
    """What a user's sessions were when they were read."""

    def __init__(self, database: sqlite3.Connection, user: str) -> None:
        self._database = database
        self._user = user

    def is_read(self, session: Session) -> bool:
        """Whether this file was read to its end, as it is now."""
        rows = self._database.execute(
            "SELECT stamp FROM file WHERE user = ? AND path = ?", (self._user, str(session.path))
        )
        return bool(rows.fetchone() == (session.stamp,))

    def heard(self, session: Session, transcript: Transcript) -> int:
        """How many turns of a conversation were heard, all of which it still begins with."""
        row = self._database.execute(
            "SELECT turns, digest FROM heard WHERE user = ? AND path = ? AND id = ?", self._key(session, transcript)
        ).fetchone()
        begins = row and replace(transcript, turns=transcript.turns[: row[0]]).digest == row[1]
        return int(row[0]) if begins else 0

    def hear(self, session: Session, transcript: Transcript) -> None:
        """All of a conversation was heard."""
        row = (*self._key(session, transcript), len(transcript.turns), transcript.digest)
        self._write("INSERT OR REPLACE INTO heard VALUES (?, ?, ?, ?, ?)", row)

    def finish(self, session: Session) -> None:
        """All that is in the file was heard."""
        self._write("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", (self._user, str(session.path), session.stamp))

    def _write(self, statement: str, row: tuple[object, ...]) -> None:
        try:
            self._database.execute(statement, row)
        except sqlite3.Error as err:
            raise RepositoryError(f"cannot write '.git/skillgit/sessions.db': {err}") from err

    def _key(self, session: Session, transcript: Transcript) -> tuple[str, str, str]:
        if transcript.id:
            return self._user, session.agent, transcript.id
        return self._user, str(session.path), str(transcript.place)


@contextmanager
def ledger(repo: Repo, user: str) -> Iterator[Ledger]:
    """The ledger of a user; one that is torn is begun anew."""
    file = repo.private / "sessions.db"
    try:
        database = _opened(file)
    except sqlite3.DatabaseError as err:
        if getattr(err, "sqlite_errorcode", None) not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
        file.unlink()
        database = _opened(file)
    with closing(database):
        yield Ledger(database, user)


def _opened(file: Path) -> sqlite3.Connection:
    files.reserve(file)
    database = sqlite3.connect(file, timeout=_SECONDS, isolation_level=None)
    try:
        database.execute("PRAGMA synchronous = OFF")  # what a power cut takes is read again
        if database.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
            database.executescript(f"BEGIN IMMEDIATE; {'; '.join(_TABLES)}; COMMIT")
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _in_place(agent: str, place: Place, there: Machine) -> Iterator[Session]:
    top = Path(folder(place.root, there))
    for path in top.glob(place.pattern) if top.is_dir() else ():
        seen = _seen(agent, path, place.format)
        if seen:
            yield seen


def _is_in(path: Path, place: Place, there: Machine) -> bool:
    top = folder(place.root, there)
    return path.is_relative_to(top) and fnmatchcase(str(path.relative_to(top)), place.pattern)


def _is_below_project(place: Place) -> bool:
    return "{PROJECT}" in place.root.anywhere


def _seen(agent: str, path: Path, format: str | None) -> Session | None:
    """The session file, with what a database has written beside it; None where it is none, or has just gone.

    A folder is one session, whose files are its events.
    """
    try:
        if path.is_dir():
            events = [file.stat() for file in path.glob("*.json")]
            stamp = f"{len(events)} {max(each.st_mtime_ns for each in events)}" if events else ""
        else:
            events = [file.stat() for file in (path, path.with_name(path.name + _LOG)) if file.is_file()]
            stamp = " ".join(f"{each.st_mtime_ns}:{each.st_size}" for each in events) if path.is_file() else ""
    except OSError:
        return None
    return Session(agent, path, format, stamp, max(each.st_mtime for each in events)) if stamp else None


def _is_of(session: Session, project: str) -> bool:
    with session.path.open("rb") as file:
        head = file.read(_HEAD)
    if session.format == _HASHES_FOLDER:
        return hashlib.sha256(project.encode()).hexdigest().encode() in head
    said = re.escape(json.dumps(project, ensure_ascii=False)[:-1].encode())
    return re.search(rb'"cwd":\s*' + said + rb'(?:"|/)', head) is not None
