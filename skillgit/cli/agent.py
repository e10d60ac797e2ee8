"""`skillgit agent`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skillgit.cli import output
from skillgit.cli.context import open_skill_repo
from skillgit.errors import Refused, Unreadable, Unsafe, UsageError
from skillgit.git.repo import Repo
from skillgit.learn import agent_settings, agents
from skillgit.learn.agent_settings import Change
from skillgit.learn.agents import Agent, Plugin


def agent(
    what: Annotated[
        str, typer.Argument(metavar="[status|install|uninstall]", help="What to do; status by default.")
    ] = "",
    name: Annotated[str | None, typer.Argument(metavar="[AGENT]", help="Such as claude-code.")] = None,
    project: Annotated[
        Path | None, typer.Option("--project", metavar="DIR", help="The agent's settings of this project, not yours.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("-n", "--dry-run", help="Show the change; write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and agent.")] = False,
) -> None:
    """Show, put in or take out the hooks by which an agent names its sessions to this repository.

    They go into your own settings of the agent, or a project's, whose other lines stay as they are; the change is
    shown as a diff.
    'skillgit work' learns from the sessions that they name.
    """
    if dry_run and what not in ("install", "uninstall"):
        raise UsageError("--dry-run goes with 'install' and 'uninstall' only")
    if project is not None and not project.is_dir():
        raise UsageError(f"no folder '{project}'")
    repo = open_skill_repo()
    match what:
        case "" | "status":
            _status(repo, name, project=project, as_json=as_json)
        case "install":
            asked = _named(name)
            change = agent_settings.install(repo, asked, project=project)
            _make(repo, change, "installed", dry_run=dry_run, as_json=as_json)
            if not dry_run and change.before != change.after:
                _tell_what_is_left(asked, project=project)
        case "uninstall":
            change = agent_settings.uninstall(repo, _named(name), project=project)
            _make(repo, change, "uninstalled", dry_run=dry_run, as_json=as_json)
        case _:
            raise UsageError(f"'{what}' is not 'status', 'install' or 'uninstall'", hint="see 'skillgit agent --help'")


def _named(name: str | None) -> Agent | Plugin:
    if name is None:
        raise UsageError("no agent named", hint=f"one of: {', '.join(each.name for each in agents.AGENTS)}")
    return agents.named(name)


def _tell_what_is_left(asked: Agent | Plugin, *, project: Path | None) -> None:
    """Say what the user has to do, or not to do, about hooks that were put in just now."""
    if asked.remark:
        output.note(f"hint: {asked.remark}")
    if project is not None:
        output.note("hint: it names files of this machine: keep it out of the project's commits")


def _make(repo: Repo, change: Change, did: str, *, dry_run: bool, as_json: bool) -> None:
    """Show a change, then write it unless it is a dry run, then say so."""
    diff = change.diff()
    if diff and not as_json:
        output.patch(diff)
    if not dry_run:
        agent_settings.write(repo, change)
    if as_json:
        output.json_line({"file": str(change.file), "written": bool(diff) and not dry_run, "diff": diff})
    elif not diff:
        output.note(f"nothing to do: {did} already")
    else:
        output.note(f"to be {did}: run it without --dry-run" if dry_run else f"{did}: {change.file}")


def _status(repo: Repo, name: str | None, *, project: Path | None, as_json: bool) -> None:
    asked = agents.AGENTS if name is None else (agents.named(name),)
    rows = [_row(repo, each, project) for each in asked]
    if as_json:
        for row in rows:
            output.json_line(dict(zip(("agent", "state", "file"), row, strict=True)))
        return
    output.table(rows, headers=("Agent", "State", "Settings"))
    if name is None:
        output.note(f"'skillgit work --hook AGENT' prints what {', '.join(agents.BY_HAND)} needs by hand")


def _row(repo: Repo, asked: Agent | Plugin, project: Path | None) -> tuple[str, str, str]:
    """An agent, its state and its settings; that these cannot be read is said, and the others are shown as well."""
    try:
        file = agent_settings.settings(repo, asked, project=project)
        return asked.name, agent_settings.status(repo, asked, project=project), str(file)
    except (Refused, Unreadable, Unsafe) as err:
        output.warn(err.message)
        return asked.name, "unreadable", "-"
