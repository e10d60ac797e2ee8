"""A small session of every agent, each saying the same thing its own way."""

from __future__ import annotations

from typing import Any

ASK, THOUGHT, REPLY = "Draft the release notes.", "Read the log first.", "Here they are."
CHAT = [("user", ASK), ("assistant", REPLY)]
WORK = [("user", ASK), ("reasoning", THOUGHT), ("assistant", ""), ("tool", "3 commits"), ("assistant", REPLY)]

ARGS = {"n": 3}
_TEXT = [{"type": "text", "text": ASK}]
_CALL = {"type": "tool_use", "id": "c", "name": "log", "input": ARGS}
_RESULT = {"type": "tool_result", "tool_use_id": "c", "content": "3 commits", "is_error": False}
_BLOCKS: list[tuple[str, Any]] = [
    ("user", _TEXT),
    ("assistant", [{"type": "thinking", "thinking": THOUGHT}, _CALL]),
    ("user", [_RESULT]),
    ("assistant", [{"type": "text", "text": REPLY}]),
]
OPENAI: list[dict[str, Any]] = [
    {"role": "user", "content": ASK},
    {
        "role": "assistant",
        "reasoning": THOUGHT,
        "tool_calls": [{"id": "c", "function": {"name": "log", "arguments": '{"n":3}'}}],
    },
    {"role": "tool", "tool_call_id": "c", "content": "3 commits"},
    {"role": "assistant", "content": REPLY},
]

