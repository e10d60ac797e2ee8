"""A writer killed at any moment loses nothing it acknowledged, and the next one mends what it left."""

from __future__ import annotations

import mmap
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import pytest

from skillgit.changes.edit import commit_worktree
from skillgit.errors import Locked
from skillgit.git import intent
from skillgit.git.intent import Intent
from skillgit.git.objects import Draft, write_commit
from skillgit.git.repo import Entry, Repo
from skillgit.git.submodule import GITLINK
from skillgit.git.transaction import Transaction, write
from tests.git.place import FIRST, NEW, OTHER, SECOND, SKILL, files, git, put, sound, status

if TYPE_CHECKING:
    from _typeshed import TraceFunction

CHANGE: dict[str, bytes | None] = {SKILL: SECOND, NEW: b"# Fresh\n", "Users/ada/report": None}
ATTEMPT = "01JD0000000000000000000000"
TRACED = ("transaction.py", "intent.py", "worktree.py")


def killed(work: Callable[[], object], *, after: float | None = None, at_line: int | None = None) -> tuple[bool, bool]:
    """Do the work in a forked process that is killed; whether it was acknowledged before, and whether it died.

    It dies `after` seconds with every process it started, or alone `at_line`, counted over the write path.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        if at_line is not None:
            sys.settrace(_dies_at(at_line))
        try:
            work()
            os.write(writer, b"done")
        finally:
            os._exit(0)
    os.close(writer)
    with suppress(OSError):  # it has done so itself, or is gone: never is the group that dies the one of the tests
        os.setpgid(child, child)
    if after is not None:
        time.sleep(after)
        os.killpg(child, signal.SIGKILL)
    said = os.read(reader, 4)
    os.close(reader)
    _, code = os.waitpid(child, 0)
    return said == b"done", os.WIFSIGNALED(code)


def _dies_at(line: int) -> TraceFunction:
    left = [line]

    def trace(frame: FrameType, event: str, _: object) -> TraceFunction | None:
        if Path(frame.f_code.co_filename).name not in TRACED:
            return None
        if event == "line":
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def change(top: Path) -> None:
    put(Repo.open(top), CHANGE, attempt=ATTEMPT)


def commit_by_hand(top: Path) -> None:
    commit_worktree(Repo.open(top))


def copy(pattern: Path, number: int) -> Path:
    return Path(shutil.copytree(pattern, f"round-{number}"))


def survives(top: Path, tip: str, *, acknowledged: bool, plain: bool) -> None:
    """What must hold after a kill, whether a plain `git commit` or a decision of ours comes next."""
    if plain:
        (top / "notes.txt").write_bytes(b"mine\n")
        git("add", "notes.txt", cwd=top)
        git("commit", "-qm", "plain", cwd=top)
    put(Repo.open(top), {"Users/ada/next/SKILL.md": b"# Next\n"})
    landed = ATTEMPT in git("log", "--format=%(trailers:key=Skill-Attempt,valueonly)", f"{tip}..HEAD", cwd=top)
    assert landed or not acknowledged
    content = git("show", f"HEAD:{SKILL}", cwd=top).encode() + b"\n"
    assert content == SECOND if landed else content in (FIRST, SECOND if plain else FIRST)
    assert status(top) == []
    assert sorted(files(top)) == git("ls-files", "-z", cwd=top).split("\0")[:-1]
    assert (OTHER in files(top)) == (content == FIRST) == (NEW not in files(top))
    sound(top)


@pytest.mark.slow
def test_a_writer_killed_on_any_line_of_the_write_path_loses_nothing(repo: Repo, top: Path) -> None:
    tip, number, died = str(repo.tip("HEAD")), 0, True
    while died:
        number += 1
        place = copy(top, number)
        acknowledged, died = killed(partial(change, place), at_line=1 + 8 * number)
        assert not (acknowledged and died)
        survives(place, tip, acknowledged=acknowledged, plain=number % 2 == 0)
        shutil.rmtree(place)
    assert number > 20


@pytest.mark.slow
def test_a_writer_killed_at_any_time_with_its_children_loses_nothing(repo: Repo, top: Path) -> None:
    tip, began = str(repo.tip("HEAD")), time.monotonic()
    place = copy(top, 0)
    put(Repo.open(place), CHANGE)
    whole = time.monotonic() - began
    for number in range(1, 16):
        place = copy(top, number)
        moment = random.Random(number).uniform(0, whole)
        acknowledged, _ = killed(partial(change, place), after=moment)
        cleared(place)
        survives(place, tip, acknowledged=acknowledged, plain=number % 2 == 0)
        shutil.rmtree(place)


def cleared(top: Path) -> None:
    """Remove the lock files that a dead git left, as the hints of our errors say."""
    for stale in (top / ".git").rglob("*.lock"):
        stale.unlink()


@pytest.fixture
def wrapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have a script run in place of `git apply`; `$GIT` is the real one, `$PPID` the writer."""
    real = shutil.which("git")
    (tmp_path / "bin").mkdir()

    def wrap(script: str) -> None:
        (tmp_path / "bin/git").write_text(
            f'#!/bin/sh\nGIT={real}\ncase "$*" in *"apply --index") {script}\n;; esac\nexec $GIT "$@"\n'
        )
        (tmp_path / "bin/git").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")

    return wrap


