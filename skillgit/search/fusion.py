"""One score of two, in [0, 1]: what the words say and what the vectors say.

    near  = (cosine - noise) / spread, from .8 on, .13 a step        what the vectors say alone
    score = words + .3 near, or near where that is more; at most 1

A cosine means nothing by itself: unrelated texts have .1 with one model and .8 with another.
So it is counted in the standard deviations of unrelated texts, `background.TEXTS`, from their
mean. A query that shares no word with a skill, as where their languages differ, is answered by
the vectors alone; and so much of either leg counts as much of an answer: among 34 skills, of
prompts that none of them answers, .31 reach .35 by words, none by vectors, .44 by both. From .3
to .5 of near the rankings are alike.

A sum of calibrated scores was better on every set than reciprocal rank fusion, which forgets how
sure each leg is: with a weaker second leg it is worse than words alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Numbers = TypeVar("Numbers", bound=NDArray[Any])

RELATED: Final = 0.8  # standard deviations above the noise where a cosine begins to count
STEP: Final = 0.13  # what each further one adds to what the vectors say alone
VECTORS: Final = 0.3


@dataclass(frozen=True, slots=True)
class Scale:
    """The cosines of unrelated texts in one model: their mean and their standard deviation."""

    noise: float
    spread: float


def scale(background: NDArray[np.float32]) -> Scale:
    """The scale of the model that made these vectors of unrelated texts, (n, dimensions). Needs three."""
    cosines = (background.astype(np.float64) @ background.T)[np.triu_indices(len(background), 1)]
    return Scale(float(cosines.mean()), max(float(cosines.std()), 1e-6))


def near(cosines: Numbers, scale: Scale) -> Numbers:
    """What the vectors say of each skill, in [0, 1]: 0 is no nearer than unrelated texts are."""
    steps = (cosines - scale.noise) / scale.spread - RELATED
    told: Numbers = np.clip(steps * STEP, 0, 1)  # type: ignore[assignment]  # it keeps the type of its numbers
    return told


def fuse(words: Numbers, vectors: Numbers) -> Numbers:
    """The score of each skill, of what its words and its vectors say, each in [0, 1]; one skill at a time."""
    fused: Numbers = np.minimum(np.maximum(words + VECTORS * vectors, vectors), 1)
    return fused
