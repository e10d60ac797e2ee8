"""The vectors of skills, and which are near to a query's: each blob is embedded once.

A vector is kept by the embedder's signature and the blob's oid, so that a branch switch, a merge
or a revert embeds only what was never seen. A cold process multiplies the query with all vectors;
one that has searched a while asks the graphs of large roots, where there are some (`hnsw.py`),
and multiplies with what they do not know.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from skillgit.errors import ModelError
from skillgit.models.ports import Embedder
from skillgit.search import cache, hnsw, matrix, passage
from skillgit.search.cache import Shelf
from skillgit.search.hnsw import Graph
from skillgit.search.matrix import Matrix
from skillgit.search.segment import Segment
from skillgit.search.store import Form, Store

CANDIDATES: Final = 128  # vectors that a graph is asked for: more than any search shows
_CHUNK: Final = 1_000  # blobs that are embedded before they are saved
_MONTH: Final = 30 * 86_400.0
_DRIFT: Final = 0.1  # share of a graph's keys that may be gone, or of a root's that may be new
_PATIENCE: Final = 20  # searches of a process before it loads graphs: they take as long to load as that many save

_FORM: Final = Form(matrix.open_matrix, matrix.merge)


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


class Near:
    """The vectors that one embedder makes of blobs."""

    def __init__(self, directory: Path, embedder: Embedder) -> None:
        self._directory = directory
        self._embedder = embedder
        self._recipe = matrix.signature(embedder.signature, passage.RECIPE)
        self._store: Store[Matrix] = Store(Shelf(directory, "vectors", self._recipe, patience=_MONTH), _FORM)
        self._graphs: dict[str, Graph | None] = {}
        self._searches = 0

    @property
    def signature(self) -> str:
        """What the embedder says its vectors depend on."""
        return self._embedder.signature

    def embed(self, oids: Set[str], spoken: Callable[[str], str]) -> Embedded:
        """Know the vectors of these blobs, given what each says; raises ModelError where the model does not help.

        What was embedded until then is kept.
        """
        if not self._store.lacking(oids):
            return Embedded()
        notes = list(self._store.load())
        unseen = self._store.lacking(oids)
        for start in range(0, len(unseen), _CHUNK):
            chunk = unseen[start : start + _CHUNK]
            vectors = self._embedder.embed([spoken(oid) for oid in chunk])
            self._check(vectors)
            notes += self._store.add(matrix.pack(chunk, vectors), live=oids)
        return Embedded(len(unseen), tuple(dict.fromkeys(notes)))

    def vector(self, query: str) -> NDArray[np.float32]:
        """The vector of a query; raises ModelError as `embed` does."""
        vectors = self._embedder.embed([query])
        self._check(vectors)
        return vectors[0]

    def places(self, oids: Collection[str]) -> NDArray[np.intp]:
        """The place of each blob's vector, -1 where it has none."""
        return np.fromiter(map(self._store.place, oids), dtype=np.intp, count=len(oids))

    @property
    def is_warm(self) -> bool:
        """Whether this process has searched so often that graphs are worth loading."""
        return self._searches >= _PATIENCE

    def aim(self, words: Store[Segment], documents: Collection[str], roots: Mapping[str, Set[str]]) -> Aim:
        """Where the vectors of some documents of a store are, and how to search them, given the same blobs by root."""
        rows = np.full(len(words), -1, dtype=np.intp)
        rows[[words.place(key) for key in documents]] = self.places([key.partition(" ")[0] for key in documents])
        return Aim(rows, self._reach(roots))

    def _reach(self, roots: Mapping[str, Set[str]]) -> Reach:
        scanned = np.zeros(len(self._store) + 1, dtype=np.bool_)
        graphs: list[tuple[Graph, NDArray[np.intp]]] = []
        notes: list[str] = []
        for root, oids in roots.items():
            places = self.places(oids)
            graph = self._graph(root, notes) if self.is_warm and len(oids) >= hnsw.LEAST else None
            covered = self._covered(graph, oids) if graph else None
            if graph and covered is not None:
                graphs.append((graph, covered))
                places = np.setdiff1d(places, covered)
            scanned[places] = True
        scanned[-1] = False
        return Reach(scanned, tuple(graphs), tuple(notes))

    def cosines(self, vector: NDArray[np.float32], reach: Reach, *, also: NDArray[np.intp]) -> NDArray[np.float32]:
        """How near each place's vector is to a vector; 0 where a graph says that others are nearer, and at the end.

        also: places that are looked at in any case.
        """
        self._searches += 1
        found = np.zeros(len(self._store) + 1, dtype=np.float32)
        scanned = reach.scanned
        for graph, covered in reach.graphs:
            labels, cosines = graph.nearest(vector, CANDIDATES)
            places = covered[labels]
            found[places] = cosines
            if np.count_nonzero(places >= 0) < CANDIDATES / 2:
                scanned = scanned.copy()
                scanned[covered] = True
        if reach.graphs:
            scanned = scanned.copy()
            scanned[also] = True
        _scan(self._store.segments, scanned[:-1], vector, into=found)
        found[-1] = 0
        return found

    def exact(self, vector: NDArray[np.float32], places: NDArray[np.intp]) -> NDArray[np.float64]:
        """The cosines at some places, -1 being nothing, the same whatever else there is."""
        found = np.zeros(len(places), dtype=np.float64)
        start = 0
        for each in self._store.segments:
            here = np.flatnonzero((places >= start) & (places < start + len(each.keys)))
            found[here] = (each.vectors[places[here] - start].astype(np.float64) * vector).sum(axis=1)
            start += len(each.keys)
        return found

    def tend(self, roots: Mapping[str, Set[str]]) -> list[str]:
        """Make the graphs of large roots that have none, or one of too many other blobs; the roots that it was done for."""
        return [root for root in roots if self._tend(root, roots[root])]

    def _tend(self, root: str, oids: Set[str]) -> bool:
        if len(oids) < hnsw.LEAST:
            return False
        graph = self._graph(root, [])
        if graph and self._covered(graph, oids) is not None:
            return False
        self.grow(root, oids)
        return True

    def grow(self, root: str, oids: Set[str]) -> None:
        """Make the graph of a root and save it; raises OSError where it cannot be saved."""
        keys = sorted(oids)
        vectors = _gather(self._store.segments, self.places(keys))
        spoken = np.flatnonzero(vectors.any(axis=1))
        data = hnsw.build([keys[place] for place in spoken], vectors[spoken])
        shelf = self._graph_shelf(root)
        cache.save(shelf, data, replaces={path.stem.rpartition("-")[2] for path in shelf.files()})
        self._graphs[root] = hnsw.open_graph(data, cache.name_of(data))

    def _graph(self, root: str, notes: list[str]) -> Graph | None:
        """The graph of a root, None where none is kept; a damaged one is told in the notes."""
        if root not in self._graphs:
            loaded = cache.load(self._graph_shelf(root), hnsw.open_graph, known={})
            notes += [f"the search index file '{name}' is damaged: searching without it" for name in loaded.damaged]
            self._graphs[root] = max(loaded.segments, key=lambda graph: len(graph.keys), default=None)
        return self._graphs[root]

    def _graph_shelf(self, root: str) -> Shelf:
        recipe = matrix.signature(self._recipe, hnsw.RECIPE)
        return Shelf(self._directory, f"graph.{matrix.signature(root)}", recipe, patience=_MONTH)

    def _covered(self, graph: Graph, oids: Set[str]) -> NDArray[np.intp] | None:
        """The place of each label; None where the graph knows too little of these blobs, or too much beside."""
        known = oids & set(graph.keys)
        if len(known) < (1 - _DRIFT) * max(len(oids), len(graph.keys)):
            return None
        return self.places([oid if oid in known else "" for oid in graph.keys])

    def _check(self, vectors: NDArray[np.float32]) -> None:
        for each in self._store.segments[:1]:
            if vectors.shape[1] != each.vectors.shape[1]:
                raise ModelError(
                    f"the model makes vectors of {vectors.shape[1]} dimensions, and those kept have "
                    f"{each.vectors.shape[1]}",
                    hint="run 'skillgit index rebuild'",
                )


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


def _gather(matrices: Sequence[Matrix], places: NDArray[np.intp]) -> NDArray[np.float32]:
    found = np.zeros((len(places), matrices[0].vectors.shape[1]), dtype=np.float32)
    start = 0
    for each in matrices:
        here = np.flatnonzero((places >= start) & (places < start + len(each.keys)))
        found[here] = each.vectors[places[here] - start]
        start += len(each.keys)
    return found
