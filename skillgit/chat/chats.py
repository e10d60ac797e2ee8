"""The conversations that are held here, kept until they are deleted: `.git/skillgit/chats.db`, private.

    chat      a conversation: whose, since when, with which options, and how many of its turns were learned from
    turn      what was said, with the skills that the answer was given
    lesson    what came of learning from it

`asked` counts the turns that somebody wants to be learned from, `heard` those that were: where the process died in
between, the next one sees what is left. What is deleted is overwritten.
"""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from skillgit import files
from skillgit.chat.options import Options
from skillgit.errors import NotFound, RepositoryError, UsageError
from skillgit.git.repo import Repo
from skillgit.transcripts.model import Transcript, Turn

Role: TypeAlias = Literal["user", "assistant"]
SHORTEST: Final = 4
"""Characters of an id that may be enough to name a conversation."""

_FORMAT = 1
_SECONDS = 30.0
_TITLE = 60  # characters
_TABLES = (
    "CREATE TABLE chat (id TEXT PRIMARY KEY, user TEXT NOT NULL, title TEXT NOT NULL, created REAL NOT NULL,"
    " changed REAL NOT NULL, options TEXT NOT NULL, asked INTEGER NOT NULL, heard INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX chat_user ON chat (user, changed)",
    "CREATE TABLE turn (chat TEXT NOT NULL, place INTEGER NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL,"
    " at REAL NOT NULL, whole INTEGER NOT NULL, given TEXT NOT NULL, PRIMARY KEY (chat, place)) WITHOUT ROWID",
    "CREATE TABLE lesson (chat TEXT NOT NULL, at REAL NOT NULL, through INTEGER NOT NULL, decision TEXT NOT NULL,"
    " reason TEXT NOT NULL, skill TEXT NOT NULL, before TEXT NOT NULL, version TEXT NOT NULL,"
    " recorded TEXT NOT NULL)",
    f"PRAGMA user_version = {_FORMAT}",
)


