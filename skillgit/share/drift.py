"""Where a repository, and the folders of agents, are not as a lock file says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from skillgit.changes.skill import shown
from skillgit.git import submodule
from skillgit.git.repo import Repo, folder_oid, library
from skillgit.share import agent_folders, links, npx_locks
from skillgit.share.agent_folders import Scope
from skillgit.share.links import Link
from skillgit.share.lockfile import Lock, LockedLink, LockedSkill

NOT_FETCHED = "it is not fetched"


@dataclass(frozen=True, slots=True)
class Drift:
    """What is not as it was locked: a library, a skill of the branch, a link, or another's lock file; and how."""

    kind: Literal["library", "skill", "link", "npx"]
    name: str
    words: str


def drift(repo: Repo, tip: str, locked: Lock, *, project: Path) -> tuple[Drift, ...]:
    """All that differs from a lock file: libraries, skills, links; nothing is fetched."""
    known = {each.place: each for each in links.links(repo, project)}
    found = [*of_libraries(repo, tip, locked), *of_pins(repo, tip, locked)]
    for path, skill in locked.skills.items():
        found += _of_links(repo, tip, known, path, skill, project=project)
    found += [
        Drift("link", str(each.place), f"{shown(each.skill)} is linked there, and not locked")
        for each in unlocked(locked, known, project=project)
    ]
    return (*found, *_of_npx(repo, locked, project=project))


def of_libraries(repo: Repo, tip: str, locked: Lock) -> Iterator[Drift]:
    """The libraries that are not pinned as they were locked, or are pinned and were not."""
    pins = {pin.name: pin for pin in submodule.pins(repo, tip).values()}
    for name in sorted(pins.keys() | locked.libraries.keys()):
        pin, wanted = pins.get(name), locked.libraries.get(name)
        if pin is None and wanted is not None:
            yield Drift("library", name, f"it is not there; locked at {wanted.commit[:10]}")
        elif pin is not None and wanted is None:
            yield Drift("library", name, "it is not locked")
        elif pin is not None and wanted is not None:
            yield from _of_library(repo, pin, commit=wanted.commit, tree=wanted.tree)


def of_pins(repo: Repo, tip: str, locked: Lock) -> Iterator[Drift]:
    """The skills that were locked without a link, and that the branch has otherwise."""
    for path, skill in locked.skills.items():
        there = folder_oid(repo, tip, path)
        if not skill.links and there != skill.tree:
            yield Drift("skill", shown(path), f"{_tree(there)}; locked at {skill.tree[:10]}")


def place(skill: LockedSkill, link: LockedLink, *, project: Path) -> Path:
    """Where a locked link is, here."""
    return agent_folders.folder(agent_folders.named(link.agent), link.scope, project) / skill.name


def unlocked(locked: Lock, known: dict[Path, Link], *, project: Path) -> list[Link]:
    """The links that are not locked, in the folders of agents that have locked ones."""
    wanted = {place(skill, each, project=project) for skill in locked.skills.values() for each in skill.links}
    folders = {each.parent for each in wanted}
    return [link for where, link in known.items() if where.parent in folders and where not in wanted]


def _of_library(repo: Repo, pin: submodule.Pin, *, commit: str, tree: str) -> Iterator[Drift]:
    there = library(repo, pin.path, pin.commit)
    if pin.commit != commit:
        yield Drift("library", pin.name, f"pinned at {pin.commit[:10]}; locked at {commit[:10]}")
    elif there is None:
        yield Drift("library", pin.name, NOT_FETCHED)
    elif str(there.id) != tree:
        yield Drift("library", pin.name, f"commit {commit[:10]} is {_tree(str(there.id))}; locked as {tree[:10]}")


def _of_links(
    repo: Repo, tip: str, known: dict[Path, Link], path: str, skill: LockedSkill, *, project: Path
) -> Iterator[Drift]:
    for each in skill.links:
        where = place(skill, each, project=project)
        link = known.get(where) or Link(where, each.agent, each.scope, path)  # a copy that the record lost, or nothing
        there = links.seen(repo, tip, link) if link.skill == path else None
        if there != skill.tree:
            state: str = links.state(repo, tip, link) if link.skill == path else f"it is {shown(link.skill)}"
            words = "moved on" if state == "ok" else state
            said = f", {_tree(there)}" if there else ""
            yield Drift("link", str(where), f"{words}{said}; {shown(path)} is locked at {skill.tree[:10]}")


def _of_npx(repo: Repo, locked: Lock, *, project: Path) -> Iterator[Drift]:
    """The entries in lock files of `npx skills` that are of the same source, and of another content."""
    scopes: tuple[Scope, ...] = ("project", "user")
    for scope in scopes:
        file = npx_locks.file_of(scope, project)
        for name in npx_locks.outdated(repo, locked, scope=scope, project=project):
            yield Drift("npx", str(file), f"it has '{name}' otherwise; 'skillgit lock --npx' writes it anew")


def _tree(oid: str | None) -> str:
    return f"tree {oid[:10]}" if oid else "no such skill"
