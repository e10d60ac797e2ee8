"""The index's files: what they hold, made anew, and whether they are what making them anew gives."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from skillgit.models.ports import Embedder
from skillgit.postgres import Place
from skillgit.search import background, cache, hnsw, matrix, near, near_postgres, table
from skillgit.search.cache import Keyed, Shelf
from skillgit.search.embedding import Watch
from skillgit.search.index import Index, document, words_shelf
from skillgit.search.segment import Segment, open_segment

Skills: TypeAlias = Mapping[str, str]
Read: TypeAlias = Callable[[str], bytes]

_SAME = 0.999  # the cosine of two vectors of one text: a model may answer a little differently each time


@dataclass(frozen=True, slots=True)
class Stock:
    """What is kept of one kind: in `files` of so many `bytes`, about `entries` things, and `unseen` ones not yet."""

    kind: str
    files: int
    bytes: int
    entries: int
    unseen: int


@dataclass(frozen=True, slots=True)
class Made:
    """What a rebuild made: documents tokenised, blobs embedded, graphs built."""

    documents: int
    vectors: int
    graphs: int


def status(
    directory: Path, skills: Skills, embedder: Embedder | None, *, shared: Place | None = None
) -> tuple[Stock, ...]:
    """What the files, or the database, hold of the skills of a commit; nothing is changed, and no model is asked.

    A kind is `words`, `vectors`, `background` for the texts that these are measured against, `graph ROOT` for each
    root that has one, and `other` for what this embedder and this version of skillgit do not read.
    """
    stocks = [_stock("words", words_shelf(directory), open_segment, {document(*skill) for skill in skills.items()})]
    if embedder:
        oids = set(skills.values())
        if shared:
            stocks.append(_shared_stock(shared, embedder, oids))
        else:
            stocks.append(_stock("vectors", near.shelf(directory, embedder), matrix.open_matrix, oids))
        texts = set(background.TEXTS)
        stocks.append(_stock("background", near.background_shelf(directory, embedder), matrix.open_matrix, texts))
        for root, oids in () if shared else _roots(skills).items():
            stock = _stock(f"graph {root}", near.graph_shelf(directory, embedder, root), hnsw.open_graph, oids)
            stocks += [stock] if stock.files or len(oids) >= hnsw.LEAST else []
    files = [path for path in directory.glob("*") if path.is_file()]
    other = len(files) - sum(stock.files for stock in stocks)
    size = sum(path.stat().st_size for path in files) - sum(stock.bytes for stock in stocks if stock.files)
    return (*stocks, Stock("other", other, size, 0, 0)) if other else tuple(stocks)


def rebuild(
    directory: Path,
    skills: Skills,
    read: Read,
    embedder: Embedder | None,
    *,
    watch: Watch = iter,
    shared: Place | None = None,
) -> Made:
    """Make the index of some skills from nothing, then drop all that was there; `shared` is where vectors are, if so.

    `watch` sees the blobs that are embedded, and may show how far that is. Raises ModelError, DatabaseError and
    OSError; what was there stays then.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with _fresh(skills, read, embedder, within=directory, watch=watch) as (made, fresh):
        if embedder and shared:
            graph = near_postgres.put(shared, embedder, _vectors(near.shelf(fresh, embedder)))
            made = replace(made, graphs=int(graph))
            for path in (*near.shelf(fresh, embedder).files(), *fresh.glob("graph.*")):
                path.unlink()
        new = {path.name for path in fresh.iterdir()}
        for name in new:
            (fresh / name).replace(directory / name)
        cache.clear(directory, but=new)
    return made


