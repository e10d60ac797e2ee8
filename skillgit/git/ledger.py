"""What the history holds, remembered: attempts that were applied or rejected, versions of paths, rules rejected.

Derived from the decisions of one commit and everything before it, kept in `.git/skillgit/ledger.db` and
extended by what is new since. Beside HEAD's history two others are remembered, such as a learned branch's. A file that
is torn or foreign is made again; where none can be kept, the history is read for each question.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pygit2
from pygit2.enums import SortMode

from skillgit.errors import Locked, RepositoryError
from skillgit.git import packs
from skillgit.git.message import Decision, decode, decode_merge
from skillgit.git.repo import Repo
from skillgit.skills.rules import plain
from skillgit.skills.version import is_above

_FORMAT = 5
_SECONDS = 30.0
_DEEPEST = 10  # reverts of reverts that are followed
_UNDONE = re.compile(r"^This reverts commit ([0-9a-f]{40})\b", re.MULTILINE)
_MEMORY = Path(":memory:")
_FILES = ("ledger.db", "ledger-2.db", "ledger-3.db")
_TRIES = 3
_TABLES = (
    "CREATE TABLE tip (oid TEXT NOT NULL)",
    "CREATE TABLE attempt (key TEXT PRIMARY KEY, oid TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE version (path TEXT PRIMARY KEY, last TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE rejected (path TEXT, rule TEXT, oid TEXT NOT NULL, PRIMARY KEY (path, rule)) WITHOUT ROWID",
    f"PRAGMA user_version = {_FORMAT}",
)


def applied(repo: Repo, tip: str | None, attempt: str) -> str | None:
    """The commit that applied `attempt`, or rejected it, in the history of `tip`; or None."""
    return next(iter(_ask(repo, tip, "SELECT oid FROM attempt WHERE key = ?", attempt)), None)


def all_applied(repo: Repo, tip: str | None, attempts: Collection[str]) -> frozenset[str]:
    """Those of some attempts that were applied, or rejected, in the history of `tip`."""
    holes = ", ".join("?" * len(attempts))
    return frozenset(_ask(repo, tip, f"SELECT key FROM attempt WHERE key IN ({holes})", *attempts))


def last_version(repo: Repo, tip: str | None, path: str) -> str | None:
    """The highest version a skill at `path` ever had in the history of `tip`, even if it is gone now."""
    return next(iter(_ask(repo, tip, "SELECT last FROM version WHERE path = ?", path)), None)


def paths(repo: Repo, tip: str | None) -> tuple[str, ...]:
    """Every path at which a decision in the history of `tip` put a skill, sorted."""
    return _ask(repo, tip, "SELECT path FROM version ORDER BY path")


def last_versions(repo: Repo, tip: str | None) -> dict[str, str]:
    """The highest version that each path ever had in the history of `tip`."""
    rows = _ask(repo, tip, "SELECT last || ' ' || path FROM version")
    return {path: last for last, _, path in (row.partition(" ") for row in rows)}


@dataclass(frozen=True, slots=True)
class Rejected:
    """A rule, as plain text, that a commit took back from the skill at a path, or kept out of it."""

    path: str
    rule: str
    oid: str


def rejected(repo: Repo, tip: str | None) -> tuple[Rejected, ...]:
    """The rules that were taken back in the history of `tip` and not given again, sorted by path and rule.

    Taken back is what a revert takes out, `skillgit`'s or git's own, and what a person has rejected in a review; not
    what waits for one again.
    """
    rows = _ask(repo, tip, "SELECT oid || ' ' || path || char(10) || rule FROM rejected ORDER BY path, rule")
    return tuple(Rejected(path, rule, row[:40]) for row in rows for path, _, rule in [row[41:].partition("\n")])


def is_sound(repo: Repo, tip: str) -> bool:
    """Whether the ledger that is kept says what one made anew from the history says."""
    parts = (
        "SELECT key || ' ' || oid FROM attempt",
        "SELECT path || ' ' || last FROM version",
        "SELECT oid || ' ' || path || ' ' || rule FROM rejected",
    )
    asked = " UNION ".join(parts) + " ORDER BY 1"
    return _ask(repo, tip, asked) == _answer(repo, tip, _MEMORY, asked, ())


def drop(repo: Repo) -> None:
    """Forget what is kept: the next question makes it again."""
    for name in _FILES:
        (repo.private / name).unlink(missing_ok=True)


def _ask(repo: Repo, tip: str | None, question: str, *words: str) -> tuple[str, ...]:
    """The first column of the answer; a file that fails is dropped and made again, or done without."""
    if tip is None:
        return ()
    for tries in range(1, _TRIES + 1):
        try:
            file = _MEMORY if repo.handle.is_shallow or tries == _TRIES else _file(repo, tip)
            return packs.read(repo, partial(_answer, repo, tip, file, question, words))
        except (sqlite3.DatabaseError, OSError) as err:
            if packs.missed(err):
                raise RepositoryError(f"cannot read the history: {err}", hint="run 'git fsck'") from err
            if getattr(err, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                where = repo.private / _FILES[0]
                raise Locked(f"another process has been writing '{where}' for {_SECONDS:g} seconds") from err
            failed = err
            _clear(repo)
    raise failed


def _clear(repo: Repo) -> None:
    for name in _FILES:
        with suppress(OSError):
            (repo.private / f"{name}-journal").unlink(missing_ok=True)
            (repo.private / name).unlink(missing_ok=True)


def _file(repo: Repo, tip: str) -> Path:
    """The file that remembers the history which `tip` goes on; a new one, or the oldest, where none does.

    What is remembered of HEAD is copied for a branch that leaves it there, so that HEAD's stays what it is.
    """
    repo.private.mkdir(parents=True, exist_ok=True)
    known = {repo.private / name: _tip(repo.private / name) for name in _FILES}
    best = _nearest(repo, known, tip)
    if best and (known[best] == tip or known[best] != repo.tip("HEAD")):
        return best
    others = [file for file in known if file != best]
    free = min(others, key=lambda file: file.stat().st_mtime if known[file] else 0)
    if best:
        with closing(_connect(best)) as there, closing(_connect(free)) as copy:
            there.backup(copy)
    return free


def _nearest(repo: Repo, known: Mapping[Path, str | None], tip: str) -> Path | None:
    """The file of the last commit that `tip` is, or goes on from."""
    best: Path | None = None
    for file, oid in known.items():
        if oid == tip:
            return file
        if oid and _is_ancestor(repo, oid, tip) and not (best and _is_ancestor(repo, oid, str(known[best]))):
            best = file
    return best


def _tip(file: Path) -> str | None:
    """The commit that a file is of; None where it is new, of another format, or not there."""
    if not file.exists():
        return None
    with closing(_connect(file)) as ledger:
        return _known(ledger)


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=_SECONDS, isolation_level=None)


def _answer(repo: Repo, tip: str, file: Path, question: str, words: tuple[str, ...]) -> tuple[str, ...]:
    with closing(_connect(file)) as ledger, ledger:
        ledger.execute("BEGIN IMMEDIATE")
        known = _known(ledger)
        if known != tip:
            _extend(repo, ledger, known if known and _is_ancestor(repo, known, tip) else None, tip)
        return tuple(str(row[0]) for row in ledger.execute(question, words))


def _known(ledger: sqlite3.Connection) -> str | None:
    """The commit that the ledger is of, or None where it is new or of another format."""
    if ledger.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
        return None
    row = ledger.execute("SELECT oid FROM tip").fetchone()
    return str(row[0]) if row else None


def _extend(repo: Repo, ledger: sqlite3.Connection, known: str | None, tip: str) -> None:
    if known is None:
        for table in ("tip", "attempt", "version", "rejected"):
            ledger.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in _TABLES:
            ledger.execute(statement)
    for oid, message in _since(repo, known, tip):
        decision = decode(message)
        if decision and decision.attempt and decision.action != "revert":
            ledger.execute("INSERT OR IGNORE INTO attempt VALUES (?, ?)", (decision.attempt, oid))
        for path, version in _versions(decision) if decision else decode_merge(message):
            last = ledger.execute("SELECT last FROM version WHERE path = ?", (path,)).fetchone()
            if last is None or is_above(version, last[0]):
                ledger.execute("INSERT OR REPLACE INTO version VALUES (?, ?)", (path, version))
        turn = _told(decision) if decision else _undone(repo, message)
        if turn:
            _turn(ledger, turn, oid)
    ledger.execute("DELETE FROM tip")
    ledger.execute("INSERT INTO tip VALUES (?)", (tip,))


@dataclass(frozen=True, slots=True)
class _Turn:
    """The rules that a commit gave a skill and took from it; whether it says that these were wrong.

    `frees` is the attempt that it lets be applied again.
    """

    path: str
    given: tuple[str, ...]
    taken: tuple[str, ...]
    rejects: bool = False
    frees: str | None = None


def _turn(ledger: sqlite3.Connection, turn: _Turn, oid: str) -> None:
    ledger.executemany("DELETE FROM rejected WHERE path = ? AND rule = ?", _rows(turn.path, turn.given))
    if turn.rejects:
        rows = [(*row, oid) for row in _rows(turn.path, turn.taken)]
        ledger.executemany("INSERT OR REPLACE INTO rejected VALUES (?, ?, ?)", rows)
    if turn.frees:
        ledger.execute("DELETE FROM attempt WHERE key = ?", (turn.frees,))


def _told(decision: Decision) -> _Turn:
    """What a decision says of a skill's rules; a revert that frees its attempt says of none that it was wrong."""
    changed = [note.text.rpartition(" (was: ") for note in decision.notes if note.mark == "~"]
    given = [note.text for note in decision.notes if note.mark == "+"] + [new for new, _, _ in changed]
    taken = [note.text for note in decision.notes if note.mark == "-"]
    taken += [old.removesuffix(")") for _, _, old in changed]
    frees = decision.attempt if decision.action == "revert" else None
    rejects = decision.action == "reject" or (decision.action == "revert" and not frees)
    return _Turn(decision.path, tuple(given), tuple(taken), rejects, frees)


