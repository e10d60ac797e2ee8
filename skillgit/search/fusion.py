"""One score of two: what the words say and what the vectors say, on the scale of the words."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Numbers = TypeVar("Numbers", bound=NDArray[Any])

_NOISE, _SAME = 0.3, 0.9


def fuse(words: Numbers, vectors: Numbers) -> Numbers:
    """The score of each skill, in [0, 1]; it looks at one skill at a time.

    words: calibrated scores of BM25, 0 where there is no word in common; vectors: cosines, 0 where there is no vector.
    """
    near = np.clip((vectors - _NOISE) / (_SAME - _NOISE), 0, 1)
    fused: Numbers = np.maximum(words, (words + near) / 2)
    return fused
