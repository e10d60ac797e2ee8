"""Vectors of texts in sixteen languages, made here: the port `Embedder` without a network.

The multilingual Universal Sentence Encoder puts a text and its translation near each other, so
that a question in Chinese finds a skill in English. What it was chosen for, and over what, is in
docs/search.md. On the CPU of one core: 1.5 to 2 ms for a query, 3 ms for a skill.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np

from skillgit.models import embed_pieces, embed_unpack
from skillgit.models.embed_network import Network, Rows
from skillgit.models.embed_pieces import Segmenter
from skillgit.models.embed_unpack import WIDTH, Weights, Wheel

LONGEST: Final = 600  # characters of a text that are read
MOST: Final = 128  # pieces of these; more cost much, and find no more skills
_BATCH: Final = 512  # pieces at once; more makes nothing faster


class OfflineEmbedder:
    """The embedder whose weights are installed with skillgit; they are read by the first text."""

    def __init__(self, wheel: Wheel, cache: Path) -> None:
        self._wheel = wheel
        self._cache = cache

    @cached_property
    def signature(self) -> str:
        """All that a vector depends on beside its text."""
        recipe = f"{self._identity} {embed_pieces.RECIPE} {LONGEST} {MOST}"
        return f"offline/{blake2b(recipe.encode(), digest_size=6).hexdigest()}"

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return WIDTH

    def embed(self, texts: Sequence[str]) -> Rows:
        """Rows of length 1, one a text and in their order: (n, 512). A text of nothing has a row of zeros."""
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        spoken = [rank for rank, text in enumerate(texts) if text.strip()]
        ids = [self._segmenter.ids(texts[rank][:LONGEST], most=MOST) for rank in spoken]
        for batch in _batches(ids):
            vectors[[spoken[rank] for rank in batch]] = self._network.encode([ids[rank] for rank in batch])
        return vectors

    @cached_property
    def _identity(self) -> str:
        return self._wheel.identity()

    @cached_property
    def _weights(self) -> Weights:
        return embed_unpack.load(self._wheel, self._cache / embed_unpack.name(self._identity))

    @cached_property
    def _network(self) -> Network:
        return Network(self._weights)

    @cached_property
    def _segmenter(self) -> Segmenter:
        return Segmenter(self._weights.vocabulary)


def offline() -> OfflineEmbedder:
    """The embedder that needs nothing but what is installed; raises ModelError where its weights are not."""
    return OfflineEmbedder(embed_unpack.wheel(), embed_unpack.cached())


def _batches(ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Ranks of texts that fit into a batch together; a text that does not fit is alone."""
    batch: list[int] = []
    size = 0
    for rank, pieces in enumerate(ids):
        if batch and size + len(pieces) > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(rank)
        size += len(pieces)
    if batch:
        yield batch
