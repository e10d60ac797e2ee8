"""Matching and merging sequences: the laws of a common subsequence, and git's result on lines that differ."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from skillgit.merge.lines import merge3, pairs
from tests.merge.three import git_merge

texts = st.text("abcd", max_size=25)


@given(texts, texts)
def test_pairs_are_a_common_subsequence(one: str, other: str) -> None:
    found = pairs(one, other)
    assert all(one[i] == other[j] for i, j in found)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(found))


@given(texts, texts)
def test_pairs_leave_nothing_that_could_be_matched_between_them(one: str, other: str) -> None:
    ends = [(-1, -1), *pairs(one, other), (len(one), len(other))]
    for (i, j), (until_i, until_j) in pairwise(ends):
        assert not set(one[i + 1 : until_i]) & set(other[j + 1 : until_j])


@given(texts, texts, texts)
def test_the_chunks_joined_are_the_three_texts(base: str, ours: str, theirs: str) -> None:
    chunks = merge3(base, ours, theirs)
    assert "".join("".join(chunk.base) for chunk in chunks) == base
    assert "".join("".join(chunk.ours) for chunk in chunks) == ours
    assert "".join("".join(chunk.theirs) for chunk in chunks) == theirs


@given(st.permutations(range(12)), st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
def test_edits_of_lines_that_all_differ_merge_as_git_merges_them(
    order: list[int], mine: set[int], their: set[int]
) -> None:
    base = [f"line {number}\n" for number in order]
    ours, theirs = ([f"{line[:-1]} by {who}\n" if n in numbers else line for n, line in enumerate(base)]
                    for who, numbers in (("us", mine), ("them", their)))  # fmt: skip
    clean, by_git = git_merge("".join(base).encode(), "".join(ours).encode(), "".join(theirs).encode())
    merged = [chunk.merged for chunk in merge3(base, ours, theirs)]
    assert clean == (None not in merged)
    if clean:
        assert "".join(line for lines in merged for line in lines or ()) == by_git.decode()


def test_texts_that_have_nothing_in_common_do_not_take_for_ever() -> None:
    start = time.process_time()
    assert pairs(["\n"] * 100_000, ["x\n", "\n"] * 50_000)
    assert pairs([f"{n % 7}" for n in range(20_000)], [f"{n % 11}" for n in range(20_000)]) is not None
    assert time.process_time() - start < 10