def verify(
    directory: Path,
    skills: Skills,
    read: Read,
    embedder: Embedder | None,
    *,
    watch: Watch = iter,
    shared: Place | None = None,
) -> tuple[str, ...]:
    """What is wrong with the files, compared with a rebuild, a line each; what is not there is not wrong.

    `watch` and `shared` as in `rebuild`.
    """
    wrong = [f"'{name}' is damaged" for name in cache.damaged(directory)]
    with _fresh(skills, read, embedder, within=None, watch=watch) as (_, fresh):
        ours, theirs = (_words(place) for place in (directory, fresh))
        differ = {key for key in ours.keys() & theirs.keys() if ours[key] != theirs[key]}
        if embedder:
            yours = _vectors(near.shelf(fresh, embedder))
            here = near.shelf(directory, embedder)
            mine = near_postgres.read(shared, embedder, yours) if shared else _vectors(here)
            differ |= {key for key in mine.keys() & yours.keys() if not _alike(mine[key], yours[key])}
            wrong += [] if shared else _wrong_graphs(directory, fresh, skills, embedder)
    paths = [path for path, oid in skills.items() if not differ.isdisjoint({oid, document(path, oid)})]
    return (*wrong, *(f"the index of '{path}' is not what its file gives" for path in paths))


@contextmanager
def _fresh(
    skills: Skills, read: Read, embedder: Embedder | None, *, within: Path | None, watch: Watch
) -> Iterator[tuple[Made, Path]]:
    """An index made of nothing, in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="rebuild-", dir=within) as place:
        index = Index(Path(place), lambda: embedder, watch=watch)
        read_now = index.sync(skills, read).read
        graphs = index.tend()
        yield Made(read_now, len(set(skills.values())) if embedder else 0, len(graphs)), Path(place)


def _stock(kind: str, shelf: Shelf, opened: Callable[[bytes, str], Keyed], wanted: set[str]) -> Stock:
    files = shelf.files()
    known = {key for segment in cache.read(shelf, opened).segments for key in segment.keys}
    return Stock(kind, len(files), sum(path.stat().st_size for path in files), len(known), len(wanted - known))


def _shared_stock(shared: Place, embedder: Embedder, wanted: set[str]) -> Stock:
    known = near_postgres.look(shared, embedder, wanted)
    return Stock("vectors", 0, known.bytes, known.entries, len(wanted - known.oids))


def _roots(skills: Skills) -> dict[str, set[str]]:
    roots: dict[str, set[str]] = {}
    for path, oid in skills.items():
        roots.setdefault(table.root(path), set()).add(oid)
    return roots


def _words(directory: Path) -> dict[str, tuple[int, int]]:
    """The length and a fingerprint of the term counts of each document; equal fingerprints are equal counts."""
    return {
        key: value
        for segment in cache.read(words_shelf(directory), open_segment).segments
        for key, value in _counts(segment)
    }


def _counts(segment: Segment) -> Iterable[tuple[str, tuple[int, int]]]:
    sums = np.zeros(len(segment.keys), dtype=np.uint64)
    for term, (documents, parts, counts) in segment:
        weight = np.uint64(int.from_bytes(blake2b(term, digest_size=8).digest(), "big"))
        standing = np.asarray(parts).astype(np.uint64) << np.uint64(8) | np.asarray(counts)
        sums[np.asarray(documents)] += weight * standing
    return zip(segment.keys, zip(segment.lengths, sums.tolist(), strict=True), strict=True)


def _vectors(shelf: Shelf) -> dict[str, NDArray[np.float32]]:
    matrices = cache.read(shelf, matrix.open_matrix).segments
    return {key: vector for each in matrices for key, vector in zip(each.keys, each.vectors, strict=True)}


def _alike(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    return one.shape == other.shape and (float(one @ other) >= _SAME or not (one.any() or other.any()))


def _wrong_graphs(directory: Path, fresh: Path, skills: Skills, embedder: Embedder) -> list[str]:
    """The graphs that are of the same blobs as those of a rebuild, and other graphs."""
    wrong = []
    for root in _roots(skills):
        ours, theirs = (
            cache.read(near.graph_shelf(place, embedder, root), hnsw.open_graph).segments
            for place in (directory, fresh)
        )
        names = {graph.name for graph in theirs}
        if any(graph.keys == new.keys and graph.name not in names for graph in ours for new in theirs):
            wrong.append(f"the graph of '{root}' is not what its vectors give")
    return wrong