def unwrapped(tmp_path: Path) -> None:
    (tmp_path / "bin/git").unlink()


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("kill -9 $PPID; exit", id="before git starts"),
        pytest.param('$GIT "$@"; kill -9 $PPID; exit', id="after git is done"),
        pytest.param(f"printf '%s' '{SECOND.decode()}' > {SKILL}; kill -9 $PPID; exit", id="one file written"),
        pytest.param(f"rm {OTHER}; kill -9 $PPID; exit", id="one file removed"),
        pytest.param(f"mkdir -p {NEW[:-9]}; echo '# Fresh' > {NEW}; kill -9 $PPID; exit", id="one file new"),
    ],
)
@pytest.mark.parametrize("plain", [False, True], ids=["ours next", "git next"])
def test_a_writer_killed_while_files_are_written_is_mended(
    repo: Repo, top: Path, tmp_path: Path, wrapped: Callable[[str], None], script: str, plain: bool
) -> None:
    wrapped(script)
    assert killed(partial(change, top)) == (False, True)
    unwrapped(tmp_path)
    survives(top, str(repo.tip("HEAD")), acknowledged=False, plain=plain)


PAGE = b"# Release\n\n" + b"- Run the tests.\n" * (mmap.PAGESIZE // 8)
"""More than a page of a skill."""


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(f"rm {SKILL}", id="the old one is gone"),
        pytest.param(f": > {SKILL}", id="the new one is empty"),
        pytest.param(f"head -c {mmap.PAGESIZE} {SKILL} > cut; mv cut {SKILL}", id="its first page is there"),
    ],
)
@pytest.mark.parametrize("by_hand", [False, True], ids=["its lock is there", "its lock was removed by hand"])
def test_a_file_that_a_killed_git_was_writing_is_written_again(
    repo: Repo, top: Path, tmp_path: Path, wrapped: Callable[[str], None], script: str, by_hand: bool
) -> None:
    put(repo, {SKILL: PAGE})
    wrapped(f"touch .git/index.lock; {script}; kill -9 $PPID; exit")
    assert killed(partial(put, repo, {SKILL: PAGE + b"- Tag it.\n"})) == (False, True)
    unwrapped(tmp_path)
    if by_hand:
        (top / ".git/index.lock").unlink()
    put(repo, {NEW: b"# Fresh\n"})
    assert (files(top)[SKILL], status(top)) == (PAGE, [])
    sound(top)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"mine\n", id="edited"),
        pytest.param(PAGE[: mmap.PAGESIZE - 3], id="shortened"),
        pytest.param(b"x" * mmap.PAGESIZE, id="a page of other words"),
    ],
)
def test_what_a_user_made_of_a_file_after_a_kill_stays(
    repo: Repo, top: Path, tmp_path: Path, wrapped: Callable[[str], None], content: bytes
) -> None:
    put(repo, {SKILL: PAGE})
    wrapped("kill -9 $PPID; exit")
    assert killed(partial(put, repo, {SKILL: PAGE + b"- Tag it.\n"})) == (False, True)
    unwrapped(tmp_path)
    (top / SKILL).write_bytes(content)
    put(repo, {NEW: b"# Fresh\n"})
    assert files(top)[SKILL] == content
    sound(top)


