"""A folder on disk as git would name it: the oid of its tree, for which nothing is written."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection
from pathlib import Path

from skillgit.git import EMPTY_TREE
from skillgit.git.objects import blob_oid

LEFT_BEHIND = ("__pycache__", ".DS_Store")
"""What a skill's own scripts, or a file browser, leave in its folder: no edit of anybody's."""


def tree_oid(folder: Path, *, without: Collection[str] = ()) -> str:
    """The oid that git would give a folder, where files and folders of some names were not in it.

    No link is followed, and what git cannot keep (a pipe, a device) makes it one that no tree has.
    """
    found = _tree(folder, without)
    return found.hex() if found else EMPTY_TREE


def _tree(folder: Path, without: Collection[str]) -> bytes | None:
    """The oid of a tree; None where there is no file in it, which git does not keep."""
    with os.scandir(folder) as listing:
        found = [_row(entry, without) for entry in listing if entry.name not in without]
    rows = sorted(row for row in found if row is not None)
    content = b"".join(mode + b" " + name + b"\0" + oid for _, mode, name, oid in rows)
    return hashlib.sha1(b"tree %d\0" % len(content) + content).digest() if rows else None


def _row(entry: os.DirEntry[str], without: Collection[str]) -> tuple[bytes, bytes, bytes, bytes] | None:
    """What git sorts by, mode, name and oid; None for a folder without a file."""
    name, mode = os.fsencode(entry.name), entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISDIR(mode):
        inner = _tree(Path(entry.path), without)
        return (name + b"/", b"40000", name, inner) if inner else None
    if stat.S_ISLNK(mode):
        return name, b"120000", name, _blob(os.fsencode(Path(entry.path).readlink()))
    if stat.S_ISREG(mode):
        return name, b"100755" if mode & stat.S_IXUSR else b"100644", name, _blob(Path(entry.path).read_bytes())
    return name, b"0", name, bytes(20)


def _blob(content: bytes) -> bytes:
    return bytes.fromhex(blob_oid(content))
