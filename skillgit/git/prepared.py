"""Merges of SKILL.md files that were worked out before git asks for them: in `.git/skillgit/merges/`.

git holds the lock of its index while a merge driver runs, so nothing slow may happen there. What `skillgit merge`
has worked out, perhaps with a model, is kept here by the blobs it was made of, and the driver only looks it up.
Which side was whose does not matter: a rebase has them the other way round.

The driver is a process of its own for each file: this module imports neither libgit2 nor anything that does.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

_DAYS = 30

Sides = tuple[bytes, bytes, bytes]
"""The base, our and their version of a file; the base is empty where both sides made it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A merged file; where it is not clean, what could not be decided stands between conflict markers."""

    content: bytes
    clean: bool


def find(private: Path, sides: Sides) -> Prepared | None:
    """The merge of these three that was worked out before; None where none was."""
    if not (private / "merges").is_dir():
        return None
    for clean in (True, False):
        file = _file(private, sides, clean=clean)
        if file.is_file():
            return Prepared(file.read_bytes(), clean)
    return None


def keep(private: Path, sides: Sides, merged: Prepared) -> None:
    """`find` gives `merged` for these three, for a month."""
    file = _file(private, sides, clean=merged.clean)
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_name(f"{os.getpid()}.unfinished")
    scratch.write_bytes(merged.content)
    scratch.replace(file)
    _file(private, sides, clean=not merged.clean).unlink(missing_ok=True)


def drop_old(private: Path) -> None:
    """What was kept more than a month ago is gone."""
    until = time.time() - _DAYS * 86400
    for file in (private / "merges").glob("*"):
        if file.stat().st_mtime < until:
            file.unlink(missing_ok=True)


def private_folder() -> Path:
    """`.git/skillgit` of the repository that git runs us for: in $GIT_DIR, or in the work tree we are at the top of."""
    home = Path(os.environ.get("GIT_DIR") or ".git")
    if home.is_file():
        home = Path(home.read_text().removeprefix("gitdir:").strip())
    pointer = home / "commondir"
    return (home / pointer.read_text().strip() if pointer.is_file() else home) / "skillgit"


def _file(private: Path, sides: Sides, *, clean: bool) -> Path:
    base, *both = (_blob_oid(side) for side in sides)
    return private / "merges" / ".".join([base, *sorted(both), "clean" if clean else "conflict"])


def _blob_oid(content: bytes) -> str:
    import hashlib  # 5 ms, for the OpenSSL in it

    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
