"""`skillgit review`: a list in a pipe, questions on a terminal, and words about whatever cannot be decided."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from skillgit.git.repo import Repo
from skillgit.learn import learner as learners
from skillgit.learn import undecided
from skillgit.learn.learner import Learner
from skillgit.search.index import Index
from tests.cli import shop
from tests.cli.shop import ADA, FRIDAY
from tests.conftest import Run
from tests.git.place import git, sound
from tests.learn.candidates import transcript

EMAIL = "User: Write an email to the board.\nAssistant: Done.\nUser: Never use emoji in emails.\n"
FILE = f"{shop.NOTES}/SKILL.md"


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("review") / "lib"


@pytest.fixture
def top(cli: Run, pattern: Path, tmp_path: Path) -> Path:
    """A library in which two lessons wait: a rule for release notes, then a skill for emails."""
    if not pattern.exists():
        shop.library(cli, pattern)
        for text in (FRIDAY, EMAIL):
            assert cli("ingest", "--offline", "--policy", "branch", "-", cwd=pattern, stdin=text, env=ADA).code == 0
    return Path(shutil.copytree(pattern, tmp_path / "lib", symlinks=True))


def ids(cli: Run, top: Path) -> list[str]:
    """What waits, newest first."""
    return [line.split()[0] for line in cli("review", cwd=top).out.splitlines()]


def subjects(top: Path) -> list[str]:
    return git("log", "--format=%s", cwd=top).splitlines()


def test_it_lists_what_waits(cli: Run, top: Path) -> None:
    done = cli("review", cwd=top)
    rows = [line.split() for line in done.out.splitlines()]
    assert [row[1:3] for row in rows] == [["add", "ada/email"], ["merge", "ada/release-notes"]]
    assert rows[1][3:] == ["0.1.0", "->", "0.1.1", "+1", "today", "learn/ada/2026-01-02"]
    assert cli("review", "list", cwd=top) == done
    assert "skillgit review show ID" in done.err


def test_it_lists_what_waits_as_json(cli: Run, top: Path) -> None:
    rows = [json.loads(line) for line in cli("review", "--json", cwd=top).out.splitlines()]
    assert [row["skill"] for row in rows] == ["ada/email", "ada/release-notes"]
    assert rows[1]["rules"] == ["+ In release notes, always mention the issue number"]
    assert (rows[1]["before"], rows[1]["version"], rows[1]["id"]) == ("0.1.0", "0.1.1", ids(cli, top)[1])


def test_nothing_to_review_is_said(cli: Run, tmp_path: Path) -> None:
    done = cli("review", cwd=shop.library(cli, tmp_path / "lib"))
    assert (done.code, done.out, done.err) == (0, "", "nothing waits for review\n")


def test_conversations_that_are_undecided_are_said_beside(cli: Run, tmp_path: Path) -> None:
    repo = Repo.open(shop.library(cli, tmp_path / "lib"))
    learner = Learner(repo, Index.open(repo.private / "index"), "ada")
    undecided.keep(learner, learners.heard(learner, transcript("Hello.")), "no answer")
    done = cli("review", cwd=repo.directory)
    assert done.err.endswith("hint: 1 undecided: 'skillgit ingest --undecided' asks again\n")


def test_it_shows_all_there_is_to_know(cli: Run, top: Path) -> None:
    _, notes = ids(cli, top)
    shown = cli("review", "show", notes, "--turns", cwd=top)
    for words in (
        "+ In release notes, always mention the issue number",
        '"In release notes, always mention the issue number."',
        "| In release notes, always mention the issue number.",
        "valid, and the scan finds nothing",
        "accepted now: merge ada/release-notes 0.1.1",
        '+  version: "0.1.1"',
    ):
        assert words in shown.out
    row = json.loads(cli("review", "show", notes, "--json", cwd=top).out)
    assert row["accepted"] == {"fate": "accepted", "reason": "", "skill": "ada/release-notes"}
    assert row["evidence"][0]["turn"] == 2 and row["diff"].startswith("diff --git")


def test_all_that_waits_is_accepted_the_oldest_first(cli: Run, top: Path) -> None:
    done = cli("review", "accept", "--all", cwd=top)
    assert [line.split()[:2] for line in done.out.splitlines()] == [
        ["merge", "ada/release-notes"],
        ["add", "ada/email"],
    ]
    assert done.code == 0 and "hint: nothing waits on 'learn/ada/2026-01-02' any more" in done.err
    assert ids(cli, top) == [] and git("status", "--short", cwd=top) == ""
    sound(top)


def test_one_that_cannot_be_accepted_is_said_and_the_others_are(cli: Run, top: Path) -> None:
    (top / FILE).write_text((top / FILE).read_text() + "mine\n")
    done = cli("review", "accept", "--all", "--json", cwd=top)
    assert done.code == 1 and "your changes to" in done.err
    assert [json.loads(line)["skill"] for line in done.out.splitlines()] == ["ada/email"]
    assert len(ids(cli, top)) == 1 and (top / FILE).read_text().endswith("mine\n")


def test_a_conflict_is_said_with_what_helps(cli: Run, top: Path) -> None:
    _, notes = ids(cli, top)
    assert cli("remove", "ada/release-notes", cwd=top).code == 0
    done = cli("review", "accept", notes, cwd=top)
    assert done.code == 1 and f"'skillgit review edit {notes}'" in done.err
    assert f"error: {notes} waits on: merge ada/release-notes: it was removed there" in done.err


def test_a_rejection_is_said_with_what_takes_it_back(cli: Run, top: Path) -> None:
    _, notes = ids(cli, top)
    done = cli("review", "reject", notes, "--reason", "we have no issue numbers", cwd=top)
    assert done.out == "reject ada/release-notes 0.1.0: we have no issue numbers\n"
    commit = git("rev-parse", "HEAD", cwd=top)[:10]
    assert done.err == f"hint: 'skillgit review restore {commit}' takes it back\n"
    assert "1 reject" in cli("stats", cwd=top).out
    assert (
        "rejected: in release notes, always mention the issue number\n    reject("
        in cli("why", shop.NOTES, cwd=top).out
    )
    row = json.loads(cli("why", shop.NOTES, "--json", cwd=top).out.splitlines()[-1])
    assert row["commit"].startswith(commit) and row["author"] == "Ada Lovelace"
    assert cli("review", "restore", commit, cwd=top).code == 0
    assert len(ids(cli, top)) == 2
    assert cli("doctor", cwd=top).err == "healthy\n"


def test_a_proposal_is_edited_in_the_editor(cli: Run, top: Path) -> None:
    _, notes = ids(cli, top)
    done = cli("review", "edit", notes, cwd=top, env={"GIT_EDITOR": "sed -i s/issue/ticket/"})
    assert done.out == "merge ada/release-notes 0.1.0 -> 0.1.1: In release notes, always mention the ticket number\n"
    assert "| edited in review" in git("log", "-1", "--format=%b", cwd=top)


def test_what_is_left_as_it_was_is_accepted(cli: Run, top: Path) -> None:
    _, notes = ids(cli, top)
    assert cli("review", "edit", notes, cwd=top, env={"GIT_EDITOR": "true"}).code == 0
    assert "edited" not in git("log", "-1", "--format=%b", cwd=top)


def test_what_was_written_and_is_refused_is_kept(cli: Run, top: Path) -> None:
    _, notes = ids(cli, top)
    done = cli("review", "edit", notes, cwd=top, env={"GIT_EDITOR": "sed -i s/^name:.*/name:/"})
    kept = Path(done.err.rpartition("what you wrote is in '")[2].partition("'")[0])
    assert done.code == 1 and "name:\n" in kept.read_text() and len(ids(cli, top)) == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("review", "no"), 2),
        (("review", "accept"), 2),
        (("review", "accept", "--all", "x"), 2),
        (("review", "accept", "x"), 1),
        (("review", "reject", "--all"), 2),
        (("review", "reject", "--all", "--reason", " "), 2),
        (("review", "--reason", "x"), 2),
        (("review", "accept", "--all", "--turns"), 2),
        (("review", "restore", "HEAD"), 1),
        (("review", "restore", "no-such"), 1),
        (("review", "restore"), 2),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(cli: Run, top: Path, words: tuple[str, ...], code: int) -> None:
    before = git("for-each-ref", cwd=top)
    done = cli(*words, cwd=top)
    assert (done.code, done.out) == (code, "") and done.err.startswith("error: ")
    assert git("for-each-ref", cwd=top) == before


@pytest.mark.parametrize("text", ["\x1b[31mred\x1b[m", "line\nbreak", "\u202ereordered", "x" * 3000], ids=ascii)
def test_a_reason_is_one_line_that_a_terminal_does_not_obey(cli: Run, top: Path, text: str) -> None:
    done = cli("review", "reject", ids(cli, top)[0], "--reason", text, cwd=top)
    assert done.code == 0 and "\x1b" not in done.out + git("log", "-1", "--format=%B", cwd=top)
    assert subjects(top)[0].startswith("reject(ada/email): ") and len(subjects(top)[0]) <= 120


WALKS = {
    "accept all": ("a\na\n", ["add(ada/email)", "merge(ada/release-notes)"], 0),
    "reject one": ("r\nnot wanted\ns\n", ["reject(ada/release-notes)"], 1),
    "no reason, no rejection": ("r\n\nq\n", [], 2),
    "edit one": ("e\nq\n", ["merge(ada/release-notes)"], 1),
    "quit": ("q\n", [], 2),
}


@pytest.mark.parametrize(("typed", "made", "left"), WALKS.values(), ids=WALKS)
def test_on_a_terminal_it_asks_about_each(cli: Run, top: Path, typed: str, made: list[str], left: int) -> None:
    before = len(subjects(top))
    shown = at_terminal(typed, top)
    assert "(1 of 2)" in shown and "[a]ccept, [r]eject, [e]dit, [s]kip, [q]uit?" in shown
    new = subjects(top)[: len(subjects(top)) - before]
    assert [line.partition(":")[0] for line in new] == made
    assert len(ids(cli, top)) == left


def at_terminal(typed: str, top: Path) -> str:
    """What a terminal shows while `skillgit review` runs on it and this is typed."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "GIT_EDITOR": "sed -i s/issue/ticket/", "GIT_PAGER": "cat", "TERM": "dumb"}
    words = [sys.executable, "-m", "skillgit", "review"]
    with subprocess.Popen(words, cwd=top, stdin=theirs, stdout=theirs, stderr=theirs, env=env):
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux's word for: the last program on this terminal has ended
        return b""
