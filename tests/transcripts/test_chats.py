"""Chats of the APIs and exports: a table of sources, each saying the same thing its own way."""

from __future__ import annotations

import json

import pytest

from skillgit.transcripts.model import Outcome, ToolCall, Turn
from tests.transcripts.reading import diagnostics, only, said, transcripts

ASK, REPLY = "Draft the release notes.", "Here they are."
CHAT = [("user", ASK), ("assistant", REPLY)]
MESSAGES = [{"role": role, "content": text} for role, text in CHAT]
BLOCKS = [{"role": role, "content": [{"type": "text", "text": text}]} for role, text in CHAT]
REQUEST = {"messages": MESSAGES[:1]}
COMPLETION = {"choices": [{"message": MESSAGES[1]}, {"message": {"role": "assistant", "content": "another"}}]}
TURN_PAIR = [{"from": "human", "value": ASK}, {"from": "gpt", "value": REPLY}]


def node(parent: str | None, role: str, text: str, **more: object) -> dict[str, object]:
    content = {"content_type": "text", "parts": [text]}
    return {"parent": parent, "message": {"author": {"role": role}, "content": content, "recipient": "all", **more}}


TREE = {
    "root": {"parent": None, "message": None, "children": ["a"]},
    "a": node("root", "user", ASK, create_time=1767225600.5),
    "old": node("a", "assistant", "An answer that was regenerated."),
    "hidden": node("a", "system", "You are ChatGPT.", weight=0),
    "call": node("hidden", "assistant", "search()", recipient="browser"),
    "new": node("call", "assistant", REPLY),
}
CHATGPT = {"id": "c1", "title": "Notes", "create_time": 1767225600, "mapping": TREE, "current_node": "new"}
CLAUDE_AI = {
    "uuid": "c1",
    "name": "Notes",
    "created_at": "2026-01-01T00:00:00Z",
    "chat_messages": [
        {"sender": "human", "text": ASK, "content": [{"type": "text", "text": ASK}], "attachments": []},
        {"sender": "assistant", "text": REPLY, "content": []},
    ],
}
AUTOSKILL = {
    "version": 1,
    "user_id": "u1",
    "sessions": [
        {"id": "c1", "meta": {"title": "Notes"}, "state": {"config": {}, "messages": MESSAGES, "pending": None}}
    ],
}

SOURCES: dict[str, tuple[str, object]] = {
    "messages": ("openai", {"messages": MESSAGES}),
    "conversation": ("openai", {"conversation": MESSAGES}),
    "dialogue": ("openai", {"dialogue": MESSAGES}),
    "history": ("openai", {"history": MESSAGES}),
    "chat_history": ("openai", {"chat_history": MESSAGES}),
    "an array of messages": ("openai", MESSAGES),
    "an array of conversations": ("openai", [{"messages": MESSAGES}]),
    "content in parts": ("openai", {"messages": BLOCKS}),
    "messages with text": ("openai", {"messages": [{"role": role, "text": text} for role, text in CHAT]}),
    "messages with parts": ("openai", {"history": [{"role": r, "parts": [{"text": t}]} for r, t in CHAT]}),
    "roles in capitals": ("openai", [{"role": role.upper(), "content": text} for role, text in CHAT]),
    "body": ("openai", {"custom_id": "1", "body": {"model": "m", "messages": MESSAGES}}),
    "request": ("openai", {"request": {"messages": MESSAGES}}),
    "input": ("openai", {"input": {"messages": MESSAGES}}),
    "payload": ("openai", {"payload": {"messages": MESSAGES}}),
    "a logged completion": ("openai", {"request": REQUEST, "response": COMPLETION}),
    "a batch line and its answer": ("openai", {"body": REQUEST, "response": {"status_code": 200, "body": COMPLETION}}),
    "choices beside messages": ("openai", {**REQUEST, **COMPLETION}),
    "an answer that is there twice": ("openai", {"messages": MESSAGES, "response": COMPLETION}),
    "an answer as text": ("openai", {**REQUEST, "response": REPLY}),
    "data": ("openai", {"object": "list", "data": [{"messages": MESSAGES}]}),
    "items": ("openai", {"items": [{"messages": MESSAGES}]}),
    "records": ("openai", {"records": [{"messages": MESSAGES}]}),
    "conversations": ("openai", {"conversations": [{"messages": MESSAGES}]}),
    "dialogues": ("openai", {"dialogues": [{"messages": MESSAGES}]}),
    "samples": ("openai", {"samples": {"a": {"messages": MESSAGES}}}),
    "keys of their own": ("openai", {"chat_a": {"messages": MESSAGES}}),
    "Responses API": ("openai", {"model": "m", "input": MESSAGES}),
    "Responses API, logged": (
        "openai",
        {
            "request": {"model": "m", "input": ASK},
            "response": {
                "output": [
                    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": REPLY}]}
                ]
            },
        },
    ),
    "a message a line": ("openai-lines", (MESSAGES[0], MESSAGES[1])),
    "Anthropic, cited source": (
        "anthropic",
        {
            "messages": [
                {"role": "user", "content": [{"type": "document", "source": {}}, *BLOCKS[0]["content"]]},
                BLOCKS[1],
            ]
        },
    ),
    "Anthropic, logged": (
        "anthropic",
        {"request": {"system": [], **REQUEST}, "response": {"type": "message", **BLOCKS[1]}},
    ),
    "ShareGPT": ("sharegpt", {"conversations": TURN_PAIR}),
    "ShareGPT, an array": ("sharegpt", [{"id": "c1", "conversations": TURN_PAIR}]),
    "ShareGPT, turns alone": ("sharegpt", TURN_PAIR),
    "ShareGPT, a line": ("sharegpt", ({"conversations": TURN_PAIR},)),
    "ChatGPT": ("chatgpt", [CHATGPT]),
    "ChatGPT, one conversation": ("chatgpt", CHATGPT),
    "Claude.ai": ("claude-ai", [CLAUDE_AI]),
    "AutoSkill": ("autoskill", AUTOSKILL),
    "tau-bench": ("tau-bench", [{"task_id": 3, "reward": 1.0, "info": {}, "traj": MESSAGES}]),
    "plain": ("plain", f"User: {ASK}\n\nAssistant: {REPLY}\n"),
}


