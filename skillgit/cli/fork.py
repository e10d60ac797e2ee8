"""`skillgit fork`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit import config
from skillgit.changes.skill import find_common
from skillgit.cli import output
from skillgit.cli.context import head, open_repo, said, tell
from skillgit.share.fork import fork as copy


def fork(
    skill: Annotated[str, typer.Argument(metavar="SKILL", help="A common one, such as acme/pdf or pdf.")],
    name: Annotated[str | None, typer.Option("--name", metavar="N", help="The copy's name; else its own.")] = None,
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose copy; else yours.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Copy a common skill, such as one of a library, into your own space, where it can be changed.

    The copy has an id of its own, and its metadata says what it was made of.
    """
    repo = open_repo()
    whose = config.user(repo, user)
    recorded, landed = copy(repo, find_common(repo, head(repo), skill, user=whose), user=whose, name=name)
    output.report(said(recorded, landed), as_json=as_json)
    tell(landed)
