"""A graph: whose vectors are near whose, below one root, so that a search need not look at all of them.

    skillgit graph <recipe> <bytes of keys>\\n
    keys      UTF-8, NUL between      the blobs' oids, sorted: the graph's labels count them
    graph     as hnswlib saves it

One thread, a fixed seed and sorted keys make the bytes a function of the keys, the vectors and
the recipe. hnswlib dies of bytes that are not its own, so it is given only such whose digest
was verified, by way of a file that nobody else knows.

Source: Malkov & Yashunin, Efficient and robust approximate nearest neighbor search using
hierarchical navigable small world graphs, 2018.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from skillgit.errors import Unreadable

if TYPE_CHECKING:  # with tempfile 6 ms, and only a large library has graphs
    import hnswlib  # type: ignore[import-untyped]

LEAST: Final = 10_000
"""From so many vectors on a root has a graph; see benchmarks/index.py for where it pays."""

_LINKS, _BUILD_WIDTH, _SEED = 24, 200, 100
RECIPE: Final = f"1-{_LINKS}-{_BUILD_WIDTH}-{_SEED}"
_MAGIC: Final = f"skillgit graph {RECIPE} ".encode()


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """An open graph: label i stands for `keys[i]`."""

    name: str
    keys: tuple[str, ...]
    _index: hnswlib.Index

    def nearest(self, vector: NDArray[np.float32], most: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """About the `most` labels nearest to a vector and their cosines; none where the graph finds too few."""
        try:
            labels, distances = self._index.knn_query(vector, k=min(most, len(self.keys)), num_threads=1)
        except RuntimeError:  # "Cannot return the results in a contiguous 2D array": too few can be reached
            return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32)
        return labels[0].astype(np.intp), np.float32(1) - distances[0]


def build(keys: Sequence[str], vectors: NDArray[np.float32]) -> bytes:
    """The graph of some vectors, (n, dimensions), by sorted keys, of which there is at least one."""
    import tempfile

    import hnswlib

    index = hnswlib.Index(space="ip", dim=vectors.shape[1])
    index.init_index(max_elements=len(keys), M=_LINKS, ef_construction=_BUILD_WIDTH, random_seed=_SEED)
    index.add_items(vectors, np.arange(len(keys)), num_threads=1)
    names = "\0".join(keys).encode()
    with tempfile.NamedTemporaryFile(prefix="skillgit-") as file:
        index.save_index(file.name)
        return b"".join((_MAGIC + f"{vectors.shape[1]} {len(names)}\n".encode(), names, file.read()))


def open_graph(data: bytes, name: str) -> Graph:
    """Load the graph of verified bytes; raises Unreadable where they are not one of this recipe."""
    import tempfile

    import hnswlib

    head, newline, _ = data[:200].partition(b"\n")
    numbers = head.removeprefix(_MAGIC).split()
    if not newline or len(numbers) != 2 or not all(number.isdigit() for number in numbers):
        raise Unreadable("no graph of this recipe")
    dimensions, names = map(int, numbers)
    start = len(head) + 1 + names
    keys = tuple(data[len(head) + 1 : start].decode().split("\0"))
    index = hnswlib.Index(space="ip", dim=dimensions)
    with tempfile.NamedTemporaryFile(prefix="skillgit-") as file:
        file.write(memoryview(data)[start:])
        file.flush()
        try:
            index.load_index(file.name)
        except RuntimeError as err:
            raise Unreadable(f"a graph cannot be loaded: {err}") from err
    index.set_ef(_width(len(keys)))  # is not saved with it
    return Graph(name, keys, index)


def _width(count: int) -> int:
    """How many candidates a search keeps: more find more and cost more, and the more there are, the more it takes."""
    return 150 + count // 200
