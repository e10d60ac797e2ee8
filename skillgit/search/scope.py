"""Some documents of some segments, scored as if no others were there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import compress
from typing import TypeAlias

from skillgit.search import bm25
from skillgit.search.segment import Segment
from skillgit.search.words import Query

_Postings: TypeAlias = tuple[Sequence[int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Part:
    """One segment as a scope sees it: a flag and a BM25 norm for each of its documents."""

    segment: Segment
    visible: bytes
    whole: bool
    norms: list[float]

    def postings(self, term: str) -> _Postings:
        """The visible documents that have the term, and its count in each."""
        documents, counts = self.segment.postings(term)
        if self.whole:
            return documents, counts
        mask = [self.visible[place] for place in documents]
        return list(compress(documents, mask)), list(compress(counts, mask))


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents a query is asked of; statistics are theirs alone."""

    parts: tuple[Part, ...]
    documents: int

    def weigh(self, query: Query) -> dict[str, float]:
        """Each known term's share of a perfect score, see `bm25.weights`."""
        terms = query.words + query.wholes
        frequencies = {term: sum(len(part.postings(term)[0]) for part in self.parts) for term in terms}
        return bm25.weights(query, frequencies, self.documents)

    def scores(self, weights: Mapping[str, float], *, least: float) -> list[tuple[str, float]]:
        """The key and the score of each document with one of the terms and at least this score, in no order."""
        scored: list[tuple[str, float]] = []
        for part in self.parts:
            scores = [0.0] * len(part.norms)
            for term, weight in weights.items():
                bm25.add(scores, zip(*part.postings(term), strict=True), weight, norms=part.norms)
            pairs = zip(part.segment.keys, scores, strict=True)
            scored += [(key, score) for key, score in pairs if score and score >= least]
        return scored


def narrow(segments: Sequence[Segment], keys: Set[str]) -> Scope:
    """The documents of these keys, each taken from the first segment that has it."""
    left = set(keys)
    masks = []
    for segment in segments:
        masks.append(bytes(map(left.__contains__, segment.keys)))
        left.difference_update(segment.keys)
    documents = sum(map(sum, masks))
    total = sum(sum(compress(s.lengths, mask)) for s, mask in zip(segments, masks, strict=True))
    average = total / documents if documents else 0.0
    return Scope(
        tuple(
            Part(segment, mask, all(mask), bm25.norms(segment.lengths, average))
            for segment, mask in zip(segments, masks, strict=True)
            if any(mask)
        ),
        documents,
    )
