"""What the history holds, remembered: which attempts were applied, and which versions paths have had.

Derived from the decisions of one commit and everything before it, kept in `.git/skillgit/ledger.db` and
extended by what is new since. A file that is torn, foreign or of another branch's history is made again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pygit2
from pygit2.enums import SortMode

from skillgit.git.message import Decision, decode
from skillgit.git.repo import Repo

_FORMAT = 1
_TABLES = f"""
PRAGMA user_version = {_FORMAT};
CREATE TABLE IF NOT EXISTS tip (oid TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS attempt (key TEXT PRIMARY KEY, oid TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS version (path TEXT PRIMARY KEY, last TEXT NOT NULL) WITHOUT ROWID;
"""


def applied(repo: Repo, tip: str | None, attempt: str) -> str | None:
    """The commit that applied `attempt` in the history of `tip`, or None."""
    return _ask(repo, tip, "SELECT oid FROM attempt WHERE key = ?", attempt)


def last_version(repo: Repo, tip: str | None, path: str) -> str | None:
    """The newest version a skill at `path` ever had in the history of `tip`, even if it is gone now."""
    return _ask(repo, tip, "SELECT last FROM version WHERE path = ?", path)


def paths(repo: Repo, tip: str | None) -> tuple[str, ...]:
    """Every path at which a decision in the history of `tip` put a skill, sorted."""
    if tip is None:
        return ()
    with _opened(repo, tip) as ledger:
        return tuple(str(row[0]) for row in ledger.execute("SELECT path FROM version ORDER BY path"))


def _ask(repo: Repo, tip: str | None, question: str, key: str) -> str | None:
    if tip is None:
        return None
    with _opened(repo, tip) as ledger:
        row = ledger.execute(question, (key,)).fetchone()
    return str(row[0]) if row else None


@contextmanager
def _opened(repo: Repo, tip: str) -> Iterator[sqlite3.Connection]:
    path = repo.private / "ledger.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=30)) as ledger:
        try:
            _bring_up(repo, ledger, tip)
        except sqlite3.DatabaseError:
            ledger.close()
            path.unlink(missing_ok=True)
            with closing(sqlite3.connect(path, timeout=30)) as fresh:
                _bring_up(repo, fresh, tip)
                yield fresh
            return
        yield ledger


def _bring_up(repo: Repo, ledger: sqlite3.Connection, tip: str) -> None:
    if ledger.execute("PRAGMA user_version").fetchone()[0] == _FORMAT:
        row = ledger.execute("SELECT oid FROM tip").fetchone()
        if row and row[0] == tip:
            return
        known = str(row[0]) if row and _is_ancestor(repo, str(row[0]), tip) else None
    else:
        known = None
    with ledger:
        ledger.execute("BEGIN IMMEDIATE")
        _extend(repo, ledger, known, tip)


def _extend(repo: Repo, ledger: sqlite3.Connection, known: str | None, tip: str) -> None:
    if known is None:
        for table in ("tip", "attempt", "version"):
            ledger.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in _TABLES.strip().split(";"):
            ledger.execute(statement)
    for oid, message in _since(repo, known, tip):
        decision = decode(message)
        if decision and decision.attempt:
            ledger.execute("INSERT OR IGNORE INTO attempt VALUES (?, ?)", (decision.attempt, oid))
        for path, version in _versions(decision) if decision else ():
            ledger.execute("INSERT OR REPLACE INTO version VALUES (?, ?)", (path, version))
    ledger.execute("DELETE FROM tip")
    ledger.execute("INSERT INTO tip VALUES (?)", (tip,))


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
        yield str(commit.id), commit.message


def _is_ancestor(repo: Repo, known: str, tip: str) -> bool:
    try:
        return bool(repo.handle.descendant_of(tip, known))
    except (KeyError, ValueError, pygit2.GitError):
        return False
