"""`skillgit commit`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes.edit import choose, commit_worktree
from skillgit.cli import output
from skillgit.cli.context import head, open_repo, said, tell


def commit(
    skill: Annotated[list[str] | None, typer.Argument(metavar="[SKILL...]", help="Only these skills.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Record what you changed in the work tree by hand, one decision a skill.

    Each SKILL.md is validated first, and its version is bumped by what changed. Files that belong to no skill
    are left for 'git commit'.
    """
    repo = open_repo()
    paths = choose(repo, head(repo), skill) if skill else []
    made, landed = commit_worktree(repo, paths)
    for recorded in made:
        output.report(said(recorded, landed), as_json=as_json)
    tell(landed)
