"""The next search is right, whatever git did to the branch and whoever told nobody; no hook is installed here."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.git.repo import Repo
from skillgit.search.index import Index
from tests.search.embedder import Trigrams
from tests.search.library import answers, skill


def git(*words: str, cwd: Path) -> None:
    subprocess.run(["git", *words], cwd=cwd, check=True, capture_output=True)


def write(folder: Path, name: str, about: str) -> None:
    file = folder / "Users/ada" / name / "SKILL.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(skill(name, about, f"- Be careful with {about}.\n"))


def commit(folder: Path, **skills: str) -> None:
    for name, about in skills.items():
        write(folder, name, about)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--message", "by hand", cwd=folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """main: release, report, tea. side, from the first commit: bees, and another report."""
    folder = tmp_path / "library"
    git("init", "--quiet", "--initial-branch=main", str(folder), cwd=tmp_path)
    commit(folder, release="release checklist", report="government report")
    git("checkout", "--quiet", "-b", "side", cwd=folder)
    commit(folder, bees="beekeeping in winter", report="yearly report")
    git("checkout", "--quiet", "main", cwd=folder)
    commit(folder, tea="tea brewing")
    return folder


def checkout(folder: Path) -> None:
    git("checkout", "--quiet", "side", cwd=folder)


def merge(folder: Path) -> None:
    git("merge", "--quiet", "--no-edit", "side", cwd=folder)


def reset(folder: Path) -> None:
    git("reset", "--quiet", "--hard", "main~1", cwd=folder)


def rebase(folder: Path) -> None:
    git("rebase", "--quiet", "side", cwd=folder)


def cherry_pick(folder: Path) -> None:
    git("cherry-pick", "side", cwd=folder)


def pull(folder: Path) -> None:
    git("clone", "--quiet", str(folder), "theirs", cwd=folder.parent)
    theirs = folder.parent / "theirs"
    commit(theirs, **{f"s{number}": f"subject{number} things" for number in range(500)})
    git("pull", "--quiet", "--ff-only", str(theirs), "main", cwd=folder)


def plain_commit(folder: Path) -> None:
    commit(folder, wine="wine tasting", tea="tea brewing, green and black")


def revert(folder: Path) -> None:
    git("revert", "--no-edit", "HEAD", cwd=folder)


def rename(folder: Path) -> None:
    git("mv", "Users/ada/tea", "Users/ada/infusion", cwd=folder)
    git("commit", "--quiet", "--message", "renamed", cwd=folder)


def amend(folder: Path) -> None:
    write(folder, "tea", "coffee roasting")
    git("commit", "--quiet", "--all", "--amend", "--message", "another", cwd=folder)


def no_commits(folder: Path) -> None:
    git("checkout", "--quiet", "--orphan", "empty", cwd=folder)


STEPS: dict[Callable[[Path], None], int] = {  # and how many blobs nobody had seen
    checkout: 2,
    merge: 2,
    reset: 0,
    rebase: 2,
    cherry_pick: 2,
    pull: 500,
    plain_commit: 2,
    revert: 0,
    rename: 0,
    amend: 1,
    no_commits: 0,
}


def look(index: Index, folder: Path) -> int:
    """Bring an index up to HEAD by searching it; how many blobs it embedded."""
    repo = Repo.open(folder)
    index.sync(repo.skills(repo.tip("HEAD")), repo.read)
    return index.search("report").embedded


@pytest.mark.parametrize("lives", [True, False], ids=["in one process", "in another process"])
@pytest.mark.parametrize(("step", "unseen"), STEPS.items(), ids=[step.__name__ for step in STEPS])
def test_the_next_search_is_right_and_embeds_what_was_never_seen(
    folder: Path, tmp_path: Path, step: Callable[[Path], None], unseen: int, lives: bool
) -> None:
    embedder = Trigrams()
    index = Index.open(tmp_path / "index", embedder)
    assert look(index, folder) == 3
    step(folder)
    after = index if lives else Index.open(tmp_path / "index", embedder)
    assert look(after, folder) == unseen
    new = Index.open(tmp_path / "new", embedder)
    look(new, folder)
    for query in ("report", "tea", "beekeeping", "subject7"):
        assert answers(after, query) == answers(new, query)


def test_a_switch_back_embeds_nothing(folder: Path, tmp_path: Path) -> None:
    index = Index.open(tmp_path / "index", Trigrams())
    embedded = []
    for branch in ("main", "side", "main", "side"):
        git("checkout", "--quiet", branch, cwd=folder)
        embedded.append(look(index, folder))
    assert embedded == [3, 2, 0, 0]
