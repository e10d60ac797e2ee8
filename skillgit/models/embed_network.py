"""The network of the offline embedder: pieces of texts in, a vector for each text out.

The multilingual Universal Sentence Encoder averages its pieces' vectors and what three
convolutions of two layers, over 2, 3 and 5 neighbours, make of them, and brings the mean through
a small network.

What the first layer sees of a piece, and what it adds to each of its neighbours, depends on the
piece alone. That is half the work, and the words of texts are mostly the same ones; so it is made
once, and the last pieces' is kept.

Source: Yang et al., Multilingual Universal Sentence Encoder for Semantic Retrieval, ACL 2020
(the convolutional variant).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from skillgit.models.embed_unpack import CHUNKS, WIDTH, Weights

Rows = NDArray[np.float32]

_ORDERS: Final = ((2, 0), (3, 1), (5, 2))  # neighbours of a convolution, and how many stand before
_REACH: Final = 2  # how far a convolution sees on either side
_INNER: Final = 256  # numbers of a piece in a convolution
_OWN: Final = WIDTH // _INNER
_PARTS: Final = _OWN + sum(1 + order for order, _ in _ORDERS)  # of _INNER numbers, that a piece says alone
_KEPT: Final = 1024  # pieces, of 15 kB each, the last that were met; two of three in a question are among them
_BLOCK: Final = 128  # columns
_FEW: Final = 30  # rows: of up to a million multiplications BLAS makes no copy of a matrix before it begins
_EPSILON: Final = 1e-12


class Network:
    """The network with its weights; threads may share it."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._shift = np.concatenate([weights.dense[f"proj_b{order}"] for order, _ in _ORDERS])
        self._scale = [np.concatenate([weights.dense[f"ln_{way}{order}"] for order, _ in _ORDERS]) for way in "gb"]
        self._alone: OrderedDict[int, Rows] = OrderedDict()  # of the pieces that were met last, (_PARTS, _INNER)

    def encode(self, texts: Sequence[Sequence[int]]) -> Rows:
        """A vector of length 1 for each text, (n, WIDTH), given the pieces of each, of which none is without."""
        lengths = np.array([len(pieces) for pieces in texts])
        starts = np.cumsum(lengths) - lengths
        flat = [piece for pieces in texts for piece in pieces]
        place = {piece: rank for rank, piece in enumerate(dict.fromkeys(flat))}
        each = np.array([place[piece] for piece in flat])
        features = self._features(self._seen_alone(list(place)), each, near=_neighbours(lengths))
        sums = np.add.reduceat(features, starts, axis=0)
        return _unit(_projected(sums, lengths[:, None].astype(np.float32), self._weights.dense))

    def _features(self, alone: Rows, each: NDArray[np.intp], *, near: NDArray[np.intp]) -> Rows:
        """What each piece says among its neighbours: its own vector beside those of the three convolutions.

        alone: what each distinct piece says, and then one of nothing; each: the place there of each piece; near: the
        places in `each` of its neighbours, the end being none.
        """
        dense, parts = self._weights.dense, alone.reshape(-1, _INNER)
        first = _PARTS * each
        around = np.append(first, len(parts) - _PARTS)[near]
        made = np.empty((len(each), _OWN + len(_ORDERS), _INNER), dtype=np.float32)
        made[:, :_OWN] = parts.take(first[:, None] + np.arange(_OWN), axis=0)
        padded = np.zeros((len(each) + 1, _INNER), dtype=np.float32)
        part = _OWN
        for rank, (order, before) in enumerate(_ORDERS):
            seen = slice(_REACH - before, _REACH - before + order)
            told = parts.take(around[:, seen] + np.arange(part + 1, part + 1 + order), axis=0).sum(axis=1)
            padded[:-1] = _positive(told + dense[f"b1_{order}"])
            padded[:-1] += parts.take(first + part, axis=0)
            told = _times(padded.take(near[:, seen], axis=0).reshape(len(each), -1), dense[f"w2_{order}"])
            np.add(padded[:-1], _positive(told + dense[f"b2_{order}"]), out=made[:, _OWN + rank])
            part += 1 + order
        return _normal(made.reshape(len(each), -1), dense["ln_g"], dense["ln_b"])

    def _seen_alone(self, pieces: Sequence[int]) -> Rows:
        """What each of some pieces says, whatever stands beside it, and then nothing: (n + 1, _PARTS, _INNER)."""
        found = np.zeros((len(pieces) + 1, _PARTS, _INNER), dtype=np.float32)
        unseen = []
        for rank, piece in enumerate(pieces):
            if (kept := self._alone.get(piece)) is not None:
                found[rank] = kept
            else:
                unseen.append(rank)
        if unseen:
            found[unseen] = made = self._said_alone(np.array([pieces[rank] for rank in unseen]))
            self._keep({pieces[rank]: said.copy() for rank, said in zip(unseen[-_KEPT:], made[-_KEPT:], strict=True)})
        return found

    def _said_alone(self, pieces: NDArray[np.intp]) -> Rows:
        """Of each piece its own vector, and for each convolution what goes in, and what that adds to each neighbour."""
        dense = self._weights.dense
        chunk = pieces % CHUNKS
        own = self._weights.rows(pieces) * dense["scale"][chunk, None] + dense["lo"][chunk, None]
        inputs = np.concatenate([_by_blocks(own, dense[f"proj{order}"]).sum(axis=0) for order, _ in _ORDERS], axis=1)
        inputs = _normal(inputs + self._shift, *self._scale).reshape(len(pieces), len(_ORDERS), _INNER)
        made = np.empty((len(pieces), _PARTS, _INNER), dtype=np.float32)
        made[:, :_OWN] = own.reshape(len(pieces), _OWN, _INNER)
        part = _OWN
        for rank, (order, _) in enumerate(_ORDERS):
            made[:, part] = inputs[:, rank]
            told = inputs[:, rank] @ dense[f"w1_{order}"].reshape(order, _INNER, _INNER)
            made[:, part + 1 : part + 1 + order] = told.transpose(1, 0, 2)
            part += 1 + order
        return made

    def _keep(self, made: Mapping[int, Rows]) -> None:
        self._alone.update(made)
        while len(self._alone) > _KEPT:
            self._alone.popitem(last=False)


