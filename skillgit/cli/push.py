"""`skillgit push`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.cli.context import open_repo
from skillgit.cli.exchanged import show
from skillgit.git import remote as remotes
from skillgit.share import exchange


def push(
    remote: Annotated[str | None, typer.Argument(metavar="[REMOTE]", help="The default is as in git.")] = None,
    branch: Annotated[str | None, typer.Argument(metavar="[BRANCH]", help="The default is the current one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Send a branch to a remote, as git push does, and never by force.

    Where others have pushed meanwhile, your decisions are made again on top of theirs, with new versions, and
    sent then. What contradicts theirs is kept aside for you to look at, and said.
    """
    repo = open_repo()
    show(exchange.push(repo, remotes.branch(repo, remote, branch)), as_json=as_json)