LIBRARY = "Common/acme"
PIN, OTHER_PIN = Entry("1" * 40, GITLINK), Entry("2" * 40, GITLINK)


def _pin(tx: Transaction, entry: Entry) -> None:
    tx.commit("pinned\n", {LIBRARY: entry})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, PIN, id="added"),
        pytest.param(PIN, OTHER_PIN, id="moved"),
        pytest.param(PIN, None, id="removed"),
    ],
)
def test_a_library_that_was_being_pinned_is_taken_back(
    repo: Repo, top: Path, before: Entry | None, after: Entry | None
) -> None:
    if before:
        write(repo, partial(_pin, entry=before))
    old = repo.resolve("HEAD")
    new = write_commit(repo, old, Draft("moved\n", {LIBRARY: after}))
    intent.record(repo, Intent("refs/heads/main", old, new, {str(top): (LIBRARY,)}))
    git("read-tree", "-m", "-u", old, new, cwd=top)
    put(repo, {NEW: b"# Fresh\n"})
    assert status(top) == [] and (top / LIBRARY).is_dir() == bool(before)


def test_a_git_that_runs_on_after_its_writer_died_is_waited_for(
    repo: Repo, top: Path, tmp_path: Path, wrapped: Callable[[str], None]
) -> None:
    wrapped(f'kill -9 $PPID; sleep 0.5; $GIT "$@"; touch {tmp_path}/done; exit')
    assert killed(partial(change, top)) == (False, True)
    unwrapped(tmp_path)
    put(repo, {OTHER: b"# Report 2\n"})
    assert (tmp_path / "done").exists()
    assert status(top) == [] and files(top)[SKILL] == FIRST
    sound(top)


@pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "refs/heads/main.lock"])
def test_a_lock_that_a_killed_writer_left_is_put_away_and_all_is_mended(
    repo: Repo, top: Path, tmp_path: Path, wrapped: Callable[[str], None], name: str
) -> None:
    wrapped(f"touch .git/{name}; rm {OTHER}; kill -9 $PPID; exit")
    assert killed(partial(change, top)) == (False, True)
    unwrapped(tmp_path)
    survives(top, str(repo.tip("HEAD")), acknowledged=False, plain=False)
    assert not (top / ".git" / name).exists()


def test_a_lock_that_somebody_holds_is_named_though_a_writer_was_killed(
    repo: Repo, top: Path, tmp_path: Path, wrapped: Callable[[str], None]
) -> None:
    wrapped(f"rm {OTHER}; kill -9 $PPID; exit")
    assert killed(partial(change, top)) == (False, True)
    unwrapped(tmp_path)
    lock = top / ".git/index.lock"
    with subprocess.Popen(["sh", "-c", f"exec 9> {lock}; echo; read x"], stdin=-1, stdout=-1) as holder:
        assert holder.stdin and holder.stdout and holder.stdout.readline()
        with pytest.raises(Locked) as caught:
            put(repo, {NEW: b"x"})
        assert f"rm '{lock}'" in caught.value.hint and lock.exists()
        holder.stdin.close()
    survives(top, str(repo.tip("HEAD")), acknowledged=False, plain=False)


def test_an_index_that_a_git_commit_wrote_over_ours_is_put_right(
    repo: Repo, top: Path, tmp_path: Path, wrapped: Callable[[str], None]
) -> None:
    wrapped('cp .git/index .git/read; $GIT "$@"; mv .git/read .git/index; exit')
    change(top)
    unwrapped(tmp_path)
    assert (status(top), files(top)[SKILL]) == ([], SECOND)
    assert not (repo.private / "intent").exists()
    sound(top)


