"""What `skillgit ingest` reads, and where its decisions go."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli import shop
from tests.cli.shop import ADA, FRIDAY, MONDAY
from tests.conftest import Run
from tests.git.place import git, status
from tests.learn.answers import EXTRACTED, SAID, answer
from tests.models.server import Server, says, serving

TALK = [{"role": "user", "content": "What is the capital of France?"}, {"role": "assistant", "content": "Paris."}]
LESSON = [
    {"role": "user", "content": "Write a commit message."},
    {"role": "assistant", "content": "Done."},
    {"role": "user", "content": "From now on, write commit messages in the imperative mood."},
]


def line(messages: list[dict[str, str]]) -> str:
    return json.dumps({"messages": messages}) + "\n"


@pytest.fixture
def top(cli: Run, tmp_path: Path) -> Path:
    cli("init", tmp_path / "lib")
    return tmp_path / "lib"


@pytest.fixture
def said(tmp_path: Path) -> Path:
    """A folder of transcripts, deep, with what is none."""
    folder = tmp_path / "said"
    (folder / "deep/.git").mkdir(parents=True)
    (folder / "monday.txt").write_text(MONDAY)
    (folder / "deep/friday.md").write_text(FRIDAY)
    (folder / "deep/.git/config.txt").write_text("User: Always push.\n")
    (folder / "notes.bin").write_bytes(b"\x00")
    return folder


WAYS = {
    "a file": ["monday.txt"],
    "a folder": ["."],
    "a glob": ["*.txt"],
    "a deep glob": ["**/*.*d"],
    "two files": ["monday.txt", "deep/friday.md"],
}
SKILLS = {"a file": 1, "a folder": 2, "a glob": 1, "a deep glob": 1, "two files": 2}


@pytest.mark.parametrize("way", WAYS)
def test_files_folders_and_globs_are_read_file_by_file(cli: Run, top: Path, said: Path, way: str) -> None:
    answer = cli("-C", top, "ingest", "--json", *[said / word for word in WAYS[way]], env=ADA)
    assert (answer.code, answer.err) == (0, "")
    assert len(answer.out.splitlines()) == SKILLS[way]
    assert git("rev-list", "--count", "HEAD", cwd=top) == str(1 + SKILLS[way])


def test_standard_input_is_a_dash(cli: Run, top: Path) -> None:
    answer = cli("ingest", "-", cwd=top, stdin=MONDAY, env=ADA)
    assert answer.out == "add ada/release-notes 0.1.0: List breaking changes first in release notes\n"


def test_a_dry_run_shows_candidate_evidence_decision_and_diff_and_changes_nothing(cli: Run, top: Path) -> None:
    cli("ingest", "-", cwd=top, stdin=MONDAY, env=ADA)
    before = git("for-each-ref", cwd=top), git("count-objects", cwd=top), status(top)
    answer = cli("ingest", "--offline", "--dry-run", "-", cwd=top, stdin=FRIDAY, env=ADA)
    assert (answer.code, answer.err) == (0, "")
    assert (git("for-each-ref", cwd=top), git("count-objects", cwd=top), status(top)) == before
    lines = answer.out.splitlines()
    assert lines[:5] == [
        "- (plain, 3 turns)",
        "candidate: Release notes",
        "  - In release notes, always mention the issue number",
        '    turn 2: "In release notes, always mention the issue number."',
        lines[4],
    ]
    assert lines[4].startswith("decision: merge ada/release-notes: the same job as ada/release-notes (score 0.")
    assert "+- In release notes, always mention the issue number" in lines


def test_a_bad_line_is_told_with_its_number_and_the_rest_is_learned(cli: Run, top: Path, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text(line(LESSON) + '{"messages": [{"ro\n' + line(TALK))
    answer = cli("ingest", "--json", file, cwd=top, env=ADA)
    rows = [json.loads(row) for row in answer.out.splitlines()]
    assert (answer.code, [(row["conversation"], row["decision"]) for row in rows]) == (1, [(0, "add"), (2, "none")])
    assert answer.err == f"warning: {file}: line 2 is no JSON: it breaks off at column 19\n"


BAD = {
    "an empty file": ("x.json", b"", "the file is empty"),
    "truncated JSON": ("x.json", b'{"messages": [', "the file is no JSON: it breaks off at column 15"),
    "other JSON": ("x.json", b'{"a": 1}', "this is no transcript in a known format"),
    "bytes": ("x.txt", bytes(range(256)), ""),
    "UTF-16": ("x.txt", b"\xff\xfeU\x00", "this is UTF-16 text"),
    "prose": ("x.md", b"Once upon a time.\n", "this is no transcript in a known format"),
}


@pytest.mark.parametrize(("name", "content", "told"), BAD.values(), ids=BAD.keys())
def test_a_file_that_is_no_transcript_is_fatal_alone_and_an_error_among_others(
    cli: Run, top: Path, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    file, good = tmp_path / name, tmp_path / "good.txt"
    file.write_bytes(content)
    good.write_text(MONDAY)
    alone = cli("ingest", file, cwd=top, env=ADA)
    assert (alone.code, alone.out) == (128, "")
    assert alone.err.startswith(f"fatal: {file}: {told}")
    among = cli("ingest", file, good, cwd=top, env=ADA)
    assert (among.code, among.out[:21]) == (1, "add ada/release-notes")
    assert among.err.startswith(f"error: {file}: {told}")


def test_what_is_no_file_is_never_opened(cli: Run, top: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in ("/dev/zero", tmp_path / "pipe"):
        answer = cli("ingest", place, cwd=top)
        assert (answer.code, answer.err.splitlines()[0]) == (128, f"fatal: '{place}' is neither a file nor a folder")


WRONG = {
    "no such file": (["nothing.txt"], "no file 'nothing.txt'"),
    "no file of that form": (["*.nothing"], "no file '*.nothing'"),
    "an empty name": ([""], "no file ''"),
    "an empty folder": (["empty"], "no transcript in folder 'empty'"),
    "an unknown format": (["-", "--format", "word"], "no transcript format 'word'"),
    "one missing among others": ([".", "nothing.txt"], "no file 'nothing.txt'"),
}


@pytest.mark.parametrize(("words", "told"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_call_learns_nothing(cli: Run, top: Path, said: Path, words: list[str], told: str) -> None:
    (said / "empty").mkdir()
    answer = cli("ingest", *words, cwd=_inside(top, said), stdin=MONDAY, env=ADA)
    assert (answer.code, answer.out, answer.err.splitlines()[0]) == (2, "", f"error: {told}")
    assert git("rev-list", "--count", "HEAD", cwd=top) == "1"


def _inside(top: Path, said: Path) -> Path:
    """The transcripts, where the repository is found from them."""
    said.rename(top / "said")
    return top / "said"


UNREADABLE = Path("/proc/self/mem")  # a regular file that not even root can read from its start


@pytest.mark.skipif(not UNREADABLE.is_file(), reason="no /proc here")
def test_a_file_that_cannot_be_read_is_told_and_the_others_are_learned(cli: Run, top: Path, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(MONDAY)
    answer = cli("ingest", "--offline", UNREADABLE, tmp_path / "good.txt", cwd=top, env=ADA)
    assert (answer.code, answer.out[:21]) == (1, "add ada/release-notes")
    assert answer.err == f"error: {UNREADABLE}: cannot read it: input/output error\n"


def test_decisions_for_review_are_pushed_and_a_pull_request_is_written(cli: Run, top: Path, tmp_path: Path) -> None:
    forge = shop.bare(top)
    git("remote", "add", "origin", str(forge), cwd=top)
    answer = cli("ingest", "--offline", "--policy", "pr", "-", cwd=top, stdin=MONDAY, env=ADA)
    assert answer.code == 0
    branch = "learn/ada/2026-01-02"
    assert git("rev-parse", branch, cwd=forge) == git("rev-parse", branch, cwd=top)
    assert git("log", "--format=%s", f"main..{branch}", cwd=forge).startswith("add(ada/release-notes): ")
    assert "are available in the Git repository at:" in answer.err
    assert "Users/ada/release-notes/SKILL.md" in answer.err
    assert (git("rev-parse", "main", cwd=forge), status(top)) == (git("rev-parse", "main", cwd=top), [])
    again = cli("ingest", "--offline", "--policy", "pr", "-", cwd=top, stdin=MONDAY, env=ADA)
    assert (again.code, again.err) == (0, "")


def test_a_review_that_cannot_be_asked_for_is_told(cli: Run, top: Path, tmp_path: Path) -> None:
    answer = cli("ingest", "--offline", "--policy", "pr", "-", cwd=top, stdin=MONDAY, env=ADA)
    assert (answer.code, answer.out) == (128, "")
    assert answer.err.splitlines()[1:] == ["hint: 'skillgit share URL' adds one"]
    git("remote", "add", "origin", str(tmp_path / "nowhere"), cwd=top)
    answer = cli("ingest", "--offline", "--policy", "pr", "-", cwd=top, stdin=MONDAY, env=ADA)
    assert answer.code == 128
    assert answer.err.startswith("fatal: cannot reach remote 'origin'")
    assert git("rev-parse", "--verify", "-q", "learn/ada/2026-01-02", cwd=top)


def test_the_policy_of_the_repository_counts_where_no_flag_is_given(cli: Run, top: Path) -> None:
    toml = top / "skillgit.toml"
    toml.write_text(toml.read_text().replace('policy = "auto"', 'policy = "branch"'))
    git("commit", "-qam", "review first", cwd=top)
    before = git("rev-parse", "main", cwd=top)
    cli("ingest", "-", cwd=top, stdin=MONDAY, env=ADA)
    assert git("rev-parse", "main", cwd=top) == before
    cli("ingest", "--policy", "auto", "-", cwd=top, stdin=FRIDAY, env=ADA)
    assert git("rev-parse", "main~", cwd=top) == before


def test_edits_in_the_way_are_told_with_where_the_decision_is(cli: Run, top: Path) -> None:
    cli("ingest", "-", cwd=top, stdin=MONDAY, env=ADA)
    (top / shop.NOTES / "SKILL.md").write_text("mine")
    answer = cli("ingest", "--json", "-", cwd=top, stdin=FRIDAY, env=ADA)
    row = json.loads(answer.out)
    assert (answer.code, row["decision"], row["parked"]) == (0, "merge", True)
    assert row["ref"].startswith("refs/skillgit/proposals/")
    warning, hint = answer.err.splitlines()
    assert warning.startswith("warning: your changes are in the way (")
    assert warning.endswith(f"; the decision is parked at '{row['ref']}'")
    name = row["ref"].rpartition("/")[2]
    assert hint == f"hint: put your changes away with 'git stash', then 'skillgit review accept {name}'"
    assert (top / shop.NOTES / "SKILL.md").read_text() == "mine"


RUNBOOK = """# Releasing the gateway

