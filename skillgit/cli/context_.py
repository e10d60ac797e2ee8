"""`skillgit context`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from skillgit import config
from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import open_repo
from skillgit.cli.question import hear, hits, model, no_answer, question, view
from skillgit.errors import UsageError
from skillgit.search import catalogue, select, usage
from skillgit.search.context import Context, available, full


def context_(
    query: Annotated[str | None, typer.Argument(metavar="QUERY", help="The task, in your words.")] = None,
    transcript: Annotated[
        str | None, typer.Option("--transcript", metavar="FILE", help="Ask what a conversation asks; - for stdin.")
    ] = None,
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose skills; the default is you.")] = None,
    scope: Annotated[str, typer.Option("--scope", metavar="S", help="user, common or all.")] = "all",
    limit: Annotated[int | None, typer.Option("--limit", "-n", metavar="K", min=1, help="At most K skills.")] = None,
    min_score: Annotated[
        float | None,
        typer.Option("--min-score", metavar="S", min=0, max=1, help="No skill below S, in [0, 1]; 0.35 by default."),
    ] = None,
    budget: Annotated[
        int | None, typer.Option("--budget", metavar="T", min=1, help="At most T tokens; 4000 by default.")
    ] = None,
    form: Annotated[
        str, typer.Option("--form", metavar="F", help="The full text, or available: names and locations.")
    ] = "full",
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="As of a commit, branch or tag.")] = None,
    use_model: Annotated[
        bool, typer.Option("--model", help="Let the configured model choose, and write a conversation's query.")
    ] = False,
) -> None:
    """Print what to put into a prompt for a task: the skills that answer it, within a budget of tokens.

    Each skill gets its share, and what short ones leave over; what is cut is said. The same skills give the same
    bytes, whatever the query. A token is 4 ASCII characters or 3 bytes of others.
    """
    if form not in ("full", "available"):
        raise UsageError(f"no form '{form}'", hint="one of: full, available")
    repo = open_repo()
    whose = config.user(repo, user)
    chat = model(repo, wanted=use_model)
    asked = question(query, transcript, chat)
    seen = view(repo, whose, scope=scope, limit=limit, min_score=min_score, at=at)
    found = hits(seen, asked)
    chosen = (select.by_model(chat) if chat else select.select)(asked, found)
    hear(chosen.notes)
    most = budget or int(config.setting(repo, "context.budget").text)
    if form == "full":
        made = full(chosen.hits, budget=most)
    else:
        made = available(chosen.hits, budget=most, locate=partial(catalogue.location, repo, seen.commit, rev=at))
    if not found:
        no_answer(seen, whose)
    elif not chosen.hits:
        output.note("none of the skills that were found is for that")
    if not at:
        hear(usage.count(repo, found, user=whose, injected=made.injected))
    _show(made)


def _show(made: Context) -> None:
    if made.left_out:
        output.note(f"note: no room for {', '.join(shown(hit.path) for hit in made.left_out)}")
    if not made.text:
        raise typer.Exit(1)
    output.write(made.text)
