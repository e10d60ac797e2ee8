"""Real files: the conformance fixtures, real message shapes, and the conversations the learner is measured on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from skillgit.errors import Unreadable
from skillgit.transcripts.detect import read
from skillgit.transcripts.model import Diagnostic, Transcript
from tests.transcripts.reading import diagnostics, only, records, transcripts

CASES = tuple(
    f"{source}/{case}"
    for source, cases in {
        **dict.fromkeys(("atif", "copilot-cli", "cursor", "gemini-cli", "hermes"), "cleanup tool-calls"),
        **dict.fromkeys(("letta-code", "omp", "openclaw", "opencode", "openhands", "pi"), "cleanup tool-calls"),
        "claude-code": "cleanup subagent tool-call",
        "codex": "cleanup tool-calls",
        "droid": "happy-path",
    }.items()
    for case in cases.split()
)
BUILT_ON_PI = {"omp", "openclaw"}
NO_TRANSCRIPTS = {"LICENSE", "README.md", "flat-rollout.md", "manifest.json"}


def fixture(data: Path, case: str) -> tuple[bytes, dict[str, Any]]:
    folder = data / "transcripts/fixtures" / case
    [given] = folder.glob("input.*")
    return given.read_bytes(), json.loads((folder / "expected.json").read_text())


def moment(written: str | None) -> datetime | None:
    """A timestamp, however precisely it was written; without a zone it is UTC."""
    if written is None:
        return None
    when = datetime.fromisoformat(written)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def comparable(record: dict[str, Any], beside: dict[str, Any]) -> dict[str, Any]:
    """A record as far as the one it is compared with can say it too.

    Where the two differ, by intent: what the environment says unasked is a tool turn that answers no call, not an
    `observation`; `ok` is known of more results; arguments that are an array stay JSON instead of becoming text.
    """
    both = {**record, "timestamp": moment(record["timestamp"]) if beside["timestamp"] else None}
    if record["role"] == "observation":
        return both | {"role": "tool", "tool_call_id": None}
    if "ok" not in beside:
        both.pop("ok", None)
    return both | ({"tool_calls": [_arguments(call) for call in both["tool_calls"]]} if "tool_calls" in both else {})


def _arguments(call: dict[str, Any]) -> dict[str, Any]:
    given = json.loads(call["args"])
    raw = given.get("_raw")
    return call | {"args": {"_raw": json.dumps(raw)} if isinstance(raw, list) else given}


def shared(found: Transcript, wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records of a conversation without the turns that theirs leave out: the system's, and refusals."""
    kept = tuple(turn for turn in found.turns if turn.rejects is None)
    if not any(record["role"] == "system" for record in wanted):
        kept = tuple(turn for turn in kept if turn.role != "system")
    return records(replace(found, turns=kept))


@pytest.mark.parametrize("case", CASES)
def test_a_fixture_has_the_expected_turns(data: Path, case: str) -> None:
    given, expected = fixture(data, case)
    found = only(given)
    wanted = [record for record in expected["records"] if record["role"] != "meta"]
    mine = shared(found, wanted)
    theirs = [comparable(record, ours) for record, ours in zip(wanted, mine, strict=True)]
    assert [comparable(ours, record) for record, ours in zip(wanted, mine, strict=True)] == theirs


@pytest.mark.parametrize("case", CASES)
def test_a_fixture_is_read_as_what_it_is(data: Path, case: str) -> None:
    source = case.split("/")[0]
    assert only(fixture(data, case)[0]).format == ("pi" if source in BUILT_ON_PI else source)


@pytest.mark.parametrize("case", CASES)
def test_a_fixture_has_the_expected_diagnostics(data: Path, case: str) -> None:
    given, expected = fixture(data, case)
    wanted = {(noted["code"], noted.get("inputLine")) for noted in expected["diagnostics"]}
    mine = set(diagnostics(given))
    mine |= {("noise_record_dropped", line) for code, line in mine if code == "part_dropped"}
    assert mine >= {noted for noted in wanted if noted[0] != "timestamps_synthesized"}


def test_no_fixture_is_left_out(data: Path) -> None:
    folders = (data / "transcripts/fixtures").glob("*/*/expected.json")
    assert {f"{path.parent.parent.name}/{path.parent.name}" for path in folders} == set(CASES)


def test_every_real_message_shape_is_read_or_named_as_no_transcript(data: Path) -> None:
    shapes = [path for path in (data / "transcripts/claude_code_messages").rglob("*") if path.is_file()]
    unreadable = set()
    for path in shapes:
        try:
            [found] = read(path.read_bytes())
            assert isinstance(found, Transcript)
            assert found.format in {"claude-code", "codex"}
        except Unreadable:
            unreadable.add(path.name)
    assert len(shapes) >= 133
    assert unreadable == NO_TRANSCRIPTS


def test_no_harness_text_of_a_real_shape_is_a_user_turn(data: Path) -> None:
    shapes = data / "transcripts/claude_code_messages"
    files = [path for path in shapes.rglob("*.json*") if path.name != "manifest.json"]
    spoken = {turn.text for path in files for found in transcripts(path.read_bytes()) for _, turn in found.user_turns()}
    assert not [text for text in spoken if text.startswith(("<", "Caveat", "["))]
    assert "List the synthetic files." in spoken


def test_each_line_of_the_decision_set_is_one_openai_conversation(data: Path) -> None:
    lines = (data / "extraction/decision.dev.jsonl").read_text(encoding="utf-8").splitlines()
    items = list(read("\n".join(lines).encode()))
    assert [item.place for item in items if isinstance(item, Transcript)] == list(range(len(lines)))
    for line, item in zip(lines, items, strict=True):
        row = json.loads(line)
        assert isinstance(item, Transcript)
        assert (item.format, item.id) == ("openai", row["id"])
        assert [(turn.role, turn.text) for turn in item.turns] == [(m["role"], m["content"]) for m in row["messages"]]


def test_each_real_session_is_one_openai_conversation_with_its_title_and_date(data: Path) -> None:
    given = (data / "extraction/sessions.dev.json").read_bytes()
    rows = json.loads(given)
    found = transcripts(given)
    assert [(item.id, item.title) for item in found] == [(row["id"], row["title"]) for row in rows]
    assert [len(item.turns) for item in found] == [len(row["messages"]) for row in rows]
    assert all(item.created and item.created.startswith("20") and item.format == "openai" for item in found)


def test_a_file_is_read_alike_whatever_the_size_of_its_pieces(data: Path) -> None:
    given = (data / "extraction/decision.dev.jsonl").read_bytes()[:200_000]
    whole = list(read(given))
    for size in (7, 4096):
        pieces = (given[start : start + size] for start in range(0, len(given), size))
        assert list(read(pieces)) == whole
    assert isinstance(whole[-1], Diagnostic)
