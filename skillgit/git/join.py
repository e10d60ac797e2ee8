"""`git merge` without a work tree: the tree that two histories give, and what git could not decide about it."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from skillgit.git import driver
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import attempt, failure, git

BASE, OURS, THEIRS = 1, 2, 3
Stages = Mapping[int, Entry]
"""The versions of a file in a conflict, by their stage in git's index; a side that lacks the file has none."""

_ASK_US = ("-c", "merge.skillgit.driver=false", "-c", "merge.skillgit.recursive=binary")
"""Every SKILL.md that both sides changed is said to be a conflict: what becomes of it is for us to say."""

_FOLLOW = ("-c", "merge.directoryRenames=true")
"""What one side put into a folder that the other one has moved goes where the folder went."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The merged tree, the files that are undecided in it, by stage, and git's words about each."""

    tree: str
    undecided: Mapping[str, Stages]
    words: Mapping[str, str]


def join(repo: Repo, ours: str, theirs: str) -> Joined:
    """What merging the commit `theirs` into `ours` gives; nothing moves."""
    with _attributes(repo) as named:
        args = [*_ASK_US, *_FOLLOW, *named, "merge-tree", "--write-tree", "-z", "--messages", ours, theirs]
        done = attempt(args, cwd=repo.directory)
    if done.returncode not in (0, 1):
        raise failure(["merge-tree"], done.stderr)
    tree, *rows = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    end = rows.index("") if "" in rows else len(rows)
    undecided: dict[str, dict[int, Entry]] = defaultdict(dict)
    for row in rows[:end]:
        about, _, path = row.partition("\t")
        mode, oid, stage = about.split(" ")
        undecided[path][int(stage)] = Entry(oid, int(mode, 8))
    return Joined(tree, undecided, dict(_said(rows[end + 1 :])))


def leave(repo: Repo, rev: str, message: str) -> None:
    """Let `git merge` bring a commit into the work tree, and its conflicts, as it leaves them; nothing is committed.

    RepositoryError, in git's words, where edits of the user's are in the way.
    """
    _leave(repo, ["merge", "--no-ff", "--no-commit", "--no-autostash", "-m", message, rev], state="MERGE_HEAD")


def leave_pick(repo: Repo, commit: str) -> None:
    """Let `git cherry-pick` bring what a commit did into the work tree, and the conflicts that this meets.

    What is concluded then has the message of that commit. RepositoryError as in `leave`.
    """
    _leave(repo, ["cherry-pick", commit], state="CHERRY_PICK_HEAD")


def _leave(repo: Repo, words: Sequence[str], *, state: str) -> None:
    ours = ("-c", f"merge.skillgit.driver={driver.command()}", "-c", "merge.skillgit.recursive=binary")
    with _attributes(repo) as named:
        done = attempt([*ours, *_FOLLOW, *named, *words], cwd=repo.directory)
    if done.returncode not in (0, 1) or not (repo.git_dir / state).exists():
        raise failure(words[:1], done.stderr)


def _said(rows: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What git says about each path in conflict: rows of a count, so many paths, a kind and a text."""
    at = 0
    while at < len(rows) and rows[at]:
        count = int(rows[at])
        paths, (kind, text) = rows[at + 1 : at + 1 + count], rows[at + 1 + count : at + 3 + count]
        if kind.startswith("CONFLICT"):
            yield from ((path, text.strip()) for path in paths)
        at += 3 + count


@contextmanager
def _attributes(repo: Repo) -> Iterator[list[str]]:
    """Options that make git ask about SKILL.md files also where it reads no .gitattributes, as in a bare repository."""
    asked = ["check-attr", "-z", "merge", "--", "Users/SKILL.md"]
    if git(asked, cwd=repo.directory).split(b"\0")[2:3] != [b"unspecified"]:
        yield []
        return
    own = repo.config("core.attributesFile")
    with tempfile.NamedTemporaryFile(prefix="skillgit-", suffix=".attributes") as file:
        file.write(Path(own).expanduser().read_bytes() + b"\n" if own and Path(own).expanduser().is_file() else b"")
        file.write(b"SKILL.md merge=skillgit\n")
        file.flush()
        yield ["-c", f"core.attributesFile={file.name}"]
