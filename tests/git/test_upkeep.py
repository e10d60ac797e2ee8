"""Housekeeping keeps objects few and the commit-graph fresh, beside writers and never in their way."""

from __future__ import annotations

import os
import re
import socket
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from skillgit.errors import Locked
from skillgit.git import collector, graph, history, lock, upkeep
from skillgit.git.graph import Graph
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from tests.git.place import FIRST, NEW, git, put, sound

IN_17 = (b"32", b"119", b"334", b"782", b"907", b"922")
"""Blobs whose oid begins with 17, where loose objects are counted."""
WRITERS, EACH, TIMES = 3, 20, 8


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Housekeeping is as switched on as for a user."""
    monkeypatch.delenv("SKILLGIT_UPKEEP")


def pile_up(repo: Repo) -> None:
    """So many loose objects, by git's way to count, that housekeeping is due."""
    for content in IN_17:
        git("hash-object", "-w", "--stdin", cwd=repo.directory, stdin=content)
    assert upkeep.loose(repo) >= 256 * len(IN_17)


def wait(repo: Repo) -> None:
    """Housekeeping that was started has ended."""
    with lock.hold(repo.private / "upkeep.lock", seconds=30):
        pass


def was_at_it(repo: Repo) -> bool:
    wait(repo)
    return upkeep.loose(repo) == 0 and graph.state(repo.common_dir).commits > 0


def test_it_packs_what_is_loose_and_prunes_nothing(repo: Repo, top: Path) -> None:
    pile_up(repo)
    upkeep.run(repo)
    assert (upkeep.loose(repo), upkeep.packs(repo)) == (0, 1)
    assert git("cat-file", "-p", git("hash-object", "--stdin", cwd=top, stdin=b"32"), cwd=top) == "32"
    commits = int(git("rev-list", "--count", "--all", cwd=top))
    assert graph.state(repo.common_dir) == Graph(commits, changed_paths=True)
    put(repo, {NEW: FIRST})
    sound(top)


def test_a_writer_starts_it_when_objects_have_piled_up(repo: Repo, on: None) -> None:
    put(repo, {NEW: FIRST})
    assert not (repo.private / "upkeep.lock").exists()
    pile_up(repo)
    put(repo, {NEW: None})
    assert was_at_it(repo)
    sound(repo.directory)


def test_a_writer_of_many_commits_starts_it(repo: Repo, on: None) -> None:
    upkeep.start_if_due(repo, commits=upkeep.DECISIONS - 1)
    assert not (repo.private / "upkeep.lock").exists()
    upkeep.start_if_due(repo, commits=upkeep.DECISIONS)
    assert was_at_it(repo)


