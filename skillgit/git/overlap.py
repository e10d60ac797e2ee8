"""Decisions that an overlapping `git commit` took out of an index again, and putting them back.

`git commit` reads the index before it locks it, and writes back what it read (git 2.39 to 2.47). A decision that
lands in between is then staged as taken back: HEAD and the file hold it, the index does not, and the user's next
commit would undo it, though the one at hand fails, as the branch has moved. No lock of ours prevents that. So
`.git/skillgit/landed` says, a line each, what was brought into indexes within the last minute, and what the index
file was like then; the next writer looks again where that file has changed. Losing `landed` loses this look.

An entry is put back only where it is what it was before a decision, while the file on the disk is as the last
decision left it: whoever edits a file, or brings back another one, keeps what is theirs. Where the user's next commit
was quicker and has taken the decision back, it is staged again, so that the commit after that has it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from skillgit.git import index, worktree
from skillgit.git.intent import Intent
from skillgit.git.repo import Repo

_SECONDS = 60.0
_MOST = 100
"""How long, and how many, moves are kept: far longer than git takes from reading an index to locking it."""


@dataclass(frozen=True, slots=True)
class Landed:
    """One move that was brought into work trees: when, and the stamps of their index files before we looked."""

    at: float
    intent: Intent
    stamps: Mapping[str, tuple[int, ...]]


def stamp(file: Path) -> tuple[int, ...]:
    """What tells one state of an index file from the next: git writes a new file each time. () where there is none."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def note(repo: Repo, intent: Intent, *, stamps: Mapping[str, tuple[int, ...]]) -> None:
    """Remember a move whose files were seen to be in the indexes of these stamps, or later ones."""
    recent = [*_recent(repo), Landed(time.time(), intent, stamps)][-_MOST:]
    target = repo.private / "landed"
    scratch = target.with_suffix(".new")
    scratch.write_text("".join(f"{json.dumps(asdict(each))}\n" for each in recent))
    scratch.replace(target)


def restore(repo: Repo) -> None:
    """Put back into each index what git took out of it lately. Needs the lock."""
    recent = _recent(repo)
    stamps = {file: was for each in recent for file, was in each.stamps.items()}
    if any(stamp(Path(file)) != was for file, was in stamps.items()):
        ours = worktree.every(repo)  # `landed` may have been copied with the whole repository
        for top, moves in _by_worktree(recent).items():
            if top in ours and os.path.exists(top / ".git"):  # noqa: PTH110 (False also where it may not be looked at)
                _restore(top, moves)


def _restore(top: Path, moves: Mapping[str, list[tuple[str | None, str]]]) -> None:
    repo = Repo.open(top)
    tip, known, there = repo.tip("HEAD"), index.staged(top, list(moves)), index.on_disk(top, list(moves))
    todo = {}
    for path, steps in moves.items():
        wanted = repo.stored_entry(steps[-1][1], path)
        before = [repo.stored_entry(old, path) for old, _ in steps]
        listed = known[path].entry if path in known else None
        on_disk = wanted if index.is_of_library(top, path, (*before, wanted)) else there.get(path)
        if listed == wanted or listed not in before or wanted != on_disk:
            continue
        known_to_head = repo.stored_entry(tip, path)
        if known_to_head == wanted or (known_to_head == listed and _follows(repo, tip, steps[-1][1])):
            todo[path] = wanted
    if todo:
        index.put(top, todo, sparse=())


def _follows(repo: Repo, tip: str | None, commit: str) -> bool:
    """Whether a commit was made on top of another: a branch that was set back to before it does not follow."""
    return tip is not None and repo.handle.descendant_of(tip, commit)


def _by_worktree(recent: Iterable[Landed]) -> dict[Path, dict[str, list[tuple[str | None, str]]]]:
    """For each work tree and path, the commits it went from and to, in order."""
    found: dict[Path, dict[str, list[tuple[str | None, str]]]] = {}
    for each in recent:
        for top, paths in each.intent.worktrees.items():
            for path in paths:
                found.setdefault(Path(top), {}).setdefault(path, []).append((each.intent.old, each.intent.new))
    return found


def _recent(repo: Repo) -> list[Landed]:
    try:
        landed = [_landed(line) for line in (repo.private / "landed").read_text().splitlines()]
        return [each for each in landed if 0 <= time.time() - each.at < _SECONDS]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # not there, or torn: nothing is known then
        return []


def _landed(line: str) -> Landed:
    said = json.loads(line)
    stamps = {file: tuple(was) for file, was in said["stamps"].items()}
    return Landed(said["at"], Intent(**said["intent"]), stamps)
