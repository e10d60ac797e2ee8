"""Which lines of an answer are nobody's."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.merge.hunk import Conflict
from skillgit.merge.support import unsupported, words

FIGURES = Conflict(
    "",
    "- Cite sources.\n",
    "- Cite a source for every figure.\n- Keep it short.\n",
    "- Cite sources with page numbers.\n",
)
TABLES = Conflict("", "- Use tables.\n", "- Do not use tables.\n- Cite a source.\n", "- Use tables and figures.\n")
QUOTES = Conflict("", "- 引用来源。\n", "- 每个数字引用来源。\n", "- 引用来源和页码。\n")

LINES = {
    "a line of ours": (FIGURES, "- Keep it short.", True),
    "a line of theirs, indented": (FIGURES, "  - Cite sources with page numbers.", True),
    "a line of base": (FIGURES, "- Cite sources.", True),
    "nothing": (FIGURES, "", True),
    "a join of both": (FIGURES, "- Cite a source with page numbers for every figure.", True),
    "a join of two lines of one side": (FIGURES, "- Keep every figure short.", False),
    "a word of nobody": (FIGURES, "- Keep it secret.", False),
    "a denial that one side has": (TABLES, "- Do not use tables and figures.", True),
    "the same without it": (TABLES, "- Use tables and figures.", True),
    "a denial of another line": (TABLES, "- Do not cite a source.", False),
    "a rule turned round": (TABLES, "- Never use tables.", False),
    "a join in Chinese": (QUOTES, "- 每个数字引用来源和页码。", True),
    "a denial in Chinese": (QUOTES, "- 不引用来源。", False),
}


@pytest.mark.parametrize(("conflict", "line", "supported"), LINES.values(), ids=LINES.keys())
def test_a_line_is_somebodys_or_a_join_of_both(conflict: Conflict, line: str, supported: bool) -> None:
    assert unsupported(conflict, f"{line}\n") == ([] if supported else [line.strip()])


def test_words_are_folded_and_chinese_has_one_a_character() -> None:
    assert words("Don’t use HTTP/2 表格_2.") == {"don't", "use", "http", "2", "表", "格"}


_lines = st.lists(st.text(st.sampled_from("abc not 不用。"), max_size=12), max_size=4).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


@given(_lines, _lines, _lines)
def test_the_lines_of_every_version_are_supported(base: str, ours: str, theirs: str) -> None:
    assert unsupported(Conflict("", base, ours, theirs), ours + theirs + base) == []


def test_a_long_conflict_is_looked_through_in_a_moment() -> None:
    sides = ["".join(f"- {side}{n} and {side}{n + 1} of all.\n" for n in range(200)) for side in "ab"]
    answer = "".join(f"- a{n} and b{n + 3} of all that.\n" for n in range(200))
    started = time.process_time()
    assert len(unsupported(Conflict("", "", *sides), answer)) == 200
    assert time.process_time() - started < 2
