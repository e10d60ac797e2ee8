"""A hit says what its file says, and which words of the query it has."""

from __future__ import annotations

import pytest

from skillgit.search.hit import Hit, Shared, hit, shared
from skillgit.search.index import Match


def test_a_hit_has_what_the_file_says() -> None:
    data = b'---\nname: s\ndescription: What and when.\nmetadata:\n  version: "0.1.1"\n  tags: "a, b"\n---\n# Title\n'
    found = hit(Match("Users/ada/s", 0.5, 0.4, 0.6, {"titl": 1.0}), data)
    assert found == Hit("Users/ada/s", "s", "0.1.1", "What and when.", ("a", "b"), "# Title\n", 0.5, 0.4, 0.6)
    assert found.line == "# Title"


def test_a_hit_of_an_invalid_file_is_all_body() -> None:
    assert hit(Match("Users/ada/s", 0.5, 0.5), b"no frontmatter\xff") == Hit(
        "Users/ada/s", "s", "", "", (), "no frontmatter\ufffd", 0.5, 0.5
    )


SKILL = Hit(
    "Users/ada/release-notes",
    "Release notes",
    "0.1.0",
    "How to review and write release notes.",
    ("changelog",),
    "- Use the HttpClient of snake_case names.\n- 写政府报告时不要使用表格。\n",
    0.5,
    0.5,
)

CASES = {
    "as typed, whatever the form": ("Reviewing RELEASES, quickly!", Shared(("Reviewing", "RELEASES"), ("quickly",))),
    "function words are neither": ("how to do the notes", Shared(("notes",), ())),
    "a tag, and each word once": ("changelog changelog cake cake", Shared(("changelog",), ("cake",))),
    "a compound by its parts": ("http-server", Shared(("http",), ("server",))),
    "the directory": ("release-notes", Shared(("releas", "note"), ())),
    "what has no spaces by its index terms": ("政府报告分析", Shared(("政府", "府报", "报告"), ("告分", "分析"))),
    "nothing": ("", Shared((), ())),
}


@pytest.mark.parametrize(("query", "expected"), CASES.values(), ids=CASES.keys())
def test_the_words_that_a_skill_has_and_has_not(query: str, expected: Shared) -> None:
    assert shared(query, SKILL) == expected
