"""Where a body may be cut, and how what is left out is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.search.cut import pieces, whole

CASES = {
    "items stand alone, with what is indented below": (
        "- a\n  more\n\n  still\n- b\n",
        ["- a\n  more\n\n  still\n", "- b\n"],
    ),
    "a heading goes with what follows it": ("# T\n\n## R\n- a\n- b\n", ["# T\n\n## R\n- a\n", "- b\n"]),
    "a line of prose stands alone": ("One.\nTwo.\n", ["One.\n", "Two.\n"]),
    "a fence is whole": (
        "x\n```sh\n# no heading\n\n- no item\n```\ny\n",
        ["x\n", "```sh\n# no heading\n\n- no item\n```\n", "y\n"],
    ),
    "a fence right below a heading goes with it": ("# T\n```\na\nb\n```\n", ["# T\n```\na\nb\n```\n"]),
    "a fence that is left open is whole": ("x\n~~~\na\nb\n", ["x\n", "~~~\na\nb\n"]),
    "a heading at the end stands alone": ("x\n# T\n", ["x\n", "# T\n"]),
    "nothing has no pieces": ("", []),
}


@pytest.mark.parametrize(("body", "expected"), CASES.values(), ids=CASES.keys())
def test_a_cut_falls_between_what_belongs_together(body: str, expected: list[str]) -> None:
    assert [piece.text for piece in pieces(body)] == expected


def test_what_a_cut_leaves_out_is_told_by_its_headings() -> None:
    body = "# T\nx\n\n## A\n- a\n- b\n\n## B\n- c\n"
    assert whole(body) == '9 of 9 lines: "T", "A", "B"'
    assert [piece.rest for piece in pieces(body)] == [
        '6 of 9 lines: "A", "B"',
        '4 of 9 lines: the rest of "A", "B"',
        '2 of 9 lines: "B"',
        "",
    ]


def test_more_than_three_sections_are_counted_and_long_headings_clipped() -> None:
    body = "x\n" + "".join(f"# {'h' * 99}{number}\ny\n" for number in range(6))
    first = next(pieces(body)).rest
    assert first.endswith(f'"{"h" * 59}…" and 3 more sections')
    assert len(first) < 250


def test_a_body_without_headings_is_told_by_its_lines() -> None:
    assert [piece.rest for piece in pieces("- a\n- b\n- c\n")] == ["2 of 3 lines", "1 of 3 lines", ""]


def test_a_heading_of_no_words_ends_a_section_and_is_not_named() -> None:
    body = "# A\nx\n# \ny\n"
    assert whole(body) == '4 of 4 lines: "A"'
    assert [piece.rest for piece in pieces(body)] == ["2 of 4 lines", "1 of 4 lines", ""]


@given(st.text(st.sampled_from("#- `~ab\n\t.1")))
def test_the_pieces_joined_are_the_body(body: str) -> None:
    found = list(pieces(body))
    assert "".join(piece.text for piece in found) == "".join(f"{line.rstrip()}\n" for line in body.splitlines())
    assert [piece.rest == "" for piece in found] == [False] * (len(found) - 1) + [True] * bool(found)
