"""What the answers of a trial amount to: shares and means, with their intervals of 95 %.

Pure: the same numbers give the same intervals.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_Z: Final = 1.959964
_DRAWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share or a mean, of `n` observations, and the bounds of its interval; all None where there were none."""

    value: float | None
    low: float | None
    high: float | None
    n: int


NOTHING: Final = Estimate(None, None, None, 0)


def share(hits: int, of: int) -> Estimate:
    """The share of hits. Source: Wilson, JASA 1927; it holds for few observations, and at 0 and 1."""
    if of == 0:
        return NOTHING
    at = hits / of
    middle = (at + _Z**2 / (2 * of)) / (1 + _Z**2 / of)
    half = _Z / (1 + _Z**2 / of) * math.sqrt(at * (1 - at) / of + _Z**2 / (4 * of**2))
    return Estimate(round(at, 4), round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4), of)


def mean(values: Sequence[float], *, seed: int = 0) -> Estimate:
    """The mean. Its interval is that of the means of 2,000 samples drawn from the values (percentile bootstrap)."""
    if not values:
        return NOTHING
    drawn = random.Random(seed)
    n = len(values)
    means = sorted(sum(drawn.choices(values, k=n)) / n for _ in range(_DRAWS))
    low, high = means[int(0.025 * _DRAWS)], means[int(0.975 * _DRAWS) - 1]
    return Estimate(round(sum(values) / n, 4), round(low, 4), round(high, 4), n)
