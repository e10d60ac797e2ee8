"""A connection to PostgreSQL, for what several servers share: the only module that knows psycopg.

Everything of one repository is in a schema of its own, `skillgit_NAME`, so that one database serves many of them and a
statement sees one. The schema has a table `format` with the version of each part of it: `jobs`, `vectors`. Tables that
are of another version are not touched.

An address may have a password in it, so no address is ever in an error; libpq's own ways (PGPASSWORD, ~/.pgpass,
PGSSLMODE, a service file) work as everywhere.
"""

from __future__ import annotations

import re
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from skillgit.config import setting
from skillgit.errors import Contended, DatabaseError, UsageError
from skillgit.git.repo import Repo

if TYPE_CHECKING:
    import psycopg

_PATIENCE: Final = 5
"""Seconds that a connection may take, and a peer may be silent about what it was sent."""
_ADDRESS: Final = re.compile(r"[a-z]+://(?:[^/@?]*@)?[^@?]*(?:\?.*)?", re.DOTALL)
"""An address whose one @ before its options ends the user and the password: what follows another may be a password."""
_REST: Final = 15.0
"""Seconds from one try to reach a database that is away to the next."""
_LIMITS: Final[dict[str, Any]] = {
    "connect_timeout": _PATIENCE,
    "tcp_user_timeout": 1000 * _PATIENCE,
    "keepalives_idle": 15,
    "keepalives_interval": _PATIENCE,
    "keepalives_count": 3,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where things of a repository are: the address of a database, and the name that the repository has in it."""

    url: str
    name: str

    @property
    def schema(self) -> str:
        """The name of its schema."""
        return f"skillgit_{self.name}"


@dataclass(frozen=True, slots=True)
class Part:
    """Tables that belong together: their version, and the statements that make them."""

    name: str
    format: int
    tables: Sequence[str]


def place(repo: Repo, key: str) -> Place | None:
    """Where a setting says that things of a repository are; None where it says nothing. Raises UsageError."""
    url, name = setting(repo, key).text, setting(repo, "shared-name").text
    if url and not name:
        raise UsageError(
            f"'{key}' names a database, and nothing says which of its repositories this is",
            hint="git config skillgit.shared-name NAME; servers of the same skills say the same name",
        )
    return Place(url, name) if url else None


def where(url: str) -> str:
    """An address as it may be told: the host and the database. Raises UsageError for one that is none."""
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as err:
        raise UsageError("cannot use PostgreSQL", hint="pip install 'skillgit[postgres]'") from err
    try:
        found = conninfo_to_dict(url)
    except ProgrammingError:
        raise UsageError("the address of the database cannot be read", hint="postgresql://USER@HOST/DATABASE") from None
    if not _ADDRESS.fullmatch(url):
        raise UsageError(
            "the address of the database cannot be read", hint="write / and @ of a password as %2F and %40"
        )
    return f"{found.get('host', 'localhost')}/{found.get('dbname', '')}"


class Postgres:
    """The tables of one part of a repository, for one thread; a connection that was lost is made anew when needed."""

    def __init__(self, place: Place, part: Part) -> None:
        """Nothing is asked yet. Raises UsageError for an address that is none, or where psycopg is not installed."""
        self.place = place
        self._told = where(place.url)
        self._part = part
        self._open: psycopg.Connection[Any] | None = None
        self._ahead = 0.0
        self._rests_until = 0.0

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a statement gives, with `?` for each value; nothing where it gives nothing."""
        with self._asking() as connection:
            done = connection.execute(
                statement.replace("?", "%s").encode(), [_clean(value) for value in values], binary=True
            )
            return done.fetchall() if done.description else []

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What is done within is done, or none of it. Raises Contended where another has done it first."""
        with self._asking() as connection, connection.transaction():
            yield

    def now(self) -> float:
        """The time by the clock of the database, in seconds since 1970."""
        with self._asking():
            return time.time() + self._ahead

    def rang(self, seconds: float) -> bool:
        """Whether somebody has sent a notification to the schema's channel, by now or by then."""
        with self._asking() as connection:
            return any(True for _ in connection.notifies(timeout=seconds, stop_after=1))

    def listen(self) -> None:
        """From now on notifications come."""
        self.rows(f'LISTEN "{self.place.schema}"')

    def close(self) -> None:
        """The connection is gone."""
        if self._open:
            self._open.close()

    @contextmanager
    def _asking(self) -> Iterator[psycopg.Connection[Any]]:
        from psycopg import Error, errors

        try:
            yield self._connection()
        except (errors.UniqueViolation, errors.DeadlockDetected, errors.SerializationFailure) as err:
            raise Contended("another process did it first") from err
        except Error as err:
            raise DatabaseError(f"the database at {self._told} fails: {_first_line(err)}") from err

    def _connection(self) -> psycopg.Connection[Any]:
        """The connection, made anew where it was lost; a database that is away is left alone for a while."""
        if self._open is None or self._open.closed:
            if time.monotonic() < self._rests_until:
                raise DatabaseError(f"the database at {self._told} was away a moment ago")
            self._rests_until = time.monotonic() + _REST
            self._open = self._connected()
            self._rests_until = 0.0
        return self._open

    def _connected(self) -> psycopg.Connection[Any]:
        """A connection whose tables are there."""
        import psycopg

        with ExitStack() as undo:
            made = psycopg.connect(self.place.url, autocommit=True, application_name="skillgit", **_LIMITS)
            undo.callback(made.close)
            with made.transaction():
                self._set_up(made)
            undo.pop_all()
        weakref.finalize(self, made.close)
        return made

    def _set_up(self, connection: psycopg.Connection[Any]) -> None:
        schema, part = self.place.schema, self._part
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [schema])
        asked = "SELECT extract(epoch FROM clock_timestamp())::float8, current_setting('server_encoding')"
        ((now, encoding),) = connection.execute(asked).fetchall()
        self._ahead = now - time.time()
        if encoding != "UTF8":
            raise DatabaseError(f"the database at {self._told} is not in UTF8", hint="createdb --encoding UTF8")
        if not connection.execute("SELECT FROM pg_namespace WHERE nspname = %s", [schema]).fetchall():
            connection.execute(f'CREATE SCHEMA "{schema}"'.encode())
            connection.execute(
                f'CREATE TABLE "{schema}".format (part TEXT PRIMARY KEY, version INTEGER NOT NULL)'.encode()
            )
        first = "SELECT set_config('search_path', %s || ', ' || current_setting('search_path'), false)"
        connection.execute(first, [f'"{schema}"'])
        known = connection.execute("SELECT version FROM format WHERE part = %s", [part.name]).fetchall()
        if known and known[0][0] != part.format:
            raise DatabaseError(
                f"the {part.name} at {self._told} are in version {known[0][0]}, and this skillgit knows {part.format}",
                hint="all servers of a database need the same skillgit",
            )
        if not known:
            for statement in part.tables:
                connection.execute(statement.encode())
            connection.execute("INSERT INTO format VALUES (%s, %s)", [part.name, part.format])


def _clean(value: object) -> object:
    """A value without NUL, which PostgreSQL keeps in no text."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
