"""Where each skill's words and vector are: the skills of a commit as rows of numbers.

A scope of skills is a selection of rows, and all that a search needs of it is numpy's work from
there. A table follows a history, and each step costs what it changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import repeat
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_NOWHERE = -1


class Numbered(Protocol):
    """What knows things by keys and has a place for each: a store, or a database."""

    def place(self, key: str) -> int:
        """Where a key is; -1 where it is not known."""

    def settled(self) -> int:
        """The end of the places whose keys are what they were when this was asked last."""


class Table:
    """The skills that are known, each at a row of its own while it is there.

    `words` and `vectors` have each row's place in a store, -1 where it has none; `roots` has a number
    for the folder that a skill's owner has, and -1 in rows that are free.
    """

    def __init__(self) -> None:
        self.words = self.vectors = self.roots = np.zeros(0, dtype=np.intp)
        self._rows: dict[str, int] = {}
        self._paths: list[str] = []
        self._free: list[int] = []
        self._numbers: dict[str, int] = {}  # of roots

    def follow(self, skills: Mapping[str, str], changed: Iterable[str]) -> None:
        """Have a row for each of these skills, given the paths at which something changed since the last time."""
        changed = list(changed)
        freed = [self._rows.pop(path) for path in changed if path in self._rows]
        self.words[freed] = self.vectors[freed] = self.roots[freed] = _NOWHERE
        self._free += freed
        come = [path for path in changed if path in skills]
        rows = self._taken(len(come))
        for path, row in zip(come, rows, strict=True):
            self._rows[path], self._paths[row] = row, path
        self.roots[rows] = [self._numbers.setdefault(root(path), len(self._numbers)) for path in come]

    def settle_words(self, store: Numbered, key: Callable[[str], str]) -> None:
        """Know the place in a store of the words of each skill, given the key of a path."""
        self._settle(self.words, store, key)

    def settle_vectors(self, store: Numbered, key: Callable[[str], str]) -> None:
        """Know the place in a store of the vector of each skill, given the key of a path."""
        self._settle(self.vectors, store, key)

    def select(self, paths: Collection[str] | None) -> NDArray[np.intp]:
        """The rows of these skills, or of all; a path that is none here has none."""
        wanted = self._rows.values() if paths is None else map(self._rows.get, paths, repeat(_NOWHERE))
        rows = np.fromiter(wanted, dtype=np.intp)
        return rows[rows >= 0]

    def by_root(self, rows: NDArray[np.intp], *, least: int) -> dict[str, NDArray[np.intp]]:
        """The places of the vectors that some rows have, for each root that has at least so many rows."""
        roots = self.roots[rows]
        large = np.flatnonzero(np.bincount(roots, minlength=1) >= least)
        names = list(self._numbers)
        return {names[number]: self.vectors[rows[roots == number]] for number in large.tolist()}

    def _taken(self, count: int) -> list[int]:
        """So many rows that were free, or are new."""
        missing = count - len(self._free)
        if missing > 0:
            new = range(len(self._paths), len(self._paths) + missing + len(self._paths) // 8)
            more = np.full(len(new), _NOWHERE, dtype=np.intp)
            self.words = np.concatenate([self.words, more])
            self.vectors = np.concatenate([self.vectors, more])
            self.roots = np.concatenate([self.roots, more])
            self._paths += [""] * len(new)
            self._free += reversed(new)
        return [self._free.pop() for _ in range(count)]

    def _settle(self, column: NDArray[np.intp], store: Numbered, key: Callable[[str], str]) -> None:
        column[column >= store.settled()] = _NOWHERE
        rows = np.flatnonzero((column == _NOWHERE) & (self.roots != _NOWHERE))
        column[rows] = [store.place(key(self._paths[row])) for row in rows.tolist()]


def root(path: str) -> str:
    """The folder that a skill's owner has: `Users/ada`, `Common`."""
    return "/".join(path.split("/")[: 2 if path.startswith("Users/") else 1])
