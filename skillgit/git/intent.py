"""What is being brought into work trees just now, and mending it where the process died.

`.git/skillgit/intent` is written before the first file is touched and dropped after the ref has moved:

    {"ref": "refs/heads/main", "old": "<oid>", "new": "<oid>", "worktrees": {"/...": ["<path>", ...]}}

It names only files that were as `old` says when it was written, so none that the user had edited. Whoever
takes the lock next finishes it (the ref moved: bring the rest along) or undoes it (it did not). Both touch
only files that are exactly what one of the two commits says; anything else has become the user's.

Where git too was killed, more files may be git's: git replaces files by removing them, making each empty and
writing it, and a kill in between leaves one gone, empty, or cut where a page ends. Such a file is written again, too:
that costs nobody a byte, and git's lock, which would tell whether it was git, may have been removed by hand.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from skillgit.errors import RepositoryError
from skillgit.git import index
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import git


@dataclass(frozen=True, slots=True)
class Intent:
    """A move of `ref` from `old` (None: it was not born) to `new`, while files of `worktrees` are brought along."""

    ref: str
    old: str | None
    new: str
    worktrees: Mapping[str, tuple[str, ...]]


def record(repo: Repo, intent: Intent) -> None:
    """Write the intent, synced, before the first file is touched."""
    target = repo.private / "intent"
    scratch = target.with_suffix(".new")
    try:
        with scratch.open("w") as out:
            json.dump(asdict(intent), out)
            out.flush()
            os.fsync(out.fileno())
        scratch.replace(target)
    except OSError as err:
        raise RepositoryError(f"cannot write to '{repo.private}': {(err.strerror or '').lower()}") from err


def forget(repo: Repo) -> None:
    """Drop the intent: what it announced is done, or undone."""
    (repo.private / "intent").unlink(missing_ok=True)


def pending(repo: Repo) -> Intent | None:
    """The intent that a process left behind, if any. Read it under the lock."""
    try:
        said = json.loads((repo.private / "intent").read_text())
        worktrees = {where: tuple(paths) for where, paths in said["worktrees"].items()}
        return Intent(said["ref"], said["old"], said["new"], worktrees)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as err:
        raise RepositoryError(
            f"cannot read '{repo.private / 'intent'}': {err}",
            hint="look at 'git status', put right what is not yours, then delete that file",
        ) from err


def mend(repo: Repo) -> str | None:
    """Bring along, or back, what was left half done, to where the ref stands now; say it in a line. Needs the lock."""
    intent = pending(repo)
    if intent is None:
        return None
    while True:
        tip = repo.tip(intent.ref)
        for worktree, paths in intent.worktrees.items():
            if (Path(worktree) / ".git").exists():
                _mend(Repo.open(Path(worktree)), intent, paths)
        if repo.tip(intent.ref) == tip:  # git may have landed a commit meanwhile, of what was brought along
            break
    forget(repo)
    done = "finished" if repo.tip(intent.ref) == intent.new else "undid"
    return f"{done} an interrupted update of {', '.join(repr(worktree) for worktree in intent.worktrees)}"


def _mend(repo: Repo, intent: Intent, paths: Sequence[str]) -> None:
    """Make of each file what HEAD says, on whatever branch, if index and disk hold what the intent was about."""
    if repo.worktree is None:
        return
    tip, known, there = repo.tip("HEAD"), index.staged(repo.worktree, paths), index.on_disk(repo.worktree, paths)
    sparse = [path for path in paths if path in known and known[path].sparse and path not in there]
    todo: dict[str, Entry | None] = {}
    for path in paths:
        ours = (repo.stored_entry(intent.old, path), repo.stored_entry(intent.new, path))
        wanted = repo.stored_entry(tip, path)
        listed = known[path].entry if path in known else None
        has_no_file = path in sparse or index.is_of_library(repo.worktree, path, ours)
        on_disk = listed if has_no_file else there.get(path)
        untouched = on_disk in ours or _is_cut_short(repo, intent, path)
        if listed in ours and untouched and not listed == on_disk == wanted:
            todo[path] = wanted
    if todo:
        index.put(repo.worktree, todo, sparse=sparse)
    for path in paths:
        if index.is_of_library(repo.worktree, path, [repo.stored_entry(tip, path)]):
            (repo.worktree / path).mkdir(parents=True, exist_ok=True)  # git takes a library without one for deleted


def _is_cut_short(repo: Repo, intent: Intent, path: str) -> bool:
    """Whether a file is as a killed git leaves it: gone, empty, or with only the first pages of what it was to hold."""
    assert repo.worktree is not None
    file = repo.worktree / path
    if not os.path.lexists(file):
        return True
    if file.is_symlink() or not file.is_file() or file.stat().st_size % mmap.PAGESIZE:
        return False
    content = file.read_bytes()
    commits = [commit for commit in (intent.old, intent.new) if repo.stored_entry(commit, path)]
    whole = (git(["cat-file", "--filters", f"{commit}:{path}"], cwd=repo.worktree) for commit in commits)
    return not content or any(each.startswith(content) for each in whole)
