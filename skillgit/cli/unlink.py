"""`skillgit unlink`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skillgit.cli import linked, output
from skillgit.cli.context import open_repo
from skillgit.errors import UsageError
from skillgit.share import linking, links


def unlink(
    agent: Annotated[str | None, typer.Argument(metavar="[AGENT]", help="Such as claude, codex or agents.")] = None,
    typed: Annotated[list[str] | None, typer.Argument(metavar="[SKILL...]", help="Skills, gone or not.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All skills; without an agent, of all agents.")] = False,
    user: Annotated[bool, typer.Option("--user", help="Only in your own folder of the agent.")] = False,
    project: Annotated[bool, typer.Option("--project", help="Only in the folder that it has in projects.")] = False,
    within: Annotated[Path | None, typer.Option("--in", metavar="DIR", help="Only in the project at DIR.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would be done; do nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and skill.")] = False,
) -> None:
    """Take skills out of the folder that an agent reads skills from.

    Only what skillgit has put there goes. A copy that has edits of its own stays, and is named.
    """
    if everything == bool(typed) or (agent is None and not everything):
        raise UsageError("name an agent and its skills, or say --all", hint="see 'skillgit unlink --help'")
    repo = open_repo()
    known = links.links(repo, linked.looked_at(repo, within))
    mine = linked.chosen(repo, known, agent, at=linked.scope(user, project, within), within=within)
    steps = linking.removal(repo, mine if everything else linked.of_skills(repo, mine, typed or ()))
    done = steps if dry_run else linking.apply(repo, steps)
    if not linked.tell(done, dry_run=dry_run, as_json=as_json):
        raise typer.Exit(1)
    if not done:
        output.note("nothing is linked there")
