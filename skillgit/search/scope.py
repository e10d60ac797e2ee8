"""Some documents of the words index, scored as if no others were there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from skillgit.search import bm25
from skillgit.search.segment import Segment
from skillgit.search.store import Store
from skillgit.search.words import Query

_Postings: TypeAlias = "tuple[NDArray[np.uint32], NDArray[np.uint8]]"
_NONE = np.zeros(0, dtype=np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The documents a query is asked of, as a flag and a BM25 norm for each place of a store; statistics are theirs."""

    segments: tuple[Segment, ...]
    visible: NDArray[np.bool_]
    norms: NDArray[np.float32]
    documents: int

    def weigh(self, query: Query) -> dict[str, float]:
        """Each known term's share of a perfect score, see `bm25.weights`."""
        frequencies = {term: self._frequency(term) for term in query.words + query.wholes}
        return bm25.weights(query, frequencies, self.documents)

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """The score of the document at each place, 0 where it has none of the terms or is not visible."""
        scores = np.zeros(len(self.norms), dtype=np.float32)
        start = 0
        for segment in self.segments:
            part = slice(start, start := start + len(segment.keys))
            for term, weight in weights.items():
                documents, counts = _postings(segment, term)
                bm25.add(scores[part], documents, counts, weight=weight, norms=self.norms[part])
        return np.where(self.visible, scores, np.float32(0))

    def _frequency(self, term: str) -> int:
        found, start = 0, 0
        for segment in self.segments:
            documents, _ = _postings(segment, term)
            found += int(np.count_nonzero(self.visible[start : start + len(segment.keys)][documents]))
            start += len(segment.keys)
        return found


def narrow(store: Store[Segment], places: NDArray[np.intp]) -> Scope:
    """The documents at these places."""
    visible = np.zeros(len(store), dtype=np.bool_)
    visible[places] = True
    lengths = np.concatenate([np.asarray(segment.lengths) for segment in store.segments] or [_NONE])
    documents = int(np.count_nonzero(visible))
    average = float(lengths[visible].sum()) / documents if documents else 0.0
    return Scope(store.segments, visible, bm25.norms(lengths, average), documents)


def _postings(segment: Segment, term: str) -> _Postings:
    documents, counts = segment.postings(term)
    return np.asarray(documents), np.asarray(counts)
