"""What a new rule is to an old one; not sure is "other", since two rules side by side lose nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.learn.relate import Relation, relation

TABLE: dict[str, tuple[str, str, Relation]] = {
    "word for word": ("Cite a source for every figure.", "Cite a source for every figure.", "same"),
    "other case and full stop": ("Cite a source for every figure.", "cite a source for every figure", "same"),
    "other filler": ("Always cite sources.", "Please cite the sources.", "same"),
    "emphasis": ("**Cite** sources.", "Cite sources", "same"),
    "the old one says a little more": ("Cite sources and figures in footnotes.", "Cite sources in footnotes.", "same"),
    "the new one says more": ("Cite sources.", "Cite sources in footnotes.", "refines"),
    "another number": ("Keep summaries under 200 words.", "Keep summaries under 150 words.", "refines"),
    "another number in Chinese": ("摘要不超过200字", "摘要不超过150字", "refines"),
    "asked for, then forbidden": ("Use tables.", "Do not use tables.", "reverses"),
    "forbidden, then asked for": ("Never use emoji in headings.", "Use emoji in headings.", "reverses"),
    "forbidden in Chinese": ("使用表格展示数据", "不要使用表格展示数据", "reverses"),
    "forbidden and refined": ("Use tables.", "Do not use tables for numbers.", "reverses"),
    "the same in Chinese": ("引用数据来源。", "请引用数据的来源", "same"),
    "more in Chinese": ("引用数据来源", "引用数据来源并注明日期", "refines"),
    "another matter": ("Cite sources.", "Write in the past tense.", "other"),
    "another matter in Chinese": ("引用数据来源", "用英文写标题", "other"),
    "one word in common": ("Use tables for numbers.", "Use footnotes.", "other"),
    "two languages": ("Cite sources.", "引用来源", "other"),
    "so much more that it is another rule": (
        "Cite.",
        "Cite each law by its number, year and official gazette.",
        "other",
    ),
    "no words at all": ("???", "!!!", "other"),
    "no words, and equal": ("...", "...", "same"),
}


@pytest.mark.parametrize(("old", "new", "expected"), TABLE.values(), ids=TABLE.keys())
def test_a_rule_is_related_to_another_by_words_and_polarity(old: str, new: str, expected: Relation) -> None:
    assert relation(old, new) == expected


@given(st.text())
def test_every_rule_is_the_same_as_itself(text: str) -> None:
    assert relation(text, text) == "same"
