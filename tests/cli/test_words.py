"""The words of each command: its help, wrong names, and what scripts read."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest

from skillgit.cli import app
from tests.cli import shop
from tests.cli.shop import ADA, FRIDAY, MONDAY
from tests.conftest import Run

COMMANDS = (
    "init",
    "ingest",
    "list",
    "show",
    "log",
    "diff",
    "search",
    "context",
    "prompt",
    "usage",
    "edit",
    "commit",
    "revert",
    "remove",
    "mv",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_is_whole_sentences(cli: Run, command: str) -> None:
    answer = cli(command, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"Usage: skillgit {command} [OPTIONS]")
    row = next(row for row in app.COMMANDS if row.name == command)
    function = getattr(import_module(f"skillgit.cli.{row.module}"), row.module)
    hints = get_type_hints(function, include_extras=True)
    said = {name: hint.__metadata__[0].help for name, hint in hints.items() if name != "return"}
    for name, text in {**said, "about": function.__doc__}.items():
        assert re.fullmatch(r"(?:[A-Z]|-|auto:|user,|typed).*[.]\s*", text, flags=re.DOTALL), (name, text)


NAMES = ["../x", "/abs", "a/b", "x" * 300, "CON", "🚀", "", ".", "ada/../ada/release-notes", "\x1b[31m", "a\nhint: rm"]
READERS = ("show", "log", "diff", "revert", "remove", "edit")


@pytest.fixture
def top(cli: Run, tmp_path: Path) -> Path:
    return shop.library(cli, tmp_path / "lib")


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:20])
def test_a_skill_that_is_not_there_is_refused_in_one_line(cli: Run, top: Path, name: str) -> None:
    for command in READERS:
        answer = cli(command, "--", name, cwd=top, env=ADA)
        assert (answer.code, answer.out) == (1, "")
        assert re.fullmatch(r"error: no skill '[^\n\x1b]{0,80}'\n(hint: [^\n\x1b]*\n)?", answer.err), answer.err


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:20])
def test_a_user_that_is_no_name_is_refused_in_one_line(cli: Run, top: Path, name: str) -> None:
    for words in (["list"], ["search", "x"], ["ingest", "-"]):
        answer = cli(*words, "--user", name, cwd=top, stdin=FRIDAY)
        assert (answer.code, answer.out) in ((1, ""), (128, ""))
        assert re.fullmatch(r"(fatal: unsafe|error: invalid) name '[^\n]*\n(hint: [^\n]*\n)?", answer.err), answer.err


@pytest.mark.parametrize("name", [name for name in NAMES if name != "a/b"], ids=lambda name: ascii(name)[:20])
def test_a_skill_is_never_moved_to_what_is_no_name(cli: Run, top: Path, name: str) -> None:
    answer = cli("mv", "--", "release-notes", name, cwd=top, env=ADA)
    assert answer.code in (1, 2, 128)
    assert re.match(r"(fatal|error): [^\n]*\n(hint: [^\n]*\n)?\Z", answer.err), answer.err


USAGE = {
    "a version without a skill": (["show", "@0.1.0"], "error: '@0.1.0' is no skill and version"),
    "a skill without its version": (["show", "release-notes@"], "error: 'release-notes@' is no skill and version"),
    "no versions": (["diff", "release-notes", ".."], "error: '..' names no versions"),
    "a scope": (["search", "x", "--scope", "mine"], "error: no scope 'mine'"),
    "a score": (["search", "x", "--min-score", "2"], "error: invalid value for '--min-score': 2.0 is not in the range"),
    "a limit": (["search", "x", "-n", "0"], "error: invalid value for '--limit' / '-n': 0 is not in the range"),
    "a policy": (["ingest", "-", "--policy", "x"], "error: invalid value 'x' for 'learn.policy' from flag: must be"),
    "no skill": (["remove"], "error: missing argument 'SKILL'"),
    "too many": (["remove", "a", "b"], "error: got unexpected extra argument(s)"),
    "too deep a place": (["mv", "release-notes", "a/b/c"], "error: 'a/b/c' is no place for a skill"),
}


@pytest.mark.parametrize(("words", "told"), USAGE.values(), ids=USAGE.keys())
def test_a_wrong_call_is_told_and_exits_2(cli: Run, top: Path, words: list[str], told: str) -> None:
    answer = cli(*words, cwd=top, env=ADA)
    assert (answer.code, answer.out, answer.err[: len(told)]) == (2, "", told)


NO = {
    "an unknown version": (["show", "release-notes@9.9.9"], "error: no version '9.9.9' of skill 'ada/release-notes'"),
    "an unknown commit": (["list", "--at", "nothing"], "error: no commit 'nothing'"),
    "an option for a commit": (["log", "--at=--all"], "error: no commit '--all'"),
    "nothing before": (["revert", "release-notes"], "error: skill 'ada/release-notes' has no earlier version"),
    "nothing to do": (["commit"], "error: nothing to commit"),
    "no such hand edit": (["commit", "nothing"], "error: no skill 'nothing'"),
    "where it is": (["mv", "release-notes", "release-notes"], "error: skill 'ada/release-notes' is already there"),
    "no answer": (["search", "bake a cake"], "no skill answers that"),
}


@pytest.mark.parametrize(("words", "told"), NO.values(), ids=NO.keys())
def test_the_answer_no_exits_1(cli: Run, top: Path, words: list[str], told: str) -> None:
    answer = cli(*words, cwd=top, env=ADA)
    assert (answer.code, answer.out, answer.err[: len(told)]) == (1, "", told)


def rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


CHANGE = ["decision", "skill", "version", "before", "bump", "commit", "ref", "summary"]
FIELDS = {
    "list": ["skill", "path", "version", "id", "description", "tags", "files"],
    "show release-notes": ["skill", "path", "version", "id", "description", "files", "text"],
    "search notes": ["skill", "version", "score", "description", "line"],
    "mv release-notes notes": CHANGE,
    "remove notes": CHANGE,
    "revert notes": CHANGE,
    "edit notes": CHANGE,
}


def test_scripts_read_one_object_a_line_with_the_fields_they_know(cli: Run, top: Path) -> None:
    for words, fields in FIELDS.items():
        answer = cli(*words.split(), "--json", cwd=top, env={**ADA, "GIT_EDITOR": "sed -i s/first/last/"})
        assert (answer.code, [list(row) for row in rows(answer.out)]) == (0, [fields]), (words, answer.err)


def test_a_log_for_scripts_tells_every_commit_and_what_it_decided(cli: Run, top: Path) -> None:
    decided, plain = rows(cli("log", "--json", cwd=top).out)
    assert list(plain) == ["commit", "date", "author", "subject", "decision"]
    assert plain["decision"] is None
    assert [decided[key] for key in ("decision", "skill", "before", "version", "bump")] == [
        "add",
        "ada/release-notes",
        None,
        "0.1.0",
        "none",
    ]
    assert decided["changes"] == ["+ List breaking changes first in release notes"]


def test_what_was_ingested_is_one_object_a_conversation(cli: Run, top: Path) -> None:
    row = rows(cli("ingest", "--json", "-", cwd=top, stdin=FRIDAY, env=ADA).out)[0]
    assert list(row)[:2] == ["source", "conversation"]
    assert {"decision", "reason", "skill", "version", "commit", "evidence", "score", "nearest"} <= set(row)
    assert (row["decision"], row["skill"], row["version"], row["before"]) == (
        "merge",
        "ada/release-notes",
        "0.1.1",
        "0.1.0",
    )
    again = rows(cli("ingest", "--json", "-", cwd=top, stdin=MONDAY, env=ADA).out)[0]
    assert (again["decision"], again["commit"], again["skill"]) == ("none", None, None)
    assert str(again["reason"]).startswith("this conversation is in the history already, at ")


def test_hand_edits_for_scripts_are_one_object_a_skill(cli: Run, top: Path) -> None:
    file = top / shop.NOTES / "SKILL.md"
    file.write_text(f"{file.read_text()}- More.\n")
    assert [list(row) for row in rows(cli("commit", "--json", cwd=top).out)] == [CHANGE]


def test_list_shows_whose_skills_were_asked_for(cli: Run, top: Path) -> None:
    cli("ingest", "-", cwd=top, stdin=FRIDAY, env={"SKILLGIT_USER": "bo"})
    cli("mv", "bo/release-notes", "Common/release-notes", cwd=top)
    cli("ingest", "-", "--user", "eve", cwd=top, stdin=MONDAY)
    asked = {
        "list": ["Common/release-notes", "ada/release-notes", "eve/release-notes"],
        "list --user eve": ["eve/release-notes"],
        "list --common": ["Common/release-notes"],
        "list --user zoe": [],
    }
    for words, skills in asked.items():
        assert [row["skill"] for row in rows(cli(*words.split(), "--json", cwd=top).out)] == skills
    assert cli("show", "release-notes", cwd=top, env={"SKILLGIT_USER": "eve"}).code == 0
    ambiguous = cli("show", "release-notes", cwd=top, env={"SKILLGIT_USER": "zoe"})
    assert (ambiguous.code, ambiguous.err.splitlines()[0]) == (2, "error: 'release-notes' is ambiguous")


def test_an_edit_that_cannot_be_recorded_is_kept_and_an_editors_backup_is_not(
    cli: Run, top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "drafts"))
    (tmp_path / "drafts").mkdir()
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\ncp "$1" "$1~"\necho "- More." >> "$1"\n')
    script.chmod(0o755)
    assert cli("edit", "release-notes", cwd=top, env={**ADA, "GIT_EDITOR": str(script)}).code == 0
    assert list((tmp_path / "drafts").iterdir()) == []
    broken = cli("edit", "release-notes", cwd=top, env={**ADA, "GIT_EDITOR": "sed -i 1d"})
    kept = re.findall(r"hint: what you wrote is in '(.*)'", broken.err)
    assert broken.code == 1
    assert Path(kept[0]).read_text().startswith("name: ")
    failed = cli("edit", "release-notes", cwd=top, env={**ADA, "GIT_EDITOR": "false"})
    assert (failed.code, failed.err.splitlines()[0]) == (128, "fatal: the editor 'false' failed with exit code 1")
