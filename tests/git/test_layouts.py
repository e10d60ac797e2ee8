"""Every kind of repository and of checkout that a decision can be written to."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from skillgit.errors import RepositoryError
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from tests.git.place import FIRST, NEW, OTHER, SECOND, SKILL, files, git, put, sound, status


@dataclass(frozen=True, slots=True)
class Layout:
    """Where to write from, where to, and the work trees that follow and that do not."""

    start: Path
    ref: str | None = None
    follows: tuple[Path, ...] = ()
    stays: tuple[Path, ...] = ()


def _plain(top: Path) -> Layout:
    return Layout(top, follows=(top,))


def _below(top: Path) -> Layout:
    return Layout(top / "Users/ada", follows=(top,))


def _bare(top: Path) -> Layout:
    git("clone", "-q", "--bare", top, "bare.git")
    return Layout(Path("bare.git").absolute(), stays=(top,))


def _detached(top: Path) -> Layout:
    git("checkout", "-q", "--detach", cwd=top)
    return Layout(top, "HEAD", follows=(top,))


def _detached_aside(top: Path) -> Layout:
    git("checkout", "-q", "--detach", cwd=top)
    return Layout(top, "refs/heads/main", stays=(top,))


def _elsewhere(top: Path) -> Layout:
    return Layout(top, "refs/heads/learn/ada/2026-11-22", stays=(top,))


def _linked(top: Path) -> Path:
    linked = top.parent / "linked"
    git("worktree", "add", "-q", "-b", "side", linked, cwd=top)
    return linked


def _from_linked(top: Path) -> Layout:
    return Layout(_linked(top), "refs/heads/main", follows=(top,), stays=(top.parent / "linked",))


def _to_linked(top: Path) -> Layout:
    return Layout(top, "refs/heads/side", follows=(_linked(top),), stays=(top,))


def _relative(top: Path) -> Layout:
    linked = _linked(top)
    (top / ".git/worktrees/linked/gitdir").write_text("../../../../linked/.git\n")
    return Layout(top, "refs/heads/side", follows=(linked,), stays=(top,))


def _detached_linked(top: Path) -> Layout:
    linked = _linked(top)
    git("checkout", "-q", "--detach", cwd=linked)
    return Layout(linked, follows=(linked,), stays=(top,))


def _gone(top: Path) -> Layout:
    shutil.rmtree(_linked(top))
    return Layout(top, "refs/heads/side", stays=(top,))


def _twice(top: Path) -> Layout:
    git("worktree", "add", "-q", "-f", top.parent / "again", "main", cwd=top)
    return Layout(top.parent / "again", follows=(top, top.parent / "again"))


def _bare_with_linked(top: Path) -> Layout:
    git("clone", "-q", "--bare", top, "bare.git")
    linked = top.parent / "linked"
    git("worktree", "add", "-q", linked, "main", cwd=Path("bare.git"))
    return Layout(Path("bare.git").absolute(), "refs/heads/main", follows=(linked,), stays=(top,))


def _separate(top: Path) -> Layout:
    git("init", "-q", "--separate-git-dir", top.parent / "apart.git", cwd=top)
    return Layout(top, follows=(top,))


def _submodule(top: Path) -> Layout:
    outer = top.parent / "outer"
    git("init", "-q", outer)
    git("-c", "protocol.file.allow=always", "submodule", "-q", "add", "--", str(top), "skills", cwd=outer)
    git("worktree", "add", "-q", "-b", "side", top.parent / "linked", cwd=outer / "skills")
    return Layout(top.parent / "linked", "refs/heads/main", follows=(outer / "skills",), stays=(top,))


def _shallow(top: Path) -> Layout:
    put(Repo.open(top), {OTHER: b"# Report 2\n"})
    git("clone", "-q", "--depth=1", top.as_uri(), "shallow")
    return Layout(Path("shallow").absolute(), follows=(Path("shallow").absolute(),), stays=(top,))


def _odd_name(top: Path) -> Layout:
    odd = top.rename(top.parent / "a 'b'\n报告 -c")
    return Layout(odd, follows=(odd,))


LAYOUTS: list[Callable[[Path], Layout]] = [
    _plain,
    _below,
    _bare,
    _detached,
    _detached_aside,
    _elsewhere,
    _from_linked,
    _to_linked,
    _relative,
    _detached_linked,
    _gone,
    _twice,
    _bare_with_linked,
    _separate,
    _submodule,
    _shallow,
    _odd_name,
]


@pytest.mark.parametrize("lay_out", LAYOUTS, ids=lambda function: function.__name__.strip("_").replace("_", " "))
def test_a_decision_lands_on_its_ref_and_every_work_tree_of_it_follows(
    top: Path, lay_out: Callable[[Path], Layout]
) -> None:
    layout = lay_out(top)
    repo = Repo.open(layout.start)
    before = {where: files(where) for where in layout.stays}
    for change in ({SKILL: SECOND, NEW: b"# Fresh\n"}, {SKILL: FIRST}, {"Users/ada/fresh": None}):
        ref = layout.ref or repo.branch_ref()
        landed = put(repo, change, ref=layout.ref)
        assert landed.ref == ref and landed.blocked is None
        assert git("rev-parse", ref, cwd=layout.start) == landed.commits[-1]
        for where in layout.follows:
            shown = git("ls-tree", "-r", "--name-only", "-z", "HEAD", cwd=where).split("\0")[:-1]
            assert status(where) == [] and sorted(files(where)) == shown
            assert git("rev-parse", "HEAD", cwd=where) == landed.commits[-1]
    assert {where: files(where) for where in layout.stays} == before
    sound(layout.start)


def test_two_work_trees_of_one_branch_go_together_or_not_at_all(repo: Repo, top: Path) -> None:
    again = _twice(top).start
    for edited, other in ((top, again), (again, top)):
        (edited / SKILL).write_bytes(b"mine\n")
        landed = put(repo, {SKILL: SECOND}, park_as="01JD")
        assert landed.blocked is not None and landed.blocked.path == SKILL
        assert status(edited) == [f" M {SKILL}"] and status(other) == []
        sound(top)
        git("checkout", "-q", "--", ".", cwd=edited)


@pytest.mark.parametrize("index", ["false", "true"], ids=["full index", "sparse index"])
def test_what_a_sparse_checkout_leaves_out_stays_out(repo: Repo, top: Path, index: str) -> None:
    put(repo, {"Users/bob/x/SKILL.md": b"x\n"})
    git("-c", f"index.sparse={index}", "sparse-checkout", "set", "--cone", "Users/ada", cwd=top)
    git("config", "index.sparse", index, cwd=top)
    here = sorted(files(top))
    put(repo, {"Users/bob/x/SKILL.md": b"y\n", "Users/bob/y/SKILL.md": b"y\n", SKILL: SECOND})
    assert sorted(files(top)) == here and status(top) == []
    assert files(top)[SKILL] == SECOND
    put(repo, {"Users/bob/x": None})
    assert sorted(files(top)) == here and status(top) == []
    sound(top)


@pytest.mark.parametrize("bare", [False, True], ids=["work tree", "bare"])
def test_the_first_commit_of_a_repository_is_a_decision_like_any(tmp_path: Path, bare: bool) -> None:
    git("init", "-q", "-b", "main", *(["--bare"] if bare else []), "new")
    new = tmp_path / "new"
    (new / "untracked").write_bytes(b"mine\n")
    landed = put(Repo.open(new), {SKILL: FIRST})
    assert git("rev-list", "main", cwd=new) == landed.commits[0]
    assert bare or status(new) == ["?? untracked"]
    sound(new)


def test_a_first_commit_respects_what_is_staged_for_it(tmp_path: Path) -> None:
    git("init", "-q", "-b", "main", "new")
    new = tmp_path / "new"
    (new / "Users/ada/release").mkdir(parents=True)
    (new / SKILL).write_bytes(b"mine\n")
    (new / "other").write_bytes(b"mine\n")
    git("add", "-A", cwd=new)
    with pytest.raises(RepositoryError, match="in the way"):
        put(Repo.open(new), {SKILL: FIRST})
    put(Repo.open(new), {NEW: FIRST})
    assert status(new) == [f"A  {SKILL}", "A  other"]


def test_from_within_a_hook_the_repository_is_the_one_named(
    repo: Repo, top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = init(tmp_path / "other").repo
    assert other.worktree is not None
    for name, value in (("DIR", top / ".git"), ("INDEX_FILE", top / ".git/index"), ("WORK_TREE", top), ("PREFIX", "")):
        monkeypatch.setenv(f"GIT_{name}", str(value))
    put(other, {SKILL: FIRST})
    for name in ("DIR", "INDEX_FILE", "WORK_TREE", "PREFIX"):
        monkeypatch.delenv(f"GIT_{name}")
    assert status(other.worktree) == [] and status(top) == [] and repo.tip("HEAD") != other.tip("HEAD")


def test_a_branch_that_is_only_a_pointer_is_refused(repo: Repo, top: Path) -> None:
    git("symbolic-ref", "refs/heads/alias", "refs/heads/main", cwd=top)
    with pytest.raises(RepositoryError, match="only points at 'refs/heads/main'"):
        put(repo, {SKILL: SECOND}, ref="refs/heads/alias")


@pytest.mark.parametrize("line_ends", ["input", "true"])
def test_a_work_tree_with_other_line_ends_follows(repo: Repo, top: Path, line_ends: str) -> None:
    git("config", "core.autocrlf", line_ends, cwd=top)
    (top / SKILL).unlink()
    git("checkout", "-q", "--", SKILL, cwd=top)
    put(repo, {SKILL: SECOND, NEW: b"# Fresh\n"})
    assert status(top) == [] and (b"\r\n" in files(top)[NEW]) == (line_ends == "true")
