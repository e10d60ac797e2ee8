"""Texts in a run of bytes are found where a list of them would have them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from skillgit.spelled import Spelled

TEXTS = st.lists(st.binary(min_size=1, max_size=3), unique=True, max_size=400).map(sorted)


def spelled(texts: list[bytes]) -> Spelled:
    return Spelled(b"".join(texts), memoryview(array("I", accumulate(map(len, texts)))))


@given(TEXTS, st.binary(max_size=4))
def test_a_text_is_found_where_a_list_would_have_it(texts: list[bytes], wanted: bytes) -> None:
    found = spelled(texts)
    assert [found[place] for place in range(len(found))] == texts
    assert found.find(wanted) == bisect_left(texts, wanted)
    assert all(found.find(text) == place for place, text in enumerate(texts))


def test_among_thousands_each_is_found() -> None:
    texts = [b"%05d" % (3 * number) for number in range(1_000)]
    found = spelled(texts)
    assert [found.find(b"%05d" % number) for number in range(3_003)] == [-(-number // 3) for number in range(3_003)][
        :3_000
    ] + [1_000] * 3
