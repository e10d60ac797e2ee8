"""Real files: the conformance fixtures, real message shapes, and the conversations the learner is measured on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from skillgit.errors import Unreadable
from skillgit.transcripts.detect import read
from skillgit.transcripts.model import Diagnostic, Transcript
from tests.transcripts.reading import diagnostics, only, records, transcripts

CASES = (
    "claude-code/cleanup",
    "claude-code/subagent",
    "claude-code/tool-call",
    "codex/cleanup",
    "codex/tool-calls",
)
OTHER_SOURCES = (
    *("atif", "copilot-cli", "cursor", "droid", "gemini-cli", "letta-code"),
    *("omp", "openclaw", "opencode", "openhands", "pi"),
)
NO_TRANSCRIPTS = {"LICENSE", "README.md", "flat-rollout.md", "manifest.json"}


def fixture(data: Path, case: str) -> tuple[bytes, dict[str, Any]]:
    folder = data / "transcripts/fixtures" / case
    [given] = folder.glob("input.*")
    return given.read_bytes(), json.loads((folder / "expected.json").read_text())


@pytest.mark.parametrize("case", CASES)
def test_a_fixture_has_the_expected_turns(data: Path, case: str) -> None:
    given, expected = fixture(data, case)
    found = only(given)
    wanted = [record for record in expected["records"] if record["role"] != "meta"]
    mine = records(found)
    for record, ours in zip(wanted, mine, strict=True):
        if ours["timestamp"] is None:
            record["timestamp"] = None
    assert (found.format, mine) == (case.split("/")[0], wanted)


@pytest.mark.parametrize("case", CASES)
def test_a_fixture_has_the_expected_diagnostics(data: Path, case: str) -> None:
    given, expected = fixture(data, case)
    wanted = {(noted["code"], noted.get("inputLine")) for noted in expected["diagnostics"]}
    assert set(diagnostics(given)) == {noted for noted in wanted if noted[0] != "timestamps_synthesized"}


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


@pytest.mark.parametrize("source", OTHER_SOURCES)
def test_a_source_is_read_as_itself_or_refused_but_never_as_another(data: Path, source: str) -> None:
    for given in (data / "transcripts/fixtures" / source).rglob("input.*"):
        try:
            assert {item.format for item in transcripts(given.read_bytes())} == {source}
        except Unreadable as err:
            assert "no transcript in a known format" in err.message


def test_a_file_is_read_alike_whatever_the_size_of_its_pieces(data: Path) -> None:
    given = (data / "extraction/decision.dev.jsonl").read_bytes()[:200_000]
    whole = list(read(given))
    for size in (7, 4096):
        pieces = (given[start : start + size] for start in range(0, len(given), size))
        assert list(read(pieces)) == whole
    assert isinstance(whole[-1], Diagnostic)
