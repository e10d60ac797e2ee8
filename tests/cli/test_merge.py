"""`skillgit merge` and `skillgit resolve` at the command line."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.git.place import git, status
from tests.share.skills import OURS, SKILL, THEIRS, parted, rules, text

CLASH = {SKILL: text("Cite a page.", version="0.1.1")}, {SKILL: text("Cite no source.", version="0.1.1")}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A work tree in a merge with one conflict, in the only rule of a skill."""
    parted(tmp_path / "a", *CLASH)
    git("merge", "laptop", cwd=tmp_path / "a", ok=False)
    return tmp_path / "a"


def test_json_says_what_became_of_each_skill(tmp_path: Path, cli: Run) -> None:
    parted(tmp_path / "a", {SKILL: OURS}, {SKILL: THEIRS})
    done = cli("merge", "laptop", "--json", cwd=tmp_path / "a")
    row = json.loads(done.out)
    assert done.code == 0 and row["fate"] == "merged" and row["conflicts"] == []
    assert row["commit"] == git("rev-parse", "HEAD", cwd=tmp_path / "a")
    assert [(skill["skill"], skill["before"], skill["version"]) for skill in row["skills"]] == [
        ("ada/report", "0.1.1", "0.1.2")
    ]


def test_a_conflict_is_the_answer_no(tmp_path: Path, cli: Run) -> None:
    parted(tmp_path / "a", *CLASH)
    tried = cli("merge", "laptop", "--dry-run", "--json", cwd=tmp_path / "a")
    assert tried.code == 1 and json.loads(tried.out)["conflicts"][0]["file"] == SKILL and status(tmp_path / "a") == []
    done = cli("merge", "laptop", cwd=tmp_path / "a")
    assert done.code == 1 and done.out == f"conflict {SKILL}: both sides changed the same lines: Rules\n"
    assert "skillgit resolve" in done.err and status(tmp_path / "a") == [f"UU {SKILL}"]


def test_a_model_that_is_not_configured_is_not_asked(tmp_path: Path, cli: Run) -> None:
    parted(tmp_path / "a", *CLASH)
    done = cli("merge", "laptop", "--model", cwd=tmp_path / "a")
    assert done.code == 2 and "no model is configured" in done.err


def test_without_a_terminal_resolve_says_what_to_do(top: Path, cli: Run) -> None:
    done = cli("resolve", cwd=top)
    assert done.code == 1 and done.out == f"{SKILL}: 1 conflict left\n" and "--theirs" in done.err
    assert status(top) == [f"UU {SKILL}"]


SIDES = {"--ours": ["Cite a page."], "--theirs": ["Cite no source."]}


@pytest.mark.parametrize(("option", "left"), SIDES.items(), ids=SIDES)
def test_one_side_can_be_taken_for_all(option: str, left: list[str], top: Path, cli: Run) -> None:
    done = cli("resolve", option, cwd=top)
    assert done.code == 0 and done.out == f"{SKILL}: resolved\n" and "'git commit' concludes" in done.err
    assert rules(top) == left and status(top)[0].startswith("M  ")
    assert cli("resolve", "--ours", "--theirs", cwd=top).code == 2


def test_what_nothing_is_proposed_for_stays_a_conflict(tmp_path: Path, cli: Run) -> None:
    parted(tmp_path / "a", *({SKILL: None}, CLASH[0]))
    git("merge", "laptop", cwd=tmp_path / "a", ok=False)
    assert cli("resolve", "--proposal", cwd=tmp_path / "a").code == 1
    assert cli("resolve", "--theirs", cwd=tmp_path / "a").code == 0
    assert rules(tmp_path / "a") == ["Cite a page."]


def test_nothing_to_resolve_is_said(top: Path, cli: Run) -> None:
    git("merge", "--abort", cwd=top)
    assert cli("resolve", cwd=top).err == "nothing is left to resolve\n"


ANSWERS = {  # what is typed, the editor, and what the skill says then
    "ours": ("o\n", "false", ["Cite a page."]),
    "theirs, after a word it does not know": ("x\ntheirs\n", "false", ["Cite no source."]),
    "both": ("b\n", "false", ["Cite a page.", "Cite no source."]),
    "edit": ("e\n", "printf -- '- Cite it.\\n' >", ["Cite it."]),
    "skip": ("s\n", "false", None),
    "quit": ("q\n", "false", None),
    "the end of input": ("\x04", "false", None),
}


@pytest.mark.parametrize(("typed", "editor", "left"), ANSWERS.values(), ids=ANSWERS)
def test_a_person_decides_hunk_by_hunk(typed: str, editor: str, left: list[str] | None, top: Path) -> None:
    before = (top / SKILL).read_text()
    code, shown = at_terminal(typed, top, editor=editor)
    assert "Rules" in shown and "ours | - Cite a page." in shown and "theirs | - Cite no source." in shown
    if left is None:
        assert code == 1 and (top / SKILL).read_text() == before and status(top) == [f"UU {SKILL}"]
    else:
        assert code == 0 and rules(top) == left and status(top) == [f"M  {SKILL}"]


def at_terminal(typed: str, top: Path, *, editor: str) -> tuple[int, str]:
    """Run `skillgit resolve` with a terminal as its input, and answer with its exit code and what it printed."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "skillgit", "resolve"]
    env = {**os.environ, "GIT_EDITOR": editor}
    with subprocess.Popen(
        words, cwd=top, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env
    ) as done:
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = done.communicate(timeout=30)[0].decode()
    os.close(ours)
    return done.returncode, shown
