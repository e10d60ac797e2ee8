"""Moving a user's skills into shards, once they are too many to stay side by side; see `layout.py`.

One `tidy` commit moves them all, after the decision that made them too many: it changes no byte of any skill,
so blame and merges follow it as exact renames, and no decision moves a file that it does not change. It takes
0.4 s CPU, once. Moved one by one instead, each with its next change, 1,000 skills would make every decision write
38 KB of trees, not 7, for as long as most of them stay as they are. What the user is editing stays where it is,
and is read there as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pygit2
from pygit2.enums import FileMode

from skillgit.git import layout
from skillgit.git.message import Decision, encode
from skillgit.git.objects import Edits
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import git


def crowded(repo: Repo, commit: str, stored: Iterable[str]) -> set[str]:
    """The users' folders with too many skills side by side, among those that the stored paths are in."""
    root = repo.handle[commit].peel(pygit2.Tree)
    parts = (path.split("/") for path in stored)
    users = {f"Users/{inside[1]}" for inside in parts if inside[0] == "Users" and len(inside) > 2}
    return {user for user in users if len(layout.folder(root, user) or ()) > layout.FLAT}


def edited(worktrees: Iterable[Path], user: str) -> set[str]:
    """The folders and files below a user's in which a work tree is not as committed, by name."""
    words = ["--no-optional-locks", "--literal-pathspecs", "status", "--porcelain=v1", "-z", "--no-renames", "--", user]
    rows = (row for top in worktrees for row in git(words, cwd=top).decode("utf-8", "surrogateescape").split("\0"))
    return {row[3:].split("/")[2] for row in rows if row[3:].startswith(f"{user}/")}


def moves(repo: Repo, commit: str, user: str, *, keep: set[str]) -> Edits:
    """What moves each skill of a user's that stands flat into its shard, but those to `keep`; by stored path."""
    folder = layout.folder(repo.handle[commit].peel(pygit2.Tree), user)
    flat = {item.name: item for item in folder or () if isinstance(item, pygit2.Tree) and "SKILL.md" in item}
    edits: dict[str, Entry | None] = {}
    for name, skill in flat.items():
        if name and name not in keep and layout.shard(name) not in flat:
            edits[f"{user}/{name}"] = None
            edits[layout.sharded(f"{user}/{name}")] = Entry(str(skill.id), FileMode.TREE)
    return edits


def message(user: str, edits: Edits) -> str:
    """The commit message that says so."""
    return encode(Decision("tidy", user, f"{len(edits) // 2} skills into folders of two characters"))
