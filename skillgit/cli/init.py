"""`skillgit init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skillgit.cli import output, unfetched
from skillgit.git import setup


def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where; made if it is not there.")] = Path(),
    bare: Annotated[bool, typer.Option("--bare", help="Without a work tree: for a server, or to push to.")] = False,
) -> None:
    """Create a skill repository in DIR, or make the git repository that is there one.

    Nothing is overwritten: .gitattributes gains a line where it lacks it, and skillgit.toml is written only
    where there is none. Running it again changes nothing.
    """
    done = setup.init(directory, bare=bare)
    where = done.repo.directory
    if done.created:
        output.say(f"Initialized empty skill repository in {where}")
    elif done.commit:
        output.say(f"Adopted the git repository in {where}: commit {done.commit[:10]}")
    else:
        output.say(f"Already a skill repository: {where}")
    unfetched.tell(done.repo)
