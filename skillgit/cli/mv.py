"""`skillgit mv`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes.move import destination, move
from skillgit.cli import output
from skillgit.cli.context import find, open_repo, said, tell


def mv(
    skill: Annotated[str, typer.Argument(metavar="SKILL", help="Such as ada/release.")],
    target: Annotated[str, typer.Argument(metavar="NEW", help="A new name, USER/NAME, or Common/NAME.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Rename a skill, give it to another user, or share it under Common. Its id and its history go with it."""
    repo = open_repo()
    path = find(repo, skill)
    recorded, landed = move(repo, path, destination(path, target))
    output.report(said(recorded, landed), as_json=as_json)
    tell(landed)
