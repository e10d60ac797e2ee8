"""Reading on while another git puts the objects into other packs."""

from __future__ import annotations

import time
from itertools import count
from pathlib import Path

import pygit2
import pytest

from skillgit.errors import RepositoryError
from skillgit.git import ledger, packs
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from tests.git.place import FIRST, NEW, OTHER, SECOND, SKILL, git, put


@pytest.fixture
def packed(top: Path, repo: Repo) -> Repo:
    """A repository, opened when it had one pack, which is gone: all is in another one now."""
    put(repo, {NEW: b"x"}, attempt="A" * 26)
    git("repack", "-adq", cwd=top)
    opened = Repo.open(top)
    assert opened.handle.odb.exists(opened.resolve("HEAD"))  # it knows the pack by its index, and has not read it
    git("commit", "-q", "--allow-empty", "-m", "by hand", cwd=top)
    git("repack", "-adq", cwd=top)
    return opened


def test_what_moved_to_another_pack_is_read(packed: Repo) -> None:
    tip = packed.resolve("HEAD")
    assert ledger.applied(packed, tip, "A" * 26) is not None
    assert set(packed.skills(tip)) == {"Users/ada/release", "Users/ada/report", "Users/ada/fresh"}
    assert packed.read(packed.skills(tip)["Users/ada/release"]) == FIRST


def test_what_is_being_drafted_is_found_after_another_look(repo: Repo) -> None:
    def body(tx: Transaction) -> None:
        tx.commit("edit\n", {SKILL: tx.file(SECOND)})
        packs.look_again(tx.repo)
        tx.commit("edit\n", {OTHER: tx.file(SECOND)})
        entry = tx.repo.entry(tx.tip, SKILL)
        assert entry and tx.repo.read(entry.oid) == SECOND

    assert len(write(repo, body).commits) == 2


def test_an_object_that_is_nowhere_is_named(repo: Repo) -> None:
    with pytest.raises(RepositoryError, match=f"cannot read object {'f' * 40}"):
        repo.read("f" * 40)


@pytest.mark.parametrize("vain", [0, 4, 15])
def test_what_is_moved_again_and_again_is_found_in_the_end(packed: Repo, vain: int) -> None:
    asked: list[None] = []

    def ask() -> str:
        asked.append(None)
        if len(asked) <= vain:
            raise pygit2.GitError("invalid packfile 'pack-1.pack'")
        return "found"

    assert packs.read(packed, ask) == "found"


@pytest.mark.parametrize(("seconds", "looks"), [(0.0, 20), (0.6, 5)])
def test_what_is_nowhere_is_not_looked_for_for_ever(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, seconds: float, looks: int
) -> None:
    clock = count(0.0, seconds)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    asked: list[None] = []

    def ask() -> None:
        asked.append(None)
        raise KeyError("f" * 40)

    with pytest.raises(KeyError):
        packs.read(repo, ask)
    assert len(asked) == looks


def test_an_error_that_is_about_no_object_is_not_asked_again(repo: Repo) -> None:
    asked: list[None] = []

    def ask() -> None:
        asked.append(None)
        raise ValueError("no number")

    with pytest.raises(ValueError, match="no number"):
        packs.read(repo, ask)
    assert len(asked) == 1
