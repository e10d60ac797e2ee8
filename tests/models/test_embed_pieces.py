"""Words in pieces: the most likely of all ways to cut a word, found without trying them all."""

from __future__ import annotations

from array import array
from itertools import accumulate, combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.models.embed_pieces import BEGIN, END, UNKNOWN, Segmenter, Vocabulary
from skillgit.spelled import Spelled

PIECES = {"\u2581": -3.0, "\u2581a": -1.5, "a": -2.0, "ab": -2.25, "abba": -3.5, "b": -2.5, "ba": -1.0, "发": -4.0}
ORDER = sorted(PIECES, key=str.encode)
UNKNOWN_SCORE = -14.0  # 10 below the least likely piece


def vocabulary() -> Vocabulary:
    texts = [piece.encode() for piece in ORDER]
    ends = memoryview(array("I", accumulate(map(len, texts))))
    ids = memoryview(array("I", range(3, 3 + len(ORDER))))
    scores = memoryview(array("f", (PIECES[piece] for piece in ORDER)))
    return Vocabulary(Spelled(b"".join(texts), ends), ids, scores, least=min(PIECES.values()))


def score(ids: list[int]) -> float:
    return sum(UNKNOWN_SCORE if rank == UNKNOWN else PIECES[ORDER[rank - 3]] for rank in ids)


def best(word: str) -> float:
    """The score of the best of all ways to cut a word."""
    inner = range(1, len(word))
    cuts = (at for count in range(len(word)) for at in combinations(inner, count))
    ways = ([word[a:b] for a, b in pairwise((0, *at, len(word)))] for at in cuts)
    return max(
        sum(PIECES.get(part, UNKNOWN_SCORE) for part in way)
        for way in ways
        if all(part in PIECES or len(part) == 1 for part in way)
    )


@given(st.text("ab发x", min_size=1, max_size=8))
def test_a_word_is_cut_in_its_most_likely_way(word: str) -> None:
    ids = Segmenter(vocabulary()).ids(word, most=99)
    assert (ids[0], ids[-1]) == (BEGIN, END)
    assert score(ids[1:-1]) == best("\u2581" + word)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ab", (ORDER.index("ab"), True)),
        ("abb", (-1, True)),
        ("abc", (-1, False)),
        ("zz", (-1, False)),
        ("\ud800", (-1, False)),
    ],
)
def test_a_text_is_a_piece_or_the_beginning_of_one_or_neither(text: str, expected: tuple[int, bool]) -> None:
    assert vocabulary().find(text) == expected
