"""The skills that stand in agents' folders because skillgit put them there.

    <folder>/<name> -> ../../skills/Users/ada/pdf     a relative symlink into a work tree
    <folder>/<name>/SKILL.md ...                      a copy, of a skill that nothing is checked out of

`.git/skillgit/links.json` remembers them, by place. It is derived: a symlink into a work tree of ours is known for
what it is without it, and so is a copy that nobody has edited, as git has a tree of just its oid.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from skillgit import files
from skillgit.errors import RepositoryError, Unsafe
from skillgit.git import layout, on_disk, worktree
from skillgit.git.repo import Repo, folder_oid, tree_files
from skillgit.git.run import git
from skillgit.git.submodule import is_library
from skillgit.share.agent_folders import AGENTS, Scope, folder

State = Literal["ok", "outdated", "edited", "broken", "missing", "replaced"]
"""What an agent finds at a place.

- `ok`: the skill as the branch has it. `outdated`: a copy of another version of it.
- `edited`: files that git does not have; for a symlink, edits of the work tree that nobody has committed.
- `broken`: a symlink to where no skill is, or a copy of a skill that is gone. `missing`: nothing.
- `replaced`: what somebody else has put there since.
"""

_FILE = "links.json"


@dataclass(frozen=True, slots=True)
class Link:
    """A skill in an agent's folder, and what was put there: a symlink with the text `target`, or a copy of `tree`."""

    place: Path
    agent: str
    scope: Scope
    skill: str
    target: str = ""
    tree: str = ""

    @property
    def name(self) -> str:
        """What the agent calls it."""
        return self.place.name

    @property
    def kind(self) -> Literal["link", "copy"]:
        """How it was put there."""
        return "link" if self.target else "copy"


def links(repo: Repo, project: Path) -> list[Link]:
    """What of ours stands in agents' folders, of this home and of a project; by place.

    That is what the record has, wherever it is, and any other symlink there into a work tree of ours.
    """
    found = {each.place: each for each in _found(repo, project)} | record(repo)
    return sorted(found.values(), key=lambda each: (each.scope, str(each.place)))


def record(repo: Repo) -> dict[Path, Link]:
    """What the record has, by place."""
    file = repo.private / _FILE
    try:
        rows = json.loads(file.read_bytes())
        return {Path(place): Link(Path(place), **row) for place, row in rows.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as err:
        raise RepositoryError(f"cannot read '{file}'", hint=f"it can be deleted without loss: {err}") from err


def remember(repo: Repo, kept: Iterable[Link]) -> None:
    """The record has these and no others."""
    rows = {str(each.place): _row(each) for each in kept}
    file = repo.private / _FILE
    if rows:
        files.write(file, json.dumps(rows, indent=1).encode())
    else:
        file.unlink(missing_ok=True)


def state(repo: Repo, tip: str | None, link: Link) -> State:
    """What an agent finds at the place of a link, measured at a commit."""
    if not os.path.lexists(link.place):
        return "missing"
    if not is_ours(repo, link):
        return "replaced"
    wanted = folder_oid(repo, tip, link.skill) if link.skill in repo.skills(tip) else None
    if wanted is None or not link.place.is_dir():
        return "broken"
    if seen(repo, tip, link) == wanted:
        return "ok"
    return "outdated" if link.kind == "copy" and is_unedited(repo, link) else "edited"


def seen(repo: Repo, tip: str | None, link: Link) -> str | None:
    """The oid of the tree that an agent finds at the place of a link; None where it finds nothing of ours."""
    if not is_ours(repo, link) or not link.place.is_dir():
        return None
    where = link.place.resolve()
    return in_work_tree(repo, tip, link.skill) if where == checked_out(repo, tip, link.skill) else tree_at(repo, where)


def in_work_tree(repo: Repo, tip: str | None, skill: str) -> str | None:
    """The oid of the tree that a skill's folder in the work tree is; None where it is not checked out.

    The one that the commit has where git calls it unchanged, although its bytes differ: line ends, filters.
    """
    where, wanted = checked_out(repo, tip, skill), folder_oid(repo, tip, skill)
    if where is None:
        return None
    there = tree_at(repo, where)
    if there == wanted:
        return wanted
    words = ["status", "--porcelain", "--untracked-files=all", "--", str(where)]
    return there if git(words, cwd=where) else wanted


def is_ours(repo: Repo, link: Link) -> bool:
    """Whether what stands at the place of a link is what we put there, however it has been edited since."""
    if link.place.is_symlink():
        return str(link.place.readlink()) == link.target or pointed_at(repo, link.place) == link.skill
    return link.kind == "copy" and link.place.is_dir()


def is_unedited(repo: Repo, copy: Link) -> bool:
    """Whether a copy is as it was put there, or as git has it otherwise, so that nothing is lost where it goes."""
    there = tree_at(repo, copy.place)
    return there == copy.tree or tree_files(repo, there) is not None


def tree_at(repo: Repo, where: Path) -> str:
    """The oid of the tree that a folder is; what programs leave behind counts only where git has it in there."""
    whole = on_disk.tree_oid(where)
    return whole if tree_files(repo, whole) is not None else on_disk.tree_oid(where, without=on_disk.LEFT_BEHIND)


def pointed_at(repo: Repo, place: Path) -> str | None:
    """The path of the skill in a work tree of ours that a symlink points at, be it there or not; None for any other."""
    where = Path(os.path.normpath(place.parent / place.readlink()))
    for top in {top.resolve() for top in worktree.every(repo)}:
        inside = where.relative_to(top) if where.is_relative_to(top) else Path()
        if inside.parts[:1] in (("Users",), ("Common",)) and len(inside.parts) > 1:
            return layout.unsharded(inside.as_posix())
    return None


def checked_out(repo: Repo, tip: str | None, skill: str) -> Path | None:
    """The folder of the work tree that a skill stands in; None where it is in none."""
    library = "/".join(skill.split("/")[:2])
    if repo.worktree is None or is_library(repo, tip, library):
        return None
    place = repo.worktree.resolve() / repo.stored(tip, skill)
    return place if (place / "SKILL.md").is_file() and not place.is_symlink() else None


def _found(repo: Repo, project: Path) -> Iterator[Link]:
    """The symlinks into a work tree of ours in the folders of all agents, each folder once."""
    for where, (agent, scope) in _folders(project).items():
        for place in _symlinks(where):
            skill = pointed_at(repo, place)
            if skill is not None:
                yield Link(place, agent, scope, skill, target=str(place.readlink()))


def _folders(project: Path) -> dict[Path, tuple[str, Scope]]:
    """The folders of all agents, and whose each is; where several share one, the first one's."""
    found: dict[Path, tuple[str, Scope]] = {}
    scopes: tuple[Scope, ...] = ("user", "project")
    for scope, agent in ((scope, agent) for scope in scopes for agent in AGENTS):
        with suppress(Unsafe):  # it leads out of the home or the project: nothing of ours is put there
            found.setdefault(folder(agent, scope, project), (agent.name, scope))
    return found


def _symlinks(where: Path) -> list[Path]:
    if not where.is_dir():
        return []
    with os.scandir(where) as listing:
        return [where / entry.name for entry in listing if entry.is_symlink()]


def _row(link: Link) -> Mapping[str, str]:
    what = {"target": link.target} if link.kind == "link" else {"tree": link.tree}
    return {"agent": link.agent, "scope": link.scope, "skill": link.skill} | what