How we ship it. Never release on a Friday.

1. Update the changelog.
2. Run the tests.
"""


def test_a_document_is_a_skill_with_its_steps_and_rules(cli: Run, top: Path, tmp_path: Path) -> None:
    path = tmp_path / "runbook.md"
    path.write_text(RUNBOOK)
    learn = ("-C", top, "ingest", "--offline", "--document", path)
    assert cli(*learn, env=ADA).out.startswith("add ada/releasing-the-gateway 0.1.0: ")
    shown = cli("-C", top, "show", "ada/releasing-the-gateway").out
    assert "- Never release on a Friday.\n" in shown
    assert "1. Update the changelog.\n2. Run the tests.\n" in shown
    message = git("log", "-1", "--format=%B", cwd=top)
    assert "From a document, lines 3, 5-6." in message
    assert '"Run the tests."' in message
    assert cli(*learn, env=ADA).out.startswith("none ")


def test_a_document_has_no_other_format(cli: Run, top: Path, said: Path) -> None:
    answer = cli("-C", top, "ingest", "--document", "--format", "plain", said, env=ADA)
    assert (answer.code, answer.err) == (2, "error: --document and --format do not go together\n")


def _modelled(server: Server) -> dict[str, str]:
    return {**ADA, "SKILLGIT_MODEL": "openai-compatible/loopback-1", "SKILLGIT_MODEL_URL": server.url}


def test_a_model_that_is_configured_learns_and_says_so_in_the_commit(cli: Run, top: Path) -> None:
    told = json.dumps([{"role": turn.role, "content": turn.text} for turn in SAID.turns])
    with serving(answer(EXTRACTED)) as server:
        done = cli("ingest", "--json", "-", cwd=top, stdin=told, env=_modelled(server))
    assert (done.code, done.err) == (0, "")
    row = json.loads(done.out)
    assert (row["decision"], row["skill"]) == ("add", "ada/release-notes")
    assert row["learner"].startswith("openai-compatible/loopback-1 extract:")


def test_what_a_model_gives_no_answer_about_is_told_and_asked_about_again(cli: Run, top: Path) -> None:
    told = json.dumps([{"role": turn.role, "content": turn.text} for turn in SAID.turns])
    with serving(says("no")) as server:
        done = cli("ingest", "-", cwd=top, stdin=told, env=_modelled(server))
    assert (done.code, done.out.startswith("undecided (-): no usable answer")) == (1, True)
    assert done.err == "hint: 'skillgit ingest --undecided' asks again about what was not decided\n"
    with serving(answer(EXTRACTED)) as server:
        again = cli("ingest", "--undecided", cwd=top, env=_modelled(server))
    assert (again.code, again.out.split()[:2]) == (0, ["add", "ada/release-notes"])
    assert cli("ingest", "--undecided", cwd=top, env=_modelled(server)).out == ""


def test_after_five_in_a_row_without_an_answer_no_more_are_asked_about(cli: Run, top: Path) -> None:
    rows = [{"messages": [{"role": "user", "content": f"Write the notes for {n}."}]} for n in range(40)]
    told = "\n".join(map(json.dumps, rows))
    with serving(says("no")) as server:
        done = cli("ingest", "--jobs", "1", "-", cwd=top, stdin=told, env=_modelled(server))
    assert (done.code, len(server.requests), done.out.count("undecided")) == (128, 10, 5)
    assert done.err.startswith("fatal: no answer about 5 conversations in a row")


def test_learning_offline_is_said_once(cli: Run, top: Path) -> None:
    told = "\n".join(json.dumps({"messages": [{"role": "user", "content": f"Hello {n}?"}]}) for n in range(3))
    assert cli("ingest", "-", cwd=top, stdin=told, env=ADA).err == "learning offline, as no model is configured\n"
    assert cli("ingest", "--offline", "-", cwd=top, stdin=told, env=ADA).err == ""
