"""Shares, means and their intervals."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.trial.measure import NOTHING, Estimate, mean, share


@pytest.mark.parametrize(
    ("hits", "of", "expected"),
    [
        (0, 0, NOTHING),
        (5, 10, Estimate(0.5, 0.2366, 0.7634, 10)),
        (0, 10, Estimate(0.0, 0.0, 0.2775, 10)),
        (10, 10, Estimate(1.0, 0.7225, 1.0, 10)),
        (80, 100, Estimate(0.8, 0.7112, 0.8666, 100)),
    ],
)
def test_a_share_has_the_interval_of_wilson(hits: int, of: int, expected: Estimate) -> None:
    assert share(hits, of) == expected


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_a_mean_lies_in_its_interval_which_lies_among_the_values(values: list[float]) -> None:
    found = mean(values)
    assert found.value is not None and found.low is not None and found.high is not None
    assert min(values) - 1e-4 <= found.low <= found.high <= max(values) + 1e-4
    assert found == mean(values)


def test_an_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    drawn = random.Random(7)
    held = [share(sum(drawn.random() < 0.3 for _ in range(40)), 40) for _ in range(400)]
    inside = sum((each.low or 0) <= 0.3 <= (each.high or 0) for each in held) / 400
    assert 0.91 <= inside <= 0.99


def test_nothing_has_no_mean() -> None:
    assert mean([]) == NOTHING
