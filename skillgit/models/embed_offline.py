"""Vectors of texts in sixteen languages, made here: the port `Embedder` without a network.

The multilingual Universal Sentence Encoder puts a text and its translation near each other, so
that a question in Chinese finds a skill in English. It averages its pieces' vectors and what
three convolutions over 2, 3 and 5 neighbours make of them, and brings the mean through a small
network. What it was chosen for, and over what, is in docs/search.md.

Source: Yang et al., Multilingual Universal Sentence Encoder for Semantic Retrieval, ACL 2020
(the convolutional variant). On the CPU of one core: 2 ms for a query, 6 ms for a skill.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from skillgit.models import embed_pieces, embed_unpack
from skillgit.models.embed_pieces import Segmenter
from skillgit.models.embed_unpack import CHUNKS, WIDTH, Weights, Wheel

LONGEST: Final = 600  # characters of a text that are read
MOST: Final = 128  # pieces of these; more cost much, and find no more skills
_BATCH: Final = 512  # pieces at once; more makes nothing faster
_GAP: Final = 2  # rows of nothing between two texts, as far as a convolution sees on either side
_ORDERS: Final = ((2, 0), (3, 1), (5, 2))  # neighbours of a convolution, and how many stand before
_EPSILON: Final = 1e-12

Rows = NDArray[np.float32]


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
            vectors[[spoken[rank] for rank in batch]] = _encode([ids[rank] for rank in batch], self._weights)
        return vectors

    @cached_property
    def _identity(self) -> str:
        return self._wheel.identity()

    @cached_property
    def _weights(self) -> Weights:
        return embed_unpack.load(self._wheel, self._cache / embed_unpack.name(self._identity))

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


def _encode(texts: Sequence[Sequence[int]], weights: Weights) -> Rows:
    """The vectors of some texts, which stand one after the other in the rows of one matrix."""
    lengths = np.array([len(pieces) for pieces in texts])
    starts = np.cumsum(lengths + _GAP) - lengths
    rows = np.concatenate([start + np.arange(length) for start, length in zip(starts, lengths, strict=True)])
    flat = np.fromiter((piece for pieces in texts for piece in pieces), dtype=np.intp, count=len(rows))
    features = _features(flat, rows, total=int(starts[-1] + lengths[-1]) + _GAP, weights=weights)
    sums = np.add.reduceat(features, np.cumsum(lengths) - lengths, axis=0)
    return _unit(_projected(sums, lengths[:, None].astype(np.float32), weights.dense))


def _features(flat: NDArray[np.intp], rows: NDArray[np.intp], *, total: int, weights: Weights) -> Rows:
    """What each piece says among its neighbours: its own vector beside those of the three convolutions.

    flat: the pieces; rows: where each stands in a matrix of `total` rows, the others being gaps.
    """
    dense = weights.dense
    chunk = (flat % CHUNKS)[:, None]
    own = weights.rows(flat) * dense["scale"][chunk[:, 0], None] + dense["lo"][chunk[:, 0], None]
    inputs = _normal(
        np.concatenate([own @ dense[f"proj{n}"] + dense[f"proj_b{n}"] for n, _ in _ORDERS], axis=1),
        np.concatenate([dense[f"ln_g{n}"] for n, _ in _ORDERS]),
        np.concatenate([dense[f"ln_b{n}"] for n, _ in _ORDERS]),
    )
    features = [own]
    for (order, before), part in zip(_ORDERS, np.split(inputs, len(_ORDERS), axis=1), strict=True):
        for layer in (1, 2):
            spread = np.zeros((total, part.shape[1]), dtype=np.float32)
            spread[rows] = part
            weight, bias = dense[f"w{layer}_{order}"], dense[f"b{layer}_{order}"]
            around = _convolved(spread, weight.reshape(order, *spread.shape[1:], -1), before)[rows]
            part = part + np.maximum(around + bias, 0)
        features.append(part)
    return _normal(np.concatenate(features, axis=1), dense["ln_g"], dense["ln_b"])


def _convolved(rows: Rows, weight: Rows, before: int) -> Rows:
    """Each row's weighted sum with the rows around it, `before` of them before it; nothing is beyond the ends."""
    found: Rows = rows @ weight[before]
    for place, part in enumerate(weight):
        shift = place - before
        if shift < 0:
            found[-shift:] += rows[:shift] @ part
        elif shift > 0:
            found[:-shift] += rows[shift:] @ part
    return found


def _projected(sums: Rows, lengths: Rows, dense: Mapping[str, Rows]) -> Rows:
    """The mean of a text, in the root of its length, through two blocks with a short cut each."""
    mean = (sums @ dense["cnn_W"] + lengths * dense["cnn_b"]) / np.sqrt(lengths)
    once = np.maximum(mean @ dense["p1"] + np.maximum(mean @ dense["d0"], 0) @ dense["d1"], 0)
    last: Rows = np.tanh(once @ dense["p3"] + np.maximum(once @ dense["d2"], 0) @ dense["d3"])
    return last


def _normal(rows: Rows, gain: Rows, shift: Rows) -> Rows:
    """Rows of mean 0 and variance 1, then scaled: layer normalisation."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    even: Rows = rows / np.sqrt((rows * rows).mean(axis=1, keepdims=True) + _EPSILON)
    return even * gain + shift


def _unit(rows: Rows) -> Rows:
    unit: Rows = rows / np.sqrt(np.maximum((rows * rows).sum(axis=1, keepdims=True), _EPSILON))
    return unit
