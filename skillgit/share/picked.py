"""A skill that is fit for an agent's folder, whatever commit or library it is from."""

from __future__ import annotations

from dataclasses import dataclass

from skillgit.changes.skill import FILE, read, shown
from skillgit.errors import NotFound, Refused, Unsafe
from skillgit.git.repo import Repo, tree_files
from skillgit.skills import naming, spec
from skillgit.skills.tree import Listed, problems_of_tree


@dataclass(frozen=True, slots=True)
class Pick:
    """A skill as it is to stand in agents' folders: its path, the name its frontmatter says, and its tree.

    `problem` is the first thing that the specification has against it.
    """

    skill: str
    name: str
    tree: str
    problem: str = ""


def pick(repo: Repo, skill: str, *, tree: str | None) -> Pick:
    """The skill that is the tree with this oid, fit for an agent's folder.

    Unsafe or Invalid where its name is none, or its files are what no skill may hold; Refused where it does not say
    what it is for.
    """
    files = tree_files(repo, tree) if tree else None
    if tree is None or files is None or FILE not in files:
        hint = "'git fetch', or 'skillgit library fetch', may bring it" if tree else ""
        raise NotFound(f"no skill '{shown(skill)}'" + (f" with the tree {tree[:10]}" if tree else ""), hint=hint)
    for fault in problems_of_tree(Listed(name, entry.mode, 0) for name, entry in files.items()):
        raise Unsafe(f"cannot link '{shown(skill)}': {fault.message}")
    document = read(repo, files[FILE].oid, skill)
    name = naming.segment(document.name)
    problems = spec.problems(document, directory=name)
    if any(problem.code == "description-missing" for problem in problems):
        raise Refused(f"'{shown(skill)}' has no description", hint="an agent would never choose it")
    return Pick(skill, name, tree, problems[0].message if problems else "")
