"""Bringing a checked-out branch's files along, without touching what the user has edited.

Order is what makes this safe: the work tree first, the ref last. A crash in between leaves files that
are ahead of the branch, which is harmless (`intent.py` mends it); the other order leaves files that are
behind it, and the user's next `git commit` would take the decision back.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from subprocess import CompletedProcess

import pygit2

from skillgit.errors import RepositoryError
from skillgit.git import EMPTY_TREE, index
from skillgit.git.index import Staged
from skillgit.git.objects import blob_oid
from skillgit.git.patch import patch, suits
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import attempt, failure

_READ_TREE = ("read-tree", "-m", "-u")
_HOLDS_HEAD = {"rebase-merge": "a rebase", "rebase-apply": "a rebase", "BISECT_LOG": "a bisection"}
_HOLDS_FILES = {"MERGE_HEAD": "a merge", "CHERRY_PICK_HEAD": "a cherry-pick", "REVERT_HEAD": "a revert"}


@dataclass(frozen=True, slots=True)
class Blocked:
    """The user's work is in the way: the first path (or "", where it is no single file), and why."""

    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """A work tree, the main one or a linked one, and the git directory that keeps its HEAD and index."""

    worktree: Path
    git_dir: Path


@dataclass(frozen=True, slots=True)
class Step:
    """What a work tree is to become: from one commit's files to another's, at these paths."""

    old: str | None
    new: str
    paths: tuple[str, ...]


def checkouts(repo: Repo, ref: str) -> list[Checkout]:
    """The work trees in which `ref` is checked out, or is being rebased."""
    if ref == "HEAD":
        return [Checkout(repo.worktree, repo.git_dir)] if repo.worktree else []
    return [each for each in _all(repo) if _stands_on(each.git_dir, ref) and (each.worktree / ".git").exists()]


def every(repo: Repo) -> list[Path]:
    """All work trees of a repository, the linked ones too."""
    return [checkout.worktree for checkout in _all(repo)]


def _all(repo: Repo) -> list[Checkout]:
    found = [Checkout(repo.worktree, repo.git_dir)] if repo.worktree else []
    main = pygit2.Repository(str(repo.common_dir)).workdir if repo.git_dir != repo.common_dir else None
    if main:
        found.append(Checkout(Path(main), repo.common_dir))
    for linked in sorted(repo.common_dir.glob("worktrees/*")):
        pointer = linked / "gitdir"
        if linked != repo.git_dir and pointer.is_file():
            found.append(Checkout((linked / pointer.read_text().strip()).parent, linked))
    return found


def raise_if_busy(repo: Repo) -> None:
    """Look before the work tree's files are touched: RepositoryError in the middle of a merge, a rebase or the like."""
    busy = _under_way(repo.git_dir, {**_HOLDS_HEAD, **_HOLDS_FILES})
    if busy:
        raise RepositoryError(f"the work tree is busy: {busy}", hint="'git status' says how to end it")


def to_bring(repo: Repo, checkout: Checkout, step: Step) -> tuple[str, ...] | Blocked:
    """The files that have to be brought along; Blocked where that would cost an edit. Nothing is touched.

    What the index holds as `new` says is the user's own doing, and stays as it is.
    """
    busy = _under_way(checkout.git_dir, {**_HOLDS_HEAD, **_HOLDS_FILES} if step.paths else _HOLDS_HEAD)
    if busy:
        return Blocked("", busy)
    new = {path: repo.stored_entry(step.new, path) for path in step.paths}
    changed = [path for path, entry in new.items() if entry != repo.stored_entry(step.old, path)]
    known = index.staged(checkout.worktree, changed)
    todo = [path for path in changed if not _holds(known.get(path), new[path])]
    for path in todo:
        blocked = _obstacle(repo, checkout.worktree, path, step, known)
        if blocked:
            return blocked
    left = replace(step, paths=tuple(todo))
    was = {path: repo.stored_entry(step.old, path) for path in todo}
    if all(_holds(known.get(path), was[path]) and _is_untouched(checkout.worktree / path, was[path]) for path in todo):
        return left.paths
    return _refused(checkout, left) or left.paths


def advance(repo: Repo, checkout: Checkout, step: Step, *, keep: int) -> Blocked | None:
    """Make a work tree's files and index those of `new`; Blocked, and nothing is touched, where that costs an edit.

    `keep` is the lock's descriptor: git holds the lock too, so that nobody mends while it still runs on
    after this process was killed.
    """
    if _apply(repo, checkout, step, keep=(keep,)):
        return None
    blocked = _refused(checkout, step)
    if blocked:
        return blocked
    done = _read_tree(checkout, step, keep=(keep,))
    if done.returncode:
        raise failure(_READ_TREE, done.stderr)
    return None


