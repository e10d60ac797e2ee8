"""What a new rule is to an old one; not sure is "other", since two rules side by side lose nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.learn.relate import Relation, relation, telling

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
    "forbidden for some": ("Use tables.", "Do not use tables for numbers.", "other"),
    "asked for elsewhere, forbidden here": (
        "Use tabs for indentation in Makefiles",
        "Never use spaces for indentation in Python",
        "other",
    ),
    "one forbidden, its rival asked for": (
        "Use tabs for indentation in unit tests",
        "Don't use spaces for indentation in unit tests",
        "other",
    ),
    "another thing of the same text forbidden": (
        "Mention the release date in release notes",
        "Never mention internal ticket names in release notes",
        "other",
    ),
    "too many forbidden": ("Always use bullet points", "Don't use more than ten bullet points", "other"),
    "tools": ("Use pytest", "Don't use mocks", "other"),
    "a wider prohibition": ("Never mention internal ticket names", "Never mention internal names", "other"),
    "a narrower prohibition": ("Never mention names", "Never mention internal ticket names", "other"),
    "a prohibition and more": ("不要使用破折号", "不要使用破折号，默认使用latex格式", "refines"),
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


WORDS = st.lists(
    st.sampled_from(["use", "no", "never", "tables", "figures", "200", "150", "引用", "来源"]), max_size=5
).map(" ".join)


@given(WORDS, WORDS)
def test_the_words_of_a_rule_are_among_those_of_one_it_is_the_same_as(old: str, new: str) -> None:
    assert relation(old, new) != "same" or telling(new) <= telling(old)
