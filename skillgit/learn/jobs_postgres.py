"""The jobs of a repository in PostgreSQL, which servers of several machines share.

Whoever leases a job passes by those that others are leasing (`SKIP LOCKED`), and an index keeps two jobs of one user
from running. A new job is notified of on a channel that has the name of the schema. Times are the database's, so that
machines need not agree about them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Final

from skillgit.postgres import Part, Place, Postgres

_LOOK: Final = 60.0
"""Seconds after which a connection on which nothing comes is looked at."""
_PART: Final = Part(
    "jobs",
    1,
    (
        'CREATE TABLE job (id TEXT PRIMARY KEY, "user" TEXT NOT NULL, trigger TEXT NOT NULL, state TEXT NOT NULL,'
        " hint TEXT NOT NULL, created FLOAT8 NOT NULL, changed FLOAT8 NOT NULL, due FLOAT8 NOT NULL,"
        " tries INTEGER NOT NULL, faults INTEGER NOT NULL, error TEXT NOT NULL, decision TEXT NOT NULL,"
        " reason TEXT NOT NULL, skill TEXT NOT NULL, version TEXT NOT NULL, recorded TEXT NOT NULL,"
        " digest TEXT NOT NULL, content TEXT NOT NULL, host TEXT, pid INTEGER, token TEXT, until FLOAT8)",
        "CREATE INDEX job_state ON job (state, due)",
        'CREATE INDEX job_user ON job ("user", created)',
        """CREATE INDEX job_waiting ON job ("user", digest) WHERE state = 'waiting'""",
        """CREATE UNIQUE INDEX job_running ON job ("user") WHERE state = 'running'""",
        'CREATE TABLE heard ("user" TEXT NOT NULL, digest TEXT NOT NULL, turns INTEGER NOT NULL, at FLOAT8 NOT NULL,'
        ' PRIMARY KEY ("user", digest))',
        "CREATE FUNCTION ring() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN PERFORM pg_notify(TG_TABLE_SCHEMA, $$$$); RETURN NULL; END'",
        "CREATE TRIGGER job_rings AFTER INSERT ON job FOR EACH STATEMENT EXECUTE FUNCTION ring()",
    ),
)


class Shared(Postgres):
    """The tables, for one thread."""

    passing_by: Final = " FOR UPDATE SKIP LOCKED"

    def __init__(self, place: Place) -> None:
        super().__init__(place, _PART)


def added(place: Place) -> Iterator[None]:
    """Something each time that a job was added, for ever. Raises DatabaseError when the database goes away."""
    with closing(Shared(place)) as database:
        database.listen()
        while True:
            if database.rang(_LOOK):
                yield
