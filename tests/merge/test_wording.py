"""Two wordings of a line: marked by words, by characters where a script has no spaces, and never by chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.merge.wording import Segment, compare, likeness, said, words

texts = st.text(st.sampled_from("ab -.不要使用表が\u0301\u200d👩🏽💻हिन्दी"), max_size=25) | st.text(max_size=25)


def told(segments: tuple[Segment, ...]) -> str:
    signs = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    return "".join(segment.text.join(signs[segment.mark]) for segment in segments)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("- Use two pages.", "- Use three pages.", "- Use [-two-]{+three+} pages."),
        ("Use tables.", "Use no tables.", "Use {+no +}tables."),
        ("Never use them at all.", "Never use them.", "Never use them[- at all-]."),
        ('version: "0.1.0"', 'version: "0.2.1"', 'version: "0.[-1.0-]{+2.1+}"'),
        ("one two three", "five six seven", "[-one two three-]{+five six seven+}"),
        ("引用来源，不要使用表格。", "引用来源，可以使用图表。", "引用来源，[-不要-]{+可以+}使用[-表格-]{+图表+}。"),
        ("表は使わない", "表は必ず使う", "表は[-使わない-]{+必ず使う+}"),
        ("ใช้ตาราง", "ใช้รูป", "ใช้[-ตาราง-]{+รูป+}"),
        ("हिन्दी में लिखो", "हिन्दी में पढ़ो", "हिन्दी में [-लिखो-]{+पढ़ो+}"),
        ("Привет всем людям", "Привет этим людям", "Привет [-всем-]{+этим+} людям"),
        ("by 👩🏽‍💻 now", "by 👨🏽‍💻 now", "by [-👩🏽‍💻-]{+👨🏽‍💻+} now"),
        ("cafe\u0301s are open", "cafes are open", "[-cafe\u0301s-]{+cafes+} are open"),
        ("  indented", "\tindented", "[-  -]{+\t+}indented"),
        ("alike", "alike", "alike"),
        ("", "all new", "{+all new+}"),
        ("all gone", "", "[-all gone-]"),
        ("", "", ""),
    ],
)
def test_only_what_changed_is_marked(before: str, after: str, expected: str) -> None:
    assert told(compare(before, after)) == expected


@given(texts, texts)
def test_the_segments_are_both_wordings(before: str, after: str) -> None:
    segments = compare(before, after)
    assert "".join(segment.text for segment in segments if segment.mark != "added") == before
    assert "".join(segment.text for segment in segments if segment.mark != "removed") == after
    assert all(segment.text for segment in segments)


@given(texts)
def test_words_joined_are_the_text(text: str) -> None:
    assert "".join(words(text)) == text


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("Use tables", "use Tables", 1.0),
        ("Use tables", "No figures", 0.0),
        ("不要表格", "可以表格", 0.5),
        ("", "", 0.0),
    ],
)
def test_likeness_is_the_share_of_words_in_common(one: str, other: str, share: float) -> None:
    assert likeness(said(one), said(other)) == share
