"""Bringing back what a lock file says, to the byte, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from skillgit.errors import Refused
from skillgit.git.repo import Repo
from skillgit.share import agent_folders, drift, library, linking, links
from skillgit.share.drift import Drift
from skillgit.share.linking import Step
from skillgit.share.lockfile import Lock
from skillgit.share.picked import Pick, pick


def restore(repo: Repo, tip: str, locked: Lock, *, project: Path) -> tuple[Step, ...]:
    """What brings back what is locked; nothing but objects of libraries is fetched, and no file written.

    A skill that the work tree has otherwise by now is to be a copy of what it was. Links of ours that are not locked
    go from the folders that have locked ones. Refused where a library or a pinned skill is not as it was locked, which
    is for a commit to change, or where a link cannot be.
    """
    differing = list(drift.of_libraries(repo, tip, locked))
    _refuse(locked, [each for each in differing if each.words != drift.NOT_FETCHED])
    for each in differing:
        library.bring(repo, each.name)
    _refuse(locked, [*drift.of_libraries(repo, tip, locked), *drift.of_pins(repo, tip, locked)])
    wanted = sorted(_wanted(repo, tip, locked), key=lambda each: each[:3])
    steps: list[Step] = []
    for (agent, scope, copy), rows in groupby(wanted, key=lambda each: each[:3]):
        whose = agent_folders.named(agent)
        picked = [row[3] for row in rows]
        steps += linking.plan(repo, whose, picked, scope=scope, project=project, copy=copy)
    known = {each.place: each for each in links.links(repo, project)}
    extra = linking.removal(repo, drift.unlocked(locked, known, project=project))
    _refuse(locked, [Drift("link", str(step.link.place), step.note) for step in extra if step.did == "kept"])
    return (*steps, *extra)


def _wanted(repo: Repo, tip: str, locked: Lock) -> Iterator[tuple[str, agent_folders.Scope, bool, Pick]]:
    """Every locked link: its agent, its scope, whether it is to be a copy, and the skill."""
    for path, skill in locked.skills.items():
        if skill.links:
            picked = pick(repo, path, tree=skill.tree)
            differs = links.in_work_tree(repo, tip, path) not in (None, skill.tree)
            yield from ((each.agent, each.scope, differs or each.kind == "copy", picked) for each in skill.links)


def _refuse(locked: Lock, found: Sequence[Drift]) -> None:
    """Refused where something differs, naming each."""
    lines = [f"{each.kind} {each.name}: {each.words}" for each in found]
    if lines:
        more = "".join(f"{line}\n" for line in lines[1:])
        hint = f"'git switch --detach {locked.commit[:10]}' is what was locked, 'skillgit lock' locks what is there now"
        raise Refused(f"not as it was locked: {lines[0]}", hint=more + hint)
