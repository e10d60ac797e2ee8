"""Commits that others have not seen yet, read with the git program alone.

What is pushed to a repository lies in quarantine until its hooks have spoken; git tells them where, by the
environment, and libgit2 does not see it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from skillgit.errors import RepositoryError
from skillgit.git import layout
from skillgit.git.repo import Entry
from skillgit.git.run import git

_QUARANTINE = ("GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")


@dataclass(frozen=True, slots=True)
class Update:
    """A ref that is to move; None where it is made, or goes."""

    ref: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """What a commit made of a file, against one parent; None where it was not there, or is not any more."""

    old: Entry | None
    new: Entry | None


Changes = dict[str, Changed]
"""The files that differ, by path, shards left out: what only moves into a shard or out of one is no change."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A commit, its message, and what it changed against each parent, or against nothing where it has none."""

    oid: str
    parents: tuple[str, ...]
    message: str
    against: tuple[Changes, ...]

    @property
    def own(self) -> Changes:
        """What the commit itself changed: of a merge, what is as in none of its parents, against the first."""
        first, *others = self.against
        return {path: change for path, change in first.items() if all(path in other for other in others)}


def commits(directory: Path, tips: Sequence[str], *, known: Sequence[str]) -> tuple[Arrived, ...]:
    """The commits of the tips that what `known` names does not have, the oldest first.

    known: what rev-list takes behind `--not`, such as `--all` or `--remotes=origin`.
    """
    asked = "".join(f"{tip}\n" for tip in tips)
    rows = _git(["rev-list", "--topo-order", "--reverse", "--parents", "--stdin", "--not", *known], directory, asked)
    family = [row.split(" ") for row in rows.decode().splitlines()] if tips else []
    pairs = [(oid, parent) for oid, *parents in family for parent in parents or [""]]
    changes = _changes(directory, pairs)
    told = {oid: said.partition(b"\n\n")[2].decode("utf-8", "replace") for oid, said in _read(directory, family)}
    return tuple(
        Arrived(oid, tuple(parents), told[oid], tuple(next(changes) for _ in parents or [""]))
        for oid, *parents in family
    )


def difference(directory: Path, old: str, new: str) -> Changes:
    """What differs between two commits, neither of which need be new."""
    return next(_changes(directory, [(new, old)]))


def peeled(directory: Path, oids: Iterable[str]) -> dict[str, str]:
    """The commit that each commit or tag leads to; what leads to none is left out."""
    asked = list(dict.fromkeys(oids))
    peel = "".join(f"{oid}^{{commit}}\n" for oid in asked)
    rows = _git(["cat-file", "--batch-check=%(objectname)"], directory, peel).decode().splitlines()
    return {oid: said for oid, said in zip(asked, rows, strict=True) if not said.endswith(" missing")}


def tags(directory: Path, oids: Iterable[str]) -> dict[str, str]:
    """The messages of the annotated tags among these objects, and of those that they are tags of, by oid."""
    found: dict[str, str] = {}
    asked = list(oids)
    while asked:
        rows = _git(
            ["cat-file", "--batch-check=%(objecttype) %(objectname)"], directory, "".join(f"{oid}\n" for oid in asked)
        )
        new = [row.removeprefix("tag ") for row in rows.decode().splitlines() if row.startswith("tag ")]
        asked = []
        for oid, content in _read(directory, [[oid] for oid in dict.fromkeys(new)]):
            head, _, found[oid] = content.decode("utf-8", "replace").partition("\n\n")
            asked.append(head.partition("\n")[0].removeprefix("object "))
    return found


def files(directory: Path, commit: str, *folders: str) -> dict[str, Entry]:
    """The files below these folders in a commit, by stored path, in git's order."""
    rows = _git(["ls-tree", "-r", "-z", "--full-tree", commit, "--", *folders], directory)
    found: dict[str, Entry] = {}
    for row in rows.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        about, _, path = row.partition("\t")
        mode, _, oid = about.split(" ")
        found[path] = Entry(oid, int(mode, 8))
    return found


def sizes(directory: Path, oids: Iterable[str]) -> dict[str, int]:
    """The sizes of objects in bytes; what is not there, as the commit of a submodule, has none."""
    asked = "".join(f"{oid}\n" for oid in dict.fromkeys(oids))
    rows = _git(["cat-file", "--batch-check=%(objectname) %(objectsize)"], directory, asked).decode().splitlines()
    return {oid: int(size) for oid, _, size in (row.partition(" ") for row in rows) if size.isdigit()}


def blobs(directory: Path, oids: Iterable[str]) -> dict[str, bytes]:
    """The contents of blobs, which must be there."""
    return dict(_read(directory, [[oid] for oid in dict.fromkeys(oids)]))


def _changes(directory: Path, pairs: Sequence[tuple[str, str]]) -> Iterator[Changes]:
    """What each commit changed against a parent, or nothing where that is "", in order."""
    asked = "".join(f"{oid} {parent}".rstrip() + "\n" for oid, parent in pairs)
    how = ["diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames", "--always"]
    words = iter(_git(how, directory, asked).decode("utf-8", "surrogateescape").split("\0")[:-1])
    changes: Changes | None = None
    for word in words:
        if word.startswith(":"):
            assert changes is not None
            _add(changes, layout.unsharded(next(words)), *word[1:].split(" "))
            continue
        if changes is not None:
            yield _real(changes)
        changes = {}
    if changes is not None:
        yield _real(changes)


def _add(changes: Changes, path: str, *about: str) -> None:
    """Take in a row of git's: both modes, both oids, and what became of the file; a shard may give two for a path."""
    had = changes.get(path, Changed(None, None))
    old, new = (
        Entry(oid, int(mode, 8)) if oid.strip("0") else None for mode, oid in zip(about[:2], about[2:4], strict=True)
    )
    changes[path] = Changed(had.old or old, had.new or new)


def _real(changes: Changes) -> Changes:
    return {path: change for path, change in changes.items() if change.old != change.new}


def _read(directory: Path, family: Iterable[Sequence[str]]) -> Iterator[tuple[str, bytes]]:
    """The objects whose oids come first in each row, with their contents."""
    said, at = _git(["cat-file", "--batch"], directory, "".join(f"{oid}\n" for oid, *_ in family)), 0
    while at < len(said):
        end = said.index(b"\n", at)
        oid, kind, *size = said[at:end].decode().split(" ")
        if kind == "missing":
            raise RepositoryError(f"object {oid} is not there", hint="run 'git fsck'")
        at = end + 1 + int(size[0])
        yield oid, said[end + 1 : at]
        at += 1


def _git(args: Sequence[str], directory: Path, stdin: str = "") -> bytes:
    where = {name: os.environ[name] for name in _QUARANTINE if name in os.environ}
    return git(args, cwd=directory, stdin=stdin.encode(), env=where)
