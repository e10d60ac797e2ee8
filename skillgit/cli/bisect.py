"""`skillgit bisect`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes import bisect as search
from skillgit.cli import output
from skillgit.cli.context import at_commit, find_ours, open_repo
from skillgit.git.history import Revision


def bisect(
    skill: Annotated[str, typer.Argument(metavar="SKILL", help="Such as ada/release-notes.")],
    run: Annotated[str, typer.Option("--run", metavar="CMD", help="A shell command, run in the skill's folder.")],
    good: Annotated[
        str | None, typer.Option("--good", metavar="VERSION", help="A version at which CMD passes; the first one.")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="Where CMD fails; HEAD by default.")] = None,
) -> None:
    """Find the decision about a skill that made a command fail, by halves.

    CMD runs in a copy of the skill's folder, as it was at each commit that is tried. It says what the commit is as
    for 'git bisect run': 0 is good, 125 cannot be told, up to 127 is bad, and anything else stops.
    """
    repo = open_repo()
    commit = at_commit(repo, at)
    found = search.bisect(repo, commit, find_ours(repo, skill, at=commit), command=run, good=good, tell=_tell)
    output.say(f"{found.oid[:10]} is the first bad commit")
    output.say(f"    {found.subject}")
    output.note(f"hint: 'git show {found.oid[:10]}' shows what it changed")


def _tell(revision: Revision, verdict: str) -> None:
    output.note(f"{verdict:<4} {revision.oid[:10]} {revision.subject}")
