"""`skillgit search`."""

from __future__ import annotations

from typing import Annotated, cast

import typer

from skillgit import config
from skillgit.changes import skill as skills
from skillgit.cli import output
from skillgit.cli.context import at_commit, head, open_repo
from skillgit.search.ask import ask
from skillgit.search.context import Hit
from skillgit.search.index import Index

_WIDTH = 100  # columns of the matching line that a table shows


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="The task, in your words.")],
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose skills; the default is you.")] = None,
    scope: Annotated[str, typer.Option("--scope", metavar="S", help="user, common or all.")] = "all",
    limit: Annotated[int | None, typer.Option("--limit", "-n", metavar="K", min=1, help="At most K hits.")] = None,
    min_score: Annotated[
        float | None,
        typer.Option("--min-score", metavar="S", min=0, max=1, help="No hit below S, in [0, 1]; 0.35 by default."),
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="As of a commit, branch or tag.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a hit.")] = False,
) -> None:
    """Find the skills for a task, best first: path, version, score in [0, 1], and the line that matched.

    A query that no skill answers finds nothing, and the exit code is 1.
    """
    repo = open_repo()
    whose = config.user(repo, user)
    answer = ask(
        repo,
        Index.open(repo.private / "index"),
        query,
        user=whose,
        scope=cast(skills.Scope, scope),
        limit=limit,
        min_score=min_score,
        commit=at_commit(repo, at) if at else head(repo),
    )
    for line in answer.notes:
        output.note(f"note: {line}")
    hits = answer.hits
    if as_json:
        for hit in hits:
            output.json_line(_row(hit))
    elif hits:
        rows = [
            (skills.shown(hit.path), hit.version or "-", f"{hit.score:.2f}", output.clip(hit.line, _WIDTH))
            for hit in hits
        ]
        output.table(rows, headers=("Skill", "Version", "Score", "Line"))
    if not hits:
        output.note("no skill answers that")
        if answer.unseen:
            output.note(f"hint: {whose} has no skills here; --user names whose to search")
        raise typer.Exit(1)


def _row(hit: Hit) -> dict[str, object]:
    return {
        "skill": skills.shown(hit.path),
        "version": hit.version,
        "score": round(hit.score, 4),
        "description": hit.description,
        "line": hit.line,
    }
