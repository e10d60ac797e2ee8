"""Segments: what went in comes out, merged or not, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.errors import Unreadable
from skillgit.search.segment import Segment, merge, open_segment, pack
from skillgit.search.words import Standing

Terms = dict[str, dict[str, Standing]]

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\n"), min_size=1, max_size=5)
STANDING = st.tuples(st.integers(1, 300), st.integers(1, (1 << 16) - 1))
TERMS = st.dictionaries(WORDS, st.dictionaries(WORDS, STANDING, max_size=6), max_size=6)


def contents(segment: Segment) -> Terms:
    """A segment as each document's terms."""
    found: Terms = {key: {} for key in segment.keys}
    for term, postings in segment:
        for document, parts, count in zip(*postings, strict=True):
            found[segment.keys[document]][term.decode()] = count, parts
    return found


def capped(terms: Terms) -> Terms:
    return {
        key: {term: (min(count, 255), parts) for term, (count, parts) in standing.items()}
        for key, standing in terms.items()
    }


@given(TERMS)
def test_a_packed_segment_gives_back_what_was_packed(documents: Terms) -> None:
    segment = open_segment(pack(documents.items()), "a")
    assert contents(segment) == capped(documents)
    assert list(segment.lengths) == [sum(count for count, _ in terms.values()) for terms in documents.values()]


@given(TERMS, WORDS)
def test_postings_are_the_documents_that_have_the_term(documents: Terms, other: str) -> None:
    segment = open_segment(pack(documents.items()), "a")
    for term in {other, *(term for terms in documents.values() for term in terms)}:
        places, parts, counts = segment.postings(term)
        assert {segment.keys[d]: (c, p) for d, p, c in zip(places, parts, counts, strict=True)} == {
            key: terms[term] for key, terms in capped(documents).items() if term in terms
        }
        assert list(places) == sorted(places)


@given(TERMS, TERMS, st.sets(WORDS))
def test_a_merge_has_each_wanted_document_once(first: Terms, second: Terms, extra: set[str]) -> None:
    wanted = extra | set(list(first)[::2]) | set(list(second)[::2])
    merged = open_segment(merge([open_segment(pack(each.items()), "a") for each in (first, second)], wanted), "ab")
    assert contents(merged) == capped({key: terms for key, terms in (second | first).items() if key in wanted})


def test_the_same_documents_give_the_same_bytes() -> None:
    one = pack([("a", {"x": (1, 1), "y": (2, 3)}), ("b", {"y": (1, 1)})])
    two = pack([("a", {"y": (2, 3), "x": (1, 1)}), ("b", {"y": (1, 1)})])
    assert one == two


@pytest.mark.parametrize("data", [b"", b"\n", b"skillgit words\n", b"skillgit words other 1 1 1 1\n", b"\x80" * 999])
def test_other_bytes_are_no_segment(data: bytes) -> None:
    with pytest.raises(Unreadable):
        open_segment(data, "a")


def test_a_lone_surrogate_can_be_asked_for() -> None:
    assert open_segment(pack([("a", {"x": (1, 1)})]), "a").postings("\udcff")[0].nbytes == 0
