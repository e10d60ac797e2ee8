"""A small embedder for tests: hashed character trigrams, and a count of what it was asked."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from skillgit.errors import ModelError


class Trigrams:
    """Texts that share many trigrams are near; `texts` is how many it has embedded."""

    def __init__(self, dimensions: int = 64, *, signature: str = "trigrams/1", down: bool = False) -> None:
        self.dimensions = dimensions
        self.signature = f"{signature}/{dimensions}"
        self.down = down
        self.texts = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.down:
            raise ModelError("cannot reach 'http://127.0.0.1:9/v1': connection refused")
        self.texts += len(texts)
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            grams = [text[place : place + 3].casefold() for place in range(len(text) - 2)]
            for gram in grams:
                hashed = zlib.crc32(gram.encode("utf-8", "surrogatepass"))
                row[hashed % self.dimensions] += 1 if hashed >> 16 & 1 else -1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        np.divide(rows, lengths, out=rows, where=lengths > 0)
        return rows
