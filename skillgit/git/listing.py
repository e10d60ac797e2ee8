"""Which skills the tree of a commit holds, made of those of another commit by what differs between the two.

A library of 10,000 skills has hundreds of folders, of which a decision changes a few: only those are read, and of
the list only their lines are made anew (0.5 ms for a skill that changed; 150 for the first commit).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import pygit2
from pygit2.enums import FileMode, ObjectType

from skillgit.git import layout
from skillgit.skills.naming import danger

DEPTH = 6
"""How many folders below `Users/<user>`, `Common` or the root of a library a skill may stand, as agents scan them."""


@dataclass(frozen=True, slots=True)
class Level:
    """What one folder holds itself: skills (path to oid of SKILL.md), and folders (path to tree oid) that are none.

    `Common/` holds libraries as well (path to the commit that is pinned).
    """

    skills: dict[str, str]
    folders: dict[str, str]
    libraries: dict[str, str] = field(default_factory=dict)


Levels = dict[tuple[str, str], Level]
"""By the oid of a folder's tree and its path, which ends in a slash; a folder before those in it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The skills of a commit, path to oid of SKILL.md, sorted by path.

    `has_twins` where one stands in two places, flat and in its shard: the one in the shard has its stored path.
    """

    levels: Levels
    skills: dict[str, str]
    has_twins: bool = False


EMPTY = Listing({}, {})

Libraries: TypeAlias = Callable[[str], "pygit2.Repository | None"]
"""The store that has the objects of the library at a path; None where it was never fetched."""


def _none_fetched(path: str) -> None:
    return None


def listing(
    handle: pygit2.Repository, tree: pygit2.Tree, *, known: Listing, libraries: Libraries = _none_fetched
) -> Listing:
    """The skills in the tree of a commit; what `known`, the listing of any other, has is not read again."""
    levels: Levels = {}
    for root in ("Common", "Users"):
        folder = layout.folder(tree, root)
        if folder is not None:
            levels.update(_levels(handle, str(folder.id), f"{root}/", known=known.levels))
            for path, commit in levels[str(folder.id), f"{root}/"].libraries.items():
                levels.update(_library(libraries(path), commit, path, known=known.levels))
    return known if levels.keys() == known.levels.keys() else _brought_up_to(levels, known)


def _levels(handle: pygit2.Repository, oid: str, prefix: str, *, known: Levels, depth: int = DEPTH) -> Levels:
    """A folder and at most `depth - 1` folders below it."""
    level = known.get((oid, prefix)) or _read(handle, oid, prefix)
    found = {(oid, prefix): level}
    if depth > 1:
        for path, inner in level.folders.items():
            found.update(_levels(handle, inner, f"{path}/", known=known, depth=depth - 1))
    return found


def _library(store: pygit2.Repository | None, commit: str, path: str, *, known: Levels) -> Levels:
    """The folders of a library, or the library as a skill; nothing where the commit was not fetched."""
    found = store.get(commit) if store else None
    if store is None or not isinstance(found, pygit2.Commit):
        return {}
    skill = _skill_file(found.tree)
    if skill is not None:
        return {(commit, path): Level({path: skill}, {})}
    return _levels(store, str(found.tree.id), f"{path}/", known=known)


def _read(handle: pygit2.Repository, oid: str, prefix: str) -> Level:
    level, tree = Level({}, {}), handle[oid]
    assert isinstance(tree, pygit2.Tree)
    for item in tree:
        if prefix == "Common/" and item.filemode == FileMode.COMMIT and not danger(item.name or ""):
            level.libraries[f"{prefix}{item.name}"] = str(item.id)
        elif _is_hostile(item.name or "", prefix):
            continue
        elif item.type == ObjectType.TREE and item.name is not None:
            path, skill = layout.unsharded(prefix + item.name), _skill_file(item)
            if skill is not None:
                level.skills[path] = skill
            else:
                level.folders[path] = str(item.id)
    return level


def _is_hostile(name: str, prefix: str) -> bool:
    """Whether a folder in a library has a name that a terminal, a program or a system takes for something else."""
    return prefix.startswith("Common/") and prefix.count("/") > 1 and (name.startswith("-") or danger(name) != "")


def _skill_file(folder: pygit2.Object) -> str | None:
    assert isinstance(folder, pygit2.Tree)
    if "SKILL.md" not in folder:
        return None
    found = folder["SKILL.md"]
    regular = found.filemode in (FileMode.BLOB, FileMode.BLOB_EXECUTABLE)
    return str(found.id) if regular else None


def _brought_up_to(levels: Levels, known: Listing) -> Listing:
    gone = {path for key in known.levels.keys() - levels.keys() for path in known.levels[key].skills}
    came = {path: oid for key in levels.keys() - known.levels.keys() for path, oid in levels[key].skills.items()}
    skills = known.skills.copy()
    for path in gone - came.keys():
        del skills[path]
    skills.update(came)
    if known.has_twins or len(skills) < sum(len(level.skills) for level in levels.values()):
        return _from_the_start(levels)
    return Listing(levels, skills if came.keys() <= gone else _sorted(skills))


def _from_the_start(levels: Levels) -> Listing:
    skills: dict[str, str] = {}
    twins: dict[str, str] = {}
    for level in levels.values():
        again = level.skills.keys() & skills.keys()
        twins.update((layout.sharded(path), level.skills[path]) for path in again)
        skills.update((path, oid) for path, oid in level.skills.items() if path not in again)
    return Listing(levels, _sorted(skills | twins), bool(twins))


def _sorted(skills: dict[str, str]) -> dict[str, str]:
    return {path: skills[path] for path in sorted(skills)}
