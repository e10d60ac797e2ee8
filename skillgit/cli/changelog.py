"""`skillgit changelog`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes import changelog as changes
from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import at_commit, find_ever, open_repo


def changelog(
    skill: Annotated[str, typer.Argument(metavar="SKILL", help="Such as ada/release-notes.")],
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="As of a commit, branch or tag.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a version.")] = False,
) -> None:
    """Show what each version of a skill brought, as Markdown, newest first."""
    repo = open_repo()
    commit = at_commit(repo, at)
    path = find_ever(repo, skill, at=commit)
    releases = changes.changelog(repo, commit, path)
    with output.paged():
        if as_json:
            for each in releases:
                output.json_line({"version": each.number, "date": each.day, "changes": list(each.changes)})
        else:
            output.write(changes.markdown(releases, title=f"Changelog of {shown(path)}"))
