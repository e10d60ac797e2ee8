"""Where a skill is stored: the one place that knows of shards.

Every commit writes the trees it touches anew, so a folder of 10,000 skills costs each decision on one of them
240 KB. A user's folder with more than FLAT skills therefore has a level of two characters between:

    Users/ada/3f/release-notes/SKILL.md     3f: the first hex digits of sha256("release-notes")

The skill's path stays `Users/ada/release-notes` in every command, message, trailer and error; only trees, the
index and the disk have the other one, the stored path. Such a folder is a shard of just those skills whose
names begin so when hashed; whatever else is in it is found as in any folder. Both forms are read, side by
side: a repository made by hand needs no shards, and where two branches put a skill in both places, the flat
one is it, and the other one keeps its stored path as its name. Skills in `Common/` and deeper ones stay put.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import TypeVar

import pygit2

File = TypeVar("File")

FLAT = 1_000
"""So many folders below `Users/<user>` stay side by side; the next one goes into a shard."""

_SHARD = re.compile(r"[0-9a-f]{2}")


def shard(name: str) -> str:
    """The two characters that the shard of a skill with this name has."""
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:2]


def sharded(path: str) -> str:
    """The stored path, in a shard, of what has this path: a skill of a user's or a file in one; others stay."""
    parts = path.split("/")
    if parts[0] != "Users" or len(parts) < 3:
        return path
    return "/".join([*parts[:2], shard(parts[2]), *parts[2:]])


def unsharded(stored: str) -> str:
    """The path of what is stored here: without the shard, where one is in it."""
    parts = stored.split("/")
    if parts[0] == "Users" and len(parts) > 3 and parts[2] == shard(parts[3]):
        del parts[2]
    return "/".join(parts)


def stored(tree: pygit2.Tree, path: str) -> str:
    """Where a path is stored in the tree of a commit; where it is not there, where it would be."""
    parts = path.split("/")
    user = folder(tree, "/".join(parts[:2])) if parts[0] == "Users" and len(parts) > 2 else None
    if user is None or _is_literal(user, parts[2:]):
        return path
    name, own = parts[2], shard(parts[2])
    inside = folder(user, own)
    free = "SKILL.md" not in inside if inside is not None else own not in user
    known = inside is not None and name in inside
    return sharded(path) if free and (known or has_shards(user)) else path


def has_shards(user: pygit2.Tree) -> bool:
    """Whether a new skill in a user's folder goes into a shard: others did, or too many are side by side."""
    return len(user) > FLAT or any(map(_is_shard, user))


def names(folder: pygit2.Tree) -> set[str]:
    """The names that are taken in a folder, shards looked through."""
    shards = (item for item in folder if isinstance(item, pygit2.Tree) and _is_shard(item))
    return {*map(_name, folder), *(name for each in shards for name in map(_name, each))}


def folder(tree: pygit2.Tree, path: str) -> pygit2.Tree | None:
    """The folder at a path in a tree, or None where none is."""
    try:
        found = tree[path]
    except KeyError:
        return None
    return found if isinstance(found, pygit2.Tree) else None


def by_skill(files: Mapping[str, File]) -> dict[str, dict[str, File]]:
    """The files of each skill by their path in it, by the skill's stored path; those of no skill are left out.

    A SKILL.md further down in a skill is a file of that skill's.
    """
    found: dict[str, dict[str, File]] = {}
    for path, file in files.items():
        above = (path[: at.start()] for at in re.finditer("/", path))
        folder = next((each for each in above if f"{each}/SKILL.md" in files), None)
        if folder:
            found.setdefault(folder, {})[path.removeprefix(f"{folder}/")] = file
    return found


def _is_literal(user: pygit2.Tree, parts: list[str]) -> bool:
    """Whether a user's folder has something of this very name that is no shard; what is in a shard counts, too."""
    if parts[0] not in user:
        return False
    there = user[parts[0]]
    return not _is_shard(there) or (isinstance(there, pygit2.Tree) and parts[1:2] != [] and parts[1] in there)


def _is_shard(item: pygit2.Object) -> bool:
    """Whether this is a folder that holds a skill whose name hashes to the folder's, and is none itself."""
    if not isinstance(item, pygit2.Tree) or not _SHARD.fullmatch(_name(item)) or "SKILL.md" in item:
        return False
    return any(shard(name) == item.name for name in map(_name, item))


def _name(item: pygit2.Object) -> str:
    return item.name or ""
