"""The words index's files: `words-<recipe>-<digest>.segment`, each written once and named by its content.

A file that is not what its name says (torn, truncated, flipped, foreign) is left out and
reported, and removed. Files of another recipe are not read, and go with the next write.
Everything here can be derived again: losing a race or a file costs time only.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from skillgit.errors import Unreadable
from skillgit.search.segment import Segment, name_of, open_segment
from skillgit.search.words import RECIPE

_OURS = f"words-{RECIPE}-"
_SUFFIX = ".segment"
_UNFINISHED = ".unfinished"
_STALE = 3600.0  # seconds after which an unfinished file is a dead writer's


@dataclass(frozen=True, slots=True)
class Loaded:
    """The segments that could be opened, and the names of those that could not."""

    segments: tuple[Segment, ...] = ()
    damaged: tuple[str, ...] = ()


def load(directory: Path, known: Mapping[str, Segment]) -> Loaded:
    """Open all segments of a directory, taking those known by name as they are; a missing directory has none."""
    for _ in range(3):
        try:
            return _load(sorted(directory.glob(f"{_OURS}*{_SUFFIX}")), known)
        except FileNotFoundError:  # another process merged it away after we listed it: list again
            continue
    return Loaded()


def read(directory: Path) -> Loaded:
    """The same, and nothing is removed."""
    return _read(sorted(directory.glob(f"{_OURS}*{_SUFFIX}")), {})


def save(directory: Path, data: bytes, *, replaces: Collection[str]) -> None:
    """Write a segment that every later `load` sees whole or not at all; then drop what it replaces, and rubbish.

    Raises OSError where the directory cannot be written; nothing is dropped then.
    """
    directory.mkdir(parents=True, exist_ok=True)
    name = name_of(data)
    _write(directory / f"{_OURS}{name}{_SUFFIX}", data)
    for path in directory.glob(f"words-*{_SUFFIX}"):
        if not path.name.startswith(_OURS) or (_name(path) in replaces and _name(path) != name):
            path.unlink(missing_ok=True)
    for path in directory.glob(f"words-*{_UNFINISHED}"):
        if _age(path) > _STALE:
            path.unlink(missing_ok=True)


def _name(path: Path) -> str:
    return path.name.removeprefix(_OURS).removesuffix(_SUFFIX)


def _load(paths: list[Path], known: Mapping[str, Segment]) -> Loaded:
    loaded = _read(paths, known)
    for name in loaded.damaged:
        with suppress(OSError):  # where it may not be removed, it is reported again
            paths[0].with_name(name).unlink(missing_ok=True)
    return loaded


def _read(paths: list[Path], known: Mapping[str, Segment]) -> Loaded:
    segments, damaged = [], []
    for path in paths:
        segment = known.get(_name(path)) or _open(path)
        if segment is None:
            damaged.append(path.name)
        else:
            segments.append(segment)
    return Loaded(tuple(segments), tuple(damaged))


def _open(path: Path) -> Segment | None:
    """The segment in a file, None where the bytes are not those its name stands for."""
    data = path.read_bytes()
    if name_of(data) != _name(path):
        return None
    try:
        return open_segment(data)
    except Unreadable:
        return None


def _write(path: Path, data: bytes) -> None:
    descriptor, unfinished = tempfile.mkstemp(prefix="words-", suffix=_UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except OSError:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:  # its writer has just finished it
        return 0.0
