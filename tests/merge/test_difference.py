"""Two texts beside each other: every line once, reworded ones together, moved ones known, the rest folded away."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.merge.difference import Row, difference, folded
from skillgit.merge.wording import Segment

LINES = ["", "---", "- Use tables", "- Use no tables", "- Cite every source", "- 引用所有来源", "## Rules", "x\r"]
texts = st.builds(
    lambda lines, end: "\n".join(lines) + end,
    st.lists(st.sampled_from(LINES), max_size=12),
    st.sampled_from(["", "\n"]),
)


def plain(segments: tuple[Segment, ...]) -> str:
    return "".join(segment.text for segment in segments)


def sketch(rows: tuple[Row, ...]) -> str:
    """A sign for each row: `=` the same, `-` removed, `+` added, `~` changed, `<` moved away, `>` moved here."""
    signs = {"same": "=", "removed": "-", "added": "+", "changed": "~"}
    moves = {"removed": "<", "added": ">"}
    return "".join((moves if row.moved else signs)[row.kind] for row in rows)


def text(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


@given(texts, texts)
def test_the_rows_are_both_texts_line_by_line(before: str, after: str) -> None:
    rows = difference(before, after)
    ended = all(each.endswith("\n") or not each for each in (before, after))
    for told, side in ((before, "before"), (after, "after")):
        own = [row for row in rows if getattr(row, side) is not None]
        assert [getattr(row, side) for row in own] == list(range(1, len(own) + 1))
        lines = [plain(row.old if side == "before" else row.new) for row in own]
        assert "".join(f"{line}\n" for line in lines) == told if ended else "\n".join(lines) == told


@given(texts, texts)
def test_a_moved_line_says_where_it_is_in_the_other_text(before: str, after: str) -> None:
    rows = difference(before, after)
    gone = {(row.before, row.moved) for row in rows if row.kind == "removed" and row.moved}
    come = {(row.moved, row.after) for row in rows if row.kind == "added" and row.moved}
    assert gone == come


@given(texts)
def test_a_text_does_not_differ_from_itself(told: str) -> None:
    assert {row.kind for row in difference(told, told)} <= {"same"}


@given(texts, texts, st.integers(0, 3))
def test_folding_loses_no_row_and_hides_no_change(before: str, after: str, around: int) -> None:
    rows = difference(before, after)
    stretches = folded(rows, around=around)
    assert tuple(row for stretch in stretches for row in stretch.rows) == rows
    assert all(row.kind == "same" for stretch in stretches if stretch.is_folded for row in stretch.rows)
    assert all(one.is_folded != other.is_folded for one, other in pairwise(stretches))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (text("a", "b"), text("a", "b"), "=="),
        ("", text("a"), "+"),
        (text("a"), "", "-"),
        ("", "", ""),
        ("a", "a\n", "=+"),
        (text("- Use tables always", "z"), text("- Never use tables", "z"), "~="),
        (text("- Use tables always"), text("- Count the syllables"), "-+"),
        (text("a", "- Write short lines", "b", "c"), text("a", "b", "c", "  - Write short lines"), "=<==>"),
        (text("---", "x", "y"), text("x", "y", "---"), "-==+"),
        (
            text("- Cite a source", "- Use many tables", "- Write it short"),
            text("- Cite every source", "- Be kind", "- Write it very short"),
            "~-+~",
        ),
        (text("windows\r"), text("windows"), "~"),
    ],
)
def test_a_line_stands_beside_what_became_of_it(before: str, after: str, expected: str) -> None:
    assert sketch(difference(before, after)) == expected


@pytest.mark.parametrize(
    ("at", "expected"), [(8, [(13, False), (9, True)]), (10, [(15, False), (7, True)]), (11, [(5, False), (4, True)])]
)
def test_what_is_far_from_a_change_is_folded_where_it_is_some(at: int, expected: list[tuple[int, bool]]) -> None:
    lines = [f"line {number}" for number in range(20)]
    after = [*lines[:1], "new", *lines[1:at], "more", *lines[at:]]
    found = folded(difference(text(*lines), text(*after)))
    assert [(len(each.rows), each.is_folded) for each in found][:2] == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (text(*(f"- rule {n} of the old kind" for n in range(20_000))), text(*(f"{n} is new" for n in range(20_000)))),
        ("one two " * 50_000, "two one " * 50_000),
        (text(*(f"{n} a b c d e f" for n in range(5_000))), text(*(f"{n} g a h b i c d" for n in range(5_000)))),
        (text(*(f"keep {n // 2}" if n % 2 else f"- drop it {n}" for n in range(20_000))), text("keep 7")),
    ],
    ids=["all lines", "one line", "every line reworded", "many gaps"],
)
def test_texts_of_any_size_are_compared_in_a_moment(before: str, after: str) -> None:
    start = time.process_time()
    difference(before, after)
    assert time.process_time() - start < 8
