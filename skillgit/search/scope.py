"""Some documents of the words index, scored as if no others were there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from skillgit.search import bm25
from skillgit.search.segment import Segment
from skillgit.search.store import Store
from skillgit.search.words import PARTS, Query

_Postings: TypeAlias = "tuple[slice, NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint8]]"
"""Where a segment's documents are among all, those that have a term, and in each its parts and its count."""

_NONE = np.zeros(0, dtype=np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What words say: each known term's share of a perfect score, and the score at each place, 0 where it has none."""

    weights: Mapping[str, float]
    scores: NDArray[np.float32]
    _together: Mapping[str, float]
    _postings: Mapping[str, Sequence[_Postings]]

    def exact(self, places: NDArray[np.intp]) -> NDArray[np.float64]:
        """The scores at some places, where words that stand together in one part of a document count for more."""
        found = np.zeros((len(places), PARTS))
        for term, weight in self._together.items():
            for part, documents, parts, _ in self._postings[term]:
                local = np.clip(places - part.start, 0, documents[-1]).astype(documents.dtype)
                row = np.searchsorted(documents, local)
                there = np.where(documents[row] + part.start == places, parts[row], 0)
                found += weight * (there[:, None] >> np.arange(PARTS) & 1)
        return bm25.exact(self.scores[places].astype(np.float64), found.max(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The documents a query is asked of, as a flag and a BM25 norm for each place of a store; statistics are theirs."""

    segments: tuple[Segment, ...]
    visible: NDArray[np.bool_]
    norms: NDArray[np.float32]
    documents: int

    def ask(self, query: Query) -> Asked:
        """What the words of a query say of each document."""
        postings = {term: self._postings(term) for term in query.words + query.wholes}
        frequencies = {
            term: sum(int(np.count_nonzero(self.visible[part][documents])) for part, documents, _, _ in found)
            for term, found in postings.items()
        }
        weights = bm25.weights(query, frequencies, self.documents)
        scores = np.zeros(len(self.norms), dtype=np.float32)
        for term, weight in weights.items():
            for part, documents, _, counts in postings[term]:
                bm25.add(scores[part], documents, counts, weight=weight, norms=self.norms[part])
        together = bm25.weights(Query(query.words, ()), frequencies, self.documents)
        return Asked(weights, np.where(self.visible, scores, np.float32(0)), together, postings)

    def _postings(self, term: str) -> list[_Postings]:
        found, start = [], 0
        for segment in self.segments:
            part = slice(start, start := start + len(segment.keys))
            documents, parts, counts = map(np.asarray, segment.postings(term))
            if len(documents):
                found.append((part, documents, parts, counts))
        return found


def narrow(store: Store[Segment], places: NDArray[np.intp]) -> Scope:
    """The documents at these places."""
    visible = np.zeros(len(store), dtype=np.bool_)
    visible[places] = True
    lengths = np.concatenate([np.asarray(segment.lengths) for segment in store.segments] or [_NONE])
    documents = int(np.count_nonzero(visible))
    average = float(lengths[visible].sum()) / documents if documents else 0.0
    return Scope(store.segments, visible, bm25.norms(lengths, average), documents)