def test_a_lock_from_before_a_writer_was_killed_is_not_that_writers(
    repo: Repo, top: Path, tmp_path: Path, wrapped: Callable[[str], None]
) -> None:
    old = top / ".git/refs/heads/main.lock"
    wrapped(f"touch -d yesterday {old}; kill -9 $PPID; exit")
    assert killed(partial(change, top)) == (False, True)
    unwrapped(tmp_path)
    with pytest.raises(Locked, match="holds"):
        put(repo, {NEW: b"x"})
    old.unlink()
    survives(top, str(repo.tip("HEAD")), acknowledged=False, plain=False)


@pytest.mark.parametrize("staged", [False, True], ids=["edited", "staged and put back"])
def test_mending_says_so_and_keeps_what_the_user_did_since(
    repo: Repo, top: Path, tmp_path: Path, wrapped: Callable[[str], None], staged: bool
) -> None:
    git("update-index", "-q", "--refresh", cwd=top)  # what was copied looks edited until git has looked
    wrapped('$GIT "$@"; kill -9 $PPID; exit')
    killed(partial(change, top))
    unwrapped(tmp_path)
    (top / SKILL).write_bytes(b"mine\n")
    if staged:
        git("add", SKILL, cwd=top)
        (top / SKILL).write_bytes(SECOND)
    before, kept = (top / SKILL).read_bytes(), git("ls-files", "-s", SKILL, cwd=top)
    landed = put(repo, {"Users/ada/next/SKILL.md": b"x"})
    assert landed.mended and landed.mended.startswith("undid an interrupted update of ") and str(top) in landed.mended
    assert ((top / SKILL).read_bytes(), git("ls-files", "-s", SKILL, cwd=top)) == (before, kept)
    assert status(top) == [f"MM {SKILL}"]
    assert put(repo, {OTHER: b"y"}).mended is None


@pytest.mark.parametrize("switch", [["switch", "-q"], ["switch", "-q", "-f"], ["checkout", "-q", "--detach"]])
def test_mending_follows_a_user_who_went_elsewhere(
    repo: Repo, top: Path, tmp_path: Path, wrapped: Callable[[str], None], switch: list[str]
) -> None:
    git("branch", "side", cwd=top)
    before = files(top)
    wrapped('$GIT "$@"; kill -9 $PPID; exit')
    killed(partial(change, top))
    unwrapped(tmp_path)
    git(*switch, "side", cwd=top)
    put(repo, {})
    assert (files(top), status(top)) == (before, [])
    sound(top)


def test_mending_respects_a_sparse_checkout(
    repo: Repo, top: Path, tmp_path: Path, wrapped: Callable[[str], None]
) -> None:
    git("update-index", "-q", "--refresh", cwd=top)
    git("sparse-checkout", "set", "--cone", "Users/bob", cwd=top)
    here = files(top)
    wrapped('$GIT "$@"; kill -9 $PPID; exit')
    killed(partial(change, top))
    unwrapped(tmp_path)
    put(repo, {"Users/ada/next/SKILL.md": b"x"})
    assert (files(top), status(top)) == (here, [])
    sound(top)


@pytest.mark.slow
def test_hand_edits_survive_a_kill_while_they_are_committed(repo: Repo, top: Path) -> None:
    text = "---\nname: release\ndescription: How to release. Use it before each release.\n---\n# Release\n\n- {}\n"
    put(repo, {SKILL: text.format("Run the tests.").encode()})
    number, died = 0, True
    while died:
        number += 1
        place = copy(top, number)
        (place / SKILL).write_text(text.format("Written by hand."))
        _, died = killed(partial(commit_by_hand, place), at_line=10 * number)
        put(Repo.open(place), {"Users/ada/next/SKILL.md": b"# Next\n"})
        assert "Written by hand." in (place / SKILL).read_text()
        sound(place)
        shutil.rmtree(place)
    assert number > 5
