"""The vectors of skills, and which are near to a query's: each blob is embedded once.

A vector is kept by the embedder's signature and the blob's oid, so that a branch switch, a merge
or a revert embeds only what was never seen. A cold process multiplies the query with all vectors;
one that has searched a while asks the graphs of large roots, where there are some (`hnsw.py`),
and multiplies with what they do not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from skillgit.models.ports import Embedder
from skillgit.search import cache, hnsw, matrix, passage
from skillgit.search.cache import Shelf
from skillgit.search.embedding import FORM, Embedding, Watch
from skillgit.search.fusion import Numbers
from skillgit.search.hnsw import Graph
from skillgit.search.matrix import Matrix
from skillgit.search.store import Store
from skillgit.search.table import Numbered, Table

CANDIDATES: Final = 128  # vectors that a graph is asked for: more than any search shows
_MONTH: Final = 30 * 86_400.0
_DRIFT: Final = 0.1  # share of a graph's keys that may be gone, or of a root's that may be new
_PATIENCE: Final = 20  # searches of a process before it loads graphs: they take as long to load as that many save


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """What a scope's searches look at: `scanned` flags places of the store; `graphs` come with their labels' places.

    A label whose blob the scope has no more is at place -1. `notes` is what the user should hear, a line each.
    """

    scanned: NDArray[np.bool_]
    graphs: tuple[tuple[Graph, NDArray[np.intp]], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """Where the vectors of a scope are: `rows` has the place of each document's vector, -1 where it has none."""

    rows: NDArray[np.intp]
    reach: Reach


@dataclass(frozen=True, slots=True)
class Embedded:
    """How many blobs were embedded, and what the user should hear, a line each."""

    blobs: int = 0
    notes: tuple[str, ...] = ()


def shelf(directory: Path, embedder: Embedder) -> Shelf:
    """Where a directory keeps the vectors of an embedder; those of others wait a month for theirs."""
    return Shelf(directory, "vectors", recipe(embedder), patience=_MONTH)


def background_shelf(directory: Path, embedder: Embedder) -> Shelf:
    """Where a directory keeps the vectors of unrelated texts."""
    return replace(shelf(directory, embedder), kind="background")


def graph_shelf(directory: Path, embedder: Embedder, root: str) -> Shelf:
    """Where a directory keeps the graph of a root's vectors."""
    made_by = matrix.signature(recipe(embedder), hnsw.RECIPE)
    return Shelf(directory, f"graph.{matrix.signature(root)}", made_by, patience=_MONTH)


def recipe(embedder: Embedder) -> str:
    """What vectors that an embedder makes of blobs go by, wherever they are kept."""
    return matrix.signature(embedder.signature, passage.RECIPE)


class Vectors(Protocol):
    """The vectors that one embedder makes of blobs, wherever they are. Raises DatabaseError where they are away."""

    @property
    def store(self) -> Numbered:
        """Where each blob's vector is."""

    @property
    def is_warm(self) -> bool:
        """Whether this process has searched so often that graphs are worth loading."""

    def embed(self, oids: Set[str], spoken: Callable[[str], str], *, live: Set[str]) -> Embedded:
        """Know the vectors of these blobs, given what each says; raises ModelError where the model does not help.

        What was embedded until then is kept. live: the blobs that are of use now.
        """

    def vector(self, query: str) -> NDArray[np.float32]:
        """The vector of a query; raises ModelError as `embed` does."""

    def told(self, cosines: Numbers) -> Numbers:
        """What cosines say, in [0, 1], once something was embedded."""

    def aim(self, table: Table, rows: NDArray[np.intp], *, documents: int) -> Aim:
        """Where the vectors of the skills at some rows of a table are, and how to search them.

        documents: how many places the store of words has.
        """

    def cosines(
        self, vector: NDArray[np.float32], reach: Reach, *, also: NDArray[np.intp], most: int
    ) -> NDArray[np.float32]:
        """How near each place's vector is to a vector; 0 where others are known to be nearer, and at the end.

        also: places that are looked at in any case; most: so many hits are wanted.
        """

    def exact(self, vector: NDArray[np.float32], places: NDArray[np.intp]) -> NDArray[np.float64]:
        """The cosines at some places, -1 being nothing, the same whatever else there is."""

    def tend(self, table: Table) -> list[str]:
        """Make the graphs that large roots lack, or have of too many other blobs; what it was done for."""


