"""`skillgit forget --text T --history`: no object holds the text, and the rest of the history says what it said."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.conftest import Run

WORD = "Bluebird"
MONDAY = "User: From now on, list breaking changes first in release notes, the Bluebird ones too.\nAssistant: Noted.\n"
FRIDAY = "User: From now on, link every issue in the release notes.\nAssistant: Noted.\n"
MINUTES = "User: Write the meeting minutes.\nAssistant: Here.\nUser: Always put decisions first in meeting minutes.\n"
TOLD = "--format=%an %ae %at %cn %ce %ct%n%B"


@pytest.fixture
def library(tmp_path: Path, cli: Run) -> Path:
    library = tmp_path / "library"
    assert cli("init", "library").code == 0
    (library / "README").write_text("a library\n")
    commit(library, "a readme")
    for name, said in {"minutes": MINUTES, "monday": MONDAY, "friday": FRIDAY}.items():
        (tmp_path / f"{name}.txt").write_text(said)
        assert cli("ingest", tmp_path / f"{name}.txt", cwd=library).code == 0
    return library


def git(library: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=library, capture_output=True, text=True, check=True).stdout


def commit(library: Path, message: str) -> None:
    git(library, "add", "-A")
    git(library, "commit", "--quiet", "--no-verify", "-m", message)


def every_object(library: Path) -> bytes:
    words = ["git", "cat-file", "--batch-all-objects", "--batch"]
    return subprocess.run(words, cwd=library, capture_output=True, check=True).stdout


def private(library: Path) -> bytes:
    kept = [library / ".git/skillgit", library / ".git/logs", *(library / ".git").glob("*_*")]
    files = (file for top in kept for file in (top.rglob("*") if top.is_dir() else [top]))
    return b"".join(file.read_bytes() for file in files if file.is_file())


def skills(library: Path) -> list[str]:
    return [file for file in git(library, "ls-files").split() if file.endswith("SKILL.md")]


def gone(library: Path) -> None:
    assert WORD.encode() not in every_object(library) + private(library)
    assert git(library, "fsck", "--strict", "--no-dangling") == ""
    assert git(library, "status", "--porcelain") == ""


def test_no_object_holds_the_text_and_all_else_stays_as_it_was(cli: Run, library: Path) -> None:
    git(library, "tag", "-a", "v1", "-m", "the Bluebird release", "HEAD~1")
    git(library, "branch", "other", "HEAD~1")
    git(library, "update-ref", "refs/heads/learn/ada/today", "HEAD~1")
    told, untouched = git(library, "log", TOLD), git(library, "rev-parse", "HEAD~2^")
    dates = [line for line in told.splitlines() if line.startswith("Skill-Attempt")]
    done = cli("forget", "--text", WORD, "--history", cwd=library)
    assert done.code == 0, done.err
    gone(library)
    after = git(library, "log", TOLD, "--skip=1")
    assert after == told.replace(WORD, "(forgotten)") and dates
    assert git(library, "merge-base", untouched.strip(), "HEAD") == untouched
    assert git(library, "rev-parse", "v1^{commit}", "other") == git(library, "rev-parse", "HEAD~2", "HEAD~2")
    assert "the (forgotten) release" in git(library, "cat-file", "tag", "v1")
    assert cli("doctor", cwd=library).code == 0
    rule = next(file for file in skills(library) if "(forgotten) ones" in (library / file).read_text())
    assert "(forgotten) ones" in cli("why", Path(rule).parent.name, cwd=library).out


def test_a_rehearsal_counts_and_writes_nothing(cli: Run, library: Path) -> None:
    before = git(library, "for-each-ref"), every_object(library)
    rehearsed = cli("forget", "--text", WORD, "--history", "--dry-run", cwd=library)
    assert rehearsed.code == 0 and "history: 2 commits rewritten, 1 ref moved" in rehearsed.out
    assert (git(library, "for-each-ref"), every_object(library)) == before


def test_a_text_of_many_shapes_goes_where_it_is_quoted_or_cut(cli: Run, library: Path) -> None:
    (library / "notes.txt").write_text('say "Blue\tbird" — it is\n')
    commit(library, 'edit: {"quote": "say \\"Blue bird\\" — it is"}\n\nsay "Blue bird" — i…')
    (library / "notes.txt").unlink()
    commit(library, "without")
    done = cli("forget", "--text", 'say "Blue\tbird" — it is', "--history", cwd=library)
    assert done.code == 0, done.err
    assert b"bird" not in every_object(library).replace(b"Bluebird", b"")


def test_a_message_that_names_a_commit_names_the_new_one(cli: Run, library: Path) -> None:
    git(library, "revert", "--no-edit", "HEAD")
    assert cli("forget", "--text", WORD, "--history", cwd=library).code == 0
    message = git(library, "log", "-1", "--skip=1", "--format=%B")
    assert f"This reverts commit {git(library, 'rev-parse', 'HEAD~2').strip()}" in message
    gone(library)


def test_what_is_known_of_a_remote_goes_and_is_said(cli: Run, library: Path, tmp_path: Path) -> None:
    git(library, "init", "--quiet", "--bare", str(tmp_path / "origin.git"))
    git(library, "remote", "add", "origin", str(tmp_path / "origin.git"))
    git(library, "push", "--quiet", "origin", "main")
    git(library, "remote", "set-head", "origin", "main")
    done = cli("forget", "--text", WORD, "--history", cwd=library)
    assert done.code == 0 and "drop refs/remotes/origin/main" in done.out
    assert "'origin' may still hold it" in done.err and "git push --force origin --all" in done.err
    assert git(library, "for-each-ref", "refs/remotes") == ""
    gone(library)
    git(library, "push", "--quiet", "--force", "origin", "--all")
    gone(library)


def test_commits_that_only_reflogs_hold_are_told_before_they_go(cli: Run, library: Path) -> None:
    (library / "README").write_text("mine\n")
    commit(library, "mine")
    git(library, "reset", "--quiet", "--hard", "HEAD~1")
    rehearsed = cli("forget", "--text", WORD, "--history", "--dry-run", cwd=library)
    assert "note: 1 commit that no branch holds" in rehearsed.err
    assert "note: 1 commit that no branch holds" in cli("forget", "--text", WORD, "--history", cwd=library).err
    gone(library)


def test_what_another_git_commits_meanwhile_is_brought_along(cli: Run, library: Path) -> None:
    git(library, "branch", "other")
    made, done = list[str](), Event()

    def others() -> None:
        while not done.wait(0.05):
            tip = git(library, "rev-parse", "other").strip()
            new = git(library, "commit-tree", "-p", tip, "-m", f"theirs {len(made)}", f"{tip}^{{tree}}").strip()
            words = ["git", "update-ref", "refs/heads/other", new, tip]
            if subprocess.run(words, cwd=library, capture_output=True).returncode == 0:
                made.append(f"theirs {len(made)}")

    other = Thread(target=others)
    other.start()
    try:
        assert cli("forget", "--text", WORD, "--history", cwd=library).code in (0, 1)
    finally:
        done.set()
        other.join()
    assert (
        made and git(library, "log", "--format=%s", f"--max-count={len(made)}", "other").split("\n")[:-1] == made[::-1]
    )
    assert cli("forget", "--text", WORD, "--history", cwd=library).code == 0
    gone(library)


def test_the_branch_of_another_work_tree_moves_too(cli: Run, library: Path) -> None:
    git(library, "branch", "side", "HEAD~1")
    git(library, "worktree", "add", "--quiet", str(library.parent / "linked"), "side")
    linked = library.parent / "linked"
    assert cli("forget", "--text", WORD, cwd=linked).code == 0
    assert cli("forget", "--text", WORD, "--history", cwd=library).code == 0
    gone(library)
    assert git(linked, "status", "--porcelain") == "" and git(linked, "log", "-1", "--format=%s", "HEAD~1") != ""


def edited(library: Path) -> None:
    (library / skills(library)[0]).write_text("mine\n")


def held_elsewhere(library: Path) -> None:
    (library / "README").write_text(f"about {WORD}\n")
    commit(library, "a readme")


def in_a_linked_work_tree(library: Path) -> None:
    git(library, "worktree", "add", "--quiet", str(library.parent / "linked"), "-b", "linked")


def in_a_name(library: Path) -> None:
    (library / f"{WORD}.txt").write_text("\n")
    commit(library, "a file")
    git(library, "rm", "--quiet", f"{WORD}.txt")
    commit(library, "no file")


def stashed(library: Path) -> None:
    (library / "README").write_text("mine\n")
    git(library, "stash", "--quiet")


def by_that_name(library: Path) -> None:
    (library / "README").write_text("mine\n")
    git(library, "commit", "--quiet", "-a", "--no-verify", "-m", "mine", f"--author={WORD} <a@b.c>")


REFUSALS: dict[str, tuple[Callable[[Path], object], str]] = {
    "an edit": (edited, "not committed"),
    "a file that is no skill holds it": (held_elsewhere, "'README' of 'main' holds it now"),
    "another work tree's branch holds it": (in_a_linked_work_tree, "of 'linked' holds it now"),
    "a name holds it": (in_a_name, "the name 'Bluebird.txt' holds the text"),
    "an author's name holds it": (by_that_name, "the author of commit"),
    "a stash": (stashed, "'refs/stash' holds on to the old one"),
    "notes": (lambda library: git(library, "notes", "add", "-m", "x"), "'refs/notes/commits' holds on"),
    "no branch": (lambda library: git(library, "switch", "--quiet", "--detach"), "HEAD is detached"),
}


@pytest.mark.parametrize(("prepare", "words"), REFUSALS.values(), ids=REFUSALS)
def test_where_it_cannot_be_done_whole_nothing_is_done(
    cli: Run, library: Path, prepare: Callable[[Path], object], words: str
) -> None:
    prepare(library)
    before = git(library, "for-each-ref"), git(library, "status", "--porcelain")
    done = cli("forget", "--text", WORD, "--history", cwd=library)
    assert done.code == 128 and words in done.err
    assert (git(library, "for-each-ref"), git(library, "status", "--porcelain")) == before


@pytest.mark.parametrize(
    ("text", "code"), [("merge", 128), ("0.1.0", 128), ("ada", 128), ("forgotten", 2), (" ", 2)], ids=str
)
def test_a_text_that_decisions_are_written_with_is_refused(cli: Run, library: Path, text: str, code: int) -> None:
    before = git(library, "for-each-ref")
    assert cli("forget", "--text", text, "--history", cwd=library).code == code
    assert git(library, "for-each-ref") == before


HOOK = """#!/bin/sh
[ "$1" = {moment} ] && grep -q refs/heads/other && kill -9 {victim}
exit 0
"""


GIT, SKILLGIT = "$PPID", '"$(ps -o ppid= -p "$PPID")"'


@pytest.mark.parametrize(
    ("victim", "moment"),
    [(SKILLGIT, "prepared"), (SKILLGIT, "committed"), (GIT, "prepared"), (GIT, "committed")],
    ids=["skillgit, before", "skillgit, after", "git, before", "git, after"],
)
def test_a_crash_leaves_the_old_or_the_new_history_and_the_same_again_finishes_it(
    cli: Run, library: Path, victim: str, moment: str
) -> None:
    git(library, "branch", "other", "HEAD~1")
    hook = library / ".git/hooks/reference-transaction"
    hook.write_text(HOOK.format(moment=moment, victim=victim))
    hook.chmod(0o755)
    words = [sys.executable, "-m", "skillgit", "forget", "--text", WORD, "--history"]
    assert subprocess.run(words, cwd=library, env=dict(os.environ), capture_output=True).returncode in (-9, 128)
    hook.unlink()
    assert git(library, "status", "--porcelain") == ""
    assert git(library, "fsck", "--strict", "--no-dangling") == ""
    assert cli("forget", "--text", WORD, "--history", cwd=library).code == 0
    gone(library)


def test_a_branch_that_will_not_move_leaves_the_old_history(cli: Run, library: Path) -> None:
    git(library, "branch", "other", "HEAD~1")
    hook = library / ".git/hooks/reference-transaction"
    hook.write_text('#!/bin/sh\n[ "$1" != prepared ] || ! grep -q refs/heads/other\n')
    hook.chmod(0o755)
    was = git(library, "rev-parse", "HEAD", "other").split()
    assert cli("forget", "--text", WORD, "--history", cwd=library).code == 128
    assert git(library, "rev-parse", "HEAD~1", "other").split() == was
    assert git(library, "status", "--porcelain") == ""
