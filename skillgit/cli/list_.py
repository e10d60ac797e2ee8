"""`skillgit list`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit import config
from skillgit.changes import skill as skills
from skillgit.cli import output
from skillgit.cli.context import at_commit, head, open_repo
from skillgit.errors import SkillgitError


def list_(
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Only this user's.")] = None,
    common: Annotated[bool, typer.Option("--common", help="Only common skills.")] = False,
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="As of a commit, branch or tag.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the skills: path, version, what each is for."""
    repo = open_repo()
    commit = at_commit(repo, at) if at else head(repo)
    known = repo.skills(commit)
    chosen = set(known)
    if common:
        chosen &= skills.visible(known, user="", scope="common")
    if user is not None:
        chosen &= skills.visible(known, user=config.user(repo, user), scope="user")
    rows = []
    for path in sorted(chosen):
        try:
            skill = skills.load(repo, commit, path)
        except SkillgitError as err:
            output.warn(err.message)
            continue
        if as_json:
            output.json_line(
                {
                    "skill": skill.shown,
                    "path": path,
                    "version": skill.version,
                    "id": skill.id,
                    "description": skill.description,
                    "tags": list(skill.document.tags),
                    "files": list(skill.files),
                }
            )
        rows.append((skill.shown, skill.version or "-", " ".join(skill.description.split())))
    if not as_json and rows:
        with output.paged():
            output.table(rows, headers=("Skill", "Version", "Description"))
    if not rows:
        output.note("no skills yet" if not known else "no skills there")
