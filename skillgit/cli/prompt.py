"""`skillgit prompt`."""

from __future__ import annotations

from typing import Annotated, cast

import typer

from skillgit import config
from skillgit.changes import skill as skills
from skillgit.changes.skill import Scope
from skillgit.cli import output
from skillgit.cli.context import at_commit, head, open_repo
from skillgit.search import catalogue


def prompt(
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose skills; the default is you.")] = None,
    scope: Annotated[str, typer.Option("--scope", metavar="S", help="user, common or all.")] = "all",
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="As of a commit, branch or tag.")] = None,
) -> None:
    """Print the catalogue of skills for an agent's system prompt: <available_skills>, as 'skills-ref to-prompt' does.

    Each skill has its name, its description, and the location of its SKILL.md: a file, or REV:PATH where no file
    has it, to be read with 'git show'.
    """
    repo = open_repo()
    commit = at_commit(repo, at) if at else head(repo)
    seen = skills.visible(repo.skills(commit), user=config.user(repo, user), scope=cast(Scope, scope))
    listing = catalogue.catalogue(repo, commit, sorted(seen), rev=at)
    for problem in listing.problems:
        output.warn(problem)
    output.write(catalogue.render(listing.entries))
