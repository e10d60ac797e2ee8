"""`skillgit verify`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from skillgit.cli import linked, output
from skillgit.cli.context import at_commit, open_repo
from skillgit.share import lockfile
from skillgit.share.drift import drift


def verify(
    within: Annotated[Path | None, typer.Option("--in", metavar="DIR", help="In the project at DIR.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and difference.")] = False,
) -> None:
    """Say what is not as skillgit.lock has it: libraries, pinned skills, and what agents find in their folders.

    The exit code is 1 where there is anything.
    """
    repo = open_repo()
    top = linked.project_of(repo, within)
    found = drift(repo, at_commit(repo, None), lockfile.read(top / lockfile.NAME), project=top)
    for each in found:
        if as_json:
            output.json_line(asdict(each))
        else:
            output.say(f"{each.kind} {each.name}: {each.words}")
    if found:
        raise typer.Exit(1)
    output.note("everything is as it was locked")
