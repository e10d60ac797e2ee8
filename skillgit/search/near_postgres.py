"""The vectors of skills in PostgreSQL with pgvector, for servers of several machines: each blob is embedded by one.

    embedding   recipe    what makes such vectors: the embedder's signature and the text recipe
                oid       the blob
                vector    of length 1, or 0 where the blob says nothing

The vectors of a few skills are read once and looked at here. Of many, the database is asked which are nearest to a
query's: among all of the repository, by a graph (HNSW) where `skillgit index rebuild` has made one; what is not of the
scope is left out here. Scores are computed here in any case, so that they are those of an index in files.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from skillgit.errors import DatabaseError
from skillgit.models.ports import Embedder
from skillgit.postgres import Part, Place, Postgres
from skillgit.search import hnsw, near
from skillgit.search.embedding import Embedding, Watch
from skillgit.search.fusion import Numbers
from skillgit.search.near import CANDIDATES, Aim, Embedded, Reach, rows_of
from skillgit.search.table import Table

_PART: Final = Part(
    "vectors",
    1,
    (
        "CREATE EXTENSION IF NOT EXISTS vector SCHEMA public",
        "CREATE TABLE embedding (recipe TEXT NOT NULL, oid TEXT NOT NULL, vector vector NOT NULL,"
        " PRIMARY KEY (recipe, oid))",
        "ALTER TABLE embedding ALTER COLUMN vector SET STORAGE MAIN",  # and not beside it, as 2 KiB would be
    ),
)
_FEW: Final = 1_000  # skills whose vectors are read, and all looked at here
_KEPT: Final = 10_000  # vectors that are kept once they were read: 20 MB
_ROWS: Final = 100  # of an insertion
_LONGEST: Final = 2_000  # numbers of a vector that pgvector makes graphs of
_WIDTH: Final = 200  # candidates that a search of the graph keeps


class Places:
    """The blobs whose vectors are known to be in the database, by the order in which this process came to know them."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self._places: dict[str, int] = {}
        self._settled = 0

    def __len__(self) -> int:
        return len(self.keys)

    def place(self, key: str) -> int:
        """Where a blob is among them; -1 where it is not known."""
        return self._places.get(key, -1)

    def settled(self) -> int:
        """The end of the places whose keys are what they were when this was asked last."""
        settled, self._settled = self._settled, len(self.keys)
        return settled

    def lacking(self, keys: Iterable[str]) -> list[str]:
        """Those of the keys that are not known, sorted."""
        return sorted({key for key in keys if key not in self._places})

    def add(self, keys: Iterable[str]) -> None:
        """Know these, too."""
        for key in keys:
            if key not in self._places:
                self._places[key] = len(self.keys)
                self.keys.append(key)


