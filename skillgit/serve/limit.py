"""How many requests a user may make: a bucket that fills up again over a minute.

The buckets are in `.git/skillgit/rate.db`, for all processes of a server together, and for all servers of a repository
on one machine: a client that is answered by one process today and by another tomorrow has one bucket. A request costs
20 microseconds there. Nothing is lost with the file, so that nothing in it waits for a disk.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Final

from skillgit import files
from skillgit.git.repo import Repo
from skillgit.serve import audit
from skillgit.serve.problem import Problem

_MINUTE: Final = 60.0
_USERS: Final = 10_000  # requests after which the users whose buckets are full by now are dropped
_SECONDS: Final = 0.5  # that a request waits for the file

_TABLE = "CREATE TABLE IF NOT EXISTS bucket (user TEXT PRIMARY KEY, left REAL, at REAL) WITHOUT ROWID"
_LEFT = "min(:rate, left + max(0, :now - at) * :rate / 60.0)"
_TAKE = (
    "INSERT INTO bucket VALUES (:user, :rate - 1, :now)"
    f" ON CONFLICT DO UPDATE SET left = {_LEFT} - 1, at = :now WHERE {_LEFT} >= 1 RETURNING left"
)
_LOOK = f"SELECT {_LEFT} FROM bucket WHERE user = :user"


class Limit:
    """So many requests a minute for each user, None for no limit; counted in a file, or in this process alone.

    It is used by one thread at a time.
    """

    def __init__(self, rate: int | None, place: Path | None = None) -> None:
        self._rate = rate
        self._place = place
        self._database: sqlite3.Connection | None = None
        self._counted = 0

    def count(self, user: str) -> None:
        """Count a request. Raises Problem, 429, where that is one too many, and says when to come again."""
        if self._rate is None:
            return
        try:
            left = self._taken(user, float(self._rate))
        except (sqlite3.Error, OSError) as err:  # of two evils the smaller: a limit that is missed, and not an answer
            audit.trouble(f"a request is not counted: {err}")
            return
        if left < 1:
            raise Problem(429, "too many requests", wait=(1 - left) * _MINUTE / self._rate)

    def _taken(self, user: str, rate: float) -> float:
        """What was in the bucket before one was taken out of it; below 1 none was."""
        if self._database is None:
            self._database = _opened(self._place)
        now = time.time()
        asked = {"user": user, "rate": rate, "now": now}
        taken = self._database.execute(_TAKE, asked).fetchone()
        self._counted += 1
        if self._counted % _USERS == 0:
            self._database.execute("DELETE FROM bucket WHERE at < ?", (now - _MINUTE,))
        return float(taken[0] + 1 if taken else self._database.execute(_LOOK, asked).fetchone()[0])


def shared(repo: Repo, rate: int | None) -> Limit:
    """So many requests a minute for each user, of all servers of a repository on this machine."""
    return Limit(rate, repo.private / "rate.db")


def _opened(file: Path | None) -> sqlite3.Connection:
    """The buckets of a file, which is made anew where it is torn."""
    try:
        return _connected(file)
    except sqlite3.DatabaseError as err:
        if file is None or isinstance(err, sqlite3.OperationalError):
            raise
        for each in (file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))):
            each.unlink(missing_ok=True)
        return _connected(file)


def _connected(file: Path | None) -> sqlite3.Connection:
    if file:
        files.reserve(file)
    database = sqlite3.connect(file or ":memory:", timeout=_SECONDS, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = OFF")
    database.execute(_TABLE)
    return database
