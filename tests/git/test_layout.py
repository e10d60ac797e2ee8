"""Where skills are stored: shards that nothing but trees and disks show, and folders that only look like one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.changes.edit import commit_worktree
from skillgit.changes.move import move, remove
from skillgit.changes.revert import revert
from skillgit.changes.skill import find
from skillgit.git import layout
from skillgit.git.history import log_of
from skillgit.git.message import Decision, encode
from skillgit.git.repo import Repo
from skillgit.git.transaction import Landed, Transaction, write
from tests.git.place import git, put, sound, status

MANY = [f"skill-{number}" for number in range(12)]
SEGMENT = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=8)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten skills side by side are too many."""
    monkeypatch.setattr(layout, "FLAT", 10)


def skill(name: str, rule: str = "Be brief.", version: str = "0.1.0") -> bytes:
    head = f'---\nname: {name}\ndescription: Writes. Use when writing.\nmetadata:\n  version: "{version}"\n---\n'
    return f"{head}# {name}\n\n## Rules\n- {rule}\n".encode()


def add(repo: Repo, *names: str, user: str = "bob") -> Landed:
    """One decision for each name, in one transaction."""

    def body(tx: Transaction) -> None:
        for name in names:
            path = f"Users/{user}/{name}"
            said = encode(Decision("add", path, "by a test", after="0.1.0"))
            tx.commit(said, {f"{path}/SKILL.md": tx.file(skill(name))})

    return write(repo, body)


def head(repo: Repo) -> str | None:
    return repo.tip("HEAD")


def stored(repo: Repo) -> set[str]:
    listed = git("ls-tree", "-r", "--name-only", "HEAD", "Users/bob/", cwd=repo.directory)
    return {path.removesuffix("/SKILL.md") for path in listed.splitlines()}


def subjects(repo: Repo, path: str) -> list[str]:
    return [revision.subject.partition("(")[0] for revision in log_of(repo, "HEAD", path)]


@given(user=SEGMENT, name=SEGMENT, rest=st.lists(SEGMENT, max_size=2))
def test_a_path_is_known_again_from_where_it_is_stored(user: str, name: str, rest: list[str]) -> None:
    path = "/".join(["Users", user, name, *rest])
    assert layout.unsharded(layout.sharded(path)) == path
    assert layout.sharded(path).split("/")[2] == layout.shard(name)


@pytest.mark.parametrize("path", ["Common/ship", "Common/lib/ship", "Users/ada", "README.md"])
def test_only_what_is_below_a_user_has_a_shard(path: str) -> None:
    assert layout.sharded(path) == layout.unsharded(path) == path


def test_a_crowded_user_is_moved_into_shards_by_one_commit_that_no_path_shows(
    repo: Repo, top: Path, small: None
) -> None:
    add(repo, *MANY[:10])
    assert stored(repo) == {f"Users/bob/{name}" for name in MANY[:10]}
    landed = add(repo, MANY[10])
    assert stored(repo) == {layout.sharded(f"Users/bob/{name}") for name in MANY[:11]}
    assert git("log", "-2", "--format=%s", cwd=top).splitlines() == [
        "tidy(bob): 11 skills into folders of two characters",
        "add(bob/skill-10): by a test (0.1.0)",
    ]
    assert [*repo.skills(head(repo))] == sorted([*repo.skills(landed.commits[0])])
    assert status(top) == []
    sound(top)


def test_a_new_skill_of_a_crowded_user_goes_into_its_shard(repo: Repo, top: Path, small: None) -> None:
    add(repo, *MANY[:11])
    before = git("rev-list", "--count", "HEAD", cwd=top)
    add(repo, "another")
    assert layout.sharded("Users/bob/another") in stored(repo)
    assert int(git("rev-list", "--count", "HEAD", cwd=top)) == int(before) + 1
    assert repo.files(head(repo), "Users/bob/another").keys() == {"SKILL.md"}


