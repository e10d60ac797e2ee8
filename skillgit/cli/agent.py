"""`skillgit agent`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.cli import output
from skillgit.cli.context import open_skill_repo
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.learn import agents
from skillgit.learn.agents import Agent, Change


def agent(
    what: Annotated[
        str, typer.Argument(metavar="[status|install|uninstall]", help="What to do; status by default.")
    ] = "",
    name: Annotated[str | None, typer.Argument(metavar="[AGENT]", help="Such as claude-code.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the change, and write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and agent.")] = False,
) -> None:
    """Show, put in or take out the hooks by which an agent names its sessions to this repository.

    They go into your own settings of the agent, whose other lines stay as they are; the change is shown as a diff.
    'skillgit work' learns from the sessions that they name.
    """
    if dry_run and what not in ("install", "uninstall"):
        raise UsageError("--dry-run goes with 'install' and 'uninstall' only")
    repo = open_skill_repo()
    match what:
        case "" | "status":
            _status(repo, name, as_json=as_json)
        case "install":
            _make(repo, agents.install(repo, _named(name)), "installed", dry_run=dry_run, as_json=as_json)
        case "uninstall":
            _make(repo, agents.uninstall(repo, _named(name)), "uninstalled", dry_run=dry_run, as_json=as_json)
        case _:
            raise UsageError(f"'{what}' is not 'status', 'install' or 'uninstall'", hint="see 'skillgit agent --help'")


def _named(name: str | None) -> Agent:
    if name is None:
        raise UsageError("no agent named", hint="such as claude-code")
    return agents.named(name)


def _make(repo: Repo, change: Change, did: str, *, dry_run: bool, as_json: bool) -> None:
    """Show a change, then write it unless it is a dry run, then say so."""
    diff = change.diff()
    if diff and not as_json:
        output.patch(diff)
    if not dry_run:
        agents.write(repo, change)
    if as_json:
        output.json_line({"file": str(change.file), "written": bool(diff) and not dry_run, "diff": diff})
    elif not diff:
        output.note(f"nothing to do: {did} already")
    else:
        output.note(f"to be {did}: run it without --dry-run" if dry_run else f"{did}: {change.file}")


def _status(repo: Repo, name: str | None, *, as_json: bool) -> None:
    asked = agents.AGENTS if name is None else (agents.named(name),)
    rows = [(each.name, agents.status(repo, each), str(agents.settings(each))) for each in asked]
    if as_json:
        for row in rows:
            output.json_line(dict(zip(("agent", "state", "file"), row, strict=True)))
        return
    output.table(rows, headers=("Agent", "State", "Settings"))
    if name is None:
        output.note(f"'skillgit work --hook AGENT' prints what {', '.join(agents.BY_HAND)} need by hand")
