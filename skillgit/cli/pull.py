"""`skillgit pull`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.cli import unfetched
from skillgit.cli.context import open_repo
from skillgit.cli.exchanged import show
from skillgit.git import remote as remotes
from skillgit.share import exchange


def pull(
    remote: Annotated[str | None, typer.Argument(metavar="[REMOTE]", help="The default is as in git.")] = None,
    branch: Annotated[str | None, typer.Argument(metavar="[BRANCH]", help="The default is the current one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Bring in what others sent to a remote, and make your own decisions again on top of it.

    Decisions that were not sent yet get new versions. What contradicts theirs is kept aside for you to look at,
    and said. Your edits in the work tree are not touched.
    """
    repo = open_repo()
    show(exchange.pull(repo, remotes.branch(repo, remote, branch)), as_json=as_json)
    unfetched.tell(repo)
