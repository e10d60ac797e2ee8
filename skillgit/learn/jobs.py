"""Conversations of a server that are to be learned from, kept until that is done: `.git/skillgit/serve.db`.

    waiting      until it is due, and until no other job of its user runs
    running      leased to one process, which says again and again that it is there
    done         with the decision that came of it
    failed       after it failed TRIES times, with the reason of the last, or DEATHS processes died over it
    superseded   a later request held the same conversation, and more of it

A job is in the file, and on the disk, before anybody is told of it. Where the process that has leased it dies, another
takes it up. Doing it twice changes nothing: a decision is applied once (`Skill-Attempt`). The words of a conversation
are kept, privately, until it is done or superseded; what has ended goes after some days.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from skillgit.errors import Refused
from skillgit.git.repo import Repo
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.wrappers import add_all

TRIES: Final = 5
DEATHS: Final = 8
"""Processes that may die over a job before it is the job's fault."""
LEASE: Final = 60.0
"""Seconds after which a process that has not said that it is there counts as dead."""

State: TypeAlias = Literal["waiting", "running", "done", "failed", "superseded"]
Trigger: TypeAlias = Literal["turn", "now"]
"""A job is due by the policy, or because somebody asked for it."""

_BACKOFF = (5.0, 30.0, 120.0, 600.0)
_SECONDS = 30.0
_MOST = 1_000  # jobs of a user's that may wait
_DIGESTS = 500  # the last turns by which a conversation is recognised
_DAY = 86_400.0
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
_FIELDS = (
    "id, user, trigger, state, hint, created, changed, due, tries, faults, error,"
    " decision, reason, skill, version, recorded"
)
_FREE = "host = NULL, pid = NULL, token = NULL, until = NULL"
_NEXT = (
    f"SELECT {_FIELDS}, content FROM job WHERE state = 'waiting' AND due <= ?"
    " AND user NOT IN (SELECT user FROM job WHERE state = 'running') ORDER BY due, id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as people see it; times are in seconds since 1970.

    `tries` is how often it was begun, `faults` how often it failed, `error` why it was not done the last time.
    `decision` to `commit` are what came of it, "" where nothing did yet, or nothing was recorded.
    """

    id: str
    user: str
    trigger: Trigger
    state: State
    hint: str
    created: float
    changed: float
    due: float
    tries: int
    faults: int
    error: str
    decision: str
    reason: str
    skill: str
    version: str
    commit: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job to be: `digests` are those of its conversation after each turn of the user's, `content` the messages."""

    user: str
    content: str
    digests: Sequence[str]
    trigger: Trigger = "turn"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job."""

    decision: str
    reason: str
    skill: str = ""
    version: str = ""
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """A process that does jobs; the token tells it from an earlier one of the same number."""

    host: str
    pid: int
    token: str


def owner() -> Owner:
    """This process, from now on."""
    return Owner(socket.gethostname(), os.getpid(), uuid.uuid4().hex)


def new_id() -> str:
    """A name for a job, which nobody can guess."""
    return uuid.uuid4().hex


class Jobs:
    """The jobs of a repository, for one thread."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, wanted: Wanted, *, name: str, due: float) -> None:
        """A job of this name, on the disk when this returns. What waits of the same conversation is superseded.

        Raises Refused where too many of the user's wait.
        """
        now = time.time()
        with self._writing():
            if wanted.trigger == "turn":
                self._supersede(wanted, now)
            self._check_room(wanted.user)
            values = (name, wanted.user, wanted.trigger, wanted.hint, now, now, due)
            self._database.execute(
                "INSERT INTO job VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?, 0, 0, '', '', '', '', '', '', ?, ?,"
                " NULL, NULL, NULL, NULL)",
                (*values, wanted.digests[-1] if wanted.digests else "", wanted.content),
            )

    def held(self) -> list[tuple[str, str, str]]:
        """The jobs whose conversation is still kept: the id and the user of each, and what is kept."""
        return self._database.execute("SELECT id, user, content FROM job WHERE content != ''").fetchall()

    def drop(self, name: str) -> None:
        """The job of this name is gone."""
        with self._writing():
            self._database.execute("DELETE FROM job WHERE id = ?", (name,))

    def heard(self, user: str, digests: Sequence[str]) -> int:
        """How many of the user's turns of a conversation were learned from already."""
        last = digests[-_DIGESTS:]
        query = f"SELECT max(turns) FROM heard WHERE user = ? AND digest IN ({_marks(last)})"
        return int(self._database.execute(query, (user, *last)).fetchone()[0] or 0)

    def get(self, name: str, *, user: str) -> Job | None:
        """The job of this name, if it is this user's."""
        return next(self._jobs("id = ? AND user = ?", name, user), None)

    def list(self, *, user: str, limit: int, before: float | None = None) -> tuple[Job, ...]:
        """The latest jobs of a user, the newest first, of before a moment."""
        until = time.time() + _DAY if before is None else before
        return tuple(self._jobs("user = ? AND created < ? ORDER BY created DESC, id LIMIT ?", user, until, limit))

    def count(self) -> dict[str, int]:
        """How many jobs are in each state."""
        return dict(self._database.execute("SELECT state, count(*) FROM job GROUP BY state").fetchall())

    def lease(self, mine: Owner) -> tuple[Job, str] | None:
        """A job that is due, and its content; it is this process's. At most one job of a user's runs."""
        now = time.time()
        with self._writing():
            self._take_back(mine, now)
            row = self._database.execute(_NEXT, (now,)).fetchone()
            if row is None:
                return None
            self._database.execute(
                "UPDATE job SET state = 'running', tries = tries + 1, changed = ?, host = ?, pid = ?, token = ?,"
                " until = ? WHERE id = ?",
                (now, mine.host, mine.pid, mine.token, now + LEASE, row[0]),
            )
        return next(self._jobs("id = ?", row[0])), row[-1]

    def beat(self, mine: Owner) -> None:
        """What this process has leased is its for another while."""
        with self._writing():
            self._database.execute("UPDATE job SET until = ? WHERE token = ?", (time.time() + LEASE, mine.token))

    def finish(self, job: Job, result: Result, *, digests: Sequence[str]) -> None:
        """The job is done, and its conversation heard so far; its words are gone."""
        now = time.time()
        with self._writing():
            self._database.execute(
                "UPDATE job SET state = 'done', changed = ?, error = '', content = '', decision = ?, reason = ?,"
                f" skill = ?, version = ?, recorded = ?, {_FREE} WHERE id = ?",
                (now, result.decision, result.reason, result.skill, result.version, result.commit, job.id),
            )
            if digests:
                self._database.execute(
                    "INSERT OR REPLACE INTO heard VALUES (?, ?, ?, ?)", (job.user, digests[-1], len(digests), now)
                )

    def fail(self, job: Job, error: str) -> None:
        """The job is tried again later, or has failed where it was tried often enough."""
        now = time.time()
        faults = job.faults + 1
        due = now + _BACKOFF[min(faults, len(_BACKOFF)) - 1]
        state = "failed" if faults >= TRIES else "waiting"
        with self._writing():
            self._database.execute(
                f"UPDATE job SET state = ?, changed = ?, due = ?, faults = ?, error = ?, {_FREE} WHERE id = ?",
                (state, now, due, faults, error, job.id),
            )

    def prune(self, *, days: int) -> None:
        """What ended so many days ago is gone; what was heard is kept ten times as long."""
        now = time.time()
        with self._writing():
            self._database.execute(
                "DELETE FROM job WHERE state NOT IN ('waiting', 'running') AND changed < ?", (now - days * _DAY,)
            )
            self._database.execute("DELETE FROM heard WHERE at < ?", (now - 10 * days * _DAY,))

    def _supersede(self, wanted: Wanted, now: float) -> None:
        last = wanted.digests[-_DIGESTS:]
        self._database.execute(
            "UPDATE job SET state = 'superseded', changed = ?, content = ''"
            f" WHERE state = 'waiting' AND trigger = 'turn' AND user = ? AND digest IN ({_marks(last)})",
            (now, wanted.user, *last),
        )

    def _check_room(self, user: str) -> None:
        query = "SELECT count(*) FROM job WHERE user = ? AND state = 'waiting'"
        if self._database.execute(query, (user,)).fetchone()[0] >= _MOST:
            raise Refused(f"{_MOST} conversations of this user's wait already")

    def _take_back(self, mine: Owner, now: float) -> None:
        """Jobs of processes that are dead wait again, the longer the more died over them, or have failed."""
        query = "SELECT id, tries, host, pid, token, until FROM job WHERE state = 'running'"
        for name, tries, *held in self._database.execute(query).fetchall():
            if _is_left(mine, now, *held):
                state = "failed" if tries >= DEATHS else "waiting"
                due = now + (0.0, *_BACKOFF)[min(tries - 1, len(_BACKOFF))]
                self._database.execute(
                    f"UPDATE job SET state = ?, changed = ?, due = ?, error = ?, {_FREE} WHERE id = ?",
                    (state, now, due, "the process that learned from it died", name),
                )

    def _jobs(self, where: str, *values: object) -> Iterator[Job]:
        rows = self._database.execute(f"SELECT {_FIELDS} FROM job WHERE {where}", values).fetchall()
        return (Job(*row) for row in rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        with self._database:
            yield


def place(repo: Repo) -> Path:
    """Where the jobs of a repository are."""
    return repo.private / "serve.db"


def transcript(content: str) -> Transcript:
    """The conversation of a job, in the normal form."""
    draft = Draft()
    add_all(draft, json.loads(content))
    return draft.transcript("proxy")


@contextmanager
def jobs(repo: Repo) -> Iterator[Jobs]:
    """The jobs of a repository, for the thread that asks."""
    with closing(connect(repo)) as database:
        yield Jobs(database)


def connect(repo: Repo) -> sqlite3.Connection:
    """The database of the jobs of a repository, which is made where there is none; for the thread that asks."""
    file = place(repo)
    file.parent.mkdir(parents=True, exist_ok=True)
    # only where there is none: to close a descriptor of it would drop the locks of this process's connections
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    database = sqlite3.connect(file, timeout=_SECONDS, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA secure_delete = ON")
    database.execute("BEGIN IMMEDIATE")
    if database.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
        for statement in _TABLES:
            database.execute(statement)
    database.execute("COMMIT")
    return database


def _is_left(mine: Owner, now: float, host: str, pid: int, token: str, until: float) -> bool:
    """Whether the process that holds a job is dead."""
    if token == mine.token:
        return False
    return until < now or (host == mine.host and (pid == mine.pid or not _lives(pid)))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
