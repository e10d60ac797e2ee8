"""`skillgit lock`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skillgit.changes.skill import shown
from skillgit.cli import linked, output
from skillgit.cli.context import at_commit, find, open_repo
from skillgit.errors import Invalid, NotFound
from skillgit.git.repo import Repo
from skillgit.share import links, lockfile, npx_locks
from skillgit.share.agent_folders import Scope
from skillgit.share.lockfile import Lock


def lock(
    typed: Annotated[
        list[str] | None, typer.Argument(metavar="[SKILL...]", help="Skills to pin besides those that are linked.")
    ] = None,
    project: Annotated[bool, typer.Option("--project", help="Leave out what is linked in your own folders.")] = False,
    within: Annotated[Path | None, typer.Option("--in", metavar="DIR", help="Of the project at DIR.")] = None,
    npx: Annotated[bool, typer.Option("--npx", help="Write the lock files of 'npx skills' as well.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What was locked, as one JSON object.")] = False,
) -> None:
    """Write skillgit.lock: commit and tree of all libraries, and of the skills that are linked or pinned.

    'skillgit ci' brings back exactly that, 'skillgit verify' says what differs. Skills that the file has pinned without
    a link stay pinned while they are there; delete the file to begin anew.
    """
    repo = open_repo()
    tip = at_commit(repo, None)
    top = linked.project_of(repo, within)
    file = top / lockfile.NAME
    scope: Scope | None = "project" if project or within else None
    known = linked.chosen(repo, links.links(repo, top), None, at=scope, within=within)
    mine = [each for each in known if each.scope == "user" or each.place.is_relative_to(top)]
    pinned = [*_pinned(repo, tip, file), *(find(repo, word) for word in typed or ())]
    locked = lockfile.lock(repo, tip, mine, pinned=pinned)
    written = [file] if lockfile.write(file, locked) else []
    scopes: tuple[Scope, ...] = ("project", "user")
    written += [other for each in scopes if npx and (other := npx_locks.write(repo, locked, scope=each, project=top))]
    _tell(locked, written, as_json=as_json)


def _pinned(repo: Repo, tip: str, file: Path) -> list[str]:
    """The skills that the file has pinned without a link; none where it is not there, or in conflict."""
    try:
        before = lockfile.read(file)
    except (NotFound, Invalid):
        return []
    there = repo.skills(tip)
    pinned = [path for path, skill in before.skills.items() if not skill.links]
    for path in pinned:
        if path not in there:
            output.note(f"note: {shown(path)} is gone, and pinned no more")
    return [path for path in pinned if path in there]


def _tell(locked: Lock, written: list[Path], *, as_json: bool) -> None:
    if as_json:
        row = {"commit": locked.commit, "libraries": list(locked.libraries), "skills": list(map(shown, locked.skills))}
        output.json_line(row | {"written": [str(file) for file in written]})
        return
    for path, skill in locked.skills.items():
        where = ", ".join(f"{each.agent} ({each.scope})" for each in skill.links) or "pinned"
        output.say(f"{shown(path)} {skill.tree[:10]} {skill.version} {where}".replace("  ", " "))
    for name, library in locked.libraries.items():
        output.say(f"library {name} {library.commit[:10]}")
    for file in written:
        output.note(f"wrote {file}")
    if not written:
        output.note("nothing has changed since it was locked")
