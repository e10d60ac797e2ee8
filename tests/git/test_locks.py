"""R8: a lock file of a dead git is found and put away; one of a live git is never touched."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from skillgit.errors import Locked, RepositoryError
from skillgit.git.locks import LockFile, lock_files, put_away
from skillgit.git.repo import Repo
from skillgit.git.run import git as run
from tests.git.place import NEW, git, put, sound

KINDS = (
    "index.lock",
    "HEAD.lock",
    "config.lock",
    "packed-refs.lock",
    "shallow.lock",
    "gc.pid",
    "refs/heads/main.lock",
    "refs/heads/learn/ada/2026-01-02.lock",
    "logs/HEAD.lock",
    "objects/maintenance.lock",
    "objects/info/commit-graphs/commit-graph-chain.lock",
)


def made(top: Path, name: str, *, age: float) -> Path:
    """A lock file, this many seconds old."""
    file = top / ".git" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    then = time.time() - age
    os.utime(file, (then, then))
    return file


def found(top: Path) -> tuple[LockFile, ...]:
    return lock_files(top / ".git", [top])


@contextmanager
def running(*words: str | Path, cwd: Path, env: dict[str, str] | None = None) -> Iterator[None]:
    """A git that waits for more on its stdin, and has begun to."""
    asking = [*words, "cat-file", "--batch-check"]
    with subprocess.Popen(
        ["git", *asking], cwd=cwd, env=os.environ | (env or {}), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin and child.stdout
        child.stdin.write(b"HEAD\n")
        child.stdin.flush()
        child.stdout.readline()
        yield


@pytest.mark.parametrize("name", KINDS)
def test_a_lock_file_of_a_dead_git_is_put_away_and_kept(top: Path, name: str) -> None:
    file = made(top, name, age=120)
    (lock,) = found(top)
    assert lock.path == file and lock.stale and 110 < lock.age < 200
    kept = put_away(top / ".git", lock)
    assert not file.exists() and kept.parent == top / ".git/skillgit/stale" and kept.is_file()
    assert str(file) in (kept.parent / "log").read_text()
    assert found(top) == ()


@pytest.mark.parametrize("age", [0, 50, -3600], ids=["new", "not a minute old", "from the future"])
def test_a_young_lock_is_not_stale(top: Path, age: float) -> None:
    made(top, "index.lock", age=age)
    assert not found(top)[0].stale


def test_a_lock_that_a_process_has_open_is_not_stale(top: Path) -> None:
    file = made(top, "index.lock", age=120)
    holding = f"exec 3>>'{file}'; echo; read x"
    with subprocess.Popen(["sh", "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert found(top)[0].holder == f"pid {child.pid} has it open"
        child.communicate(b"\n")
    assert found(top)[0].stale


def test_no_lock_is_stale_while_a_git_runs_in_the_repository(top: Path, tmp_path: Path) -> None:
    made(top, "index.lock", age=120)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    git("worktree", "add", "-q", "--detach", tmp_path / "linked", cwd=top)
    for words, cwd, env in (
        ((), top / "Users", {}),
        (("-C", top), elsewhere, {}),
        ((f"--git-dir={top / '.git'}",), elsewhere, {}),
        ((), elsewhere, {"GIT_DIR": str(top / ".git")}),
    ):
        with running(*words, cwd=cwd, env=env):
            assert "runs there" in found(top)[0].holder
    with running(cwd=tmp_path / "linked"):
        assert not lock_files(top / ".git", [top, tmp_path / "linked"])[0].stale
    assert found(top)[0].stale


def test_a_git_of_another_repository_holds_nothing_up(top: Path, tmp_path: Path) -> None:
    made(top, "index.lock", age=120)
    git("init", "-q", tmp_path / "other")
    git("commit", "-q", "--allow-empty", "-m", "x", cwd=tmp_path / "other")
    with running(cwd=tmp_path / "other"):
        assert found(top)[0].stale


def test_a_lock_that_was_made_meanwhile_is_left_alone(top: Path) -> None:
    file = made(top, "index.lock", age=120)
    (lock,) = found(top)
    file.rename(top / ".git/gone")  # the inode must not be used again
    file.write_text("another's")
    with pytest.raises(RepositoryError, match="is in use"):
        put_away(top / ".git", lock)
    assert file.read_text() == "another's"


@pytest.mark.parametrize("name", ["index.lock", "refs/heads/main.lock"])
def test_what_meets_a_stale_lock_says_what_puts_it_away(repo: Repo, top: Path, name: str) -> None:
    made(top, name, age=120)
    with pytest.raises(Locked) as caught:
        put(repo, {NEW: b"# Fresh\n"})
    assert "'skillgit doctor --fix'" in caught.value.hint
    put_away(top / ".git", found(top)[0])
    put(repo, {NEW: b"# Fresh\n"})
    sound(top)


@pytest.mark.parametrize(
    ("name", "words"),
    [("index.lock", ["add", "."]), ("config.lock", ["config", "a.b", "c"]), ("HEAD.lock", ["checkout", "--detach"])],
)
def test_a_git_that_meets_a_lock_is_told_with_what_puts_it_away(top: Path, name: str, words: list[str]) -> None:
    file = made(top, name, age=120)
    with pytest.raises(Locked) as caught:
        run(words, cwd=top)
    assert str(file.relative_to(top)) in caught.value.hint and "skillgit doctor --fix" in caught.value.hint
