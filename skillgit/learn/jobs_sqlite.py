"""The jobs of a repository in a file of its own: `.git/skillgit/serve.db`. Any number of processes may share it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from skillgit.errors import DatabaseError
from skillgit.git.repo import Repo

_SECONDS = 30.0
_FORMAT = 1
_TABLES = (
    "DROP TABLE IF EXISTS job",
    "DROP TABLE IF EXISTS heard",
    "CREATE TABLE job (id TEXT PRIMARY KEY, user TEXT NOT NULL, trigger TEXT NOT NULL, state TEXT NOT NULL,"
    " hint TEXT NOT NULL, created REAL NOT NULL, changed REAL NOT NULL, due REAL NOT NULL, tries INTEGER NOT NULL,"
    " faults INTEGER NOT NULL, error TEXT NOT NULL, decision TEXT NOT NULL, reason TEXT NOT NULL,"
    " skill TEXT NOT NULL, version TEXT NOT NULL, recorded TEXT NOT NULL, digest TEXT NOT NULL, content TEXT NOT NULL,"
    " host TEXT, pid INTEGER, token TEXT, until REAL) WITHOUT ROWID",
    "CREATE INDEX job_state ON job (state, due)",
    "CREATE INDEX job_user ON job (user, created)",
    "CREATE TABLE heard (user TEXT NOT NULL, digest TEXT NOT NULL, turns INTEGER NOT NULL, at REAL NOT NULL,"
    " PRIMARY KEY (user, digest)) WITHOUT ROWID",
    f"PRAGMA user_version = {_FORMAT}",
)
_WAITING = "CREATE INDEX IF NOT EXISTS job_waiting ON job (user, digest, state) WHERE state = 'waiting'"


class Sqlite:
    """The tables, for one thread. Writers wait for each other, so nothing has to be passed by."""

    passing_by: Final = ""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a statement gives, with `?` for each value."""
        with _translated():
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What is done within is done, or none of it."""
        with _translated():
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                yield

    def now(self) -> float:
        """The time by the machine's clock."""
        return time.time()

    def close(self) -> None:
        """The file is closed."""
        self._connection.close()


def place(repo: Repo) -> Path:
    """Where the jobs of a repository are."""
    return repo.private / "serve.db"


def connect(repo: Repo) -> Sqlite:
    """The tables of a repository, made where there are none; for the thread that asks. Raises DatabaseError."""
    file = place(repo)
    with _translated():
        file.parent.mkdir(parents=True, exist_ok=True)
        # only where there is none: to close a descriptor of it would drop the locks of this process's connections
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection = sqlite3.connect(file, timeout=_SECONDS, isolation_level=None)
        try:
            _set_up(connection)
        except sqlite3.Error:
            connection.close()
            raise
    return Sqlite(connection)


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("BEGIN IMMEDIATE")
    with connection, closing(connection.execute("PRAGMA user_version")) as version:
        if version.fetchone()[0] != _FORMAT:
            for statement in _TABLES:
                connection.execute(statement)
        connection.execute(_WAITING)  # files from before it lack it


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as err:
        raise DatabaseError(f"the jobs cannot be kept: {err}") from err