@dataclass(frozen=True, slots=True)
class Given:
    """A skill that was found for a turn, with its score; `injected` says whether the model was given it."""

    path: str
    version: str
    score: float
    injected: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One turn: `whole` is false for an answer that was broken off, `given` is what was found for it."""

    role: Role
    text: str
    at: float = 0.0
    whole: bool = True
    given: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of learning from the turns before `through`; what was not recorded is ""."""

    at: float
    through: int
    decision: str
    reason: str
    skill: str = ""
    before: str = ""
    version: str = ""
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as it is kept; times are in seconds since 1970. `said` counts its turns."""

    id: str
    user: str
    title: str
    created: float
    changed: float
    options: Options
    asked: int
    heard: int
    said: int


def new_id() -> str:
    """An id for a conversation."""
    return uuid.uuid4().hex


class Chats:
    """The conversations of a repository, for one thread."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def begin(self, name: str, user: str, *, options: Options) -> None:
        """The conversation of this id is kept; one that is there stays."""
        now = time.time()
        values = (name, user, "", now, now, json.dumps(asdict(options)))
        with self._writing():
            self._database.execute("INSERT OR IGNORE INTO chat VALUES (?, ?, ?, ?, ?, ?, 0, 0)", values)

    def get(self, name: str) -> Kept:
        """The conversation of this id; NotFound where there is none."""
        kept = next(self._kept("id = ?", name), None)
        if kept is None:
            raise NotFound(f"no conversation '{name}'", hint="'skillgit chat --list' shows them")
        return kept

    def list(self, user: str | None = None) -> tuple[Kept, ...]:
        """The conversations of a user, or of all, in which something was said, the latest first."""
        return tuple(self._kept("user = coalesce(?, user) AND title != '' ORDER BY changed DESC, id", user))

    def unheard(self, user: str) -> tuple[str, ...]:
        """Those of a user's conversations that are to be learned from, and were not."""
        return tuple(kept.id for kept in self._kept("user = ? AND asked > heard ORDER BY changed", user))

    def turns(self, name: str) -> tuple[Said, ...]:
        """What was said in a conversation, in order."""
        rows = self._database.execute(
            "SELECT role, text, at, whole, given FROM turn WHERE chat = ? ORDER BY place", (name,)
        ).fetchall()
        return tuple(Said(role, text, at, bool(whole), _given(given)) for role, text, at, whole, given in rows)

    def lessons(self, name: str) -> tuple[Lesson, ...]:
        """What was learned from a conversation, in order."""
        rows = self._database.execute(
            "SELECT at, through, decision, reason, skill, before, version, recorded FROM lesson WHERE chat = ?"
            " ORDER BY rowid",
            (name,),
        ).fetchall()
        return tuple(Lesson(*row) for row in rows)

    def add(self, name: str, said: Said) -> None:
        """One turn more, where the conversation was not deleted meanwhile."""
        now = time.time()
        given = json.dumps([astuple(each) for each in said.given])
        with self._writing():
            if not self._is_there(name):
                return
            self._database.execute(
                "INSERT INTO turn SELECT ?, coalesce(max(place) + 1, 0), ?, ?, ?, ?, ? FROM turn WHERE chat = ?",
                (name, said.role, _text(said.text), now, said.whole, given, name),
            )
            self._database.execute(
                "UPDATE chat SET changed = ?, title = CASE title WHEN '' THEN ? ELSE title END WHERE id = ?",
                (now, _text(_title(said.text)), name),
            )

    def take_back(self, name: str) -> None:
        """The last turn was not said."""
        with self._writing():
            self._database.execute(
                "DELETE FROM turn WHERE chat = ? AND place = (SELECT max(place) FROM turn WHERE chat = ?)", (name, name)
            )
            left = self._database.execute("SELECT count(*) FROM turn WHERE chat = ?", (name,)).fetchone()[0]
            self._database.execute(
                "UPDATE chat SET asked = min(asked, ?), heard = min(heard, ?) WHERE id = ?", (left, left, name)
            )

    def configure(self, name: str, options: Options) -> None:
        """The conversation goes on with these options."""
        with self._writing():
            self._database.execute("UPDATE chat SET options = ? WHERE id = ?", (json.dumps(asdict(options)), name))

    def ask(self, name: str, turns: int) -> None:
        """So many turns of a conversation are to be learned from."""
        with self._writing():
            self._database.execute("UPDATE chat SET asked = max(asked, ?) WHERE id = ?", (turns, name))

    def hear(self, name: str, lesson: Lesson) -> None:
        """A conversation was learned from; where nothing was decided it was not heard."""
        values = (name, lesson.at, lesson.through, lesson.decision, lesson.reason)
        more = (lesson.skill, lesson.before, lesson.version, lesson.commit)
        heard = 0 if lesson.decision == "undecided" else lesson.through
        with self._writing():
            if self._is_there(name):
                self._database.execute("INSERT INTO lesson VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, *more))
            self._database.execute("UPDATE chat SET heard = max(heard, ?) WHERE id = ?", (heard, name))

    def delete(self, name: str) -> None:
        """Nothing is kept of a conversation; what it taught stays."""
        with self._writing():
            for table, key in (("turn", "chat"), ("lesson", "chat"), ("chat", "id")):
                self._database.execute(f"DELETE FROM {table} WHERE {key} = ?", (name,))

    def _is_there(self, name: str) -> bool:
        return self._database.execute("SELECT 1 FROM chat WHERE id = ?", (name,)).fetchone() is not None

    def _kept(self, where: str, *values: object) -> Iterator[Kept]:
        query = (
            "SELECT id, user, title, created, changed, options, asked, heard,"
            f" (SELECT count(*) FROM turn WHERE chat = id) FROM chat WHERE {where}"
        )
        for row in self._database.execute(query, values).fetchall():
            name, user, title, created, changed, options, asked, heard, said = row
            yield Kept(name, user, title, created, changed, Options(**json.loads(options)), asked, heard, said)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        with self._database:
            yield


def place(repo: Repo) -> Path:
    """The file that keeps the conversations of a repository; there is none before the first."""
    return repo.private / "chats.db"


@contextmanager
def chats(repo: Repo) -> Iterator[Chats]:
    """The conversations of a repository, for the thread that asks. RepositoryError where the file is torn."""
    file = place(repo)
    try:
        database = _opened(file)
    except sqlite3.DatabaseError as err:
        raise RepositoryError(f"cannot use '{file}': {err}", hint="without it, chats begin anew") from err
    with closing(database):
        yield Chats(database)


def _opened(file: Path) -> sqlite3.Connection:
    files.reserve(file)
    database = sqlite3.connect(file, timeout=_SECONDS, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA secure_delete = ON")
        database.execute("BEGIN IMMEDIATE")
        if database.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
            for statement in _TABLES:
                database.execute(statement)
        database.execute("COMMIT")
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _given(text: str) -> tuple[Given, ...]:
    return tuple(Given(*row) for row in json.loads(text))


def _title(text: str) -> str:
    line = " ".join(text.split()) or "-"
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1].rstrip()}…"


def _text(text: str) -> str:
    """A text that SQLite takes: a lone surrogate is none."""
    return text.encode("utf-8", "replace").decode()


def transcript(name: str, turns: Sequence[Said]) -> Transcript:
    """A conversation in the normal form."""
    return Transcript("chat", tuple(Turn(each.role, each.text) for each in turns), id=name)


def find(kept: Sequence[Kept], typed: str) -> Kept:
    """The conversation whose id begins as the user typed it. Raises NotFound, or UsageError where several do."""
    found = [each for each in kept if len(typed) >= SHORTEST and each.id.startswith(typed.lower())]
    if len(found) > 1:
        raise UsageError(f"'{typed}' begins {len(found)} conversations", hint="say more of the id")
    if not found:
        raise NotFound(f"no conversation '{typed}'", hint="'skillgit chat --list' shows them")
    return found[0]


def shortest(kept: Sequence[Kept]) -> dict[str, str]:
    """For each id as much of it as tells it from the others."""
    names = [each.id for each in kept]
    length = next(size for size in range(SHORTEST, 33) if len({name[:size] for name in names}) == len(names))
    return {name: name[:length] for name in names}
