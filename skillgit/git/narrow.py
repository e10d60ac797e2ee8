"""Two trees of nothing but the files that change, for git to bring a work tree from one to the other.

`read-tree -m -u OLD NEW` walks every folder of both trees: 55 ms CPU in a library of 10,000 skills. What is in
neither of the two trees it leaves as it is in the index, so with trees of the changed files alone it does the same
with the same care (25 ms, most of it the index). Such trees are in no commit, so they are made beside the object store.
"""

from __future__ import annotations

import hashlib
import shutil
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from skillgit.errors import RepositoryError
from skillgit.git import EMPTY_TREE
from skillgit.git.repo import Entry, Repo

FEW = 200
"""With more files than these, walking the whole trees is cheaper than making others."""

_FOLDER = 0o40000


@contextmanager
def narrowed(
    repo: Repo, old: str | None, new: str, *, paths: Sequence[str]
) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    """Two trees to go between at the stored paths, and the environment in which git finds them, inside the block.

    Needs the lock: they are in `.git/skillgit/trees`, one pair at a time.
    """
    if len(paths) > FEW:
        yield (old or EMPTY_TREE, new), {}
        return
    store = repo.private / "trees"
    files = _files(repo, old, paths), _files(repo, new, paths)
    quoted = str(store).replace("\\", "\\\\").replace('"', '\\"')
    try:
        shutil.rmtree(store, ignore_errors=True)
        yield _both(store, *files), {"GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{quoted}"'}
    finally:
        shutil.rmtree(store, ignore_errors=True)


def _both(store: Path, old: Mapping[tuple[str, ...], Entry], new: Mapping[tuple[str, ...], Entry]) -> tuple[str, str]:
    try:
        return _made(store, old), _made(store, new)
    except OSError as err:
        raise RepositoryError(f"cannot write to '{store.parent}': {(err.strerror or '').lower()}") from err


def _files(repo: Repo, commit: str | None, paths: Sequence[str]) -> dict[tuple[str, ...], Entry]:
    entries = {tuple(path.split("/")): repo.stored_entry(commit, path) for path in paths}
    return {path: entry for path, entry in entries.items() if entry}


def _made(store: Path, files: Mapping[tuple[str, ...], Entry]) -> str:
    """The oid of a tree of the files, which is in the store afterwards, with the trees in it."""
    entries = {path[0]: entry for path, entry in files.items() if len(path) == 1}
    below: dict[str, dict[tuple[str, ...], Entry]] = defaultdict(dict)
    for path, entry in files.items():
        if len(path) > 1:
            below[path[0]][path[1:]] = entry
    entries.update({name: Entry(_made(store, inside), _FOLDER) for name, inside in below.items()})
    rows = {name.encode("utf-8", "surrogateescape"): entry for name, entry in entries.items()}
    order = sorted(rows, key=lambda name: name + b"/" if rows[name].mode == _FOLDER else name)
    return _write(
        store, b"".join(b"%o %s\0%s" % (rows[name].mode, name, bytes.fromhex(rows[name].oid)) for name in order)
    )


def _write(store: Path, tree: bytes) -> str:
    """The oid of the tree with this content, which is in the store afterwards, for as long as this process lives."""
    content = b"tree %d\0%s" % (len(tree), tree)
    oid = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    place = store / oid[:2] / oid[2:]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(zlib.compress(content, 1))
    return oid
