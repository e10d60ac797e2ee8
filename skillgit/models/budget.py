"""How many tokens may be used before nothing more is asked: by one process, or in a day by all that share a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final

from skillgit import files
from skillgit.errors import ModelError

_SECONDS: Final = 10.0
_TABLE = "CREATE TABLE IF NOT EXISTS spent (day TEXT PRIMARY KEY, tokens INTEGER NOT NULL) WITHOUT ROWID"


class Budget:
    """A count of tokens with a limit, None for no limit. Safe to use from several threads at once.

    What is in flight when the limit is reached still counts, so a few answers may go beyond it.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self._spent = 0
        self._lock = Lock()

    @property
    def spent(self) -> int:
        """The tokens used so far."""
        return self._spent

    @property
    def is_used_up(self) -> bool:
        """Whether nothing is left."""
        return self.limit is not None and self.spent >= self.limit

    def check(self) -> None:
        """ModelError where nothing is left."""
        if self.is_used_up:
            raise ModelError(
                f"the budget of {self.limit:,} tokens is used up",
                hint="'git config skillgit.model-budget TOKENS' sets another",
            )

    def spend(self, tokens: int) -> None:
        """Count tokens as used."""
        with self._lock:
            self._spent += tokens


class DailyBudget(Budget):
    """A budget for each day (UTC), of all processes that count in the same file. Raises ModelError where none can."""

    def __init__(self, file: Path, limit: int | None = None) -> None:
        super().__init__(limit)
        self._file = file

    @property
    def spent(self) -> int:
        """The tokens used today so far."""
        with self._opened() as database:
            row = database.execute("SELECT tokens FROM spent WHERE day = ?", (_today(),)).fetchone()
        return int(row[0]) if row else 0

    def spend(self, tokens: int) -> None:
        """Count tokens as used today."""
        add = "INSERT INTO spent VALUES (?, ?) ON CONFLICT DO UPDATE SET tokens = tokens + excluded.tokens"
        with self._opened() as database:
            database.execute(add, (_today(), tokens))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            files.reserve(self._file)
            with closing(sqlite3.connect(self._file, timeout=_SECONDS, isolation_level=None)) as database:
                database.execute(_TABLE)
                yield database
        except (sqlite3.Error, OSError) as err:
            raise ModelError(
                f"cannot count tokens in '{self._file}': {err}", hint="without that no model is asked"
            ) from err


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
