"""What is drafted: in memory first, then few loose objects or one pack; and what a decision costs, by counting."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from skillgit.errors import Refused
from skillgit.git import drafts
from skillgit.git.message import Decision, encode
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.git.transaction import Transaction, write
from tests.git.place import FIRST, SECOND, SKILL, git, put, sound, status


@dataclass(frozen=True, slots=True)
class Cost:
    """Processes of git that were started, objects that were made, and their bytes."""

    processes: int
    objects: int
    size: int


def counted(repo: Repo) -> dict[str, int]:
    """What `git count-objects` counts: loose objects and packed ones, packs, KiB of each."""
    rows = (row.split(": ") for row in git("count-objects", "-v", cwd=repo.directory).splitlines())
    return {name: int(number) for name, number in rows if number.isdigit()}


def many(count: int) -> list[str]:
    """Names of so many skills."""
    return [f"skill-{number}" for number in range(count)]


def add(tx: Transaction, names: list[str]) -> None:
    """Draft one decision for each name."""
    for name in names:
        path = f"Users/bob/{name}"
        said = encode(Decision("import", path, "by a test", after="0.1.0"))
        tx.commit(said, {f"{path}/SKILL.md": tx.file(f"# {name}\n".encode())})
        assert tx.repo.files(tx.tip, path).keys() == {"SKILL.md"}


def test_a_decision_is_kept_as_loose_objects(repo: Repo) -> None:
    before = counted(repo)
    put(repo, {SKILL: SECOND})
    after = counted(repo)
    assert after["count"] == before["count"] + 6 and after["packs"] == before["packs"]


def test_many_decisions_are_kept_as_one_pack_which_is_small(repo: Repo, top: Path) -> None:
    before = counted(repo)
    landed = write(repo, lambda tx: add(tx, many(300)))
    after = counted(repo)
    assert len(landed.commits) == 300
    assert (after["count"], after["packs"]) == (before["count"], before["packs"] + 1)
    assert after["size-pack"] < 600  # KiB; as loose objects they are 7,200
    assert status(top) == []
    sound(top)


def test_drafts_that_memory_has_no_room_for_are_kept_on_the_way(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "ROOM", 200_000)
    before = counted(repo)["packs"]
    write(repo, lambda tx: add(tx, many(200)))
    assert counted(repo)["packs"] > before + 1
    assert len(repo.skills(repo.tip("HEAD"))) == 202
    sound(repo.directory)


@pytest.mark.parametrize("count", [1, 100])
def test_what_comes_to_nothing_leaves_no_object(repo: Repo, count: int) -> None:
    def body(tx: Transaction) -> None:
        add(tx, many(count))
        raise Refused("no")

    before = counted(repo)
    with pytest.raises(Refused):
        write(repo, body)
    assert counted(repo) == before
    put(repo, {SKILL: SECOND})


def test_git_sees_what_was_kept_before_a_ref_reaches_it(repo: Repo) -> None:
    seen: list[str] = []

    def body(tx: Transaction) -> None:
        add(tx, many(2))
        tx.keep()
        seen.append(git("cat-file", "-t", str(tx.tip), cwd=repo.directory))

    write(repo, body)
    assert seen == ["commit"]


@pytest.mark.slow
def test_a_decision_costs_hardly_more_among_many_skills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few, lots = (_cost(tmp_path / str(count), count, monkeypatch) for count in (100, 2_000))
    assert lots.processes == few.processes <= 3
    assert few.objects <= lots.objects <= few.objects + 1
    assert lots.size < 3 * few.size


def _cost(directory: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> Cost:
    """What one decision costs beside so many other skills of the same user, by counting."""
    repo = init(directory).repo
    write(repo, lambda tx: add(tx, many(count)))
    before, trace = counted(repo), directory.with_suffix(".trace")
    monkeypatch.setenv("GIT_TRACE", str(trace))
    put(repo, {"Users/bob/skill-7/SKILL.md": FIRST})
    monkeypatch.delenv("GIT_TRACE")
    loose = sorted((repo.common_dir / "objects").glob("??/*"), key=lambda file: file.stat().st_mtime_ns)
    newest = loose[before["count"] :]
    started = trace.read_text().count("trace: built-in: git")
    return Cost(started, len(newest), sum(file.stat().st_size for file in newest))
