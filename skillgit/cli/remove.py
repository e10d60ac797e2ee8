"""`skillgit remove`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes.move import remove as take_away
from skillgit.cli import output
from skillgit.cli.context import find, open_repo, said, tell


def remove(
    skill: Annotated[str, typer.Argument(metavar="SKILL", help="Such as ada/release.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Remove a skill with all its files. The history keeps it: 'skillgit revert SKILL' brings it back."""
    repo = open_repo()
    recorded, landed = take_away(repo, find(repo, skill))
    output.report(said(recorded, landed), as_json=as_json)
    tell(landed)
