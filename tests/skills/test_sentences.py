"""A SKILL.md one sentence a line: for reading, with not a word changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.skills.sentences import one_a_line

CASES = {
    "two sentences": ("One. Two.\n", "One.\nTwo.\n"),
    "a list item": ("- One. Two!\n", "- One.\n  Two!\n"),
    "a numbered, nested one": ("  12. One? Yes.\n", "  12. One?\n      Yes.\n"),
    "Chinese": ("先测试。再发布。\n", "先测试。\n再发布。\n"),
    "a version and a name": ("Use v1.2 of node.js e.g. here.\n", "Use v1.2 of node.js e.g. here.\n"),
    "code": ("```\nOne. Two.\n```\nOne. Two.", "```\nOne. Two.\n```\nOne.\nTwo."),
    "a quote behind": ('He said "stop." Then go.\n', 'He said "stop." Then go.\n'),
}


@pytest.mark.parametrize(("text", "shown"), CASES.values(), ids=CASES)
def test_each_sentence_has_a_line(text: str, shown: str) -> None:
    assert one_a_line(text) == shown


@given(st.text(alphabet="aB. !?\n-`1。\t"))
def test_nothing_but_white_space_changes(text: str) -> None:
    assert "".join(one_a_line(text).split()) == "".join(text.split())
