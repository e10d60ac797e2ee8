"""Files that a merge left behind: where one side moved a skill, and the other put a file into its old folder.

Such a file stands in no skill. Which one it belongs to is known by the id of the skill that stood there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from skillgit.changes.skill import FILE, readable
from skillgit.git import layout
from skillgit.git.message import Decision, encode
from skillgit.git.objects import Edits
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import git
from skillgit.git.transaction import Transaction, write


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


def left_behind(repo: Repo, commit: str) -> dict[str, str]:
    """The stranded files of a commit, whoever made it: where skills stood before is read from its history."""
    skills = tuple(f"{path}/" for path in repo.skills(commit))
    files = [layout.unsharded(f"{root}/{name}") for root in ("Common", "Users") for name in repo.files(commit, root)]
    loose = [PurePosixPath(file) for file in files if not file.startswith(skills)]
    folders = dict.fromkeys(folder for file in loose for folder in file.parents if len(folder.parts) > 1)
    asked = ["log", "-1", "--format=%P", commit, "--"]
    said = (git([*asked, f":(literal){folder}/{FILE}"], cwd=repo.directory).decode().split() for folder in folders)
    return stranded(repo, commit, before=dict.fromkeys(parents[0] for parents in said if parents))


def bring_home(repo: Repo) -> dict[str, str]:
    """The stranded files of HEAD are where their skills are, by one decision a skill; old paths and new ones."""
    found: dict[str, str] = {}

    def body(tx: Transaction) -> None:
        found.clear()
        found.update(left_behind(repo, tx.tip) if tx.tip else {})
        for skill in repo.skills(tx.tip):
            mine = {old: new.removeprefix(f"{skill}/") for old, new in found.items() if new.startswith(f"{skill}/")}
            for was in sorted({old.removesuffix(f"/{name}") for old, name in mine.items()}):
                _bring(tx, skill, was, [name for old, name in mine.items() if old == f"{was}/{name}"])

    write(repo, body)
    return found


def _bring(tx: Transaction, skill: str, was: str, names: Sequence[str]) -> None:
    document = readable(tx.repo, tx.tip, skill)
    number = document.version or None if document else None
    files = f"{len(names)} file{'s' if len(names) > 1 else ''}"
    told = Decision("tidy", skill, f"{files} that a merge left behind", was=was, before=number, after=number)
    came = {f"{skill}/{name}": tx.repo.entry(tx.tip, f"{was}/{name}") for name in names}
    tx.commit(encode(told), {**came, **{f"{was}/{name}": None for name in names}})


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
    new = sorted(repo.skills(tree).keys() - repo.skills(commit).keys()) if was and was.id else []
    same = [skill for skill in new if was and (now := readable(repo, tree, skill)) and now.id == was.id]
    return same[0] if len(same) == 1 else None


def _is_free(name: str, there: Mapping[str, Entry]) -> bool:
    return not any(f"{other}/".startswith(f"{name}/") or f"{name}/".startswith(f"{other}/") for other in there)
