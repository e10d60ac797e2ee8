"""Bringing a checked-out branch's files along, without touching what the user has edited.

Order is what makes this safe: the work tree first, the ref last. A crash in between leaves files that
are ahead of the branch, which is harmless; the other order leaves files that are behind it, and the user's
next `git commit` would take the decision back. The `intent` file says what was under way:

    {"ref": "refs/heads/main", "old": "<oid>", "new": "<oid>", "worktree": "/...", "paths": [...]}

Whoever takes the lock next finishes it (the ref moved: bring the rest along) or undoes it (it did not).
Both touch only files that are exactly what one of the two commits says; anything else is the user's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from skillgit.errors import RepositoryError
from skillgit.git import EMPTY_TREE
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import attempt, git

_UNDER_WAY = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}


@dataclass(frozen=True, slots=True)
class Intent:
    """A move of `ref` from `old` (None: it was not born) to `new`, while `worktree` is brought along."""

    ref: str
    old: str | None
    new: str
    worktree: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """The user's edits are in the way: the first path, and git's own words for it."""

    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """A work tree, the main one or a linked one, and the git directory that keeps its HEAD and index."""

    worktree: Path
    git_dir: Path


def checkouts(repo: Repo, ref: str) -> list[Checkout]:
    """The work trees in which `ref` is checked out."""
    if ref == "HEAD":
        return [Checkout(repo.worktree, repo.git_dir)] if repo.worktree else []
    wanted = f"ref: {ref}"
    found = [Checkout(repo.worktree, repo.git_dir)] if repo.worktree and _head(repo.git_dir) == wanted else []
    if repo.git_dir != repo.common_dir and not _is_bare(repo) and _head(repo.common_dir) == wanted:
        found.append(Checkout(repo.common_dir.parent, repo.common_dir))
    for linked in sorted(repo.common_dir.glob("worktrees/*")):
        pointer = linked / "gitdir"
        if linked != repo.git_dir and _head(linked) == wanted and pointer.is_file():
            found.append(Checkout(Path(pointer.read_text().strip()).parent, linked))
    return [checkout for checkout in found if checkout.worktree.is_dir()]


def advance(checkout: Checkout, *, old: str | None, new: str, paths: Sequence[str]) -> Blocked | None:
    """Make a work tree's files and index those of `new`, all or none; Blocked where that would cost an edit."""
    worktree = checkout.worktree
    under_way = next((words for name, words in _UNDER_WAY.items() if (checkout.git_dir / name).exists()), None)
    if under_way:
        return Blocked("", f"{under_way} is in progress")
    deleted = _deleted(worktree, paths)
    if deleted:
        return Blocked(deleted, "deleted in the work tree, and not committed")
    done = attempt(["read-tree", "-m", "-u", old or EMPTY_TREE, new], cwd=worktree)
    if done.returncode == 0:
        return None
    return _blocked(done.stderr.decode("utf-8", "replace"), paths)


def record(repo: Repo, intent: Intent) -> None:
    """Write the intent, synced, before the first file is touched."""
    target = repo.private / "intent"
    scratch = target.with_suffix(".new")
    with scratch.open("w") as out:
        json.dump(asdict(intent), out)
        out.flush()
        os.fsync(out.fileno())
    scratch.replace(target)


def forget(repo: Repo) -> None:
    """Drop the intent: what it announced is done, or undone."""
    (repo.private / "intent").unlink(missing_ok=True)


def pending(repo: Repo) -> Intent | None:
    """The intent that a process left behind, if any. Read it under the lock."""
    try:
        said = json.loads((repo.private / "intent").read_text())
        return Intent(said["ref"], said["old"], said["new"], said["worktree"], tuple(said["paths"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as err:
        raise RepositoryError(
            f"cannot read '{repo.private / 'intent'}': {err}",
            hint="look at 'git status', put right what is not yours, then delete that file",
        ) from err


def mend(repo: Repo) -> str | None:
    """Bring along, or back, what was left half done, to where the ref stands now; say it in a line. Needs the lock."""
    intent = pending(repo)
    if intent is None:
        return None
    tip, worktree = repo.tip(intent.ref), Path(intent.worktree)
    for path in intent.paths if worktree.is_dir() else ():
        ours = [repo.entry(commit, path) for commit in (intent.old, intent.new, tip)]
        _bring(worktree, path, wanted=ours[-1], ours=ours)
    forget(repo)
    return f"{'finished' if tip == intent.new else 'undid'} an interrupted update of '{worktree}'"


def _bring(worktree: Path, path: str, *, wanted: Entry | None, ours: Sequence[Entry | None]) -> None:
    """Make one file what `wanted` says, provided that the index and the disk hold one of `ours`."""
    on_disk = _on_disk(worktree, path)
    if _indexed(worktree, path) not in ours or on_disk not in [entry and entry.oid for entry in ours]:
        return
    if wanted is None:
        git(["update-index", "--force-remove", "--", path], cwd=worktree)
        (worktree / path).unlink(missing_ok=True)
        with suppress(OSError):
            os.removedirs((worktree / path).parent)
        return
    git(["update-index", "--add", "--cacheinfo", f"{wanted.mode:o},{wanted.oid},{path}"], cwd=worktree)
    git(["checkout-index", "--force", "--", path], cwd=worktree)


def _indexed(worktree: Path, path: str) -> Entry | None:
    line = git(["ls-files", "--stage", "-z", "--", path], cwd=worktree).partition(b"\0")[0].decode()
    if not line:
        return None
    mode, oid, _ = line.split(" ", 2)
    return Entry(oid, int(mode, 8))


def _on_disk(worktree: Path, path: str) -> str | None:
    if not (worktree / path).is_file():
        return None
    return git(["hash-object", "--path", path, "--", path], cwd=worktree).decode().strip()


def _deleted(worktree: Path, paths: Sequence[str]) -> str | None:
    listing = "\0".join(paths).encode()
    args = ["--literal-pathspecs", "diff-files", "--name-only", "--diff-filter=D", "-z"]
    if len(listing) > 100_000:
        found = set(git(args, cwd=worktree).decode().split("\0")) & set(paths)
    else:
        found = {path for path in git([*args, "--", *paths], cwd=worktree).decode().split("\0") if path}
    return min(found, default=None)


def _blocked(stderr: str, paths: Sequence[str]) -> Blocked:
    named = next((path for path in paths if f"'{path}'" in stderr), None)
    words = next((line for line in stderr.splitlines() if line.startswith(("error:", "fatal:"))), stderr.strip())
    return Blocked(named or (paths[0] if paths else ""), words.removeprefix("error: ").removeprefix("fatal: "))


def _head(git_dir: Path) -> str:
    try:
        return (git_dir / "HEAD").read_text().strip()
    except OSError:
        return ""


def _is_bare(repo: Repo) -> bool:
    return repo.config("core.bare") == "true"
