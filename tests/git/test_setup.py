"""`init` makes a skill repository, or adopts one, and never takes a byte away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.errors import RepositoryError
from skillgit.git.setup import ATTRIBUTES, POLICY, init
from tests.git.place import files, git, sound, status

MINE = b"*.png binary"


@pytest.fixture
def adopted(tmp_path: Path) -> Path:
    """A repository of the user's, with a .gitattributes that lacks its last newline."""
    top = tmp_path / "mine"
    git("init", "-q", "-b", "trunk", top)
    (top / ".gitattributes").write_bytes(MINE)
    (top / "README").write_bytes(b"mine\n")
    git("add", "-A", cwd=top)
    git("commit", "-qm", "mine", cwd=top)
    return top


def test_a_new_repository_has_its_files_committed(tmp_path: Path) -> None:
    setup = init(tmp_path / "a/b")
    assert setup.created and setup.commit == setup.repo.tip("refs/heads/main")
    assert files(tmp_path / "a/b") == {".gitattributes": f"{ATTRIBUTES}\n".encode(), "skillgit.toml": POLICY.encode()}
    assert setup.repo.config("skillgit.format") == "1" and setup.repo.config("core.fsync") == "committed"
    assert status(tmp_path / "a/b") == []
    sound(tmp_path / "a/b")


def test_a_bare_one_keeps_a_reflog(tmp_path: Path) -> None:
    setup = init(tmp_path / "x.git", bare=True)
    assert setup.created and setup.repo.worktree is None
    assert git("ls-tree", "--name-only", "main", cwd=tmp_path / "x.git").split() == [".gitattributes", "skillgit.toml"]
    assert setup.repo.config("core.logAllRefUpdates") == "always"
    assert init(tmp_path / "x.git").commit is None
    sound(tmp_path / "x.git")


def test_one_that_exists_is_adopted_and_keeps_every_byte(adopted: Path) -> None:
    setup = init(adopted)
    assert not setup.created and setup.commit == setup.repo.tip("refs/heads/trunk")
    assert (adopted / ".gitattributes").read_bytes() == MINE + f"\n{ATTRIBUTES}\n".encode()
    assert git("show", "--format=", "--numstat", "HEAD", "--", ".gitattributes", cwd=adopted).startswith("2\t1\t")
    assert (adopted / "README").read_bytes() == b"mine\n" and status(adopted) == []
    assert git("check-attr", "merge", "--", "Users/ada/x/SKILL.md", cwd=adopted).endswith(": skillgit")
    sound(adopted)


def test_a_second_time_changes_nothing(adopted: Path) -> None:
    init(adopted)
    before, refs = files(adopted), git("for-each-ref", cwd=adopted)
    config, reflog = (adopted / ".git/config").read_bytes(), git("reflog", cwd=adopted)
    again = init(adopted)
    assert again.commit is None and not again.created
    assert (files(adopted), git("for-each-ref", cwd=adopted), git("reflog", cwd=adopted)) == (before, refs, reflog)
    assert (adopted / ".git/config").read_bytes() == config


def test_a_policy_that_is_there_stays(adopted: Path) -> None:
    (adopted / "skillgit.toml").write_bytes(b"# ours\n")
    git("add", "-A", cwd=adopted)
    git("commit", "-qm", "policy", cwd=adopted)
    init(adopted)
    assert (adopted / "skillgit.toml").read_bytes() == b"# ours\n"


def _dirty(top: Path) -> None:
    (top / ".gitattributes").write_bytes(b"mine too\n")


def _staged(top: Path) -> None:
    _dirty(top)
    git("add", "-A", cwd=top)


def _untracked_policy(top: Path) -> None:
    (top / "skillgit.toml").write_bytes(b"mine\n")


def _mid_merge(top: Path) -> None:
    git("switch", "-q", "-c", "side", cwd=top)
    git("commit", "-q", "--allow-empty", "-m", "side", cwd=top)
    git("switch", "-q", "trunk", cwd=top)
    git("merge", "-q", "--no-ff", "--no-commit", "side", cwd=top)


def _linked_attributes(top: Path) -> None:
    (top / ".gitattributes").unlink()
    (top / ".gitattributes").symlink_to("README")
    git("add", "-A", cwd=top)
    git("commit", "-qm", "a link", cwd=top)


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (_dirty, "your changes to '.gitattributes' are in the way"),
        (_staged, "your changes to '.gitattributes' are in the way"),
        (_untracked_policy, "your changes to 'skillgit.toml' are in the way"),
        (_mid_merge, "a merge is in progress"),
        (_linked_attributes, "'.gitattributes' is no plain file"),
    ],
    ids=["edited", "staged", "untracked policy", "mid-merge", "a link"],
)
def test_work_that_is_under_way_is_refused_and_untouched(
    adopted: Path, prepare: Callable[[Path], None], message: str
) -> None:
    prepare(adopted)
    before, said, tip = files(adopted), status(adopted), git("rev-parse", "HEAD", cwd=adopted)
    with pytest.raises(RepositoryError, match=message):
        init(adopted)
    assert (files(adopted), status(adopted), git("rev-parse", "HEAD", cwd=adopted)) == (before, said, tip)
    assert git("config", "--get-regexp", "skillgit", cwd=adopted, ok=False) == ""


def test_untracked_files_stay_untracked(tmp_path: Path) -> None:
    (tmp_path / "here/Users/ada/x").mkdir(parents=True)
    (tmp_path / "here/Users/ada/x/SKILL.md").write_bytes(b"mine\n")
    init(tmp_path / "here")
    assert status(tmp_path / "here") == ["?? Users/ada/x/SKILL.md"]


@pytest.mark.parametrize(
    ("key", "value"), [("init.defaultBranch", "trunk"), ("init.defaultObjectFormat", "sha256")], ids=["branch", "hash"]
)
def test_the_users_defaults_count_as_far_as_they_can(tmp_path: Path, key: str, value: str) -> None:
    git("config", "--global", key, value)
    setup = init(tmp_path / "new")
    assert setup.repo.branch_ref() == ("refs/heads/trunk" if value == "trunk" else "refs/heads/main")


def test_a_default_hash_that_cannot_be_read_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    monkeypatch.setenv("GIT_DEFAULT_REF_FORMAT", "reftable")
    assert init(tmp_path / "new").created


def test_a_folder_inside_a_repository_becomes_one_of_its_own(adopted: Path) -> None:
    assert init(adopted / "inner").created
    assert files(adopted)["README"] == b"mine\n" and status(adopted) == ["?? inner/"]
