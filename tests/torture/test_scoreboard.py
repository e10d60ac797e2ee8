"""The scoreboard of `make torture`, each row with a tenth of its rounds; the whole of it runs by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.torture import place
from benchmarks.torture.__main__ import FAULTS, Fault
from benchmarks.torture.kill import Kill, killed
from skillgit.git.repo import Repo

ROWS = [pytest.param(fault, id=fault.name) for fault in FAULTS if fault.run]


@pytest.fixture(autouse=True)
def torture_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the runner's world has beside the sealed one: nothing runs in the background."""
    monkeypatch.setenv("SKILLGIT_UPKEEP", "0")
    monkeypatch.setenv("PYTHONPATH", str(place.ROOT))


@pytest.mark.slow
@pytest.mark.parametrize("fault", ROWS)
def test_a_row_of_the_scoreboard_holds(fault: Fault) -> None:
    assert fault.run is not None
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
