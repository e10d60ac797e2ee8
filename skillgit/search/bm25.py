"""BM25 on a scale that means something: 0 is no word in common, 1 is out of reach.

    score(q, d) = sum over the terms of q in d of  idf * tf * (k1 + 1) / (tf + norm(d))
    ideal(q)    = sum over the terms of q of       idf * (k1 + 1)
    calibrated  = score / ideal
    exact       = .6 calibrated + .4 of the weights that stand together in one part of d

idf is the usual one to the power of .75: a plain one lets one rare word outweigh three others,
and recall at 1 among 34 skills of one product is .70 then, not .72. A word that no document has
counts in the ideal as .8 of the rarest one: it may be the very point of the query, or noise. A
whole (`words.Query`) that no document has counts nothing, as its parts are asked for already. So
one weak word in common scores low, whatever the length of the query and the size of the index.

Of skills that have the same words, the one that has them in one paragraph answers better: among
2,711 public skills recall at 1 of a company's own prompts is .65 instead of .57 for that.

`MIN_SCORE` is where a skill counts as an answer. Of prompts that have one it keeps, and of
prompts that have none it still answers, by words (benchmarks/retrieval.py):

    UiPath's own prompts, 34 skills of one product         .88 and .31
    trigger phrases, 10 English or 10 Chinese skills        1.0 and .09, .89 and .03
    trigger phrases, 808 English and 224 Chinese skills    .98, .95
    commit subjects, 2,711 skills                          .88

Source: Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009; idf as in Lucene.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from skillgit.search.words import Query

if TYPE_CHECKING:  # numpy takes 100 ms to import; whoever makes the arrays has done it
    import numpy as np
    from numpy.typing import NDArray

K1: Final = 2.0
B: Final = 0.6  # .75 finds as much
UNKNOWN: Final = 0.8
RARITY: Final = 0.75
TOGETHER: Final = 0.4
MIN_SCORE: Final = 0.35


def idf(frequency: int, documents: int) -> float:
    """Weigh a term that `frequency` of `documents` have; more than 0, and more the rarer."""
    return math.pow(math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5)), RARITY)


def norms(lengths: NDArray[np.uint32], average: float) -> NDArray[np.float32]:
    """What each document's length adds to a term's count before saturation, in the order given."""
    flat, slope = K1 * (1 - B), K1 * B / average if average else 0.0
    return (flat + slope * lengths).astype("float32")


def weights(query: Query, frequencies: Mapping[str, int], documents: int) -> dict[str, float]:
    """Each known term's share of a perfect score; their sum is 1 where no word is unknown.

    frequencies: in how many of the documents a term stands; a term that is missing or 0 is unknown.
    """
    known = {t: idf(f, documents) for t in query.words + query.wholes if (f := frequencies.get(t, 0))}
    unknown = sum(term not in known for term in query.words)
    ideal = sum(known.values()) + unknown * UNKNOWN * idf(1, max(documents, 1))
    return {term: weight / ideal for term, weight in known.items()}


def add(
    scores: NDArray[np.float32],
    documents: NDArray[np.uint32],
    counts: NDArray[np.uint8],
    *,
    weight: float,
    norms: NDArray[np.float32],
) -> None:
    """Add one term's part to the scores of the documents that have it.

    documents: places in `scores` and `norms`, each once; counts: the term's count in each.
    """
    scores[documents] += weight * (counts / (counts + norms[documents]))


def exact(scores: NDArray[np.float64], together: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scores of documents, given the share of a perfect score that stands in the best part of each."""
    return (1 - TOGETHER) * scores + TOGETHER * together
