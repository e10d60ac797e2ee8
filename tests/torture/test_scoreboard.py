"""The scoreboard of `make torture`, each row with a tenth of its rounds; the whole of it runs by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.torture import place, writers
from benchmarks.torture.__main__ import FAULTS, Fault
from benchmarks.torture.kill import Kill, killed
from benchmarks.torture.writer import lesson
from benchmarks.torture.writers import Done, Writer
from skillgit.git.repo import Repo

ROWS = [pytest.param(fault, id=fault.name) for fault in FAULTS]


@pytest.fixture(autouse=True)
def torture_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the runner's world has beside the sealed one: nothing runs in the background."""
    monkeypatch.setenv("SKILLGIT_UPKEEP", "0")
    monkeypatch.setenv("PYTHONPATH", str(place.ROOT))


@pytest.mark.slow
@pytest.mark.parametrize("fault", ROWS)
def test_a_row_of_the_scoreboard_holds(fault: Fault) -> None:
    row = fault.run(True)
    if row.skipped:
        pytest.skip(row.skipped)
    assert row.count > 0
    assert row.problems == ()


@pytest.mark.parametrize("fate", ["before", "within", "writer"])
def test_a_process_dies_around_the_call_of_git_that_it_is_to(tmp_path: Path, fate: str) -> None:
    repo = place.library(tmp_path / "library")
    assert repo.worktree is not None
    top = repo.worktree

    def deed() -> list[str]:
        outcome = place.learn(Repo.open(top), place.lesson(1))
        return [str(outcome.commit)]

    died = killed(deed, Kill(call=1, fate=fate), scratch=tmp_path)
    assert not died.finished
    assert died.acknowledged == ()


def test_what_breaks_a_repository_is_seen(tmp_path: Path) -> None:
    repo = place.library(tmp_path / "library")
    assert repo.worktree is not None
    assert place.unsound(repo.worktree) == []
    (repo.worktree / "Users/ada/letters/SKILL.md").write_bytes(b"---\nname: let")
    (repo.private / "intent").write_text("{}")
    found = place.unsound(repo.worktree)
    assert [said.partition(":")[0] for said in found] == ["an intent is left", "torn or invalid"]


def test_a_version_that_falls_is_seen(tmp_path: Path) -> None:
    repo = place.library(tmp_path / "library")
    assert repo.worktree is not None
    found = place.decisions(repo.worktree)
    assert place.falling(found) == []
    assert place.falling([*found, found[0]]) == [f"{found[0].path} fell to {found[0].after}"]


def _learned(repo: Repo, *counts: int) -> Writer:
    """What the writer number 1 says that it did, of its lessons these."""
    assert repo.worktree is not None
    commits = [place.learn(repo, lesson(1, count)[1], user=lesson(1, count)[0]).commit or "" for count in counts]
    rules = [lesson(1, count)[1].turns[0].text.rpartition(" ")[2].rstrip(".") for count in counts]
    return Writer(1, tuple(Done(*each, seconds=0) for each in zip(commits, rules, strict=True)), code=0, words="")


def test_a_decision_that_is_parked_is_told_from_one_that_is_lost(tmp_path: Path) -> None:
    top = tmp_path / "library"
    repo = place.library(top)
    skill = top / "Users/team/letters/SKILL.md"
    first = _learned(repo, 0)
    as_committed = skill.read_bytes()
    skill.write_bytes(as_committed + b"- Mine.\n")
    both = replace(first, done=(*first.done, *_learned(repo, 1).done))
    assert writers.parked(top, [both]) == {both.done[1].commit}
    assert len(writers.lost(top, [both])) == 2
    assert skill.read_bytes() == as_committed + b"- Mine.\n"
    skill.write_bytes(as_committed)
    accepted = replace(both, done=writers.accepted(top, both, writers.parked(top, [both])))
    assert writers.lost(top, [accepted]) == []


def test_a_decision_that_a_later_commit_takes_back_is_one_that_is_lost(tmp_path: Path) -> None:
    top = tmp_path / "library"
    writer = _learned(place.library(top), 0)
    place.git("revert", "--no-edit", "HEAD", cwd=top)
    assert [said.partition(":")[0] for said in writers.lost(top, [writer])] == ["acknowledged and undone"]