@pytest.mark.parametrize(("format", "source"), SOURCES.values(), ids=SOURCES.keys())
def test_every_source_gives_the_same_conversation(format: str, source: object) -> None:
    found = only(source)
    assert (found.format, said(found)) == (format, CHAT)
    assert found.digest == only({"messages": MESSAGES}).digest


NAMED: dict[str, object] = {
    "openai": {"id": "c1", "title": "Notes", "created": 1767225600000, "messages": MESSAGES},
    "chatgpt": [CHATGPT],
    "claude-ai": [CLAUDE_AI],
}


@pytest.mark.parametrize("source", NAMED.values(), ids=NAMED.keys())
def test_id_title_and_time_are_kept(source: object) -> None:
    found = only(source)
    assert (found.id, found.title) == ("c1", "Notes")
    assert found.created in {"2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"}


def test_the_reward_of_a_trajectory_is_its_outcome() -> None:
    runs = [{"task_id": 3, "reward": reward, "traj": MESSAGES} for reward in (0, 0.5, None)]
    assert [run.outcome for run in transcripts(runs)] == [Outcome(0.0), Outcome(0.5), Outcome(None)]


def test_places_count_the_conversations_of_a_file() -> None:
    wrapped = {"data": [{"messages": MESSAGES}, {"request": REQUEST, "response": COMPLETION}, MESSAGES]}
    assert [found.place for found in transcripts(wrapped)] == [0, 1, 2]


def test_only_the_branch_shown_last_is_read_from_a_tree() -> None:
    edited = CHATGPT | {"current_node": "old"}
    assert said(only([edited]))[1] == ("assistant", "An answer that was regenerated.")


def test_a_tree_without_a_shown_node_gives_its_newest_branch_and_says_so() -> None:
    lost = {key: value for key, value in CHATGPT.items() if key != "current_node"}
    found = only([lost])
    assert said(found) == CHAT
    assert found.diagnostics[0].code == "no_current_node"


def test_a_tree_that_bites_its_tail_ends() -> None:
    circle = {"a": node("b", "user", ASK), "b": node("a", "assistant", REPLY)}
    assert said(only({"mapping": circle, "current_node": "b"})) == CHAT


