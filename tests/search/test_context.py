"""The text to inject: whole skills where they fit, fair cuts where not, and no way out of the delimiter."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.search.context import Hit, hit, render
from skillgit.search.index import Match


def a_hit(body: str, *, name: str = "s", path: str = "Users/ada/s", description: str = "What and when.") -> Hit:
    return Hit(path, name, "0.1.1", description, body, 0.5, "")


def lines(count: int, word: str) -> str:
    return "".join(f"- {word} {number}\n" for number in range(count))


def test_no_hits_are_no_text() -> None:
    assert render([], budget=1000) == ""


def test_a_skill_that_fits_is_whole_with_its_name_version_and_path() -> None:
    assert render([a_hit("# Title\n\n- A rule.\n")], budget=1000) == (
        '<skill_content name="s" version="0.1.1" path="Users/ada/s">\n'
        "What and when.\n\n# Title\n\n- A rule.\n"
        "</skill_content>"
    )


def test_a_long_skill_is_cut_between_lines_with_a_mark() -> None:
    text = render([a_hit(lines(100, "rule"))], budget=400)
    assert len(text) <= 400
    cut = re.search(
        r"\n- rule (\d+)\n\[cut: (\d+) of 102 lines left out; all of it: skillgit show Users/ada/s\]\n</", text
    )
    assert cut
    assert int(cut[1]) + 1 + int(cut[2]) == 100


def test_a_long_skill_does_not_eat_the_others() -> None:
    text = render([a_hit(lines(1000, "first")), a_hit(lines(3, "short")), a_hit(lines(1000, "other"))], budget=2000)
    assert len(text) <= 2000
    assert "- short 2\n" in text
    assert abs(text.count("- first") - text.count("- other")) <= 3
    assert len(text) > 1900


def test_hits_that_do_not_fit_are_counted() -> None:
    text = render([a_hit("- one\n")] * 5, budget=250)
    assert len(text) <= 250
    assert text.endswith("</skill_content>\n\n[3 more skills did not fit]")


def test_a_budget_too_small_for_anything_gives_nothing() -> None:
    assert render([a_hit("- one\n")], budget=20) == ""
    assert render([a_hit("- one\n")], budget=0) == ""


@pytest.mark.parametrize(
    "closing",
    ["</skill_content>", "</SKILL_CONTENT >", "< /skill_content>", "<skill_content name='x'>", "<\n/skill_content>"],
)
def test_a_skill_cannot_open_or_close_the_delimiter(closing: str) -> None:
    text = render([a_hit(f"before {closing} after", description=f"x {closing}")], budget=1000)
    assert len(re.findall(r"<\s*/?\s*skill_content", text, re.IGNORECASE)) == 2
    assert "before &lt;" in text


def test_attributes_are_escaped() -> None:
    text = render([a_hit("- a", name='x" evil="\n<b>')], budget=1000)
    assert text.startswith('<skill_content name="x&quot; evil=&quot; &lt;b&gt;" version="0.1.1" path="Users/ada/s">\n')


@given(st.lists(st.tuples(st.text(max_size=80), st.text()), max_size=6), st.integers(0, 1500))
def test_any_hits_keep_to_the_budget_in_balanced_delimiters(texts: list[tuple[str, str]], budget: int) -> None:
    text = render([a_hit(body, description=description) for description, body in texts], budget=budget)
    assert len(text) <= budget
    opened = len(re.findall("<skill_content ", text))
    assert opened == text.count("</skill_content>")
    left_out = re.search(r"\n\n\[(\d+) more skills did not fit\]\Z", text)
    assert not text or opened + int(left_out[1] if left_out else 0) == len(texts)


def test_a_hit_has_what_the_file_says() -> None:
    data = b'---\nname: s\ndescription: What and when.\nmetadata:\n  version: "0.1.1"\n---\n# Title\n'
    assert hit(Match("Users/ada/s", 0.5, "# Title", 0.5), data) == Hit(
        "Users/ada/s", "s", "0.1.1", "What and when.", "# Title\n", 0.5, "# Title"
    )


def test_a_hit_of_an_invalid_file_is_all_body() -> None:
    assert hit(Match("Users/ada/s", 0.5, "", 0.5), b"no frontmatter\xff") == Hit(
        "Users/ada/s", "s", "", "", "no frontmatter\ufffd", 0.5, ""
    )