class Shared:
    """The vectors that one embedder makes of blobs, for one thread; DatabaseError where the database is of no help."""

    is_warm: Final = False
    """There is nothing to load, however often it is asked."""

    def __init__(self, place: Place, directory: Path, embedder: Embedder, *, watch: Watch) -> None:
        """`directory` keeps the vectors of unrelated texts, which are few. Nothing is asked yet."""
        self._embedding = Embedding(embedder, near.background_shelf(directory, embedder), watch=watch)
        self._vectors = _Table(place, embedder)
        self._read: dict[str, NDArray[np.float32]] = {}
        self.store = Places()

    def embed(self, oids: Set[str], spoken: Callable[[str], str], *, live: Set[str]) -> Embedded:
        """Have the vectors of these blobs there, given what each says; raises ModelError, too."""
        notes = self._embedding.calibrate(dimensions=self._vectors.dimensions())
        self.store.add(self._vectors.known(self.store.lacking(oids)))
        unseen = self.store.lacking(oids)
        for made, vectors in self._embedding.batches(unseen, spoken, dimensions=self._vectors.dimensions):
            self._vectors.add(made, vectors)
            self.store.add(made)
        return Embedded(len(unseen), notes)

    def vector(self, query: str) -> NDArray[np.float32]:
        """The vector of a query; raises ModelError."""
        vector: NDArray[np.float32] = self._embedding.vectors([query], dimensions=self._vectors.dimensions())[0]
        return vector

    def told(self, cosines: Numbers) -> Numbers:
        """What cosines say, in [0, 1], once something was embedded."""
        return self._embedding.told(cosines)

    def aim(self, table: Table, rows: NDArray[np.intp], *, documents: int) -> Aim:
        """Where the vectors of the skills at some rows of a table are; `documents` is how many the words have."""
        scanned = np.zeros(len(self.store) + 1, dtype=np.bool_)
        scanned[table.vectors[rows]] = True
        scanned[-1] = False
        return Aim(rows_of(table, rows, documents=documents), Reach(scanned))

    def cosines(
        self, vector: NDArray[np.float32], reach: Reach, *, also: NDArray[np.intp], most: int
    ) -> NDArray[np.float32]:
        """How near each place's vector is to a vector, at least of the nearest and of some `also`; 0 at others."""
        found = np.zeros(len(self.store) + 1, dtype=np.float32)
        inside = np.flatnonzero(reach.scanned)
        if len(inside) > _FEW:
            for oid, cosine in self._nearest(vector, reach, max(CANDIDATES, 2 * most)):
                found[self.store.place(oid)] = cosine
            inside = also[also >= 0]
        found[inside] = self._rows(inside) @ vector
        return found

    def exact(self, vector: NDArray[np.float32], places: NDArray[np.intp]) -> NDArray[np.float64]:
        """The cosines at some places, -1 being nothing, the same whatever else there is."""
        found = np.zeros((len(places), len(vector)), dtype=np.float32)
        found[places >= 0] = self._rows(places[places >= 0])
        cosines: NDArray[np.float64] = (found.astype(np.float64) * vector).sum(axis=1)
        return cosines

    def tend(self, table: Table) -> list[str]:
        """Make the graph that many vectors lack; the name of the table, if that was done."""
        return ["embedding"] if self._vectors.grow() else []

    def _nearest(self, vector: NDArray[np.float32], reach: Reach, most: int) -> list[tuple[str, float]]:
        """About the `most` of a large scope that are nearest; those that are asked for by name where others are."""
        found = self._vectors.nearest(vector, most)
        inside = [each for each in found if reach.scanned[self.store.place(each[0])]]
        if len(inside) >= CANDIDATES / 2:
            return inside
        return self._vectors.nearest(vector, most, among=self._named(np.flatnonzero(reach.scanned)))

    def _rows(self, places: NDArray[np.intp]) -> NDArray[np.float32]:
        """The vectors at some places, (n, dimensions), read once each while there is room for them."""
        oids = self._named(places)
        if len(self._read) > _KEPT:
            self._read.clear()
        self._read |= self._vectors.read([oid for oid in oids if oid not in self._read])
        if not self._read.keys() >= set(oids):
            self.store = Places()
            raise DatabaseError("vectors were dropped by another process")
        return np.array([self._read[oid] for oid in oids]).reshape(len(oids), self._vectors.dimensions())

    def _named(self, places: NDArray[np.intp]) -> list[str]:
        return [self.store.keys[place] for place in places.tolist()]


@dataclass(frozen=True, slots=True)
class Known:
    """How many vectors there are and how many bytes these have, and the blobs among some that have one."""

    entries: int
    bytes: int
    oids: frozenset[str]


