"""`skillgit log`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import at_commit, find_ever, open_repo
from skillgit.git import history
from skillgit.git.history import Revision
from skillgit.git.repo import Repo


def log(
    skill: Annotated[str | None, typer.Argument(metavar="[SKILL]", help="Only what changed this skill.")] = None,
    limit: Annotated[int | None, typer.Option("-n", "--max-count", metavar="N", min=1, help="At most N.")] = None,
    oneline: Annotated[bool, typer.Option("--oneline", help="One line each.")] = False,
    graph: Annotated[bool, typer.Option("--graph", help="One line each, beside a drawing of the merges.")] = False,
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="Start at a commit, branch or tag.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show the decisions, newest first: what was decided, why, from whose words.

    A skill's log goes through its renames. Commits that no decision describes are shown as git shows them.
    """
    repo = open_repo()
    commit = at_commit(repo, at)
    if graph:
        _draw(repo, commit, skill, limit)
        return
    if skill is not None:
        revisions = history.log_of(repo, commit, find_ever(repo, skill, at=commit), limit=limit)
    else:
        revisions = history.log(repo, commit, limit=limit)
    with output.paged():
        for revision in revisions:
            if as_json:
                output.json_line(_as_json(revision))
            elif oneline:
                output.say(f"{revision.oid[:10]} {revision.subject}")
            else:
                _tell(revision)


def _draw(repo: Repo, commit: str, skill: str | None, limit: int | None) -> None:
    path = find_ever(repo, skill, at=commit) if skill is not None else None
    with output.paged():
        for line in history.graph(repo, commit, path=path, limit=limit).splitlines():
            output.say(line)


def _tell(revision: Revision) -> None:
    output.say(f"commit {revision.oid}", style="yellow")
    output.say(f"Author: {revision.author}")
    output.say(f"Date:   {revision.date}")
    output.say()
    for line in revision.message.rstrip("\n").split("\n"):
        output.say(f"    {line}".rstrip())
    output.say()


def _as_json(revision: Revision) -> dict[str, object]:
    said = revision.decision
    row: dict[str, object] = {
        "commit": revision.oid,
        "date": revision.date,
        "author": revision.author,
        "subject": revision.subject,
        "decision": said.action if said else None,
    }
    if said is None:
        return row
    return row | {
        "skill": shown(said.path),
        "was": shown(said.was) if said.was else None,
        "before": said.before,
        "version": said.after,
        "bump": said.bump,
        "score": said.score,
        "nearest": shown(said.nearest) if said.nearest else None,
        "reason": said.reason,
        "learner": said.learner,
        "evidence": [{"transcript": q.digest, "turn": q.turn, "quote": q.text} for q in said.evidence],
        "changes": [f"{note.mark} {note.text}" for note in said.notes],
    }