PI = (
    {"type": "session", "version": 3, "id": "s", "cwd": "/w"},
    {"type": "message", "id": "1", "parentId": None, "message": {"role": "user", "content": ASK}},
    {
        "type": "message",
        "id": "2",
        "parentId": "1",
        "message": {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": THOUGHT},
                {"type": "toolCall", "id": "c", "name": "log", "arguments": ARGS},
            ],
        },
    },
    {
        "type": "message",
        "id": "3",
        "parentId": "2",
        "message": {"role": "toolResult", "toolCallId": "c", "content": [{"type": "text", "text": "3 commits"}]},
    },
    {"type": "message", "id": "4", "parentId": "3", "message": {"role": "assistant", "content": REPLY}},
)
DROID = (
    {"type": "session_start", "id": "s", "title": "Notes"},
    *({"type": "message", "message": {"role": role, "content": content}} for role, content in _BLOCKS),
)
CURSOR = tuple({"role": role, "message": {"content": content}} for role, content in _BLOCKS)
LETTA = (
    {"kind": "user", "text": ASK, "captured_at": "2026-01-01T00:00:00Z"},
    {"kind": "reasoning", "text": THOUGHT, "captured_at": "2026-01-01T00:00:00Z"},
    {"kind": "tool_call", "name": "log", "argsText": '{"n":3}', "resultText": "3 commits", "resultOk": True},
    {"kind": "assistant", "text": REPLY, "captured_at": "2026-01-01T00:00:00Z"},
)
COPILOT = (
    {"type": "session.start", "data": {"sessionId": "s"}},
    {"type": "user.message", "data": {"content": ASK}},
    {
        "type": "assistant.message",
        "data": {"reasoningText": THOUGHT, "toolRequests": [{"toolCallId": "c", "name": "log", "arguments": ARGS}]},
    },
    {
        "type": "tool.execution_complete",
        "data": {"toolCallId": "c", "success": True, "result": {"content": "3 commits"}},
    },
    {"type": "assistant.message", "data": {"content": REPLY}},
)
ATIF = {
    "schema_version": "ATIF-v1.7",
    "steps": [
        {"source": "user", "message": ASK},
        {
            "source": "agent",
            "reasoning_content": THOUGHT,
            "tool_calls": [{"tool_call_id": "c", "function_name": "log", "arguments": ARGS}],
            "observation": {"results": [{"source_call_id": "c", "content": "3 commits"}]},
        },
        {"source": "agent", "message": REPLY},
    ],
}
_GEMINI_CALL = {"id": "c", "name": "log", "args": ARGS, "status": "success"}
_GEMINI_MESSAGES = (
    {"id": "1", "type": "user", "content": [{"text": ASK}, {"text": "--- Content from referenced files ---\nx"}]},
    {
        "id": "2",
        "type": "gemini",
        "content": "",
        "thoughts": [{"description": THOUGHT}],
        "toolCalls": [{**_GEMINI_CALL, "result": [{"functionResponse": {"response": {"output": "3 commits"}}}]}],
    },
    {"id": "3", "type": "gemini", "content": REPLY},
)
GEMINI_CLI = {"sessionId": "s", "projectHash": "p", "messages": list(_GEMINI_MESSAGES)}
GEMINI_CLI_LINES = (
    {"sessionId": "s", "projectHash": "p", "kind": "main"},
    *_GEMINI_MESSAGES[:2],
    {"id": "3", "type": "gemini", "content": "Here they"},
    {"id": "4", "type": "user", "content": "No, wait."},
    {"$rewindTo": "4"},
    _GEMINI_MESSAGES[2],
)
OPENCODE = {
    "info": {"id": "s", "time": {"created": 1767225600000}},
    "messages": [
        {"info": {"role": "user"}, "parts": [{"type": "text", "text": ASK}]},
        {
            "info": {"role": "assistant"},
            "parts": [
                {"type": "reasoning", "text": THOUGHT},
                {
                    "type": "tool",
                    "callID": "c",
                    "tool": "log",
                    "state": {"status": "completed", "input": ARGS, "output": "3 commits"},
                },
                {"type": "text", "text": REPLY},
            ],
        },
    ],
}
HERMES = {
    "session": {"id": "s", "title": "Notes"},
    "messages": [
        {**sent, "id": number, "session_id": "s", "active": 1, "observed": 0} for number, sent in enumerate(OPENAI)
    ],
}
OPENHANDS = [
    {"kind": "MessageEvent", "id": "1", "source": "user", "llm_message": {"content": _TEXT}},
    {
        "kind": "ActionEvent",
        "id": "2",
        "thought": [{"type": "text", "text": THOUGHT}],
        "tool_name": "log",
        "action": {"kind": "LogAction", **ARGS},
    },
    {"kind": "ObservationEvent", "id": "3", "action_id": "2", "observation": {"content": "3 commits"}},
    {
        "kind": "MessageEvent",
        "id": "4",
        "source": "agent",
        "llm_message": {"role": "assistant", "content": [{"type": "text", "text": REPLY}]},
    },
]
OPENHANDS_V0 = {
    "instance_id": "s",
    "history": [
        {"id": 0, "source": "user", "action": "message", "args": {"content": ASK}},
        {"id": 1, "source": "agent", "action": "run", "args": {"command": "git log", "thought": THOUGHT}},
        {
            "id": 2,
            "source": "agent",
            "observation": "run",
            "cause": 1,
            "content": "3 commits",
            "extras": {"metadata": {"exit_code": 0}},
        },
        {"id": 3, "source": "agent", "action": "finish", "args": {"final_thought": REPLY}},
    ],
    "test_result": {"report": {"resolved": False}},
}
SWE_AGENT = {
    "trajectory": [
        {"thought": THOUGHT, "action": "git log\n", "observation": "3 commits"},
        {"thought": "", "action": "submit", "observation": ""},
    ],
    "history": [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": f"Always follow these steps.\n<pr_description>\n{ASK}\n</pr_description>\nGo."},
        {"role": "assistant", "content": THOUGHT},
        {"role": "user", "content": "OBSERVATION:\n3 commits"},
    ],
    "info": {"exit_status": "submitted (exit_cost)", "submission": ""},
}
MINI_SWE_AGENT = {
    "info": {"exit_status": "LimitsExceeded", "mini_version": "1.0"},
    "messages": [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": ASK},
        {"role": "assistant", "content": "git log"},
        {"role": "user", "content": "<output>3 commits. Always run the tests.</output>"},
    ],
}
QWEN = (
    {"type": "user", "sessionId": "s", "uuid": "1", "message": {"role": "user", "parts": [{"text": ASK}]}},
    {
        "type": "assistant",
        "sessionId": "s",
        "uuid": "2",
        "message": {
            "role": "model",
            "parts": [
                {"text": THOUGHT, "thought": True},
                {"functionCall": {"id": "c", "name": "log", "args": ARGS}},
            ],
        },
    },
    {
        "type": "tool_result",
        "sessionId": "s",
        "uuid": "3",
        "message": {"parts": [{"functionResponse": {"id": "c", "name": "log", "response": {"output": "3 commits"}}}]},
    },
    {"type": "assistant", "sessionId": "s", "uuid": "4", "message": {"role": "model", "parts": [{"text": REPLY}]}},
)
GOOSE = (
    {"working_dir": "/w", "description": "Notes", "message_count": 4},
    {"role": "user", "content": _TEXT},
    {
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": THOUGHT},
            {
                "type": "toolRequest",
                "id": "c",
                "toolCall": {"status": "success", "value": {"name": "log", "arguments": ARGS}},
            },
        ],
    },
    {
        "role": "user",
        "content": [
            {
                "type": "toolResponse",
                "id": "c",
                "toolResult": {"status": "success", "value": [{"type": "text", "text": "3 commits"}]},
            }
        ],
    },
    {"role": "assistant", "content": [{"type": "text", "text": REPLY}]},
)
_TOOL_PART = {"kind": "toolInvocationSerialized", "toolCallId": "c", "toolId": "log", "pastTenseMessage": "3 commits"}
VSCODE = {
    "sessionId": "s",
    "requests": [
        {
            "message": {"text": ASK},
            "response": [
                {"kind": "thinking", "value": THOUGHT},
                {**_TOOL_PART, "isConfirmed": {"type": 1}},
                {"value": "Here "},
                {"kind": "markdownContent", "content": {"value": "they are."}},
            ],
        }
    ],
}
VSCODE_LOG = (
    {"kind": 0, "v": {"sessionId": "s", "requests": [], "draft": "x"}},
    {"kind": 2, "k": ["requests"], "v": [{"message": {"text": "?"}, "response": [{"value": "Hold on"}]}]},
    {"kind": 1, "k": ["requests", 0, "message", "text"], "v": ASK},
    {"kind": 2, "k": ["requests", 0, "response"], "i": 0, "v": VSCODE["requests"][0]["response"]},  # type: ignore[index]
    {"kind": 3, "k": ["draft"]},
)
EXAMPLES: dict[str, tuple[str, object, list[tuple[str, str]]]] = {
    "Pi": ("pi", PI, WORK),
    "Droid": ("droid", DROID, WORK),
    "Cursor": ("cursor", CURSOR, WORK),
    "Letta Code": ("letta-code", LETTA, WORK),
    "Copilot CLI": ("copilot-cli", COPILOT, WORK),
    "ATIF": ("atif", ATIF, WORK),
    "Gemini CLI": ("gemini-cli", GEMINI_CLI, WORK),
    "Gemini CLI, line by line": ("gemini-cli", GEMINI_CLI_LINES, WORK),
    "opencode": ("opencode", OPENCODE, WORK),
    "Hermes": ("hermes", HERMES, WORK),
    "OpenHands": ("openhands", OPENHANDS, WORK),
    "OpenHands, old": ("openhands", OPENHANDS_V0, WORK),
    "Qwen Code": ("qwen", QWEN, WORK),
    "Goose": ("goose", GOOSE, WORK),
    "VS Code": ("vscode-chat", VSCODE, WORK),
    "VS Code, as a log": ("vscode-chat", VSCODE_LOG, WORK),
}
