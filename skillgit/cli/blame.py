"""`skillgit blame`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes import why
from skillgit.cli import output
from skillgit.cli.context import at_commit, find_ours, open_repo
from skillgit.git.blame import Line


def blame(
    skill: Annotated[str, typer.Argument(metavar="SKILL", help="Such as ada/release, or just release.")],
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="As of a commit, branch or tag.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line of the skill.")] = False,
) -> None:
    """Show for each line of a skill which decision it comes from, at what version, and who made it when.

    Renames and moves make no line new. 'skillgit why SKILL:LINE' quotes the words a line rests on.
    """
    repo = open_repo()
    commit = at_commit(repo, at)
    lines = why.lines(repo, commit, find_ours(repo, skill, at=commit))
    wide = max((len(line.revision.author) for line in lines), default=0)
    with output.paged():
        for line in lines:
            if as_json:
                output.json_line(as_row(line))
            else:
                output.say(_told(line, author=wide))


def as_row(line: Line) -> dict[str, object]:
    """A line as the fields that `--json` prints."""
    said = line.revision.decision
    return {
        "line": line.number,
        "text": line.text,
        "commit": line.revision.oid,
        "decision": said.action if said else None,
        "version": said.after if said else None,
        "author": line.revision.author,
        "date": line.revision.date,
    }


def _told(line: Line, *, author: int) -> str:
    said = line.revision.decision
    made = f"{said.action} {said.after or ''}" if said else "git"
    who = f"{line.revision.author:<{author}} {line.revision.date[:10]}"
    return f"{line.revision.oid[:8]} {made:<13} ({who} {line.number:>3}) {line.text}".rstrip()