def rows_of(table: Table, rows: NDArray[np.intp], *, documents: int) -> NDArray[np.intp]:
    """The place of the vector of each document, -1 where it is none of the skills at some rows of a table."""
    vectors = np.full(documents, -1, dtype=np.intp)
    vectors[table.words[rows]] = table.vectors[rows]
    return vectors


class Near:
    """Those that are kept in files."""

    def __init__(self, directory: Path, embedder: Embedder, *, watch: Watch) -> None:
        self._directory = directory
        self._embedder = embedder
        self._embedding = Embedding(embedder, background_shelf(directory, embedder), watch=watch)
        self.store: Store[Matrix] = Store(shelf(directory, embedder), FORM)
        self._graphs: dict[str, Graph | None] = {}
        self._searches = 0

    def embed(self, oids: Set[str], spoken: Callable[[str], str], *, live: Set[str]) -> Embedded:
        """Know the vectors of these blobs, given what each says; raises ModelError where the model does not help.

        What was embedded until then is kept. live: the blobs that are of use now.
        """
        notes = self._embedding.calibrate(dimensions=self._dimensions())
        if not self.store.lacking(oids):
            return Embedded(notes=notes)
        notes += self.store.load()
        unseen = self.store.lacking(oids)
        for known, vectors in self._embedding.batches(unseen, spoken, dimensions=self._dimensions):
            notes += self.store.add(matrix.pack(known, vectors), live=live)
        return Embedded(len(unseen), tuple(dict.fromkeys(notes)))

    def vector(self, query: str) -> NDArray[np.float32]:
        """The vector of a query; raises ModelError as `embed` does."""
        vector: NDArray[np.float32] = self._embedding.vectors([query], dimensions=self._dimensions())[0]
        return vector

    def told(self, cosines: Numbers) -> Numbers:
        """What cosines say, in [0, 1], once something was embedded."""
        return self._embedding.told(cosines)

    @property
    def is_warm(self) -> bool:
        """Whether this process has searched so often that graphs are worth loading."""
        return self._searches >= _PATIENCE

    def aim(self, table: Table, rows: NDArray[np.intp], *, documents: int) -> Aim:
        """Where the vectors of the skills at some rows of a table are, and how to search them.

        documents: how many places the store of words has.
        """
        large = table.by_root(rows, least=hnsw.LEAST) if self.is_warm else {}
        return Aim(rows_of(table, rows, documents=documents), self._reach(table.vectors[rows], large))

    def _reach(self, places: NDArray[np.intp], large: Mapping[str, NDArray[np.intp]]) -> Reach:
        """How to search the vectors at some places, given which of them belong to large roots."""
        scanned = np.zeros(len(self.store) + 1, dtype=np.bool_)
        scanned[places] = True
        graphs: list[tuple[Graph, NDArray[np.intp]]] = []
        notes: list[str] = []
        for root, inside in large.items():
            graph = self._graph(root, notes)
            covered = self._covered(graph, inside) if graph else None
            if graph and covered is not None:
                graphs.append((graph, covered))
                scanned[covered] = False
        scanned[-1] = False
        return Reach(scanned, tuple(graphs), tuple(notes))

    def cosines(
        self, vector: NDArray[np.float32], reach: Reach, *, also: NDArray[np.intp], most: int
    ) -> NDArray[np.float32]:
        """How near each place's vector is to a vector; 0 where a graph says that others are nearer, and at the end.

        also: places that are looked at in any case; most: so many hits are wanted.
        """
        self._searches += 1
        found = np.zeros(len(self.store) + 1, dtype=np.float32)
        scanned = reach.scanned
        for graph, covered in reach.graphs:
            labels, cosines = graph.nearest(vector, max(CANDIDATES, 2 * most))
            places = covered[labels]
            found[places] = cosines
            if np.count_nonzero(places >= 0) < CANDIDATES / 2:
                scanned = scanned.copy()
                scanned[covered] = True
        if reach.graphs:
            scanned = scanned.copy()
            scanned[also] = True
        _scan(self.store.segments, scanned[:-1], vector, into=found)
        found[-1] = 0
        return found

    def exact(self, vector: NDArray[np.float32], places: NDArray[np.intp]) -> NDArray[np.float64]:
        """The cosines at some places, -1 being nothing, the same whatever else there is."""
        cosines: NDArray[np.float64] = np.einsum("ij,j->i", self._gather(places), vector, dtype=np.float64)
        return cosines

    def tend(self, table: Table) -> list[str]:
        """Make the graphs that large roots lack, or have of too many other blobs; the roots it was done for."""
        done = []
        for root, places in table.by_root(table.select(None), least=hnsw.LEAST).items():
            graph = self._graph(root, [])
            if graph is None or self._covered(graph, places) is None:
                self.grow(root, places)
                done.append(root)
        return done

    def grow(self, root: str, places: NDArray[np.intp]) -> None:
        """Make the graph of a root and save it; raises OSError where it cannot be saved."""
        place_of = {self.store.key(int(place)): int(place) for place in places}
        order = np.array([place_of[key] for key in sorted(place_of)], dtype=np.intp)
        vectors = self._gather(order)
        spoken = vectors.any(axis=1)
        data = hnsw.build([self.store.key(int(place)) for place in order[spoken]], vectors[spoken])
        place = graph_shelf(self._directory, self._embedder, root)
        cache.save(place, data, replaces={path.stem.rpartition("-")[2] for path in place.files()})
        self._graphs[root] = hnsw.open_graph(data, cache.name_of(data))

    def _graph(self, root: str, notes: list[str]) -> Graph | None:
        """The graph of a root, None where none is kept; a damaged one is told in the notes."""
        if root not in self._graphs:
            loaded = cache.load(graph_shelf(self._directory, self._embedder, root), hnsw.open_graph, known={})
            notes += [f"the search index file '{name}' is damaged: searching without it" for name in loaded.damaged]
            self._graphs[root] = max(loaded.segments, key=lambda graph: len(graph.keys), default=None)
        return self._graphs[root]

    def _covered(self, graph: Graph, places: NDArray[np.intp]) -> NDArray[np.intp] | None:
        """The place of each label; None where the graph knows too little of these vectors, or too much beside."""
        wanted = np.zeros(len(self.store) + 1, dtype=np.bool_)
        wanted[places] = True
        wanted[-1] = False
        labels = np.fromiter(map(self.store.place, graph.keys), dtype=np.intp, count=len(graph.keys))
        known = int(np.count_nonzero(wanted[labels]))
        if known < (1 - _DRIFT) * max(int(np.count_nonzero(wanted)), len(labels)):
            return None
        return np.where(wanted[labels], labels, -1)

    def _gather(self, places: NDArray[np.intp]) -> NDArray[np.float32]:
        """The vectors at some places, (n, dimensions); zeros at -1."""
        found = np.zeros((len(places), self._dimensions()), dtype=np.float32)
        start = 0
        for each in self.store.segments:
            here = np.flatnonzero((places >= start) & (places < start + len(each.keys)))
            found[here] = each.vectors[places[here] - start]
            start += len(each.keys)
        return found

    def _dimensions(self) -> int:
        kept = self.store.segments
        return kept[0].vectors.shape[1] if kept else self._embedder.dimensions


def _scan(
    matrices: Sequence[Matrix], wanted: NDArray[np.bool_], vector: NDArray[np.float32], *, into: NDArray[np.float32]
) -> None:
    """Put the cosines of at least the wanted places into an array of all; a few are picked out, many are not."""
    start = 0
    for each in matrices:
        end = start + len(each.keys)
        here = np.flatnonzero(wanted[start:end])
        if 8 * len(here) >= len(each.keys):
            into[start:end] = each.vectors @ vector
        elif len(here):
            into[start + here] = each.vectors[here] @ vector
        start = end
