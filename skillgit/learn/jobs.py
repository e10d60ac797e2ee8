"""Conversations of a server that are to be learned from, kept until that is done.

    waiting      until it is due, and until no other job of its user runs
    running      leased to one process, which says again and again that it is there
    done         with the decision that came of it
    failed       after it failed TRIES times, with the reason of the last, or DEATHS processes died over it
    superseded   a later request held the same conversation, and more of it

They are in `.git/skillgit/serve.db` (`jobs_sqlite.py`), or where `serve.jobs` says so in PostgreSQL
(`jobs_postgres.py`), for servers of several machines; the statements are the same. What could not be written there
waits in the file until it can.

A job is on the disk before anybody is told of it. Where the process that has leased it dies, another takes it up. Doing
it twice changes nothing: a decision is applied once (`Skill-Attempt`). The words of a conversation are kept, privately,
until it is done or superseded; what has ended goes after some days.
"""

from __future__ import annotations

import json
import os
import socket
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, TypeAlias

from skillgit.errors import Contended, Refused
from skillgit.git import boot, lock
from skillgit.git.repo import Repo
from skillgit.learn import jobs_postgres, jobs_sqlite
from skillgit.postgres import place
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
_MOST = 1_000  # jobs of a user's that may wait
_DIGESTS = 500  # the last turns by which a conversation is recognised
_DAY = 86_400.0
_FIELDS = (
    'id, "user", trigger, state, hint, created, changed, due, tries, faults, error,'
    " decision, reason, skill, version, recorded"
)
_FREE = "host = NULL, pid = NULL, token = NULL, until = NULL"
_MINE = "id = ? AND state = 'running' AND tries = ?"
_NEXT = (
    f"SELECT {_FIELDS}, content FROM job WHERE state = 'waiting' AND due <= ?"
    """ AND "user" NOT IN (SELECT "user" FROM job WHERE state = 'running') ORDER BY due, id LIMIT 1"""
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
    return Owner(f"{socket.gethostname()} {boot.processes()}", os.getpid(), uuid.uuid4().hex)


def new_id() -> str:
    """A name for a job, which nobody can guess."""
    return uuid.uuid4().hex


class Database(Protocol):
    """What keeps the tables `job` and `heard`. What goes wrong raises DatabaseError."""

    @property
    def passing_by(self) -> str:
        """How a statement that takes rows ends, so that it passes by those that another process is taking."""

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a statement gives, with `?` for each value."""

    def writing(self) -> AbstractContextManager[None]:
        """What is done within is done, or none of it. Raises Contended where another process has done it first."""

    def now(self) -> float:
        """The time by the clock that all who share it go by, in seconds since 1970."""

    def close(self) -> None:
        """It is not needed any more."""


class Jobs:
    """The jobs of a repository, for one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, wanted: Wanted, *, name: str, due: float) -> None:
        """A job of this name, on the disk when this returns. What waits of the same conversation is superseded.

        One of this name that is there already stays as it is. Raises Refused where too many of the user's wait.
        """
        now = self._database.now()
        with self._database.writing():
            if wanted.trigger == "turn":
                self._supersede(wanted, now, by=name)
            self._check_room(wanted.user)
            self._database.rows(
                f"INSERT INTO job ({_FIELDS}, digest, content)"
                " VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?, 0, 0, '', '', '', '', '', '', ?, ?)"
                " ON CONFLICT (id) DO NOTHING",
                (
                    *(name, wanted.user, wanted.trigger, wanted.hint, now, now, due),
                    *(wanted.digests[-1] if wanted.digests else "", wanted.content),
                ),
            )

    def held(self) -> list[tuple[Job, Wanted]]:
        """The jobs whose conversation is still kept, with that; of its digests there is the last."""
        query = f"SELECT {_FIELDS}, digest, content FROM job WHERE content != '' ORDER BY created, id"
        kept = [(Job(*told), digest, content) for *told, digest, content in self._database.rows(query)]
        return [(job, Wanted(job.user, content, (digest,), job.trigger, job.hint)) for job, digest, content in kept]

    def drop(self, name: str) -> None:
        """The job of this name is gone."""
        with self._database.writing():
            self._database.rows("DELETE FROM job WHERE id = ?", (name,))

    def heard(self, user: str, digests: Sequence[str]) -> int:
        """How many of the user's turns of a conversation were learned from already."""
        last = digests[-_DIGESTS:]
        if not last:
            return 0
        query = f'SELECT max(turns) FROM heard WHERE "user" = ? AND digest IN ({_marks(last)})'
        return int(self._database.rows(query, (user, *last))[0][0] or 0)

    def get(self, name: str, *, user: str) -> Job | None:
        """The job of this name, if it is this user's."""
        return next(self._jobs('id = ? AND "user" = ?', name, user), None)

    def list(self, *, user: str, limit: int, before: float | None = None) -> tuple[Job, ...]:
        """The latest jobs of a user, the newest first, of before a moment."""
        until = self._database.now() + _DAY if before is None else before
        return tuple(self._jobs('"user" = ? AND created < ? ORDER BY created DESC, id LIMIT ?', user, until, limit))

    def count(self) -> dict[str, int]:
        """How many jobs are in each state."""
        return dict(self._database.rows("SELECT state, count(*) FROM job GROUP BY state"))

    def lease(self, mine: Owner) -> tuple[Job, str] | None:
        """A job that is due, and its content; it is this process's. At most one job of a user's runs."""
        while True:
            with suppress(Contended):  # another process began one of the same user's: look again
                return self._leased(mine)

    def beat(self, mine: Owner) -> None:
        """What this process has leased is its for another while."""
        with self._database.writing():
            until = self._database.now() + LEASE
            self._database.rows("UPDATE job SET until = ? WHERE token = ?", (until, mine.token))

    def finish(self, job: Job, result: Result, *, digests: Sequence[str]) -> None:
        """The job, as it was leased, is done, and its conversation heard so far; its words are gone."""
        now = self._database.now()
        with self._database.writing():
            self._database.rows(
                "UPDATE job SET state = 'done', changed = ?, error = '', content = '', decision = ?, reason = ?,"
                f" skill = ?, version = ?, recorded = ?, {_FREE} WHERE {_MINE}",
                (
                    *(now, result.decision, result.reason, result.skill, result.version, result.commit),
                    *(job.id, job.tries),
                ),
            )
            if digests:
                self._database.rows(
                    'INSERT INTO heard ("user", digest, turns, at) VALUES (?, ?, ?, ?)'
                    ' ON CONFLICT ("user", digest) DO UPDATE SET turns = excluded.turns, at = excluded.at',
                    (job.user, digests[-1], len(digests), now),
                )

    def fail(self, job: Job, error: str) -> None:
        """The job, as it was leased, is tried again later, or has failed where it was tried often enough."""
        now = self._database.now()
        faults = job.faults + 1
        due = now + _BACKOFF[min(faults, len(_BACKOFF)) - 1]
        state = "failed" if faults >= TRIES else "waiting"
        with self._database.writing():
            self._database.rows(
                f"UPDATE job SET state = ?, changed = ?, due = ?, faults = ?, error = ?, {_FREE} WHERE {_MINE}",
                (state, now, due, faults, error, job.id, job.tries),
            )

    def prune(self, *, days: int) -> None:
        """What ended so many days ago is gone; what was heard is kept ten times as long."""
        now = self._database.now()
        with self._database.writing():
            self._database.rows(
                "DELETE FROM job WHERE state NOT IN ('waiting', 'running') AND changed < ?", (now - days * _DAY,)
            )
            self._database.rows("DELETE FROM heard WHERE at < ?", (now - 10 * days * _DAY,))

    def _leased(self, mine: Owner) -> tuple[Job, str] | None:
        now = self._database.now()
        with self._database.writing():
            self._take_back(mine, now)
            found = self._database.rows(_NEXT + self._database.passing_by, (now,))
            if not found:
                return None
            name, content = found[0][0], found[0][-1]
            self._database.rows(
                "UPDATE job SET state = 'running', tries = tries + 1, changed = ?, host = ?, pid = ?, token = ?,"
                " until = ? WHERE id = ?",
                (now, mine.host, mine.pid, mine.token, now + LEASE, name),
            )
            return next(self._jobs("id = ?", name)), content

    def _supersede(self, wanted: Wanted, now: float, *, by: str) -> None:
        last = wanted.digests[-_DIGESTS:]
        if last:
            self._database.rows(
                "UPDATE job SET state = 'superseded', changed = ?, content = ''"
                f" WHERE state = 'waiting' AND trigger = 'turn' AND \"user\" = ? AND digest IN ({_marks(last)})"
                " AND id != ?",
                (now, wanted.user, *last, by),
            )

    def _check_room(self, user: str) -> None:
        query = """SELECT count(*) FROM job WHERE "user" = ? AND state = 'waiting'"""
        if self._database.rows(query, (user,))[0][0] >= _MOST:
            raise Refused(f"{_MOST} conversations of this user's wait already")

    def _take_back(self, mine: Owner, now: float) -> None:
        """Jobs of processes that are dead wait again, the longer the more died over them, or have failed."""
        query = "SELECT id, tries, host, pid, token, until FROM job WHERE state = 'running' ORDER BY id"
        for name, tries, *held in self._database.rows(query):
            if _is_left(mine, now, *held):
                state = "failed" if tries >= DEATHS else "waiting"
                due = now + (0.0, *_BACKOFF)[min(tries - 1, len(_BACKOFF))]
                self._database.rows(
                    f"UPDATE job SET state = ?, changed = ?, due = ?, error = ?, {_FREE} WHERE {_MINE}",
                    (state, now, due, "the process that learned from it died", name, tries),
                )

    def _jobs(self, condition: str, *values: object) -> Iterator[Job]:
        return (Job(*row) for row in self._database.rows(f"SELECT {_FIELDS} FROM job WHERE {condition}", values))


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


