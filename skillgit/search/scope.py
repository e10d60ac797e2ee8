"""Some documents of the words index, scored as if no others were there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from skillgit.search import bm25
from skillgit.search.segment import Segment
from skillgit.search.store import Store
from skillgit.search.words import PARTS, Query

_Postings: TypeAlias = "tuple[slice, NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint8]]"
"""Where a segment's documents are among all, those that have a term, and in each its parts and its count."""

_REMEMBERED: Final = 4096  # terms of queries that are kept: to look them up is half of what words take

_NONE = np.zeros(0, dtype=np.uint32)
_BITS = np.arange(PARTS, dtype=np.uint32)


class _Term(NamedTuple):
    """A term's postings, and how many of the documents that are asked have it."""

    postings: Sequence[_Postings]
    frequency: int


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What words say: each known term's share of a perfect score, and the score at each place, 0 where it has none."""

    weights: Mapping[str, float]
    scores: NDArray[np.float32]
    _together: Mapping[str, float]
    _known: Mapping[str, _Term]

    def exact(self, places: NDArray[np.intp]) -> NDArray[np.float64]:
        """The scores at some places, where words that stand together in one part of a document count for more."""
        found = np.zeros((len(self._together), len(places)), dtype=np.uint32)
        local: dict[int, NDArray[np.uint32]] = {}  # a place in another segment is one that no document has
        for row, term in zip(found, self._together, strict=True):
            for part, documents, parts, _ in self._known[term].postings:
                if part.start not in local:
                    local[part.start] = (places - part.start).astype(np.uint32)
                at = np.searchsorted(documents, local[part.start])
                row += parts.take(at, mode="clip") * (documents.take(at, mode="clip") == local[part.start])
        weights = np.fromiter(self._together.values(), dtype=np.float64, count=len(found))
        share = np.einsum("t,tpb->pb", weights, found[:, :, None] >> _BITS & 1)
        return bm25.exact(self.scores[places].astype(np.float64), share.max(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The documents a query is asked of, as a flag and a BM25 norm for each place of a store; statistics are theirs."""

    segments: tuple[Segment, ...]
    visible: NDArray[np.bool_]
    norms: NDArray[np.float32]
    documents: int
    _terms: dict[str, _Term] = field(default_factory=dict)

    def ask(self, query: Query) -> Asked:
        """What the words of a query say of each document."""
        known = {term: self._term(term) for term in query.words + query.wholes}
        frequencies = {term: found.frequency for term, found in known.items()}
        weights = bm25.weights(query, frequencies, self.documents)
        scores = np.zeros(len(self.norms), dtype=np.float32)
        for term, weight in weights.items():
            for part, documents, _, counts in known[term].postings:
                bm25.add(scores[part], documents, counts, weight=weight, norms=self.norms[part])
        together = bm25.weights(Query(query.words, ()), frequencies, self.documents)
        return Asked(weights, np.where(self.visible, scores, np.float32(0)), together, known)

    def _term(self, term: str) -> _Term:
        """What is known of a term; the last few thousand are kept."""
        if term not in self._terms:
            if len(self._terms) >= _REMEMBERED:
                self._terms.clear()
            postings = list(self._postings(term))
            seen = (int(np.count_nonzero(self.visible[part][documents])) for part, documents, _, _ in postings)
            self._terms[term] = _Term(postings, sum(seen))
        return self._terms[term]

    def _postings(self, term: str) -> Iterator[_Postings]:
        start = 0
        for segment in self.segments:
            part = slice(start, start := start + len(segment.keys))
            documents, parts, counts = map(np.asarray, segment.postings(term))
            if len(documents):
                yield part, documents, parts, counts


def narrow(store: Store[Segment], places: NDArray[np.intp]) -> Scope:
    """The documents at these places."""
    visible = np.zeros(len(store), dtype=np.bool_)
    visible[places] = True
    lengths = np.concatenate([np.asarray(segment.lengths) for segment in store.segments] or [_NONE])
    documents = int(np.count_nonzero(visible))
    average = float(lengths[visible].sum()) / documents if documents else 0.0
    return Scope(store.segments, visible, bm25.norms(lengths, average), documents)
