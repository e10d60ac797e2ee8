"""`skillgit link`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skillgit import config
from skillgit.changes import skill as skills
from skillgit.cli import linked, output
from skillgit.cli.context import at_commit, find, open_repo
from skillgit.errors import Refused, Unreadable, Unsafe, UsageError
from skillgit.git.repo import Repo, folder_oid
from skillgit.share import agent_folders, linking, links
from skillgit.share.linking import Step
from skillgit.share.picked import Pick, pick


def link(
    agent: Annotated[str | None, typer.Argument(metavar="[AGENT]", help="Such as claude, codex or agents.")] = None,
    typed: Annotated[
        list[str] | None, typer.Argument(metavar="[SKILL...]", help="Skills; without any, renew what is linked.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All skills of yours, and the common ones.")] = False,
    user: Annotated[bool, typer.Option("--user", help="In your own folder of the agent; the default.")] = False,
    project: Annotated[bool, typer.Option("--project", help="In the folder that it has in this work tree.")] = False,
    within: Annotated[
        Path | None, typer.Option("--in", metavar="DIR", help="As --project, in the project at DIR.")
    ] = None,
    copy: Annotated[bool, typer.Option("--copy", help="Put a copy there instead of a link.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would be done; do nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and skill.")] = False,
) -> None:
    """Make skills appear in the folder that an agent reads skills from.

    As relative links into the work tree, so that the agent follows every decision; as copies where a skill is
    not checked out, which those of libraries never are. What is in the folder already is never written over. Without
    skills, what is linked already is brought up to date.
    """
    repo = open_repo()
    tip = at_commit(repo, None)
    place = linked.scope(user, project, within)
    if agent is None or not (typed or everything):
        if everything or copy:
            raise UsageError("name an agent and its skills", hint="see 'skillgit link --help'")
        known = links.links(repo, linked.looked_at(repo, within))
        mine = linked.chosen(repo, known, agent, at=place, within=within)
        steps = tuple(step for step in linking.renewal(repo, tip, mine) if step.did != "unchanged")
        if not steps:
            output.note("everything that is linked is up to date" if mine else "nothing is linked yet")
    else:
        if typed and everything:
            raise UsageError("name the skills to link, or say --all", hint="see 'skillgit link --help'")
        paths = dict.fromkeys(find(repo, word) for word in typed or ())
        picked = _fit(repo, tip) if everything else [_pick(repo, tip, path) for path in paths]
        top = linked.project_of(repo, within) if place == "project" else linked.looked_at(repo, within)
        whose = agent_folders.named(agent)
        steps = linking.plan(repo, whose, picked, scope=place or "user", project=top, copy=copy or None)
    if not linked.tell(_done(repo, steps, dry_run=dry_run), dry_run=dry_run, as_json=as_json):
        raise typer.Exit(1)


def _done(repo: Repo, steps: tuple[Step, ...], *, dry_run: bool) -> tuple[Step, ...]:
    return steps if dry_run else linking.apply(repo, steps)


def _pick(repo: Repo, tip: str, path: str) -> Pick:
    return pick(repo, path, tree=folder_oid(repo, tip, path))


def _fit(repo: Repo, tip: str) -> list[Pick]:
    """The user's skills, and the common ones that the user has none of the same name of; those left out are named."""
    known, whose = repo.skills(tip), config.user(repo)
    own, common = (sorted(skills.visible(known, user=whose, scope=each)) for each in ("user", "common"))
    found: list[Pick] = []
    names: dict[str, str] = {}
    for path in (*own, *common):
        try:
            picked = _pick(repo, tip, path)
        except (Refused, Unreadable, Unsafe) as err:
            output.warn(f"{skills.shown(path)} is left out: {err.message}")
            continue
        if path in common and picked.name in names:
            output.warn(f"{path} is left out: {skills.shown(names[picked.name])} has its name")
            continue
        names |= {picked.name: path} if path in own else {}
        found.append(picked)
    return found
