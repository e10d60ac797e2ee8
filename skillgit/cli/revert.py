"""`skillgit revert`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes import revert as reverting
from skillgit.cli import output
from skillgit.cli.context import find_ever, open_repo, said, tell


def revert(
    skill: Annotated[str, typer.Argument(metavar="SKILL", help="Such as ada/release; also one that was removed.")],
    to: Annotated[str | None, typer.Option("--to", metavar="VERSION", help="The version to go back to.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Bring back a skill as it was before its last change, or at a version, with all its files.

    What comes back is a new version, so a revert can be reverted. Nothing is taken out of the history.
    """
    repo = open_repo()
    path = find_ever(repo, skill, at=repo.resolve("HEAD"))
    recorded, landed = reverting.revert(repo, path, to=to)
    output.report(said(recorded, landed), as_json=as_json)
    tell(landed)
