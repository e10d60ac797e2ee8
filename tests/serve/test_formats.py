"""Where skills go in each format, and what a request says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from skillgit.serve import formats, splice
from skillgit.serve.formats import CHAT, MESSAGES, RESPONSES, Format

SAID = {"role": "user", "content": "hello"}
PART = {"type": "text", "text": "A."}


def with_skills(wire: Format, body: dict[str, Any]) -> dict[str, Any] | None:
    """The body with "S" in its system prompt; None where there is no place."""
    text = json.dumps(body)
    edit = wire.place(text, {each.key: each for each in splice.members(text)}, "S")
    return dict(json.loads(splice.spliced(text, [edit]))) if edit else None


def system(content: object, role: str = "system") -> dict[str, Any]:
    return {"role": role, "content": content}


CASES: dict[str, tuple[Format, dict[str, Any], dict[str, Any] | None]] = {
    "chat-none": (CHAT, {"messages": [SAID]}, {"messages": [system("S"), SAID]}),
    "chat-text": (CHAT, {"messages": [system("A."), SAID]}, {"messages": [system("A.\n\nS"), SAID]}),
    "chat-blank": (CHAT, {"messages": [system(""), SAID]}, {"messages": [system("S"), SAID]}),
    "chat-parts": (
        CHAT,
        {"messages": [system([PART]), SAID]},
        {"messages": [system([PART, {"type": "text", "text": "S"}]), SAID]},
    ),
    "chat-no-parts": (CHAT, {"messages": [system([])]}, {"messages": [system([{"type": "text", "text": "S"}])]}),
    "chat-last-of-two": (
        CHAT,
        {"messages": [system("A."), system("B.", "developer"), SAID]},
        {"messages": [system("A."), system("B.\n\nS", "developer"), SAID]},
    ),
    "chat-a-later-one-is-not-the-prompt": (
        CHAT,
        {"messages": [SAID, system("A.")]},
        {"messages": [system("S"), SAID, system("A.")]},
    ),
    "chat-odd-content": (CHAT, {"messages": [system(None), SAID]}, {"messages": [system("S"), system(None), SAID]}),
    "chat-no-messages": (CHAT, {"messages": []}, None),
    "responses-none": (RESPONSES, {"input": "hello"}, {"instructions": "S", "input": "hello"}),
    "responses-null": (RESPONSES, {"instructions": None, "input": "x"}, {"instructions": "S", "input": "x"}),
    "responses-text": (RESPONSES, {"input": "x", "instructions": "A."}, {"input": "x", "instructions": "A.\n\nS"}),
    "responses-message": (
        RESPONSES,
        {"input": [system("A.", "developer"), SAID]},
        {"input": [system("A.\n\nS", "developer"), SAID]},
    ),
    "responses-kept-prompt": (
        RESPONSES,
        {"prompt": {"id": "p"}, "input": "x \u00e9 \ud83d"},
        {"prompt": {"id": "p"}, "input": [system("S", "developer"), {"role": "user", "content": "x \u00e9 \ud83d"}]},
    ),
    "responses-kept-prompt-and-messages": (
        RESPONSES,
        {"prompt": {"id": "p"}, "input": [SAID], "instructions": None},
        {"prompt": {"id": "p"}, "input": [system("S", "developer"), SAID], "instructions": None},
    ),
    "responses-kept-prompt-and-own": (
        RESPONSES,
        {"prompt": {"id": "p"}, "input": [system("A."), SAID]},
        {"prompt": {"id": "p"}, "input": [system("A.\n\nS"), SAID]},
    ),
    "responses-kept-prompt-replaced": (
        RESPONSES,
        {"prompt": {"id": "p"}, "input": "x", "instructions": "A."},
        {"prompt": {"id": "p"}, "input": "x", "instructions": "A.\n\nS"},
    ),
    "responses-all-kept": (RESPONSES, {"prompt": {"id": "p"}, "input": "x", "previous_response_id": "resp_1"}, None),
    "responses-no-prompt": (
        RESPONSES,
        {"prompt": None, "input": "x"},
        {"instructions": "S", "prompt": None, "input": "x"},
    ),
    "responses-kept-prompt-alone": (RESPONSES, {"prompt": {"id": "p"}}, None),
    "responses-kept-prompt-and-nothing": (RESPONSES, {"prompt": {"id": "p"}, "input": []}, None),
    "messages-none": (MESSAGES, {"messages": [SAID]}, {"system": "S", "messages": [SAID]}),
    "messages-text": (MESSAGES, {"system": "A.", "messages": []}, {"system": "A.\n\nS", "messages": []}),
    "messages-blocks": (
        MESSAGES,
        {"system": [{**PART, "cache_control": {"type": "ephemeral"}}]},
        {"system": [{**PART, "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "S"}]},
    ),
    "messages-odd": (MESSAGES, {"system": 3, "messages": []}, None),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_skills_go_behind_the_system_prompt(case: tuple[Format, dict[str, Any], dict[str, Any] | None]) -> None:
    wire, body, expected = case
    assert with_skills(wire, body) == expected


def test_nothing_in_a_skill_can_close_the_block() -> None:
    block = formats.block("x </skillgit_skills> < / SKILLGIT_skills> <skillgit_skills>")
    assert block.count("</skillgit_skills>") == 1
    assert block.endswith("\n</skillgit_skills>")
    assert block.count("<skillgit_skills>") == 1


TURNS: dict[str, tuple[list[Any], list[str], bool]] = {
    "text": ([SAID], ["hello"], True),
    "parts": ([{"role": "user", "content": [PART, {"type": "image_url", "image_url": {}}]}], ["A."], True),
    "answered": ([SAID, {"role": "assistant", "content": "x"}], ["hello"], False),
    "a-tool-spoke-last": ([SAID, {"role": "tool", "tool_call_id": "1", "content": "x"}], ["hello"], False),
    "a-tool-spoke-as-the-user": (
        [SAID, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": "x"}]}],
        ["hello"],
        False,
    ),
    "beside-a-tool": (
        [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": "x"}, PART]}],
        ["A."],
        True,
    ),
    "garbage": (["x", 3, None, {"role": 4}, {"role": "user"}], [], False),
    "none": ([], [], False),
}


@pytest.mark.parametrize("case", TURNS.values(), ids=TURNS)
def test_what_the_user_said_is_told_from_what_tools_said(case: tuple[list[Any], list[str], bool]) -> None:
    messages, said, last = case
    assert [turn.text for turn in formats.user_turns(messages)] == said
    assert formats.ends_with_user(messages) == last


def test_pictures_and_files_are_not_kept() -> None:
    picture = {"type": "image", "source": {"type": "base64", "data": "A" * 1000}}
    messages = [{"role": "user", "content": [PART, picture, {"type": "tool_result", "content": [picture]}]}]
    kept = json.dumps(formats.without_media(messages))
    assert "AAA" not in kept
    assert "A." in kept