def _neighbours(lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    """The places of the pieces around each, (n, 5), with that of nothing, n, beyond either end of its text."""
    count = int(lengths.sum())
    text = np.repeat(np.arange(len(lengths)), lengths)
    places = np.arange(count)[:, None] + np.arange(-_REACH, _REACH + 1)
    beyond = (places < 0) | (places >= count)
    places[beyond] = 0
    places[beyond | (text[places] != text[:, None])] = count
    return places


def _projected(sums: Rows, lengths: Rows, dense: Mapping[str, Rows]) -> Rows:
    """The mean of a text, in the root of its length, through two blocks with a short cut each."""
    mean = (sums @ dense["cnn_W"] + lengths * dense["cnn_b"]) / np.sqrt(lengths)
    once = np.maximum(mean @ dense["p1"] + np.maximum(mean @ dense["d0"], 0) @ dense["d1"], 0)
    last: Rows = np.tanh(once @ dense["p3"] + np.maximum(once @ dense["d2"], 0) @ dense["d3"])
    return last


def _times(rows: Rows, weight: Rows) -> Rows:
    """The product, which BLAS takes half as long again for where it copies the weight first."""
    return _by_blocks(rows, weight).sum(axis=0) if len(rows) <= _FEW else rows @ weight


def _by_blocks(rows: Rows, weight: Rows) -> Rows:
    """What each _INNER columns of some rows add to their product: (k / _INNER, n, _INNER)."""
    parts = rows.reshape(len(rows), -1, _INNER).transpose(1, 0, 2)
    blocks = weight.reshape(-1, _INNER, _INNER // _BLOCK, _BLOCK).transpose(0, 2, 1, 3)
    return (parts[:, None] @ blocks).transpose(0, 2, 1, 3).reshape(len(parts), len(rows), _INNER)


def _positive(rows: Rows) -> Rows:
    """The rows with 0 for what is less, in place."""
    return np.maximum(rows, 0, out=rows)


def _normal(rows: Rows, gain: Rows, shift: Rows) -> Rows:
    """Rows of mean 0 and variance 1, then scaled, in place: layer normalisation."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[1] + _EPSILON)[:, None]
    rows *= gain
    rows += shift
    return rows


def _unit(rows: Rows) -> Rows:
    unit: Rows = rows / np.sqrt(np.maximum((rows * rows).sum(axis=1, keepdims=True), _EPSILON))
    return unit
