"""`skillgit links`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skillgit.changes.skill import shown
from skillgit.cli import linked, output
from skillgit.cli.context import head, open_repo
from skillgit.share import links as standing


def links(
    agent: Annotated[str | None, typer.Argument(metavar="[AGENT]", help="Such as claude, codex or agents.")] = None,
    within: Annotated[Path | None, typer.Option("--in", metavar="DIR", help="Only in the project at DIR.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and link.")] = False,
) -> None:
    """List the skills that are linked into agents' folders, and what the agents find there.

    ok, outdated (a copy of another version), edited (what git does not have), broken (the skill is gone),
    missing (somebody removed it) or replaced (somebody put something else there).
    """
    repo = open_repo()
    known = standing.links(repo, linked.looked_at(repo, within))
    mine = linked.chosen(repo, known, agent, at=linked.scope(False, False, within), within=within)
    states = [standing.state(repo, head(repo), each) for each in mine]
    if as_json:
        for each, state in zip(mine, states, strict=True):
            output.json_line(linked.row(each) | {"state": state})
        return
    rows = [
        (shown(each.skill), each.agent, each.scope, state, each.kind, linked.short(each.place))
        for each, state in zip(mine, states, strict=True)
    ]
    output.table(rows, headers=("Skill", "Agent", "Scope", "State", "Kind", "Place"))
    if not mine:
        output.note("nothing is linked yet")
    elif {"outdated", "missing"} & set(states):
        output.note("hint: 'skillgit link' brings them up to date")
