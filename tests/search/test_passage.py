"""Which line of a text answers best."""

from __future__ import annotations

from itertools import combinations

import pytest

from skillgit.search.passage import best_line

WORDS = ("alpha", "bravo", "delta", "hotel", "oscar", "romeo", "tango")
WEIGHTS = (0.1, 0.2, 0.3)  # whose sum depends on the order in which they are added


def test_the_line_with_most_of_the_weight_answers_best() -> None:
    weights = dict(zip(WORDS, WEIGHTS, strict=False))
    assert best_line("alpha bravo\nbravo delta\nalpha", weights) == "bravo delta"


@pytest.mark.parametrize("others", [5, 20, 80])
def test_of_equal_lines_the_first_answers_whatever_else_they_say(others: int) -> None:
    filled = " ".join(f"x{number}" for number in range(others))
    for terms in combinations(WORDS, 3):
        weights = dict(zip(terms, WEIGHTS, strict=True))
        one, other = " ".join(terms), " ".join((filled, *reversed(terms)))
        assert best_line(f"{one}\n{other}", weights) == one
        assert best_line(f"{other}\n{one}", weights) == other
