"""R7: the newest ref, commit, tree or file torn by a power cut; found, and mended without losing more than that."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.doctor.examine import examine, mend
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from tests.changes.library import add
from tests.git.place import git, sound

NEWEST, NEXT = "Users/ada/newest", "Users/ada/next"

TEARS: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda data: b"",
    "truncated": lambda data: data[: len(data) * 9 // 10],
    "cut in half": lambda data: data[: len(data) // 2],
    "zeroed": lambda data: bytes(len(data)),
    "garbage": lambda data: b"\x78\x9cgarbage",
}
PARTS = {"commit": "HEAD", "tree": "HEAD^{tree}", "folder": f"HEAD:{NEWEST}", "file": f"HEAD:{NEWEST}/SKILL.md"}


@pytest.fixture(scope="session")
def bare_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bare") / "library.git"


@pytest.fixture
def bare(bare_pattern: Path, tmp_path: Path) -> Path:
    """A bare repository; its last decision added `NEWEST`."""
    if not bare_pattern.exists():
        made = init(bare_pattern, bare=True).repo
        add(made, "Users/ada/first")
        add(made, NEWEST, "Think.")
    return Path(shutil.copytree(bare_pattern, tmp_path / "library.git"))


def tear(file: Path, how: str) -> None:
    file.chmod(0o644)
    file.write_bytes(TEARS[how](file.read_bytes()))


def loose(directory: Path, rev: str) -> Path:
    oid = git("rev-parse", rev, cwd=directory)
    return Path(git("rev-parse", "--absolute-git-dir", cwd=directory)) / "objects" / oid[:2] / oid[2:]


def healthy(directory: Path) -> bool:
    return not list(examine(directory, full=True))


@pytest.mark.parametrize("how", TEARS)
@pytest.mark.parametrize("part", PARTS)
def test_a_branch_whose_newest_object_is_torn_goes_back_one_decision(bare: Path, part: str, how: str) -> None:
    before, broken = git("rev-parse", "HEAD~1", cwd=bare), git("rev-parse", "HEAD", cwd=bare)
    tear(loose(bare, PARTS[part]), how)
    assert not healthy(bare)
    assert all(answer.mended for answer in mend(bare, full=True))
    assert healthy(bare) and git("rev-parse", "HEAD", cwd=bare) == before
    assert broken in (bare / "logs/refs/heads/main").read_text()
    add(Repo.open(bare), NEXT)
    assert healthy(bare)


@pytest.mark.parametrize("how", ["emptied", "cut in half", "zeroed", "garbage"])
def test_a_torn_ref_is_read_again_from_its_reflog(bare: Path, how: str) -> None:
    tip = git("rev-parse", "HEAD", cwd=bare)
    tear(bare / "refs/heads/main", how)
    assert not healthy(bare)
    assert all(answer.mended for answer in mend(bare, full=False))
    assert healthy(bare) and git("rev-parse", "HEAD", cwd=bare) == tip


def test_a_torn_ref_with_an_older_value_packed_is_read_from_its_reflog_too(bare: Path) -> None:
    tip = git("rev-parse", "HEAD", cwd=bare)
    git("update-ref", "refs/heads/main", f"{tip}~1", cwd=bare)
    git("pack-refs", "--all", cwd=bare)
    git("update-ref", "refs/heads/main", tip, cwd=bare)
    tear(bare / "refs/heads/main", "emptied")
    assert all(answer.mended for answer in mend(bare, full=False))
    assert healthy(bare) and git("rev-parse", "HEAD", cwd=bare) == tip


@pytest.mark.parametrize("part", ["tree", "folder", "file"])
def test_what_the_work_tree_still_holds_is_not_lost(repo: Repo, top: Path, part: str) -> None:
    add(repo, NEWEST, "Think.")
    tip = git("rev-parse", "HEAD", cwd=top)
    tear(loose(top, PARTS[part]), "truncated")
    assert all(answer.mended for answer in mend(top, full=True))
    assert healthy(top) and git("rev-parse", "HEAD", cwd=top) == tip
    sound(top)


def test_a_torn_object_of_long_ago_takes_no_branch_back(repo: Repo, top: Path) -> None:
    old = loose(top, "HEAD^{tree}")
    for number in range(6):
        add(repo, f"Users/ada/skill-{number}")
    tip = git("rev-parse", "HEAD", cwd=top)
    tear(old, "truncated")
    left = [answer for answer in mend(top, full=False) if answer.mended is None]
    assert any("leads to objects that are gone" in answer.finding.words for answer in left)
    assert left[-1].finding.words == "nothing else was checked"
    assert git("rev-parse", "HEAD", cwd=top) == tip


def test_a_torn_object_that_nothing_needs_is_put_away(repo: Repo, top: Path) -> None:
    oid = git("hash-object", "-w", "--stdin", cwd=top, stdin=b"nobody's")
    tear(top / ".git/objects" / oid[:2] / oid[2:], "truncated")
    assert [answer.check for answer in mend(top, full=False)] == ["objects"]
    assert healthy(top) and list((top / ".git/skillgit/stale").glob(f"*-objects,{oid[:2]},{oid[2:]}"))


@pytest.mark.parametrize("how", ["emptied", "zeroed"])
def test_a_torn_head_stands_on_the_only_branch_again(repo: Repo, top: Path, how: str) -> None:
    tear(top / ".git/HEAD", how)
    assert [answer.finding.words for answer in examine(top, full=False)] == ["'HEAD' is torn"]
    assert all(answer.mended for answer in mend(top, full=False))
    assert healthy(top) and git("symbolic-ref", "HEAD", cwd=top) == "refs/heads/main"


def test_with_two_branches_a_torn_head_is_for_a_person_to_judge(repo: Repo, top: Path) -> None:
    git("branch", "other", cwd=top)
    tear(top / ".git/HEAD", "emptied")
    (answer,) = mend(top, full=False)
    assert answer.mended is None and "refs/heads/BRANCH" in answer.finding.helps


def test_a_pack_with_a_flipped_byte_is_found_when_all_is_read(repo: Repo, top: Path) -> None:
    git("repack", "-adq", cwd=top)
    (pack,) = (top / ".git/objects/pack").glob("*.pack")
    content = bytearray(pack.read_bytes())
    content[len(content) // 2] ^= 0xFF
    pack.chmod(0o644)
    pack.write_bytes(content)
    assert any(answer.check == "fsck" for answer in examine(top, full=True))
