"""The best documents of a scope for a query: by words, or by words and vectors.

All documents get a rough score at once; the best of them an exact one, which is the same
whatever else the index holds and however its files are cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from skillgit.search import fusion
from skillgit.search.near import CANDIDATES, Aim, Vectors
from skillgit.search.scope import Asked, Scope

_MORE: Final = 32  # documents scored exactly beyond those asked for: more change nothing in any set measured


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document, as its place in the store of words, with its score and what each leg alone says."""

    place: int
    score: float
    words: float
    vectors: float | None = None


def by_words(asked: Asked, *, most: int, least: float) -> list[Ranked]:
    """At least the `most` best documents of those with a word in common, and all equals of the last, none below."""
    places = _best(asked.scores, most + _MORE)
    scores = asked.exact(places)
    return [
        Ranked(place, score, score)
        for place, score in zip(places.tolist(), scores.tolist(), strict=True)
        if score >= least
    ]


def by_both(
    asked: Asked, scope: Scope, aim: Aim, *, near: Vectors, vector: NDArray[np.float32], most: int, least: float
) -> list[Ranked]:
    """At least the `most` best documents by words and vectors, and all equals of the last, none below."""
    scores = asked.scores
    named = _best(scores, max(CANDIDATES, most))
    cosines = near.cosines(vector, aim.reach, also=aim.rows[named], most=most)[aim.rows]
    known = cosines != 0  # of all documents, or with graphs of some hundred
    known[named] = True
    places = np.flatnonzero(known & scope.visible)
    places = places[_best(fusion.fuse(scores[places], near.told(cosines[places])), most + _MORE)]
    said = asked.exact(places)
    meant = near.told(near.exact(vector, aim.rows[places]))
    columns = (places, fusion.fuse(said, meant), said, meant)
    return [
        Ranked(place, score, words, vectors)
        for place, score, words, vectors in zip(*(column.tolist() for column in columns), strict=True)
        if score > 0 and score >= least
    ]


def _best(scores: NDArray[Any], most: int) -> NDArray[np.intp]:
    """The places of the highest scores above 0, in no order, with all that equal the last."""
    if most >= len(scores):
        return np.flatnonzero(scores > 0)
    least = np.partition(scores, -most)[-most]
    return np.flatnonzero(scores >= least) if least > 0 else np.flatnonzero(scores > 0)