def stores(repo: Repo) -> Iterator[Jobs]:
    """All that keep jobs of a repository, those of its file first, each open until the next is asked for."""
    if jobs_sqlite.place(repo).exists():
        with closing(jobs_sqlite.connect(repo)) as here:
            yield Jobs(here)
    if place(repo, "serve.jobs"):
        with jobs(repo) as shared:
            yield shared


def move(repo: Repo, to: Jobs) -> None:
    """What waits in the file of a repository waits where it is to be; whoever is killed over it may do it again."""
    if not is_shared(repo) or not jobs_sqlite.place(repo).exists():
        return
    with closing(jobs_sqlite.connect(repo)) as database:
        here = Jobs(database)
        for job, wanted in (held for held in here.held() if held[0].state in ("waiting", "running")):
            with suppress(Refused):  # too many of the user's wait there: it waits here
                to.add(wanted, name=job.id, due=job.due)
                here.drop(job.id)


def added(repo: Repo) -> Iterator[None]:
    """Something each time that a job was added to those in a database, for ever. Raises DatabaseError."""
    shared = place(repo, "serve.jobs")
    return jobs_postgres.added(shared) if shared else iter(())


def retry(repo: Repo, name: str, *, user: str) -> bool:
    """Whether a job of this user's had failed, and its words are kept: it is tried again, from now on."""
    with closing(connect(repo)) as database, database.writing():
        now = database.now()
        waiting = database.rows(
            "UPDATE job SET state = 'waiting', changed = ?, due = ?, tries = 0, faults = 0"
            """ WHERE id = ? AND "user" = ? AND state = 'failed' AND content != '' RETURNING id""",
            (now, now, name, user),
        )
        return bool(waiting)


def is_shared(repo: Repo) -> bool:
    """Whether the jobs are in a database."""
    return place(repo, "serve.jobs") is not None


def connect(repo: Repo) -> Database:
    """What keeps the jobs of a repository, made where there is none; for the thread that asks.

    Raises UsageError where the settings name a database that cannot be one.
    """
    shared = place(repo, "serve.jobs")
    return jobs_postgres.Shared(shared) if shared else jobs_sqlite.connect(repo)


def _is_left(mine: Owner, now: float, host: str, pid: int, token: str, until: float) -> bool:
    """Whether the process that holds a job is dead."""
    if token == mine.token:
        return False
    return until < now or (host == mine.host and (pid == mine.pid or not lock.lives(pid)))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
