"""The write path against other writers: nothing half done, nothing lost, nobody waits for ever."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pygit2
import pytest

from skillgit.errors import Locked, RepositoryError, StaleRef
from skillgit.git import lock
from skillgit.git.message import Decision, encode
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from tests.git.place import FIRST, NEW, OTHER, SECOND, SKILL, files, git, put, sound, status


def test_reads_in_a_body_see_what_it_drafted(repo: Repo, top: Path) -> None:
    def body(tx: Transaction) -> None:
        for number in range(3):
            tx.commit(f"{number}\n", {f"Users/ada/{number}/SKILL.md": tx.file(b"x%d" % number)})
            assert repo.entry(tx.tip, f"Users/ada/{number}/SKILL.md") is not None

    landed = write(repo, body)
    assert git("log", "--format=%s", "-3", cwd=top).split() == ["2", "1", "0"]
    assert git("rev-list", "--reverse", "-3", "HEAD", cwd=top).split() == list(landed.commits)
    assert status(top) == []
    sound(top)


def test_a_body_that_drafts_nothing_leaves_nothing(repo: Repo, top: Path) -> None:
    tip, reflog = repo.tip("HEAD"), git("reflog", cwd=top)
    assert write(repo, lambda tx: None).commits == ()
    assert (repo.tip("HEAD"), git("reflog", cwd=top)) == (tip, reflog)


@pytest.mark.parametrize("park_as", [None, "01JD"])
def test_a_body_that_raises_leaves_nothing(repo: Repo, top: Path, park_as: str | None) -> None:
    refs, before = git("for-each-ref", cwd=top), files(top)

    def body(tx: Transaction) -> None:
        tx.commit("half\n", {SKILL: tx.file(b"half\n")})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(repo, body, park_as=park_as)
    assert (git("for-each-ref", cwd=top), files(top), status(top)) == (refs, before, [])
    put(repo, {SKILL: SECOND})
    sound(top)


@pytest.mark.parametrize(
    "path", ["../x", "Users/../../x", ".git/config", "Users/.GIT/x", "Users//x", "/x", "Users/ada/."]
)
def test_a_path_that_leaves_the_tree_is_refused(repo: Repo, top: Path, path: str) -> None:
    tip = repo.tip("HEAD")
    with pytest.raises(RepositoryError, match="refuses the name"):
        put(repo, {path: b"x"})
    assert repo.tip("HEAD") == tip and status(top) == []


def _moves_the_ref(top: Path) -> None:
    tree = git("rev-parse", "HEAD^{tree}", cwd=top)
    git("update-ref", "refs/heads/main", git("commit-tree", "-p", "HEAD", "-m", "foreign", tree, cwd=top), cwd=top)


def _commits_another_file(top: Path) -> None:
    (top / "notes.txt").write_bytes(b"foreign\n")
    git("add", "-A", cwd=top)
    git("commit", "-qm", "foreign", cwd=top)


def _commits_the_same_file(top: Path) -> None:
    (top / SKILL).write_bytes(b"foreign\n")
    git("commit", "-qam", "foreign", cwd=top)


def _commits_the_very_text(top: Path) -> None:
    (top / SKILL).write_bytes(FIRST + b"- mine\n")
    git("commit", "-qam", "foreign", cwd=top)


def _packs(top: Path) -> None:
    _moves_the_ref(top)
    git("pack-refs", "--all", "--prune", cwd=top)


@pytest.mark.parametrize(
    "interfere",
    [_moves_the_ref, _commits_another_file, _commits_the_same_file, _commits_the_very_text, _packs],
    ids=lambda function: function.__name__.strip("_").replace("_", " "),
)
def test_a_commit_of_someone_else_meanwhile_makes_the_body_run_again(
    repo: Repo, top: Path, interfere: Callable[[Path], None]
) -> None:
    seen: list[bytes] = []

    def body(tx: Transaction) -> None:
        entry = repo.entry(tx.tip, SKILL)
        assert entry is not None
        seen.append(repo.read(entry.oid))
        tx.commit("ours\n", {SKILL: tx.file(seen[-1] + b"- mine\n"), NEW: tx.file(b"new\n")})
        if len(seen) == 1:
            interfere(top)

    landed = write(repo, body)
    assert len(seen) == 2 and landed.mended is None
    assert git("log", "--format=%s", "-2", cwd=top).split() == ["ours", "foreign"]
    assert git("show", f"HEAD:{SKILL}", cwd=top).encode() + b"\n" == seen[-1] + b"- mine\n"
    assert status(top) == []
    sound(top)


def test_an_edit_that_goes_on_in_the_work_tree_meanwhile_is_parked_not_retried(repo: Repo, top: Path) -> None:
    runs: list[None] = []

    def body(tx: Transaction) -> None:
        runs.append(None)
        tx.commit("ours\n", {SKILL: tx.file(SECOND)})
        (top / SKILL).write_bytes(b"mine\n")

    assert write(repo, body, park_as="01JD").blocked is not None
    assert len(runs) == 1 and files(top)[SKILL] == b"mine\n"


def test_a_ref_that_never_stands_still_is_given_up(repo: Repo, top: Path) -> None:
    def body(tx: Transaction) -> None:
        tx.commit("ours\n", {})
        _moves_the_ref(top)

    with pytest.raises(StaleRef, match="'refs/heads/main' keeps moving"):
        write(repo, body)
    sound(top)


@pytest.mark.parametrize("name", ["refs/heads/main.lock", "index.lock"])
def test_a_lock_of_git_is_waited_for(repo: Repo, top: Path, name: str) -> None:
    held = top / ".git" / name
    held.touch()
    threading.Timer(0.3, held.unlink).start()
    assert put(repo, {SKILL: SECOND}).mended is None
    assert status(top) == []
    sound(top)


@pytest.mark.parametrize("name", ["refs/heads/main.lock", "index.lock"])
def test_a_lock_of_git_that_stays_is_named_and_nothing_has_changed(repo: Repo, top: Path, name: str) -> None:
    held = top / ".git" / name
    held.touch()
    before, tip, began = files(top), repo.tip("HEAD"), time.monotonic()
    with pytest.raises(Locked) as caught:
        put(repo, {SKILL: SECOND}, park_as="01JD")
    assert time.monotonic() - began < 15
    assert f"rm '{held}'" in caught.value.hint
    assert (files(top), repo.tip("HEAD")) == (before, tip)
    held.unlink()
    put(repo, {SKILL: SECOND})
    sound(top)


def test_a_second_holder_waits_for_the_first(tmp_path: Path) -> None:
    order: list[str] = []

    def first() -> None:
        with lock.hold(tmp_path / "deep/lock", seconds=5):
            order.append("first in")
            started.set()
            time.sleep(0.2)
            order.append("first out")

    started = threading.Event()
    thread = threading.Thread(target=first)
    thread.start()
    started.wait()
    with lock.hold(tmp_path / "deep/lock", seconds=5):
        order.append("second in")
    thread.join()
    assert order == ["first in", "first out", "second in"]


def test_a_holder_that_never_lets_go_is_named(tmp_path: Path) -> None:
    code = "import sys, time; from pathlib import Path; from skillgit.git import lock\n"
    code += "with lock.hold(Path('lock'), seconds=1):\n    print(flush=True); time.sleep(60)"
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    holder = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=here, cwd=tmp_path)
    assert holder.stdout is not None
    with holder, holder.stdout:
        holder.stdout.readline()
        with pytest.raises(Locked, match=rf"\(pid {holder.pid}\)"), lock.hold(tmp_path / "lock", seconds=0.1):
            pass
        holder.kill()
    with lock.hold(tmp_path / "lock", seconds=5):
        pass


def test_a_lock_that_is_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(RepositoryError, match="cannot write to"), lock.hold(tmp_path / "lock", seconds=1):
        pass


def test_a_lock_is_free_for_others_when_the_holder_is_done(tmp_path: Path) -> None:
    with lock.hold(tmp_path / "lock", seconds=1) as descriptor:
        assert not os.get_inheritable(descriptor)
    with (tmp_path / "lock").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


WRITER = """
import sys
from pathlib import Path
from skillgit.git.repo import Repo
from tests.git.place import put
repo = Repo.open(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    print(put(repo, {f"Users/{sys.argv[2]}/s{number}/SKILL.md": b"x"}).commits[0], flush=True)
"""


@pytest.mark.slow
def test_four_processes_write_to_one_branch_and_nothing_is_lost(repo: Repo, top: Path) -> None:
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, top, name, "15"], stdout=subprocess.PIPE, env=here, text=True)
        for name in ("bo", "cy", "di", "eve")
    ]
    said = [writer.communicate()[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0, 0]
    acknowledged = {commit for commits in said for commit in commits}
    assert len(acknowledged) == 60
    assert acknowledged <= set(git("rev-list", "HEAD", cwd=top).split())
    assert len([path for path in files(top) if re.fullmatch(r"Users/(bo|cy|di|eve)/s\d+/SKILL.md", path)]) == 60
    assert status(top) == []
    sound(top)


def test_an_identity_and_a_moment_are_those_that_git_would_take(
    repo: Repo, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2026-03-04T05:06:07+05:30")
    put(repo, {SKILL: SECOND})
    assert git("log", "-1", "--format=%an %ae %aI %cI", cwd=top) == (
        "Ada Lovelace ada@example.com 2026-03-04T05:06:07+05:30 2026-01-02T03:04:05+00:00"
    )
    for name in ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL"):
        monkeypatch.delenv(f"GIT_{name}")
    put(repo, {SKILL: FIRST})
    assert git("log", "-1", "--format=%an %ce", cwd=top) == "skillgit skillgit@localhost"
    git("config", "user.name", "Ünï <x>\udcff", cwd=top)
    git("config", "author.email", "author@example.com", cwd=top)
    git("config", "user.email", "user@example.com", cwd=top)
    put(Repo.open(top), {SKILL: SECOND})
    assert git("log", "-1", "--format=%ae %ce", cwd=top) == "author@example.com user@example.com"
    sound(top)


def test_the_message_of_a_decision_is_stored_as_it_was_encoded(repo: Repo, top: Path) -> None:
    message = encode(Decision("edit", "Users/ada/release", "每个数字都要有来源 é", after="0.1.0"))

    def body(tx: Transaction) -> None:
        tx.commit(message, {OTHER: tx.file(b"x")})

    write(repo, body)
    assert git("cat-file", "commit", "HEAD", cwd=top).partition("\n\n")[2] + "\n" == message


@pytest.mark.parametrize(
    "missed",
    [
        OSError("invalid packfile: missing"),
        KeyError("f" * 40),
        pygit2.GitError("target OID for the reference doesn't exist"),
    ],
    ids=["a pack", "an object", "a target"],
)
def test_what_a_repack_took_away_meanwhile_is_looked_for_again(repo: Repo, missed: Exception) -> None:
    tries = iter([missed, None])

    def body(tx: Transaction) -> None:
        error = next(tries)
        if error:
            git("repack", "-adq", cwd=repo.directory)
            raise error
        tx.commit("edit\n", {SKILL: tx.file(SECOND)})

    assert write(repo, body).commits and repo.tip("HEAD") != repo.resolve("HEAD~1")


def test_what_is_missing_for_good_is_an_error(repo: Repo) -> None:
    def body(tx: Transaction) -> None:
        raise KeyError("f" * 40)

    with pytest.raises(KeyError):
        write(repo, body)
