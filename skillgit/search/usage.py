"""Who was given which version of which skill, and whether it helped: counts in `.git/skillgit/usage.db`.

    retrieved   a search found it
    injected    its text was put into a prompt
    used        the answer followed it, as somebody has said: `skillgit usage record`, the SDK

The counts are private to this repository, and worth no wait: a search that cannot write them at once goes on
without, a file that is torn is begun anew, and a power cut may cost what was counted last. Where the file is
full, what was counted longest ago goes.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Final

from skillgit.errors import Locked, RepositoryError
from skillgit.git.repo import Repo
from skillgit.search.hit import Hit

_FORMAT = 1
_PATIENCE = 0.1  # seconds that a search waits for other writers before it counts nothing
_SECONDS = 30.0  # seconds that everything else waits
_PAGES: Final = 4096  # of 4 KiB: some 200,000 rows
_TORN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_TABLES = (
    "DROP TABLE IF EXISTS given",
    "CREATE TABLE given (user TEXT, path TEXT, version TEXT, retrieved INTEGER NOT NULL, injected INTEGER NOT NULL,"
    " used INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (user, path, version))"
    " WITHOUT ROWID",
    f"PRAGMA user_version = {_FORMAT}",
)
_ADD = (
    "INSERT INTO given VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user, path, version) DO UPDATE SET"
    " retrieved = retrieved + excluded.retrieved, injected = injected + excluded.injected,"
    " used = used + excluded.used, last = max(last, excluded.last)"
)
_TRIM = (
    "DELETE FROM given WHERE last <="
    " (SELECT last FROM given ORDER BY last LIMIT 1 OFFSET (SELECT count(*) / 4 FROM given))"
)


@dataclass(frozen=True, slots=True)
class Use:
    """How often one user was given one version of a skill, and when first and last, in seconds since 1970."""

    user: str
    path: str
    version: str
    retrieved: int = 0
    injected: int = 0
    used: int = 0
    first: int = 0
    last: int = 0


def given(hits: Iterable[Hit], *, user: str, injected: Iterable[Hit] = ()) -> list[Use]:
    """What there is to count of hits that a user was given, and of those whose text went into a prompt."""
    uses = [Use(user, hit.path, hit.version, retrieved=1) for hit in hits]
    return uses + [Use(user, hit.path, hit.version, injected=1) for hit in injected]


def count(repo: Repo, hits: Iterable[Hit], *, user: str, injected: Iterable[Hit] = ()) -> tuple[str, ...]:
    """Count hits as retrieved, and those whose text went into a prompt as injected; the answer is that of `add`."""
    return add(repo, given(hits, user=user, injected=injected))


def add(repo: Repo, uses: Sequence[Use]) -> tuple[str, ...]:
    """Add up counts, where that can be done at once.

    The answer is what the user should hear, a line each: nothing of a repository that cannot be written to, nor
    where others were writing for too long.
    """
    if not uses or not os.access(repo.common_dir, os.W_OK):
        return ()
    try:
        _add(repo, uses, seconds=_PATIENCE)
    except (sqlite3.Error, OSError) as err:
        return () if _code(err) == sqlite3.SQLITE_BUSY else (f"usage is not counted: {err}",)
    return ()


def record(repo: Repo, skills: Iterable[tuple[str, str]], *, user: str) -> None:
    """Count skills, each a path and a version, as used by a user; a RepositoryError says why that cannot be done."""
    try:
        _add(repo, [Use(user, path, version, used=1) for path, version in skills], seconds=_SECONDS)
    except (sqlite3.Error, OSError) as err:
        raise _translated(repo, err) from err


def drop(repo: Repo, paths: Iterable[str]) -> None:
    """Nothing is counted of the skills at these paths, and the file holds their names no more."""
    if not _file(repo).exists():
        return
    try:
        with closing(_open(repo, seconds=_SECONDS)) as counts, counts:
            counts.execute("PRAGMA secure_delete = ON")
            if _is_ours(counts):
                counts.executemany("DELETE FROM given WHERE path = ?", [(path,) for path in paths])
    except sqlite3.Error as err:
        raise _translated(repo, err) from err


def read(repo: Repo, *, user: str | None = None) -> tuple[Use, ...]:
    """All that was counted, or all of one user, sorted by user, path and version.

    A RepositoryError says why that cannot be read. What one user has is read without a look at what others have.
    """
    if not _file(repo).exists():
        return ()
    try:
        with closing(_open(repo, seconds=_SECONDS)) as counts:
            if not _is_ours(counts):
                return ()
            if user is not None:
                return tuple(Use(*row) for row in counts.execute("SELECT * FROM given WHERE user = ?", (user,)))
            if counts.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise _torn(repo)
            return tuple(Use(*row) for row in counts.execute("SELECT * FROM given"))
    except sqlite3.Error as err:
        raise _translated(repo, err) from err


def by_skill(uses: Iterable[Use]) -> dict[str, Use]:
    """What somebody was given of each skill, all of its versions together, by path."""
    summed: dict[str, Use] = {}
    for use in uses:
        known = summed.get(use.path)
        summed[use.path] = replace(use, version="") if known is None else _together(known, use)
    return summed


def _together(one: Use, other: Use) -> Use:
    return Use(
        one.user,
        one.path,
        one.version,
        retrieved=one.retrieved + other.retrieved,
        injected=one.injected + other.injected,
        used=one.used + other.used,
        first=min(one.first, other.first),
        last=max(one.last, other.last),
    )


def _add(repo: Repo, uses: Sequence[Use], *, seconds: float) -> None:
    """Add up counts in one transaction; a file that is torn is begun anew, once."""
    _file(repo).parent.mkdir(parents=True, exist_ok=True)
    try:
        _add_to(repo, uses, seconds)
    except sqlite3.DatabaseError as err:
        if _code(err) not in _TORN:
            raise
        _file(repo).unlink(missing_ok=True)
        _add_to(repo, uses, seconds)


def _add_to(repo: Repo, uses: Sequence[Use], seconds: float) -> None:
    now = int(time.time())
    with closing(_open(repo, seconds=seconds)) as counts, counts:
        counts.execute("PRAGMA synchronous = OFF")  # a search waits for no disk
        counts.execute("BEGIN IMMEDIATE")
        if not _is_ours(counts):
            for statement in _TABLES:
                counts.execute(statement)
        counts.executemany(_ADD, [(*astuple(use)[:6], now, now) for use in uses])
        pages, unused = (counts.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count"))
        if pages - unused > _PAGES:
            counts.execute(_TRIM)


def _open(repo: Repo, *, seconds: float) -> sqlite3.Connection:
    return sqlite3.connect(_file(repo), timeout=seconds, isolation_level=None)


def _is_ours(counts: sqlite3.Connection) -> bool:
    return bool(counts.execute("PRAGMA user_version").fetchone()[0] == _FORMAT)


def _file(repo: Repo) -> Path:
    return repo.private / "usage.db"


def _code(err: Exception) -> int | None:
    """SQLite's primary error code; None for an error that is not SQLite's."""
    code = getattr(err, "sqlite_errorcode", None)
    return code & 0xFF if code is not None else None


def _translated(repo: Repo, err: Exception) -> RepositoryError:
    if _code(err) == sqlite3.SQLITE_BUSY:
        return Locked(f"another process has been writing '{_file(repo)}' for {_SECONDS:g} seconds")
    return _torn(repo) if _code(err) in _TORN else RepositoryError(f"cannot use '{_file(repo)}': {err}")


def _torn(repo: Repo) -> RepositoryError:
    return RepositoryError(f"'{_file(repo)}' is torn", hint="remove it, and counting begins anew")
