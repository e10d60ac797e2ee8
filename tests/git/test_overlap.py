"""A `git commit` that read the index before a decision and writes it after; what the next writer makes of that."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from tests.git.place import FIRST, NEW, OTHER, SECOND, SKILL, files, git, put, status


@pytest.mark.parametrize(
    ("first", "second"),
    [(SECOND, None), (SECOND, FIRST + b"- Sign it.\n"), (None, None)],
    ids=["edited", "edited twice", "removed"],
)
def test_a_decision_that_was_taken_out_of_an_index_is_put_back_by_the_next_writer(
    repo: Repo, top: Path, first: bytes | None, second: bytes | None
) -> None:
    read = (top / ".git/index").read_bytes()
    put(repo, {SKILL: first})
    if second:
        put(repo, {SKILL: second})
    _git_writes(top, read)
    assert status(top) != []
    put(repo, {NEW: b"x"})
    assert status(top) == []
    git("commit", "-qm", "by hand", "--allow-empty", cwd=top)
    assert files(top).get(SKILL) == (second or first)


@pytest.mark.parametrize("path", [SKILL, NEW], ids=["edited", "added"])
def test_a_decision_that_the_next_commit_took_back_is_staged_again(repo: Repo, top: Path, path: str) -> None:
    read = (top / ".git/index").read_bytes()
    put(repo, {path: SECOND})
    _git_writes(top, read)
    git("commit", "-qm", "by hand", cwd=top)
    put(repo, {OTHER: b"x"})
    assert status(top) == [f"{'M' if path == SKILL else 'A'}  {path}"]
    git("commit", "-qm", "by hand again", cwd=top)
    assert git("show", f"HEAD:{path}", cwd=top) == SECOND.decode().strip()


def test_a_branch_that_was_set_back_stays_as_it_was_set(repo: Repo, top: Path) -> None:
    put(repo, {SKILL: SECOND})
    git("reset", "-q", "HEAD~1", cwd=top)
    put(repo, {OTHER: b"x"})
    assert status(top) == [f" M {SKILL}"]


def test_an_added_skill_that_a_git_commit_takes_out_of_the_index_is_put_back(repo: Repo, top: Path) -> None:
    read = (top / ".git/index").read_bytes()
    put(repo, {NEW: b"x"})
    _git_writes(top, read)
    put(repo, {SKILL: SECOND})
    assert status(top) == []


@pytest.mark.parametrize(
    ("words", "after"),
    [
        (f"echo mine >> {SKILL}", f"MM {SKILL}"),
        (f"echo mine >> {SKILL} && git add {SKILL}", f"M  {SKILL}"),
        (f"git checkout -q HEAD~1 -- {SKILL}", f"M  {SKILL}"),
    ],
    ids=["edited", "edited and staged", "checked out as it was"],
)
def test_what_a_user_made_of_a_file_after_a_decision_is_not_put_back(
    repo: Repo, top: Path, words: str, after: str
) -> None:
    read = (top / ".git/index").read_bytes()
    put(repo, {SKILL: SECOND})
    _git_writes(top, read)
    subprocess.run(words, shell=True, cwd=top, check=True)
    put(repo, {NEW: b"x"})
    assert status(top) == [after]


def _of_other_types(text: str) -> str:
    return json.dumps(json.loads(text.splitlines()[-1]) | {"at": "now", "stamps": []}) + "\n"


@pytest.mark.parametrize(
    "spoil",
    [lambda text: text.replace('"at": ', '"at": -'), lambda text: text[:-40], lambda text: "[]\n", _of_other_types],
    ids=["a minute ago", "torn", "of another shape", "of other types"],
)
def test_what_landed_long_ago_or_cannot_be_read_is_no_hindrance(
    repo: Repo, top: Path, spoil: Callable[[str], str]
) -> None:
    read = (top / ".git/index").read_bytes()
    put(repo, {SKILL: SECOND})
    landed = repo.private / "landed"
    landed.write_text(spoil(landed.read_text()))
    _git_writes(top, read)
    put(repo, {NEW: b"x"})
    assert status(top) == [f"MM {SKILL}"]


def test_what_was_brought_along_stays_while_git_lands_a_commit_of_it(repo: Repo, top: Path) -> None:
    lands = threading.Thread(target=_git_lands, args=(top,))

    def body(tx: Transaction) -> None:
        entry = tx.repo.entry(tx.tip, SKILL)
        if entry and tx.repo.read(entry.oid) != SECOND:
            tx.commit("tag it\n", {SKILL: tx.file(SECOND)})
            (top / ".git/refs/heads/main.lock").touch(exist_ok=False)
            lands.start()

    write(repo, body)
    lands.join()
    assert git("log", "-1", "--format=%s", cwd=top) == "by hand"
    assert files(top)[SKILL] == SECOND and status(top) == []


def _git_lands(top: Path) -> None:
    """Do what `git commit` does that has the branch's lock when a decision is in the index, and not yet landed."""
    while status(top) != [f"M  {SKILL}"]:
        time.sleep(0.01)
    commit = git("commit-tree", "-p", "HEAD", "-m", "by hand", git("write-tree", cwd=top), cwd=top)
    time.sleep(0.3)
    (top / ".git/refs/heads/main.lock").write_text(f"{commit}\n")
    (top / ".git/refs/heads/main.lock").replace(top / ".git/refs/heads/main")


def _git_writes(top: Path, read: bytes) -> None:
    """Do what `git commit` does that has read the index before a decision, and writes it after."""
    (top / ".git/read").write_bytes(read)
    (top / ".git/read").replace(top / ".git/index")
