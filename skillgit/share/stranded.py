"""Files that a merge left behind: where one side moved a skill, and the other put a file into its old folder.

Such a file stands in no skill. Which one it belongs to is known by the id of the skill that stood there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from skillgit.changes.skill import readable
from skillgit.git.objects import Edits
from skillgit.git.repo import Entry, Repo


def stranded(repo: Repo, tree: str, *, before: Iterable[str]) -> dict[str, str]:
    """The files of a tree, or a commit, that stand where a skill was, by their path, and where that skill has them.

    `before` are commits in which the skill still stood there. What would be in the way of another file is left out.
    """
    found: dict[str, str] = {}
    for commit in before:
        for path in repo.skills(commit).keys() - repo.skills(tree).keys():
            left = _outside(repo, tree, path)
            home = _home(repo, tree, commit, path) if left else None
            there = repo.files(tree, home) if home else {}
            found |= {f"{path}/{name}": f"{home}/{name}" for name in left if home and _is_free(name, there)}
    return found


def moves(repo: Repo, tree: str, found: Mapping[str, str]) -> Edits:
    """The edits, by stored path, that bring stranded files home."""
    edits: dict[str, Entry | None] = {}
    for old, new in found.items():
        edits |= {repo.stored(tree, new): repo.entry(tree, old), repo.stored(tree, old): None}
    return edits


def _outside(repo: Repo, tree: str, path: str) -> list[str]:
    """The files below a folder that belong to no skill in it."""
    inside = [skill.removeprefix(f"{path}/") + "/" for skill in repo.skills(tree) if skill.startswith(f"{path}/")]
    return [name for name in repo.files(tree, path) if not name.startswith(tuple(inside))]


def _home(repo: Repo, tree: str, commit: str, path: str) -> str | None:
    """Where the skill that stood at a path in a commit stands now, by its id."""
    was = readable(repo, commit, path)
    new = repo.skills(tree).keys() - repo.skills(commit).keys()
    same = [
        skill for skill in sorted(new) if was and was.id and (now := readable(repo, tree, skill)) and now.id == was.id
    ]
    return same[0] if len(same) == 1 else None


def _is_free(name: str, there: Mapping[str, Entry]) -> bool:
    return not any(f"{other}/".startswith(f"{name}/") or f"{name}/".startswith(f"{other}/") for other in there)
