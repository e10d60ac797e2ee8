"""What agents' hooks say, kept until it is learned from: `.git/skillgit/spool/inbox`, and `jobs.db` beside that folder.

A hook appends one line to the inbox (`append.py`). `collect` turns lines into jobs, one for each session file, and
empties the inbox; a line that comes again renews its job. A job is leased to one worker, and is free again when that
process has died or the lease has run out. One that fails is tried again later, and after `TRIES` it is put aside with
the reason, until somebody retries it. A job holds the name of a file, and no word of a conversation.

Doing a job twice changes nothing (`harvest.py`, `Skill-Attempt`), so that dying at any moment loses nothing either.
"""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import socket
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from skillgit import files
from skillgit.errors import NotFound, RepositoryError
from skillgit.git import lock
from skillgit.git.repo import Repo
from skillgit.learn import append, sessions
from skillgit.transcripts.fields import fields, text
from skillgit.transcripts.sources import Machine

TRIES = 5
QUIET = 120.0
"""So many seconds an agent is left alone after a turn: a session that goes on is read once, not after each turn."""
_ENDS = ("SessionEnd", "sessionEnd", "PreCompact", "preCompact", "PreCompress", "")
"""Events after which a session, or what it still holds, will not come back; without a name it may be one of them."""
_LEASE = 600.0
_BACKOFF = (30.0, 120.0, 600.0, 3600.0)
_SECONDS = 30.0
_FORMAT = 1
_TABLES = (
    "DROP TABLE IF EXISTS job",
    "CREATE TABLE job (id INTEGER PRIMARY KEY, agent TEXT NOT NULL, path TEXT NOT NULL, renewed INTEGER NOT NULL,"
    " due REAL NOT NULL, tries INTEGER NOT NULL, error TEXT NOT NULL, aside INTEGER NOT NULL, host TEXT, pid INTEGER,"
    " until REAL, UNIQUE (agent, path))",
    f"PRAGMA user_version = {_FORMAT}",
)
_ADD = (
    "INSERT INTO job (agent, path, renewed, due, tries, error, aside) VALUES (?, ?, 0, ?, 0, '', 0)"
    " ON CONFLICT (agent, path) DO UPDATE SET renewed = renewed + 1, due = excluded.due, tries = 0, aside = 0"
)


@dataclass(frozen=True, slots=True)
class Job:
    """A session to learn from: a file of an agent's, or whatever it has where `path` is "".

    `tries` is how often it failed, `error` why the last time; `renewed` counts how often a hook has named it again.
    """

    id: int
    agent: str
    path: str
    renewed: int
    tries: int
    error: str


class Queue:
    """The jobs of a repository."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, rows: Iterable[tuple[str, str, float]]) -> None:
        """Jobs for these agents and files, each due at a moment; on the disk when this returns."""
        with self._writing():
            self._database.executemany(_ADD, rows)

    def lease(self) -> Job | None:
        """A job that is due and that nobody works at; it is this process's for ten minutes."""
        now = time.time()
        with self._writing():
            query = "SELECT id, host, pid, until FROM job WHERE aside = 0 AND due <= ? ORDER BY due, id"
            for number, host, pid, until in self._database.execute(query, (now,)).fetchall():
                if pid is None or until < now or (host == socket.gethostname() and not _works(pid)):
                    self._hold(number, now)
                    return next(self._jobs("id = ?", number))
        return None

    def renew(self, job: Job) -> None:
        """The job is this process's for ten minutes from now."""
        with self._writing():
            self._hold(job.id, time.time())

    def finish(self, job: Job) -> None:
        """The job is done; where a hook has named it meanwhile, it is to be done again."""
        with self._writing():
            self._database.execute("DELETE FROM job WHERE id = ? AND renewed = ?", (job.id, job.renewed))
            self._free(job)

    def fail(self, job: Job, error: str) -> None:
        """The job will be tried again later; after so many times it is put aside."""
        tries = job.tries + 1
        due = time.time() + pause(tries)
        with self._writing():
            changed = "UPDATE job SET tries = ?, error = ?, due = ?, aside = ? WHERE id = ? AND renewed = ?"
            self._database.execute(changed, (tries, error, due, tries >= TRIES, job.id, job.renewed))
            self._free(job)

    def aside(self) -> tuple[Job, ...]:
        """The jobs that failed too often."""
        return tuple(self._jobs("aside = 1"))

    def retry(self, number: int | None = None) -> int:
        """A job that was put aside, or all of them, are due now. How many; NotFound where this one is not there."""
        with self._writing():
            changed = "UPDATE job SET aside = 0, tries = 0, due = 0 WHERE aside = 1 AND (? IS NULL OR id = ?)"
            count = self._database.execute(changed, (number, number)).rowcount
        if number is not None and not count:
            raise NotFound(f"no failed job '{number}'", hint="'skillgit work --failed' lists them")
        return count

    def waiting(self) -> int:
        """How many jobs are not put aside."""
        return int(self._database.execute("SELECT count(*) FROM job WHERE aside = 0").fetchone()[0])

    def _jobs(self, where: str, *values: object) -> Iterator[Job]:
        query = f"SELECT id, agent, path, renewed, tries, error FROM job WHERE {where} ORDER BY id"
        return (Job(*row) for row in self._database.execute(query, values).fetchall())

    def _hold(self, number: int, now: float) -> None:
        held = (socket.gethostname(), os.getpid(), now + _LEASE, number)
        self._database.execute("UPDATE job SET host = ?, pid = ?, until = ? WHERE id = ?", held)

    def _free(self, job: Job) -> None:
        self._database.execute("UPDATE job SET host = NULL, pid = NULL, until = NULL WHERE id = ?", (job.id,))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with _translated():
            self._database.execute("BEGIN IMMEDIATE")
            with self._database:
                yield


