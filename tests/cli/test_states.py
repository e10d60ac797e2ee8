"""Every command in every state a repository can be in: it works, or says in one line why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli import shop
from tests.cli.shop import ADA, FRIDAY, State
from tests.conftest import Run
from tests.git.place import git, sound

READS = ("list", "show release-notes", "log", "log release-notes", "diff release-notes", "search notes")
WRITES = ("ingest -", "edit release-notes", "mv release-notes notes", "remove release-notes")
EDITOR = {"GIT_EDITOR": "sed -i s/first/last/"}


@pytest.mark.parametrize("state", [shop.bare, shop.shallow, shop.detached, shop.with_a_submodule])
def test_commands_work_in_any_whole_repository(cli: Run, tmp_path: Path, state: State) -> None:
    where = state(shop.library(cli, tmp_path / "lib"))
    for words in READS:
        answer = cli(*words.split(), cwd=where, env=ADA)
        assert (answer.code, answer.err) == (0, ""), words
        assert "elease" in answer.out, words
    tip = git("rev-parse", "HEAD", cwd=where)
    for words in WRITES:
        answer = cli(*words.split(), cwd=where, env={**ADA, **EDITOR}, stdin=FRIDAY)
        assert answer.code == (1 if words.startswith("remove") else 0), answer
        assert ("HEAD is detached: commit" in answer.err) == (state is shop.detached and answer.code == 0)
        tip, before = git("rev-parse", "HEAD", cwd=where), tip
        assert (tip == before) == (answer.code == 1), words
    assert cli("remove", "notes", cwd=where, env=ADA).code == 0
    sound(where)


@pytest.mark.parametrize("state", [shop.merging, shop.rebasing])
def test_in_the_middle_of_something_decisions_are_parked_and_changes_refused(
    cli: Run, tmp_path: Path, state: State
) -> None:
    where = state(shop.library(cli, tmp_path / "lib"))
    for words in READS:
        assert cli(*words.split(), cwd=where, env=ADA).code == 0, words
    before = (git("status", "--porcelain", cwd=where), git("rev-parse", "HEAD", cwd=where))
    learned = cli("ingest", "-", cwd=where, env=ADA, stdin=FRIDAY)
    assert learned.code == 0
    assert "the decision is parked at 'refs/skillgit/proposals/" in learned.err
    for words in (*WRITES[1:], "commit", "revert release-notes"):
        answer = cli(*words.split(), cwd=where, env={**ADA, **EDITOR})
        assert answer.code == 128, words
        assert answer.err.startswith("fatal: the work tree is busy: a "), words
    assert (git("status", "--porcelain", cwd=where), git("rev-parse", "HEAD", cwd=where)) == before


def test_without_a_repository_every_command_says_how_to_make_one(cli: Run, tmp_path: Path) -> None:
    for words in (*READS, *WRITES, "commit", "revert x"):
        answer = cli(*words.split(), cwd=tmp_path, stdin=FRIDAY)
        assert (answer.code, answer.out) == (128, "")
        assert answer.err.splitlines() == [
            f"fatal: not a git repository (or any of the parent directories): '{tmp_path}'",
            "hint: run 'skillgit init' to make one, or name one with 'skillgit -C DIR'",
        ]


UNBORN = {
    "list": (0, "no skills yet\n"),
    "search notes": (1, "no skill answers that\n"),
    "show notes": (1, "error: there are no commits yet\n"),
    "log": (1, "error: there are no commits yet\n"),
    "diff notes": (1, "error: there are no commits yet\n"),
    "revert notes": (1, "error: there are no commits yet\n"),
    "edit notes": (1, "error: no skill 'notes'\n"),
    "remove notes": (1, "error: no skill 'notes'\n"),
    "mv notes x": (1, "error: no skill 'notes'\n"),
    "commit": (1, "error: nothing to commit: no skill changed in the work tree\n"),
}


def test_on_a_branch_without_commits_there_is_nothing_yet(cli: Run, tmp_path: Path) -> None:
    where = shop.unborn(tmp_path / "lib")
    for words, (code, told) in UNBORN.items():
        answer = cli(*words.split(), cwd=where, env=ADA)
        assert (answer.code, answer.out) == (code, ""), words
        assert answer.err.startswith(told), words
    assert "keeps no skills" in cli("ingest", "-", cwd=where, env=ADA, stdin=FRIDAY).err
    assert cli("init", cwd=where).code == 0
    assert cli("ingest", "-", cwd=where, env=ADA, stdin=FRIDAY).out.startswith("add ada/release-notes 0.1.0: ")


def test_a_shallow_clone_says_where_its_history_ends(cli: Run, tmp_path: Path) -> None:
    where = shop.shallow(shop.library(cli, tmp_path / "lib"))
    for words in ("revert release-notes", "show release-notes@0.0.9"):
        answer = cli(*words.split(), cwd=where, env=ADA)
        assert answer.code == 1
        assert "this clone is shallow: 'git fetch --unshallow' brings the rest" in answer.err


def test_a_bare_repository_has_no_hand_edits(cli: Run, tmp_path: Path) -> None:
    answer = cli("commit", cwd=shop.bare(shop.library(cli, tmp_path / "lib")))
    assert (answer.code, answer.err.splitlines()[0]) == (
        128,
        "fatal: a bare repository has no work tree to commit from",
    )


def test_a_skill_that_cannot_be_read_is_named_and_the_others_are_there(cli: Run, tmp_path: Path) -> None:
    top = shop.library(cli, tmp_path / "lib")
    (top / "Users/ada/broken").mkdir()
    (top / "Users/ada/broken/SKILL.md").write_bytes(b"\xff")
    git("add", ".", cwd=top)
    git("commit", "-qm", "broken", cwd=top)
    answer = cli("list", cwd=top)
    assert (answer.code, answer.err) == (0, "warning: cannot read skill 'ada/broken': not UTF-8: byte 0xff on line 1\n")
    assert answer.out.startswith("ada/release-notes")
    assert cli("search", "release notes", cwd=top, env=ADA).out.startswith("ada/release-notes")
    shown = cli("show", "broken", cwd=top, env=ADA)
    assert (shown.code, shown.err.splitlines()[0]) == (
        128,
        "fatal: cannot read skill 'ada/broken': not UTF-8: byte 0xff on line 1",
    )
    assert cli("remove", "broken", cwd=top, env=ADA).code == 0
