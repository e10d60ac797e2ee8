"""Plain text: who speaks is read from the openings of lines, in the ways people write them."""

from __future__ import annotations

import pytest

from skillgit.errors import Unreadable
from skillgit.transcripts.roles import speaker
from tests.transcripts.reading import diagnostics, only, said

OPENINGS = {
    "User: hi": "user",
    "USER: hi": "user",
    "Human : hi": "user",
    "You said: hi": "user",
    "Me: hi": "user",
    "**User:** hi": "user",
    "**User**: hi": "user",
    "__You__: hi": "user",
    "[User]: hi": "user",
    "> User: hi": "user",
    "### User: hi": "user",
    "用户：hi": "user",
    "ユーザー: hi": "user",
    "Пользователь: hi": "user",
    "Assistant: hi": "assistant",
    "AI: hi": "assistant",
    "ChatGPT said: hi": "assistant",
    "助手：hi": "assistant",
    "Asistente: hi": "assistant",
    "System: hi": "system",
    "Tool: hi": "tool",
}
NO_OPENINGS = (
    "Users: many",
    "User guide: see below",
    "The user: she",
    "AI safety: a primer",
    "Note: user",
    "User",
    "## Users and roles",
    "- User: an item",
    "userland: x",
    "",
)


@pytest.mark.parametrize(("line", "role"), OPENINGS.items(), ids=OPENINGS.keys())
def test_an_opening_names_who_speaks(line: str, role: str) -> None:
    assert speaker(line) == (role, "hi")


@pytest.mark.parametrize("line", NO_OPENINGS)
def test_a_line_that_only_looks_like_an_opening_is_none(line: str) -> None:
    assert speaker(line) is None


def test_a_heading_opens_a_turn() -> None:
    assert said(only("## User\n\nhi\n\n## Assistant\n\nhello\n")) == [("user", "hi"), ("assistant", "hello")]


def test_a_turn_goes_on_until_the_next_opening() -> None:
    text = "User: one\n\ntwo\n  three\r\nAssistant: four\n"
    assert said(only(text)) == [("user", "one\n\ntwo\n  three"), ("assistant", "four")]


def test_nobody_speaks_inside_a_code_block() -> None:
    text = "User: parse this\n```\nUser: root\n```\nplease\nAssistant: done"
    assert said(only(text)) == [("user", "parse this\n```\nUser: root\n```\nplease"), ("assistant", "done")]


def test_a_fence_that_is_never_closed_hides_nobody() -> None:
    assert said(only("User: ```\nAssistant: closed nothing\nUser: right")) == [
        ("user", "```"),
        ("assistant", "closed nothing"),
        ("user", "right"),
    ]


def test_text_before_anybody_speaks_is_noted() -> None:
    text = "Chat of 3 May\n\nUser: hi\nAssistant: hello\n"
    assert said(only(text)) == [("user", "hi"), ("assistant", "hello")]
    assert [code for code, _ in diagnostics(text)] == ["preamble_dropped"]


def test_json_inside_a_text_leaves_it_a_text() -> None:
    text = 'User: what is this?\n{"a": 1}\n{"b": 2}\nAssistant: JSON\n'
    assert said(only(text)) == [("user", 'what is this?\n{"a": 1}\n{"b": 2}'), ("assistant", "JSON")]


def test_a_text_with_one_stray_opening_is_no_transcript() -> None:
    with pytest.raises(Unreadable, match="no transcript"):
        only("# Install\n\nSet these fields:\n\nUser: root\n")


def test_a_text_in_which_nobody_speaks_is_refused_even_when_forced() -> None:
    with pytest.raises(Unreadable, match="no conversation of this format"):
        only("Just an essay.\n", format="plain")
