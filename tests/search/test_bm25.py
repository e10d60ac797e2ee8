"""Scores mean something: from nothing in common to all that was asked for."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skillgit.search.bm25 import add, idf, norms, weights
from skillgit.search.words import Query


def test_rarer_words_weigh_more_and_every_word_weighs_something() -> None:
    row = [idf(frequency, 100) for frequency in range(1, 101)]
    assert row == sorted(row, reverse=True)
    assert row[-1] > 0


def test_weights_of_known_words_add_up_to_one() -> None:
    found = weights(Query(("a", "b"), ("ab",)), {"a": 1, "b": 5, "ab": 1}, 10)
    assert abs(sum(found.values()) - 1) < 1e-9


def test_an_unknown_word_lowers_the_score_and_an_unknown_whole_does_not() -> None:
    known = weights(Query(("a",), ()), {"a": 1}, 10)
    assert weights(Query(("a",), ("ab",)), {"a": 1}, 10) == known
    assert weights(Query(("a", "zzz"), ()), {"a": 1}, 10)["a"] < known["a"]


def test_nothing_known_weighs_nothing() -> None:
    assert weights(Query((), ()), {}, 0) == {}
    assert weights(Query(("a",), ("b",)), {"a": 0}, 3) == {}


@given(
    counts=st.lists(st.integers(1, 255), min_size=1, max_size=5),
    lengths=st.lists(st.integers(1, 10_000), min_size=1, max_size=5),
)
def test_no_score_reaches_past_one(counts: list[int], lengths: list[int]) -> None:
    names = tuple(f"t{i}" for i in range(len(counts)))
    frequencies = dict.fromkeys(names, len(lengths))
    scores = np.zeros(len(lengths), dtype=np.float32)
    scale = norms(np.array(lengths, dtype=np.uint32), sum(lengths) / len(lengths))
    for name, count in zip(names, counts, strict=True):
        weight = weights(Query(names, ()), frequencies, len(lengths))[name]
        everywhere = np.arange(len(lengths), dtype=np.uint32)
        add(scores, everywhere, np.full(len(lengths), count, dtype=np.uint8), weight=weight, norms=scale)
    assert scores.dtype == np.float32
    assert ((scores > 0) & (scores <= 1)).all()
