"""`skillgit show`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes import versions
from skillgit.changes.skill import load
from skillgit.cli import output
from skillgit.cli.context import at_commit, at_version, find, open_repo


def show(
    skill: Annotated[str, typer.Argument(metavar="SKILL[@VERSION]", help="Such as ada/release or release@0.1.0.")],
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="As of a commit, branch or tag.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, with the text and the files.")] = False,
) -> None:
    """Show a skill's SKILL.md, as it is or as it was at a version."""
    repo = open_repo()
    name, version = at_version(skill)
    commit = at_commit(repo, at)
    path = find(repo, name, at=commit)
    found = versions.at(repo, commit, path, version) if version else load(repo, commit, path)
    if as_json:
        output.json_line(
            {
                "skill": found.shown,
                "path": found.path,
                "version": found.version,
                "id": found.id,
                "description": found.description,
                "files": list(found.files),
                "text": found.text,
            }
        )
        return
    with output.paged():
        output.write(found.text)
    for name in found.files:
        output.note(f"with {found.path}/{name}")