def test_speech_is_kept_as_text_and_pictures_are_noted() -> None:
    parts = [{"content_type": "image_asset_pointer"}, {"content_type": "audio_transcription", "text": ASK}]
    sent = node("root", "user", "")
    sent["message"] = {"author": {"role": "user"}, "content": {"content_type": "multimodal_text", "parts": parts}}
    source = {"mapping": {"root": {}, "a": sent}, "current_node": "a"}
    assert said(only(source)) == [("user", ASK)]
    assert diagnostics(source) == [("part_dropped", None)]


OPENAI_TOOLS = [
    {"role": "developer", "content": "Be brief."},
    {"role": "user", "content": "Weather?"},
    {
        "role": "assistant",
        "content": None,
        "reasoning_content": "Look it up.",
        "tool_calls": [
            {"id": "t1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Oslo"}'}}
        ],
    },
    {"role": "tool", "tool_call_id": "t1", "content": "snow"},
    {"role": "assistant", "content": "It snows."},
]
ANTHROPIC_TOOLS = {
    "system": "Be brief.",
    "messages": [
        {"role": "user", "content": "Weather?"},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Look it up.", "signature": "x"},
                {"type": "tool_use", "id": "t1", "name": "weather", "input": {"city": "Oslo"}},
            ],
        },
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "snow"}]}],
        },
        {"role": "assistant", "content": [{"type": "text", "text": "It snows."}]},
    ],
}
RESPONSES_TOOLS = {
    "model": "m",
    "instructions": "Be brief.",
    "input": [
        {"role": "user", "content": "Weather?"},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Look it up."}]},
        {"type": "function_call", "call_id": "t1", "name": "weather", "arguments": '{"city":"Oslo"}'},
        {"type": "function_call_output", "call_id": "t1", "output": "snow"},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "It snows."}]},
    ],
}
SHAREGPT_TOOLS = {
    "system": "Be brief.",
    "conversations": [
        {"from": "human", "value": "Weather?"},
        {"from": "function_call", "value": json.dumps({"name": "weather", "arguments": {"city": "Oslo"}})},
        {"from": "observation", "value": "snow"},
        {"from": "gpt", "value": "It snows."},
    ],
}
WITH_TOOLS = {
    "openai": {"messages": OPENAI_TOOLS},
    "tau-bench": {"traj": OPENAI_TOOLS},
    "anthropic": ANTHROPIC_TOOLS,
    "openai Responses": RESPONSES_TOOLS,
    "sharegpt": SHAREGPT_TOOLS,
}


@pytest.mark.parametrize("source", WITH_TOOLS.values(), ids=WITH_TOOLS.keys())
def test_calls_and_results_are_paired_turns_in_every_source(source: object) -> None:
    turns = [turn for turn in only(source).turns if turn.role != "reasoning"]
    call_id = turns[2].calls[0].id
    assert turns == [
        Turn("system", "Be brief."),
        Turn("user", "Weather?"),
        Turn("assistant", "", calls=(ToolCall(call_id, "weather", '{"city":"Oslo"}'),)),
        Turn("tool", "snow", call_id=call_id),
        Turn("assistant", "It snows."),
    ]


@pytest.mark.parametrize("name", ["openai", "anthropic", "openai Responses"])
def test_reasoning_stands_before_what_it_led_to(name: str) -> None:
    assert said(only(WITH_TOOLS[name]))[2] == ("reasoning", "Look it up.")


def test_a_function_call_of_the_old_api_is_paired_with_its_function_message() -> None:
    call = {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}}
    found = only({"messages": [MESSAGES[0], call, {"role": "function", "name": "f", "content": "42"}]})
    assert found.turns[2] == Turn("tool", "42", call_id=found.turns[1].calls[0].id)


def test_words_before_and_after_a_call_in_one_message_keep_their_order() -> None:
    content = [
        {"type": "text", "text": "First."},
        {"type": "tool_use", "id": "t", "name": "f", "input": {}},
        {"type": "text", "text": "Then."},
    ]
    found = only({"messages": [MESSAGES[0], {"role": "assistant", "content": content}]})
    assert [(turn.text, len(turn.calls)) for turn in found.turns[1:]] == [("First.", 1), ("Then.", 0)]


def test_a_conversation_in_which_nobody_asks_is_still_returned() -> None:
    found = only({"messages": [{"role": "assistant", "content": "Hello?"}]})
    assert (said(found), found.user_turns()) == ([("assistant", "Hello?")], ())
