"""`skillgit release`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes import release as releases
from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import find, open_repo, tell


def release(
    skill: Annotated[str, typer.Argument(metavar="SKILL", help="Such as ada/release-notes.")],
    number: Annotated[
        str | None, typer.Argument(metavar="[VERSION]", help="Such as 1.2.0; 1.0.0, or the one it has, if higher.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Make a version of a skill one that others may rely on, and tag it.

    From 1.0.0 on, what takes a rule away is a major version. The tag is SKILL's path and the version, such as
    Users/ada/release-notes/v1.0.0; its message is the changelog since the last one. 'skillgit push' sends no
    tags: 'git push origin TAG' does.
    """
    repo = open_repo()
    path = find(repo, skill)
    done = releases.release(repo, path, number=number)
    if as_json:
        output.json_line({"skill": shown(path), "version": done.number, "tag": done.tag, "commit": done.commit})
    else:
        output.say(f"released {shown(path)} {done.number}: tag {done.tag}")
    if done.landed:
        tell(done.landed)