def _undone(repo: Repo, message: str, depth: int = 0) -> _Turn | None:
    """What git's own revert of a decision, or of such a revert, says; None for any other message."""
    said = _UNDONE.search(message)
    commit = repo.handle.get(said[1]) if said and depth < _DEEPEST else None
    if not isinstance(commit, pygit2.Commit):
        return None
    undone = _message(commit)
    decision = decode(undone)
    turn = _told(decision) if decision else _undone(repo, undone, depth + 1)
    frees = decision.attempt if decision and decision.action == "reject" else None
    return _Turn(turn.path, turn.taken, turn.given, rejects=True, frees=frees) if turn else None


def _rows(path: str, rules: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(path, plain(rule)) for rule in rules]


def _versions(decision: Decision) -> Iterator[tuple[str, str]]:
    version = decision.after or decision.before
    if version:
        yield decision.path, version
        if decision.was:
            yield decision.was, version


def _since(repo: Repo, known: str | None, tip: str) -> Iterator[tuple[str, str]]:
    walker = repo.handle.walk(pygit2.Oid(hex=tip), SortMode.TOPOLOGICAL | SortMode.REVERSE)
    if known is not None:
        walker.hide(pygit2.Oid(hex=known))
    for commit in walker:
        yield str(commit.id), _message(commit)


def _message(commit: pygit2.Commit) -> str:
    """The message of any commit, also of one that says it is in an encoding that does not exist."""
    try:
        return commit.raw_message.decode(commit.message_encoding or "utf-8", "replace")
    except (LookupError, UnicodeError):
        return commit.raw_message.decode("utf-8", "replace")


def _is_ancestor(repo: Repo, known: str, tip: str) -> bool:
    try:
        return bool(repo.handle.descendant_of(tip, known))
    except (KeyError, ValueError, pygit2.GitError):
        return False
