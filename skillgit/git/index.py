"""The index of a work tree, read and written through git, for a few files at a time."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pygit2.enums import FileMode

from skillgit.errors import Locked
from skillgit.git import locks
from skillgit.git.repo import Entry
from skillgit.git.run import attempt, failure, git

_PATHSPEC_BYTES = 100_000
"""Longer lists of paths do not fit a command line: then the whole index is listed."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A file in an index: `stage` is 0, or 1 to 3 in a conflict; a sparse one is not to be on the disk."""

    entry: Entry
    stage: int
    sparse: bool


def staged(worktree: Path, paths: Sequence[str]) -> dict[str, Staged]:
    """What the index holds at the paths, and below them where they are folders; perhaps more."""
    if not paths:
        return {}
    short = sum(len(path.encode("utf-8", "surrogateescape")) + 1 for path in paths) < _PATHSPEC_BYTES
    args = ["--literal-pathspecs", "ls-files", "--stage", "-t", "-z", "--", *(paths if short else ())]
    found: dict[str, Staged] = {}
    for row in git(args, cwd=worktree).decode("utf-8", "surrogateescape").split("\0")[:-1]:
        about, _, path = row.partition("\t")
        tag, mode, oid, stage = about.split(" ")
        found[path] = Staged(Entry(oid, int(mode, 8)), int(stage), tag == "S")
    return found


def put(worktree: Path, files: Mapping[str, Entry | None], *, sparse: Sequence[str]) -> None:
    """Write files into the index and onto the disk; the `sparse` ones into the index only."""
    rows = (
        f"{entry.mode:o} {entry.oid}\t{path}" if entry else f"0 {'0' * 40}\t{path}" for path, entry in files.items()
    )
    _run(["update-index", "-z", "--index-info"], worktree, rows)
    kept = [path for path, entry in files.items() if entry]
    _run(["update-index", "-z", "--skip-worktree", "--stdin"], worktree, [path for path in kept if path in sparse])
    _run(["checkout-index", "-z", "-u", "-f", "--stdin"], worktree, [path for path in kept if path not in sparse])
    for path in files.keys() - set(kept):
        _remove(worktree / path)


def stage(worktree: Path, files: Mapping[str, Entry], *, file: Path) -> None:
    """Write files into the index `file`, which need not be the work tree's own; nothing on the disk changes."""
    rows = "".join(f"{entry.mode:o} {entry.oid}\t{path}\0" for path, entry in files.items())
    stdin, env = rows.encode("utf-8", "surrogateescape"), {"GIT_INDEX_FILE": str(file)}
    git(["update-index", "-z", "--index-info"], cwd=worktree, stdin=stdin, env=env)


def on_disk(worktree: Path, paths: Sequence[str]) -> dict[str, Entry | None]:
    """The files that are there, as git would store them; what is no plain file is like none that git has."""
    there = {path: (worktree / path).lstat() for path in paths if os.path.lexists(worktree / path)}
    plain = [path for path, found in there.items() if stat.S_ISREG(found.st_mode) and "\n" not in path]
    stdin = "".join(f"{path}\n" for path in plain).encode("utf-8", "surrogateescape")
    oids = git(["hash-object", "--stdin-paths"], cwd=worktree, stdin=stdin).decode().split()
    named = dict(zip(plain, oids, strict=True))
    return {path: Entry(named.get(path, ""), _mode(found)) for path, found in there.items()}


def is_of_library(worktree: Path, path: str, entries: Iterable[Entry | None]) -> bool:
    """Whether one of the entries of a path is a library's, and no file is there: its folder says nothing of git's."""
    file = worktree / path
    is_linked = any(entry is not None and entry.mode == FileMode.COMMIT for entry in entries)
    return is_linked and not file.is_symlink() and (file.is_dir() or not file.exists())


def raise_if_locked(stderr: bytes, worktree: Path) -> None:
    """Locked where git said that the index of the work tree is."""
    if b"index.lock" in stderr:
        where = stderr.partition(b"'")[2].partition(b"'")[0].decode("utf-8", "replace")
        raise Locked(f"another git process is changing '{worktree}'", hint=locks.hint(where))


def _run(args: Sequence[str], worktree: Path, rows: Iterable[str]) -> None:
    stdin = "".join(f"{row}\0" for row in rows).encode("utf-8", "surrogateescape")
    done = attempt(args, cwd=worktree, stdin=stdin)
    if done.returncode:
        raise_if_locked(done.stderr, worktree)
        raise failure(args, done.stderr)


def _remove(file: Path) -> None:
    """The file is gone, and so are the folders that this leaves empty; a folder, as a library's, if it is empty."""
    if file.is_dir() and not file.is_symlink():
        with suppress(OSError):
            os.removedirs(file)
        return
    file.unlink(missing_ok=True)
    with suppress(OSError):
        os.removedirs(file.parent)


def _mode(found: os.stat_result) -> int:
    return 0o100755 if found.st_mode & stat.S_IXUSR else 0o100644