def is_brought(repo: Repo, checkout: Checkout, step: Step) -> bool:
    """Whether the index of a work tree holds what `new` says."""
    known = index.staged(checkout.worktree, step.paths)
    return all(_holds(known.get(path), repo.stored_entry(step.new, path)) for path in step.paths)


def _apply(repo: Repo, checkout: Checkout, step: Step, *, keep: Sequence[int]) -> bool:
    """Whether git took the step as a patch; where it did not, and where that is not tried, `read-tree` can tell."""
    changes = {path: (repo.stored_entry(step.old, path), repo.stored_entry(step.new, path)) for path in step.paths}
    is_sparse = (checkout.git_dir / "info/sparse-checkout").exists()  # a patch writes files that are not to be there
    if is_sparse or not suits(changes):
        return False
    done = attempt(["apply", "--index"], cwd=checkout.worktree, stdin=patch(changes), keep=keep)
    index.raise_if_locked(done.stderr, checkout.worktree)
    return not done.returncode


def _read_tree(checkout: Checkout, step: Step, *options: str, keep: Sequence[int] = ()) -> CompletedProcess[bytes]:
    return attempt([*_READ_TREE, *options, step.old or EMPTY_TREE, step.new], cwd=checkout.worktree, keep=keep)


def _holds(staged: Staged | None, entry: Entry | None) -> bool:
    return staged.entry == entry and not staged.stage if staged else entry is None


def _obstacle(repo: Repo, worktree: Path, path: str, step: Step, known: Mapping[str, Staged]) -> Blocked | None:
    """What read-tree would not respect: a deletion, an ignored file, a link in place of a folder."""
    for part in [str(parent) for parent in reversed(PurePosixPath(path).parents)][1:]:
        there = worktree / part
        if os.path.lexists(there) and (there.is_symlink() or not there.is_dir()):
            return None if repo.stored_entry(step.old, part) else Blocked(part, "it is not the folder that git knows")
    if path in known and known[path].stage:
        return Blocked(path, "it has a conflict that is not resolved")
    exists = os.path.lexists(worktree / path)
    if path in known and not exists and not known[path].sparse:
        return Blocked(path, "deleted in the work tree, and not committed")
    if path not in known and exists and not any(other.startswith(f"{path}/") for other in known):
        return None if _is_empty_folder(worktree / path) else Blocked(path, "an untracked file is there")
    return None


def _is_empty_folder(path: Path) -> bool:
    """As a library has it, once somebody has begun to add it."""
    return path.is_dir() and not path.is_symlink() and not any(path.iterdir())


def _is_untouched(file: Path, entry: Entry | None) -> bool:
    """Whether a file is, byte for byte, what a commit says; False also where only git can tell."""
    if entry is None:
        return not os.path.lexists(file)
    try:
        return not file.is_symlink() and blob_oid(file.read_bytes()) == entry.oid
    except OSError:
        return False


def _refused(checkout: Checkout, step: Step) -> Blocked | None:
    """What read-tree says is in the way before it touches anything; None where it fails only later, at the disk."""
    tried = _read_tree(checkout, step, "-n")
    if b"not uptodate" in tried.stderr:  # or only touched, or copied with the whole repository: git then has to look
        looked = attempt(["update-index", "-q", "--refresh"], cwd=checkout.worktree)
        index.raise_if_locked(looked.stderr, checkout.worktree)
        tried = _read_tree(checkout, step, "-n")
    if tried.returncode == 0:
        return None
    index.raise_if_locked(tried.stderr, checkout.worktree)
    words = failure(_READ_TREE, tried.stderr).message.partition(": ")[2]
    if "resolve your current index" in words:
        return Blocked("", "there are conflicts that are not resolved")
    if not tried.stderr.lstrip().startswith(b"error:"):
        raise failure(_READ_TREE, tried.stderr)
    path = next((path for path in step.paths if f"'{path}'" in words), step.paths[0])
    return Blocked(path, f"'{path}' is edited and not committed" if "not uptodate" in words else words)


def _under_way(git_dir: Path, names: Mapping[str, str]) -> str:
    """What git is in the middle of, in words, or ""."""
    return next((f"{words} is in progress" for name, words in names.items() if (git_dir / name).exists()), "")


def _stands_on(git_dir: Path, ref: str) -> bool:
    rebased = (_line(git_dir / folder / "head-name") for folder in ("rebase-merge", "rebase-apply"))
    return _line(git_dir / "HEAD") == f"ref: {ref}" or ref in rebased


def _line(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError:
        return ""
