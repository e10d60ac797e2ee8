"""The index's files: `<kind>-<recipe>-<digest>.segment`, each written once and named by its content.

    words-RECIPE-DIGEST.segment           term counts, see `segment.py`
    vectors-SIGNATURE-DIGEST.segment      vectors of one embedder, see `matrix.py`
    background-SIGNATURE-DIGEST.segment   those of texts that mean nothing here, see `fusion.py`
    graph.ROOT-SIGNATURE-DIGEST.segment   neighbours of the vectors below one root, see `hnsw.py`

A file that is not what its name says (torn, truncated, flipped, foreign) is left out and
reported, and removed; so no reader behind this module ever sees such bytes. Files of another
recipe are not read, and go with a later write. Everything here can be derived again: losing
a race or a file costs time only. Files are read, not mapped: their digest has touched every
page already, and a mapped file that somebody truncates kills its readers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from skillgit import files
from skillgit.errors import Unreadable

_SUFFIX = ".segment"
_STALE = 3600.0  # seconds after which an unfinished file is a dead writer's


class Keyed(Protocol):
    """What a file holds once it is open: something about each of its keys."""

    @property
    def name(self) -> str:
        """The digest of its bytes, see `name_of`."""

    @property
    def keys(self) -> tuple[str, ...]:
        """What it knows about, in its own order."""


S = TypeVar("S", bound=Keyed)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files of one kind and recipe in a directory; those of other recipes are dropped `patience` seconds old."""

    directory: Path
    kind: str
    recipe: str
    patience: float = 0.0

    def files(self) -> list[Path]:
        """Every file of the kind and recipe, by name; a missing directory has none."""
        return sorted(self.directory.glob(f"{self.kind}-{self.recipe}-*{_SUFFIX}"))

    def file(self, name: str) -> Path:
        """Where the segment of this name is."""
        return self.directory / f"{self.kind}-{self.recipe}-{name}{_SUFFIX}"


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """The segments that could be opened, and the names of the files that could not."""

    segments: tuple[S, ...] = ()
    damaged: tuple[str, ...] = ()


def name_of(data: bytes) -> str:
    """The name a segment of these bytes goes by."""
    return blake2b(data, digest_size=16).hexdigest()


def load(shelf: Shelf, opened: Callable[[bytes, str], S], *, known: Mapping[str, S]) -> Loaded[S]:
    """Open all segments of a shelf, taking those known by name as they are."""
    for _ in range(3):
        try:
            loaded = _read(shelf.files(), opened, known)
        except FileNotFoundError:  # another process merged it away after we listed it: list again
            continue
        for name in loaded.damaged:
            with suppress(OSError):  # where it may not be removed, it is reported again
                (shelf.directory / name).unlink(missing_ok=True)
        return loaded
    return Loaded()


def read(shelf: Shelf, opened: Callable[[bytes, str], S]) -> Loaded[S]:
    """The same, and nothing is removed."""
    return _read(shelf.files(), opened, {})


def save(shelf: Shelf, data: bytes, *, replaces: Collection[str]) -> None:
    """Write a segment that every later `load` sees whole or not at all; then drop what it replaces, and rubbish.

    Raises OSError where the directory cannot be written; nothing is dropped then.
    """
    name = name_of(data)
    files.write(shelf.file(name), data)
    for path in shelf.directory.glob(f"{shelf.kind}-*{_SUFFIX}"):
        ours = path.name.startswith(f"{shelf.kind}-{shelf.recipe}-")
        if (_digest(path) in replaces and _digest(path) != name) if ours else _age(path) >= shelf.patience:
            path.unlink(missing_ok=True)
    for path in shelf.directory.glob(f"*{files.UNFINISHED}"):
        if _age(path) > _STALE:
            path.unlink(missing_ok=True)


def damaged(directory: Path) -> tuple[str, ...]:
    """The names of the files that are not what they are called; nothing is removed."""
    names = []
    for path in sorted(directory.glob(f"*{_SUFFIX}")):
        with suppress(FileNotFoundError):  # another process merged it away after we listed it
            if name_of(path.read_bytes()) != _digest(path):
                names.append(path.name)
    return tuple(names)


def clear(directory: Path, *, but: Collection[str]) -> None:
    """Drop every file of the index but those of these names."""
    for path in directory.glob(f"*{_SUFFIX}"):
        if path.name not in but:
            path.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    return path.name.removesuffix(_SUFFIX).rpartition("-")[2]


def _read(paths: list[Path], opened: Callable[[bytes, str], S], known: Mapping[str, S]) -> Loaded[S]:
    segments, damaged = [], []
    for path in paths:
        segment = known.get(_digest(path)) or _open(path, opened)
        if segment is None:
            damaged.append(path.name)
        else:
            segments.append(segment)
    return Loaded(tuple(segments), tuple(damaged))


def _open(path: Path, opened: Callable[[bytes, str], S]) -> S | None:
    """The segment in a file, None where the bytes are not those its name stands for."""
    data = path.read_bytes()
    if name_of(data) != _digest(path):
        return None
    try:
        return opened(data, _digest(path))
    except Unreadable:
        return None


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:  # its writer has just finished it
        return 0.0
