"""Sessions of every agent, traces and exports: who said what, how it ended, and what nobody said."""

from __future__ import annotations

import json

import pytest

from skillgit.transcripts.model import Outcome
from tests.transcripts import examples, exported
from tests.transcripts.reading import diagnostics, only, said, source, transcripts

ASK = examples.ASK
EXAMPLES = examples.EXAMPLES | exported.EXAMPLES


@pytest.mark.parametrize(("name", "given", "expected"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_a_session_is_recognised_and_read(name: str, given: object, expected: list[tuple[str, str]]) -> None:
    found = only(given)
    assert (found.format, said(found)) == (name, expected)


@pytest.mark.parametrize(("name", "given", "expected"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_a_call_keeps_its_name_and_its_result(name: str, given: object, expected: list[tuple[str, str]]) -> None:
    found = only(given)
    calls = {call.id: call for turn in found.turns for call in turn.calls}
    answered = [turn.call_id for turn in found.turns if turn.role == "tool"]
    assert set(answered) == set(calls) if ("tool", "3 commits") in expected else not answered
    assert all(
        call.name in ("log", "run", "Bash") and isinstance(json.loads(call.arguments), dict) for call in calls.values()
    )


@pytest.mark.parametrize(
    "name", [name for name, (_, given, _) in EXAMPLES.items() if isinstance(given, tuple) and name != "Goose"]
)
def test_a_session_with_a_broken_line_is_read_but_for_that(name: str) -> None:
    format, given, _ = EXAMPLES[name]
    assert isinstance(given, tuple)
    broken = source(given[:1]) + b'{"cut' + b"\n" + source(given[1:])
    assert ("invalid_json_line", 2) in diagnostics(broken)
    assert {found.format for found in transcripts(broken)} == {format}


OUTCOMES: dict[str, tuple[object, Outcome]] = {
    "tests that failed": (examples.OPENHANDS_V0, Outcome(reward=0.0)),
    "an exit status": (examples.SWE_AGENT, Outcome(status="submitted (exit_cost)")),
    "a limit": (examples.MINI_SWE_AGENT, Outcome(status="LimitsExceeded")),
    "scores": (exported.LANGFUSE, Outcome(reward=0.0, status="helpful=0, tone=curt")),
    "feedback": (exported.LANGSMITH, Outcome(reward=1.0, status="correct=1")),
    "nothing said": (examples.PI, Outcome()),
}


@pytest.mark.parametrize(("given", "expected"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_how_a_run_ended_is_kept(given: object, expected: Outcome) -> None:
    assert only(given).outcome == expected


def test_only_the_task_of_an_automatic_run_is_the_users() -> None:
    for run in (examples.SWE_AGENT, examples.MINI_SWE_AGENT):
        found = only(run)
        assert [turn.text for _, turn in found.user_turns()] == [ASK]
        assert any("3 commits" in turn.text for turn in found.turns if turn.role == "tool")


REJECTED = "User rejected tool use"
REFUSALS: dict[str, tuple[object, str]] = {
    "OpenHands": (
        [
            *examples.OPENHANDS[:2],
            {"kind": "UserRejectObservation", "id": "3", "action_id": "2", "rejection_reason": "Not the log."},
        ],
        "Not the log.",
    ),
    "OpenHands, without a reason": (
        [
            *examples.OPENHANDS[:2],
            {
                "kind": "UserRejectObservation",
                "id": "3",
                "action_id": "2",
                "rejection_reason": "User rejected the action",
            },
        ],
        "",
    ),
    "Copilot CLI": (
        (
            *examples.COPILOT[:3],
            {
                "type": "tool.execution_complete",
                "data": {
                    "toolCallId": "c",
                    "success": False,
                    "error": {"code": "rejected", "message": "The user rejected this tool call."},
                },
            },
        ),
        "",
    ),
    "opencode": (
        {
            "info": {},
            "messages": [
                {"info": {"role": "user"}, "parts": [{"type": "text", "text": ASK}]},
                {
                    "info": {"role": "assistant"},
                    "parts": [
                        {
                            "type": "tool",
                            "callID": "c",
                            "tool": "log",
                            "state": {
                                "status": "error",
                                "error": "The user rejected permission to use this specific tool call with the "
                                "following feedback: Not the log.",
                            },
                        }
                    ],
                },
            ],
        },
        "Not the log.",
    ),
    "Gemini CLI": (
        {
            "sessionId": "s",
            "projectHash": "p",
            "messages": [
                {"type": "user", "content": ASK},
                {
                    "type": "gemini",
                    "content": "",
                    "toolCalls": [{"id": "c", "name": "log", "args": {}, "status": "cancelled"}],
                },
            ],
        },
        "",
    ),
    "Cline": (
        [
            *exported.CLINE[:2],
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "c",
                        "content": "The user denied this operation and provided the following feedback:\n"
                        "<feedback>\nNot the log.\n</feedback>",
                    }
                ],
            },
        ],
        "Not the log.",
    ),
    "VS Code": (
        {
            "sessionId": "s",
            "requests": [
                {
                    "message": {"text": ASK},
                    "response": [{"kind": "toolInvocationSerialized", "toolCallId": "c", "isConfirmed": {"type": 0}}],
                }
            ],
        },
        "",
    ),
}


@pytest.mark.parametrize(("given", "words"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_is_a_failed_result_and_the_users_turn(given: object, words: str) -> None:
    result, turn = only(given).turns[-2:]
    call_id = result.call_id
    assert (result.role, result.ok, turn.role, turn.text, turn.rejects) == ("tool", False, "user", words, call_id)
    assert call_id is not None


def test_a_branch_that_was_left_is_no_part_of_a_tree() -> None:
    left = {"type": "message", "id": "x", "parentId": "1", "message": {"role": "assistant", "content": "Nonsense."}}
    given = (*examples.PI[:2], left, *examples.PI[2:])
    assert said(only(given)) == examples.WORK
    assert ("branch_dropped", 3) in diagnostics(given)


def test_a_tree_with_a_missing_parent_goes_on_with_the_entry_before() -> None:
    assert said(only((*examples.PI[:2], b'{"type":"message"', *examples.PI[3:])))[0] == ("user", ASK)


def test_a_prompt_told_by_two_events_is_one_turn() -> None:
    hook = {"type": "hook.start", "data": {"hookType": "userPromptSubmitted", "input": {"prompt": ASK}}}
    assert said(only((examples.COPILOT[0], hook, *examples.COPILOT[1:]))) == examples.WORK


def test_what_an_editor_puts_around_a_request_is_not_the_users() -> None:
    wrapped = f"<additional_data>\nAlways x.\n</additional_data>\n<user_query>\n{ASK}\n</user_query>"
    given = ({"role": "user", "message": {"content": [{"type": "text", "text": wrapped}]}}, *examples.CURSOR[1:])
    assert said(only(given)) == examples.WORK


def test_a_subagent_of_a_trace_is_left_out_and_a_later_trace_goes_on() -> None:
    def call(trace: str, began: int, *words: str) -> dict[str, object]:
        roles = ("user", "assistant")
        told = [{"role": roles[n % 2], "content": word} for n, word in enumerate(words)]
        return {
            "id": f"{trace}{began}",
            "trace_id": trace,
            "sessionId": "s",
            "type": "GENERATION",
            "startTime": f"2026-01-01T00:00:0{began}Z",
            "input": told,
            "output": {"content": "done"},
        }

    given = (call("a", 1, ASK), call("a", 2, "Search the web."), call("b", 3, "Thanks."))
    found = only(given)
    assert said(found) == [("user", ASK), ("assistant", "done"), ("user", "Thanks."), ("assistant", "done")]
    assert [noted.code for noted in found.diagnostics] == ["sidechain_record_dropped"]


def test_a_change_of_something_that_is_not_there_is_noted() -> None:
    for path in (["requests", 7, "message"], ["requests", "x"], [], "requests", [None], ["nothing"]):
        given = (*examples.VSCODE_LOG, {"kind": 3, "k": path})
        assert said(only(given)) == examples.WORK
        assert ("change_dropped", len(given)) in diagnostics(given)


def test_spans_nested_beyond_reason_are_no_reason_to_fail() -> None:
    deep: object = "x"
    for _ in range(200):
        deep = [deep]
    given = exported.spans({"gen_ai.input.messages": deep}, {"gen_ai.input.messages": exported.PARTS})
    assert said(only(given))[0] == ("user", ASK)
