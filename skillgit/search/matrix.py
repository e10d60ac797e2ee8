"""A matrix: the vectors of some blobs, as bytes that never change.

    skillgit vectors <recipe> <dimensions> <vectors> <bytes of keys>\\n
    vectors      f32 each number, a vector after the other
    keys         UTF-8, NUL between       the blobs' oids

Half precision would halve the file, and numpy multiplies it 30 times slower.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from skillgit.errors import Unreadable

RECIPE: Final = f"1-{sys.byteorder}"
_MAGIC: Final = f"skillgit vectors {RECIPE} ".encode()
_BYTES: Final = 4  # of a number
_HEAD: Final = 128  # bytes: numpy copies numbers that do not stand at a multiple of four


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """An open matrix: the vector of `keys[i]` is `vectors[i]`, of length 1 or 0."""

    name: str
    keys: tuple[str, ...]
    vectors: NDArray[np.float32]


def signature(*parts: str) -> str:
    """What the files of vectors that depend on these things have in their names."""
    return hashlib.blake2b("\0".join((RECIPE, *parts)).encode(), digest_size=6).hexdigest()


def pack(keys: Sequence[str], vectors: NDArray[np.float32]) -> bytes:
    """Turn keys and their vectors, (n, dimensions), into a matrix."""
    names = "\0".join(keys).encode()
    head = _MAGIC + f"{vectors.shape[1]} {len(keys)} {len(names)}".encode()
    head = head.ljust(_HEAD - 1) + b"\n"
    return b"".join((head, np.ascontiguousarray(vectors, dtype=np.float32).tobytes(), names))


def merge(matrices: Sequence[Matrix], wanted: Container[str]) -> bytes:
    """Make one matrix of several, with the wanted keys, each once."""
    found: dict[str, NDArray[np.float32]] = {}
    for matrix in matrices:
        for key, vector in zip(matrix.keys, matrix.vectors, strict=True):
            if key in wanted:
                found.setdefault(key, vector)
    dimensions = matrices[0].vectors.shape[1]
    return pack(list(found), np.array(list(found.values()), dtype=np.float32).reshape(-1, dimensions))


def open_matrix(data: bytes, name: str) -> Matrix:
    """Read the bytes of the matrix of this name in place; raises Unreadable where they are not one of this recipe."""
    head, newline, _ = data[:_HEAD].partition(b"\n")
    numbers = head.removeprefix(_MAGIC).split()
    if not newline or len(numbers) != 3 or not all(number.isdigit() for number in numbers):
        raise Unreadable("no vectors of this recipe")
    dimensions, rows, names = map(int, numbers)
    start, size = len(head) + 1, _BYTES * dimensions * rows
    if start + size + names != len(data):
        raise Unreadable("a file of vectors is cut short")
    vectors = np.frombuffer(data, dtype=np.float32, count=dimensions * rows, offset=start)
    keys = tuple(data[start + size :].decode().split("\0")) if rows else ()
    return Matrix(name, keys, vectors.reshape(rows, dimensions))