@pytest.mark.parametrize("how", ["environment", "git config", "shallow", "borrowing", "partial"])
def test_it_is_not_started_where_it_is_off_or_not_ours(
    repo: Repo, top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setenv("SKILLGIT_UPKEEP", "0" if how == "environment" else "1")
    match how:
        case "git config":
            monkeypatch.delenv("SKILLGIT_UPKEEP")
            git("config", "skillgit.upkeep", "false", cwd=top)
        case "shallow":
            git("clone", "-q", "--depth=1", f"file://{top}", tmp_path / "clone")
            repo = Repo.open(tmp_path / "clone")
        case "borrowing":
            git("clone", "-q", "--shared", top, tmp_path / "clone")
            repo = Repo.open(tmp_path / "clone")
        case "partial":
            git("config", "uploadpack.allowFilter", "true", cwd=top)
            git("clone", "-q", "--filter=blob:none", f"file://{top}", tmp_path / "clone")
            repo = Repo.open(tmp_path / "clone")
    upkeep.start_if_due(repo, commits=upkeep.DECISIONS)
    assert not (repo.private / "upkeep.lock").exists()


def test_one_is_at_it_and_not_again_within_a_minute(repo: Repo, on: None) -> None:
    upkeep.start_if_due(repo, commits=upkeep.DECISIONS)
    wait(repo)
    pile_up(repo)
    put(repo, {NEW: FIRST})
    assert not was_at_it(repo)
    os.utime(repo.private / "upkeep.lock", (0, 0))
    put(repo, {NEW: None})
    assert was_at_it(repo)


def test_a_writer_does_not_wait_for_it(repo: Repo, on: None) -> None:
    pile_up(repo)
    with lock.hold(repo.private / "upkeep.lock", seconds=0):
        os.utime(repo.private / "upkeep.lock", (0, 0))
        put(repo, {NEW: FIRST})
        with pytest.raises(Locked):
            upkeep.start(repo)
    sound(repo.directory)


def test_no_module_that_lies_there_is_run(repo: Repo, on: None) -> None:
    (repo.common_dir / "pygit2.py").write_text("raise SystemExit('it was')")
    pile_up(repo)
    put(repo, {NEW: FIRST})
    assert was_at_it(repo)


def test_a_lock_that_a_collector_left_in_the_middle_is_named(repo: Repo) -> None:
    (repo.common_dir / "gc.pid.lock").touch()
    with pytest.raises(Locked, match=r"gc\.pid\.lock") as caught, collector.hold(repo.common_dir, seconds=0):
        pass
    assert "skillgit doctor --fix" in caught.value.hint
    assert (repo.common_dir / "gc.pid.lock").exists()


def test_it_leaves_the_repository_to_gits_own_collector_while_that_runs(repo: Repo, on: None) -> None:
    pile_up(repo)
    (repo.common_dir / "gc.pid").write_text(f"{os.getpid()} {socket.gethostname()}")
    put(repo, {NEW: FIRST})
    wait(repo)
    assert upkeep.loose(repo)
    with pytest.raises(Locked, match=f"pid {os.getpid()}"), collector.hold(repo.common_dir, seconds=0.2):
        pass
    assert sorted(path.name for path in repo.common_dir.glob("gc.pid*")) == ["gc.pid"]


def test_gits_own_collector_waits_for_another_time_while_it_runs(repo: Repo, top: Path) -> None:
    with collector.hold(repo.common_dir, seconds=0), pytest.raises(AssertionError, match="gc is already running"):
        git("gc", cwd=top)
    git("gc", cwd=top)


@pytest.mark.parametrize("said", ["99999999 {host}", "not a pid", ""], ids=["dead", "no pid", "empty"])
def test_a_collector_that_died_is_in_nobodys_way(repo: Repo, said: str) -> None:
    (repo.common_dir / "gc.pid").write_text(said.format(host=socket.gethostname()))
    upkeep.run(repo)
    assert not list(repo.common_dir.glob("gc.pid*"))


def test_a_collector_of_another_machine_counts_for_half_a_day(repo: Repo) -> None:
    file = repo.common_dir / "gc.pid"
    file.write_text("1 elsewhere")
    with pytest.raises(Locked, match="elsewhere"), collector.hold(repo.common_dir, seconds=0):
        pass
    os.utime(file, (0, 0))
    with collector.hold(repo.common_dir, seconds=0):
        pass


def test_a_decision_stands_where_it_cannot_be_started(repo: Repo, on: None) -> None:
    pile_up(repo)
    (repo.private / "upkeep.lock").mkdir()
    os.utime(repo.private / "upkeep.lock", (0, 0))
    assert put(repo, {NEW: FIRST}).commits


def test_a_graph_without_changed_paths_is_written_anew(repo: Repo, top: Path) -> None:
    assert graph.state(repo.common_dir) == Graph(0, changed_paths=True)
    git("commit-graph", "write", "--reachable", cwd=top)
    assert not graph.state(repo.common_dir).changed_paths
    upkeep.rewrite_graph(repo)
    assert graph.state(repo.common_dir).changed_paths and graph.fault(repo.common_dir) == ""


def test_a_log_of_a_skill_asks_the_changed_paths(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(repo, {NEW: FIRST})
    upkeep.run(repo)
    monkeypatch.setenv("GIT_TRACE2_PERF", str(tmp_path / "trace"))
    assert list(history.log_of(repo, "HEAD", "Users/ada/release"))
    assert re.search(r'bloom .*"definitely_not":[1-9]', (tmp_path / "trace").read_text())


def test_only_a_repository_that_skillgit_made_loses_gits_own(tmp_path: Path) -> None:
    git("init", "-q", tmp_path / "theirs")
    assert init(tmp_path / "theirs").repo.config("gc.auto") is None
    assert init(tmp_path / "ours").repo.config("gc.auto") == "0"


def write_many(directory: Path, writer: int) -> list[str]:
    repo = Repo.open(directory)
    return [
        put(repo, {f"Users/ada/skill-{writer}-{number}/SKILL.md": b"%d\n" % number}).commits[0]
        for number in range(EACH)
    ]


def keep_house(directory: Path, times: int) -> None:
    for _ in range(times):
        upkeep.run(Repo.open(directory))


@pytest.mark.slow
@pytest.mark.parametrize("bare", [True, False], ids=["bare", "work tree"])
def test_nothing_is_lost_where_writers_and_housekeeping_work_side_by_side(tmp_path: Path, bare: bool) -> None:
    directory = init(tmp_path / "library", bare=bare).repo.directory
    with ProcessPoolExecutor(WRITERS + 1) as pool:
        house = pool.submit(keep_house, directory, TIMES)
        made = [commit for done in pool.map(write_many, [directory] * WRITERS, range(WRITERS)) for commit in done]
        house.result()
    there = git("rev-list", "HEAD", cwd=directory).split()
    assert len(made) == WRITERS * EACH and set(made) <= set(there) and len(there) == len(made) + 1
    assert len(Repo.open(directory).skills(there[0])) == WRITERS * EACH
    keep_house(directory, 1)
    assert graph.state(directory / ("" if bare else ".git")).commits == len(there)
    sound(directory)