def pause(tries: int) -> float:
    """So many seconds are waited after so many tries that failed."""
    return _BACKOFF[min(tries, len(_BACKOFF)) - 1]


@contextmanager
def queue(repo: Repo) -> Iterator[Queue]:
    """The queue of a repository."""
    file = repo.private / "jobs.db"
    files.reserve(file)
    with closing(sqlite3.connect(file, timeout=_SECONDS, isolation_level=None)) as database:
        with _translated():
            database.execute("PRAGMA synchronous = FULL")
            if database.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
                database.executescript(f"BEGIN IMMEDIATE; {'; '.join(_TABLES)}; COMMIT")
        yield Queue(database)


@contextmanager
def _translated() -> Iterator[None]:
    """What SQLite says of the jobs, as a RepositoryError."""
    try:
        yield
    except sqlite3.Error as err:
        torn = getattr(err, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        hint = "remove it; 'skillgit ingest --agent all' finds the sessions that were waiting" if torn else ""
        raise RepositoryError(f"cannot use '.git/skillgit/jobs.db': {err}", hint=hint) from err


def inbox(repo: Repo) -> Path:
    """The file that hooks append to; its folder is there."""
    folder = repo.private / "spool"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / "inbox"


def words(repo: Repo, agent: str, event: str = "") -> tuple[str, ...]:
    """The program that appends to the inbox, and what it is given; an agent may not say the event itself."""
    said = (event,) if event else ()
    return (sys.executable, "-I", "-S", append.__file__, str(inbox(repo).resolve()), agent, *said)


def command(repo: Repo, agent: str, event: str = "") -> str:
    """The command of an agent's hook, for a shell: it appends to the inbox, says nothing, and always ends well."""
    return f"{shlex.join(words(repo, agent, event))} >/dev/null 2>&1 || true"


def collect(repo: Repo, jobs: Queue) -> None:
    """Every line of the inbox is a job, and the inbox is empty."""
    file = inbox(repo)
    if not file.exists():
        return
    with file.open("r+b") as lines:
        fcntl.flock(lines, fcntl.LOCK_EX)
        content = lines.read()
        there = sessions.machine(Path())
        rows = [row for line in content.splitlines() if (row := _row(line, there))]
        if len(content) >= append.LIMIT:  # hooks that found it full have said nothing
            rows += [(agent, "", 0.0) for agent in sorted({agent for agent, _, _ in rows})]
        if rows:
            jobs.add(rows)
        lines.truncate(0)
        os.fsync(lines.fileno())


def _row(line: bytes, there: Machine) -> tuple[str, str, float] | None:
    """The agent, the file and the moment it is due; None for a line that a power cut tore.

    The agent is that in whose folder the file is: some run the hooks of others. One that names no file may have named
    its session.
    """
    try:
        said = fields(json.loads(line))
    except ValueError:
        return None
    at, event = said.get("at"), text(said.get("event"))
    agent, path = text(said.get("agent")), text(said.get("path"))
    due = float(at) + (0.0 if event in _ENDS else QUIET) if isinstance(at, int | float) else 0.0
    if path:
        return sessions.keeper(Path(path), there) or agent, path, due
    return agent, sessions.called(agent, text(said.get("session")), there), due


def _works(pid: int) -> bool:
    """Whether another process of this machine's has this number; this one does one job after the other."""
    return pid != os.getpid() and lock.lives(pid)
