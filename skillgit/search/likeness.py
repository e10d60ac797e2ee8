"""How alike some skills are, as the index says that is kept of them: nothing is read, and no model is asked.

By their vectors, where there is an embedder, a likeness is what a search would say of a query with that cosine
(`fusion.near`); by words it is the cosine of their terms, the rarer the heavier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from skillgit.models.ports import Embedder
from skillgit.postgres import Place
from skillgit.search import cache, fusion, matrix, near, near_postgres
from skillgit.search.index import document, words_shelf
from skillgit.search.segment import open_segment

NEIGHBOURS: Final = 3
"""So many of those most like it each skill is linked to."""
BY_VECTORS: Final = 0.3
"""From here on people see what two skills have in common: of 230 real ones the best three of each reach it in half."""
BY_WORDS: Final = 0.12
"""The same of words, of which even skills of one subject share few."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two skills, by their places in a list, the first before the other, and how alike they are, in (0, 1]."""

    one: int
    other: int
    likeness: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which of some skills are alike, and of how many of them the index has nothing to compare yet."""

    links: tuple[Link, ...]
    unseen: int


def likeness(
    directory: Path, skills: Mapping[str, str], embedder: Embedder | None, *, shared: Place | None = None
) -> Likeness:
    """Which skills are alike, by the index in this directory; they are counted in their order.

    skills: a skill's path below the root -> the oid of its SKILL.md. The work grows with the square of their number.
    shared: where the vectors are, if not in the directory.
    """
    if embedder:
        oids = list(skills.values())
        known = near_postgres.read(shared, embedder, oids) if shared else _kept(directory, embedder, set(oids))
        rows = _in_order(known, oids)
        scale = _scale(directory, embedder)
        alike = fusion.near(rows @ rows.T, scale) if scale else np.zeros((len(rows), len(rows)))
        return Likeness(links(alike, least=BY_VECTORS), _silent(rows))
    rows = _words(directory, [document(*each) for each in skills.items()])
    return Likeness(links(rows @ rows.T, least=BY_WORDS), _silent(rows))


def links(alike: NDArray[np.float64], *, least: float) -> tuple[Link, ...]:
    """Each of n things with the NEIGHBOURS most like it, where they are at least that much alike.

    alike: (n, n), symmetric, in [0, 1]. Among equals the first counts.
    """
    others = alike.copy()
    np.fill_diagonal(others, -1)
    order = np.argsort(-others, axis=1, kind="stable")[:, :NEIGHBOURS]
    pairs = {
        (min(one, other), max(one, other))
        for one, row in enumerate(order.tolist())
        for other in row
        if others[one, other] >= least
    }
    return tuple(Link(one, other, round(min(float(alike[one, other]), 1.0), 6)) for one, other in sorted(pairs))


def _kept(directory: Path, embedder: Embedder, wanted: set[str]) -> dict[str, NDArray[np.float32]]:
    """The vectors of those of the blobs that have one in a directory."""
    matrices = cache.read(near.shelf(directory, embedder), matrix.open_matrix).segments
    return {key: each.vectors[row] for each in matrices for row, key in enumerate(each.keys) if key in wanted}


def _in_order(known: Mapping[str, NDArray[np.float32]], oids: Sequence[str]) -> NDArray[np.float64]:
    """The vector of each blob, (n, dimensions); zeros where none is known."""
    nothing = np.zeros_like(next(iter(known.values()), np.zeros(1, dtype=np.float32)))
    rows = np.array([known.get(oid, nothing) for oid in oids], dtype=np.float64)
    return rows.reshape(len(oids), len(nothing))


def _scale(directory: Path, embedder: Embedder) -> fusion.Scale | None:
    """How near unrelated texts are in this model; None where nothing was embedded yet."""
    matrices = cache.read(near.background_shelf(directory, embedder), matrix.open_matrix).segments
    return fusion.scale(np.concatenate([each.vectors for each in matrices])) if matrices else None


def _words(directory: Path, documents: Sequence[str]) -> NDArray[np.float64]:
    """The terms of each document, (n, terms), each row of length 1; zeros where it was not read yet."""
    row_of = {key: row for row, key in enumerate(dict.fromkeys(documents))}
    columns: dict[bytes, NDArray[np.float64]] = {}
    waiting = set(row_of)
    for segment in cache.read(words_shelf(directory), open_segment).segments:
        here = waiting.intersection(segment.keys)
        waiting -= here
        rows = np.array([row_of[key] if key in here else -1 for key in segment.keys], dtype=np.intp)
        for term, (places, _, counts) in segment:
            inside = rows[np.asarray(places)] >= 0
            if inside.any():
                column = columns.setdefault(term, np.zeros(len(row_of)))
                column[rows[np.asarray(places)[inside]]] = np.log1p(np.asarray(counts)[inside])
    told = np.array([columns[term] for term in sorted(columns)]).reshape(len(columns), len(row_of)).T
    told = told * np.log1p((len(row_of) - len(waiting)) / np.maximum(np.count_nonzero(told, axis=0), 1))
    lengths = np.linalg.norm(told, axis=1, keepdims=True)
    np.divide(told, lengths, out=told, where=lengths > 0)
    found: NDArray[np.float64] = told[[row_of[key] for key in documents]]
    return found


def _silent(rows: NDArray[np.float64]) -> int:
    return int(np.count_nonzero(~rows.any(axis=1)))
