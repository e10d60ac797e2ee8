"""The files of a skill between two of its states: what became of each, line by line where it is text."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.changes import compare
from skillgit.changes.compare import FileChange
from skillgit.changes.edit import commit_worktree
from skillgit.git.repo import Repo
from tests.changes.library import RELEASE, head, library


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return library(tmp_path / "lib")


def after(repo: Repo, **contents: bytes | None) -> dict[str, FileChange]:
    """What changed in the release skill by writing these files, `_` for `/`, or removing them."""
    before = repo.files(head(repo), RELEASE)
    assert repo.worktree
    for name, content in contents.items():
        file = repo.worktree / RELEASE / name.replace("_", "/").replace("0", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink() if content is None else file.write_bytes(content)
    commit_worktree(repo)
    found = compare.files(repo, before, repo.files(head(repo), RELEASE))
    assert found[0].name == "SKILL.md"
    return {change.name: change for change in found}


def test_only_what_differs_is_told(repo: Repo) -> None:
    assert compare.files(repo, (now := repo.files(head(repo), RELEASE)), now) == ()


def test_a_file_comes_changes_and_goes(repo: Repo) -> None:
    found = after(repo, references_a0md=b"one\ntwo\n", scripts_run0sh=None)
    kinds = {name: (change.kind, change.counts) for name, change in found.items()}
    assert kinds["references/a.md"] == ("added", (2, 0))
    assert kinds["scripts/run.sh"] == ("removed", (0, 1))
    found = after(repo, references_a0md=b"one\nthree\n")
    assert (found["references/a.md"].kind, found["references/a.md"].counts) == ("changed", (1, 1))


def test_a_file_that_is_elsewhere_is_renamed(repo: Repo) -> None:
    found = after(repo, scripts_run0sh=None, scripts_start0sh=b"#!/bin/sh\n")
    change = found["scripts/start.sh"]
    assert change.kind == "renamed" and change.before and change.before.name == "scripts/run.sh"
    assert change.counts == (0, 0) and "scripts/run.sh" not in found


@pytest.mark.parametrize(
    "content", [b"\x89PNG\0", b"\xff\xfe", b"x" * (compare.MAX_BYTES + 1)], ids=["binary", "no UTF-8", "too long"]
)
def test_what_cannot_be_compared_by_lines_has_its_size(repo: Repo, content: bytes) -> None:
    change = after(repo, assets_a0png=content)["assets/a.png"]
    assert change.rows is None and change.after and change.after.size == len(content)


def test_what_was_empty_is_text(repo: Repo) -> None:
    after(repo, references_a0md=b"")
    assert after(repo, references_a0md=b"now")["references/a.md"].counts == (1, 0)
