"""One score of two: the same meaning whichever leg gives it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.models.embed_offline import offline
from skillgit.search import background
from skillgit.search.fusion import RELATED, STEP, Scale, fuse, near, scale

SHARES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20)


@given(pairs=SHARES)
def test_a_score_lies_between_0_and_1_and_grows_with_either_leg(pairs: list[tuple[float, float]]) -> None:
    words, vectors = np.array(pairs).T
    score = fuse(words, vectors)
    assert ((score >= 0) & (score <= 1)).all()
    assert (fuse(np.minimum(words + 0.1, 1), vectors) >= score).all()
    assert (fuse(words, np.minimum(vectors + 0.1, 1)) >= score).all()


@given(pairs=SHARES)
def test_a_skill_is_scored_by_itself(pairs: list[tuple[float, float]]) -> None:
    words, vectors = np.array(pairs).T
    alone = [fuse(words[[place]], vectors[[place]])[0] for place in range(len(pairs))]
    assert fuse(words, vectors).tolist() == alone


def test_a_skill_of_one_leg_has_about_that_legs_score() -> None:
    told = np.array([0.0, 0.2, 0.5, 0.9])
    nothing = np.zeros(4)
    assert fuse(nothing, told).tolist() == told.tolist()
    assert np.abs(fuse(told, nothing) - told).max() < 0.05


@pytest.mark.parametrize(("noise", "spread"), [(0.1, 0.09), (0.8, 0.02), (0.0, 0.2)])
def test_a_cosine_is_measured_by_what_unrelated_texts_have(noise: float, spread: float) -> None:
    of = Scale(noise, spread)
    steps = np.array([-3, 0, RELATED, RELATED + 1, RELATED + 2, 1000])
    assert near(noise + steps * spread, of).round(6).tolist() == [0, 0, 0, STEP, 2 * STEP, 1]


def test_the_scale_is_the_mean_and_deviation_of_the_cosines_of_pairs() -> None:
    corner = np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32)
    found = scale(corner)
    assert (found.noise, found.spread) == pytest.approx((1 / 3, 2**0.5 / 3))
    assert scale(corner[[0, 0, 0]]).spread > 0


def test_unrelated_texts_are_distinct_and_many_and_far_apart_in_the_offline_model() -> None:
    assert len(set(background.TEXTS)) == len(background.TEXTS) >= 64
    found = scale(offline().embed(background.TEXTS))
    assert found.noise < 0.2
    assert found.spread < 0.15
