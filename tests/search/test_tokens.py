"""The rule for tokens, which is documented and adds up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.search.tokens import parts, tokens

CASES = {"": 0, "a": 1, "abcd": 1, "abcde": 2, "中": 1, "中文": 2, "да": 2, "дом": 2, "a中": 2, "🙂": 2}


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_a_token_is_four_ascii_characters_or_three_other_bytes(text: str, expected: int) -> None:
    assert tokens(text) == expected


@given(st.text(st.characters()), st.text())
def test_the_tokens_of_texts_add_up(one: str, other: str) -> None:
    assert parts(one + other) == parts(one) + parts(other)
    assert tokens(one + other) <= tokens(one) + tokens(other)