def test_what_the_user_is_editing_stays_where_it_is(repo: Repo, top: Path, small: None) -> None:
    add(repo, *MANY[:10])
    (top / "Users/bob/skill-3/SKILL.md").write_bytes(b"mine\n")
    (top / "Users/bob/skill-4/notes.md").write_bytes(b"mine\n")
    add(repo, MANY[10])
    flat = {"Users/bob/skill-3", "Users/bob/skill-4"}
    assert {path for path in stored(repo) if path.count("/") == 2} == flat
    assert status(top) == [" M Users/bob/skill-3/SKILL.md", "?? Users/bob/skill-4/notes.md"]
    assert {f"Users/bob/{name}" for name in MANY[:11]} <= repo.skills(head(repo)).keys()


def test_a_skill_keeps_its_history_and_every_command_on_it(repo: Repo, top: Path, small: None) -> None:
    add(repo, *MANY[:11])
    path = find(repo, head(repo), "Users/bob/" + layout.shard("skill-2") + "/skill-2")
    assert path == "Users/bob/skill-2"
    file = top / layout.sharded(path) / "SKILL.md"
    file.write_bytes(skill("skill-2", "Be long."))
    made, _ = commit_worktree(repo)
    assert [each.decision.path for each in made] == [path] and b"0.2.0" in file.read_bytes()
    revert(repo, path)
    assert subjects(repo, path) == ["revert", "edit", "add"]
    assert [revision.subject[:4] for revision in log_of(repo, "HEAD", path, limit=2)] == ["reve", "edit"]
    move(repo, path, "Users/bob/renamed")
    assert subjects(repo, "Users/bob/renamed") == ["move", "revert", "edit", "add"]
    remove(repo, "Users/bob/renamed")
    assert "Users/bob/renamed" not in repo.skills(head(repo)) and status(top) == []
    sound(top)


def test_a_skill_made_by_hand_beside_shards_is_taken_in(repo: Repo, top: Path, small: None) -> None:
    add(repo, *MANY[:11])
    folder = top / "Users/bob/mine"
    folder.mkdir()
    (folder / "SKILL.md").write_bytes(skill("mine"))
    commit_worktree(repo)
    assert layout.sharded("Users/bob/mine") in stored(repo)
    assert "Users/bob/mine" in repo.skills(head(repo)) and status(top) == []


def test_a_skill_whose_name_is_that_of_a_shard_is_no_shard(repo: Repo, top: Path, small: None) -> None:
    name = layout.shard("skill-0")
    add(repo, name, *MANY[:11])
    assert repo.skills(head(repo)).keys() >= {f"Users/bob/{each}" for each in [name, *MANY[:11]]}
    assert repo.files(head(repo), f"Users/bob/{name}").keys() == {"SKILL.md"}
    assert status(top) == []


def test_a_folder_of_two_letters_is_a_folder_like_any_other(repo: Repo) -> None:
    name = next(f"s{number}" for number in range(999) if layout.shard(f"s{number}") != "ab")
    put(repo, {f"Users/bob/ab/{name}/SKILL.md": b"# By hand\n"})
    assert f"Users/bob/ab/{name}" in repo.skills(head(repo))
    assert repo.files(head(repo), f"Users/bob/ab/{name}") and not repo.files(head(repo), f"Users/bob/{name}")
    assert subjects(repo, f"Users/bob/ab/{name}") == ["edit"]


def test_of_a_skill_in_both_places_the_flat_one_is_it_and_the_other_is_shown(repo: Repo) -> None:
    flat, other = "Users/bob/twin", layout.sharded("Users/bob/twin")
    put(repo, {f"{other}/SKILL.md": b"sharded\n"})
    tree = git("rev-parse", "HEAD:Users/bob", cwd=repo.directory)
    put(repo, {f"{other}/SKILL.md": None})
    put(repo, {f"{flat}/SKILL.md": b"flat\n"})
    git("read-tree", "-u", f"--prefix={other}/", f"{tree}:{other.removeprefix('Users/bob/')}", cwd=repo.directory)
    git("commit", "-qm", "both", cwd=repo.directory)
    assert {path for path in repo.skills(head(repo)) if "twin" in path} == {flat, other}
    assert (
        repo.read(repo.skills(head(repo))[flat]) == b"flat\n"
        and repo.read(repo.skills(head(repo))[other]) == b"sharded\n"
    )
