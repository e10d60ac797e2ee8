"""Places in a plane: what is alike stands near, nothing stands on another, and nothing is random."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from skillgit.search.spring import places

Linked = tuple[list[float], list[tuple[int, int, float]]]


@st.composite
def linked(draw: st.DrawFn) -> Linked:
    radii = draw(st.lists(st.floats(3, 30), min_size=1, max_size=25))
    one_of_them = st.integers(0, len(radii) - 1)
    pairs = draw(st.sets(st.tuples(one_of_them, one_of_them).filter(lambda pair: pair[0] < pair[1]), max_size=40))
    return radii, [(one, other, draw(st.floats(0.01, 1))) for one, other in sorted(pairs)]


def apart(where: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.sqrt(((where[:, None] - where[None, :]) ** 2).sum(axis=2))
    return found


@settings(max_examples=40, deadline=None)
@given(linked())
def test_nothing_stands_on_another_and_all_are_around_the_middle(given: Linked) -> None:
    radii, links = given
    where = places(radii, links)
    touching = np.add.outer(radii, radii)
    np.fill_diagonal(touching, 0)
    assert (apart(where) >= touching - 1e-6).all()
    assert np.allclose(where.max(axis=0), -where.min(axis=0))
    assert np.isfinite(where).all()


@settings(max_examples=10, deadline=None)
@given(linked())
def test_the_same_things_have_the_same_places(given: Linked) -> None:
    assert np.array_equal(places(*given), places(*given))


def test_two_groups_stand_apart() -> None:
    groups = [range(6), range(6, 12)]
    links = [(one, other, 1.0) for group in groups for one in group for other in group if one < other]
    far = apart(places([5.0] * 12, links))
    inside = np.array([[one // 6 == other // 6 for one in range(12)] for other in range(12)])
    assert far[inside].max() < far[~inside].mean()


def test_nothing_has_no_place() -> None:
    assert places([], []).shape == (0, 2)


def test_what_nothing_links_stays_near_enough_to_be_seen() -> None:
    assert np.abs(places([6.0] * 300, [])).max() < 6 * 300
