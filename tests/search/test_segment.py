"""Segments: what went in comes out, merged or not, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.errors import Unreadable
from skillgit.search.segment import Segment, merge, open_segment, pack

Counts = dict[str, dict[str, int]]

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\n"), min_size=1, max_size=5)
COUNTS = st.dictionaries(WORDS, st.dictionaries(WORDS, st.integers(1, 300), max_size=6), max_size=6)


def contents(segment: Segment) -> Counts:
    """A segment as each document's counts."""
    found: Counts = {key: {} for key in segment.keys}
    for term, documents, counts in segment:
        for document, count in zip(documents, counts, strict=True):
            found[segment.keys[document]][term.decode()] = count
    return found


def capped(counts: Counts) -> Counts:
    return {key: {term: min(count, 255) for term, count in terms.items()} for key, terms in counts.items()}


@given(COUNTS)
def test_a_packed_segment_gives_back_what_was_packed(counts: Counts) -> None:
    segment = open_segment(pack(counts.items()), "a")
    assert contents(segment) == capped(counts)
    assert list(segment.lengths) == [sum(terms.values()) for terms in counts.values()]


@given(COUNTS, WORDS)
def test_postings_are_the_documents_that_have_the_term(counts: Counts, other: str) -> None:
    segment = open_segment(pack(counts.items()), "a")
    for term in {other, *(term for terms in counts.values() for term in terms)}:
        documents, found = segment.postings(term)
        assert {segment.keys[d]: c for d, c in zip(documents, found, strict=True)} == {
            key: terms[term] for key, terms in capped(counts).items() if term in terms
        }
        assert list(documents) == sorted(documents)


@given(COUNTS, COUNTS, st.sets(WORDS))
def test_a_merge_has_each_wanted_document_once(first: Counts, second: Counts, extra: set[str]) -> None:
    wanted = extra | set(list(first)[::2]) | set(list(second)[::2])
    merged = open_segment(merge([open_segment(pack(counts.items()), "a") for counts in (first, second)], wanted), "ab")
    assert contents(merged) == capped({key: terms for key, terms in (second | first).items() if key in wanted})


def test_the_same_documents_give_the_same_bytes() -> None:
    counts = {"a": {"x": 1, "y": 2}, "b": {"y": 1}}
    one, two = pack(counts.items()), pack([("a", {"y": 2, "x": 1}), ("b", {"y": 1})])
    assert one == two


@pytest.mark.parametrize("data", [b"", b"\n", b"skillgit words\n", b"skillgit words other 1 1 1 1\n", b"\x80" * 999])
def test_other_bytes_are_no_segment(data: bytes) -> None:
    with pytest.raises(Unreadable):
        open_segment(data, "a")


def test_a_lone_surrogate_can_be_asked_for() -> None:
    assert open_segment(pack([("a", {"x": 1})]), "a").postings("\udcff")[0].nbytes == 0