class _Table:
    """The rows of one recipe."""

    def __init__(self, place: Place, embedder: Embedder) -> None:
        self._database = Postgres(place, _PART)
        self._embedder = embedder
        self._recipe = near.recipe(embedder)
        self._dimensions = 0

    def dimensions(self) -> int:
        """How long the vectors are, or will be."""
        if not self._dimensions:
            rows = self._database.rows(
                "SELECT vector_dims(vector) FROM embedding WHERE recipe = ? LIMIT 1", (self._recipe,)
            )
            self._dimensions = rows[0][0] if rows else 0
        return self._dimensions or self._embedder.dimensions

    def known(self, oids: Sequence[str]) -> list[str]:
        """Those of the blobs that have a row."""
        if not oids:
            return []
        rows = self._database.rows(
            "SELECT oid FROM embedding WHERE recipe = ? AND oid = ANY(?)", (self._recipe, list(oids))
        )
        return [oid for (oid,) in rows]

    def look(self, oids: Collection[str]) -> Known:
        """How much there is, and which of some blobs."""
        asked = "SELECT count(*), coalesce(sum(pg_column_size(vector)), 0) FROM embedding WHERE recipe = ?"
        ((entries, size),) = self._database.rows(asked, (self._recipe,))
        return Known(entries, int(size), frozenset(self.known(list(oids))))

    def read(self, oids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of those of the blobs that have a row."""
        if not oids:
            return {}
        asked = "SELECT oid, vector::real[] FROM embedding WHERE recipe = ? AND oid = ANY(?)"
        rows = self._database.rows(asked, (self._recipe, list(oids)))
        return {oid: np.array(vector, dtype=np.float32) for oid, vector in rows}

    def add(self, oids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Have a row for each of the blobs; one that is there stays."""
        for start in range(0, len(oids), _ROWS):
            some = oids[start : start + _ROWS]
            values = ", ".join(["(?, ?, ?::real[]::vector)"] * len(some))
            fields = [
                field
                for oid, vector in zip(some, vectors[start : start + _ROWS].tolist(), strict=True)
                for field in (self._recipe, oid, vector)
            ]
            self._database.rows(f"INSERT INTO embedding VALUES {values} ON CONFLICT DO NOTHING", fields)

    def replace(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Have these rows and no other."""
        with self._database.writing():
            self._database.rows("DELETE FROM embedding WHERE recipe = ?", (self._recipe,))
            if vectors:
                self.add(list(vectors), np.stack(list(vectors.values())))

    def nearest(
        self, vector: NDArray[np.float32], most: int, *, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The blobs whose vectors are nearest to a vector, and their cosines: all looked at, or about, by the graph."""
        kind = f"vector({len(vector)})"
        named, values = ("", []) if among is None else (" AND oid = ANY(?)", [list(among)])
        statement = (  # with the recipe in words, as the graph's own condition has it
            f"SELECT oid, -((vector::{kind}) <#> asked.it) FROM embedding, (SELECT ?::real[]::{kind} AS it) AS asked"
            f" WHERE recipe = '{self._recipe}'{named} ORDER BY (vector::{kind}) <#> asked.it LIMIT ?"
        )
        with self._database.writing():
            self._database.rows(f"SET LOCAL hnsw.ef_search = {max(_WIDTH, min(most, 1000))}")
            rows = self._database.rows(statement, [vector.tolist(), *values, most])
        return [(oid, float(cosine)) for oid, cosine in rows]

    def grow(self) -> bool:
        """Make the graph, where there are many rows and none is made; whether that was done."""
        ((rows, dimensions, made),) = self._database.rows(
            "SELECT count(*), max(vector_dims(vector)), to_regclass(?) IS NOT NULL FROM embedding WHERE recipe = ?",
            (f"embedding_{self._recipe}", self._recipe),
        )
        if rows < hnsw.LEAST or dimensions > _LONGEST or made:
            return False
        self._database.rows(
            f"CREATE INDEX IF NOT EXISTS embedding_{self._recipe} ON embedding"
            f" USING hnsw ((vector::vector({dimensions})) vector_ip_ops) WHERE recipe = '{self._recipe}'"
        )
        self._database.rows("ANALYZE embedding")  # without numbers the planner passes the graph by
        return True

    def close(self) -> None:
        """The connection is gone."""
        self._database.close()


def look(place: Place, embedder: Embedder, oids: Collection[str]) -> Known:
    """What the table has for an embedder, and which of some blobs."""
    with closing(_Table(place, embedder)) as table:
        return table.look(oids)


def read(place: Place, embedder: Embedder, oids: Collection[str]) -> dict[str, NDArray[np.float32]]:
    """The vectors of some blobs."""
    with closing(_Table(place, embedder)) as table:
        return table.read(list(oids))


def put(place: Place, embedder: Embedder, vectors: Mapping[str, NDArray[np.float32]]) -> bool:
    """The vectors of an embedder are these and no other, and have a graph if they are many; whether it was made now."""
    with closing(_Table(place, embedder)) as table:
        table.replace(vectors)
        return table.grow()


@contextmanager
def dropping(place: Place) -> Iterator[Callable[[Collection[str]], None]]:
    """What drops all vectors but those of some blobs, whichever embedder made them. Raises DatabaseError at once."""
    with closing(Postgres(place, _PART)) as database:
        database.now()

        def drop(kept: Collection[str]) -> None:
            database.rows("DELETE FROM embedding WHERE oid <> ALL(?)", (list(kept),))

        yield drop
