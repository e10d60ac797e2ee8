"""`skillgit edit`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from skillgit.changes import edit as edits
from skillgit.changes.skill import load
from skillgit.cli import editor, output
from skillgit.cli.context import find, open_repo, said, tell


def edit(
    skill: Annotated[str, typer.Argument(metavar="SKILL", help="Such as ada/release.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Edit a skill's SKILL.md in your editor (GIT_EDITOR, core.editor, VISUAL, EDITOR, as git chooses).

    What you save is validated and its version bumped. What you wrote is kept in a file if it cannot be recorded.
    """
    repo = open_repo()
    path = find(repo, skill)
    base = repo.resolve("HEAD")
    before = load(repo, base, path)
    put = partial(edits.edit, repo, path, base=base)
    recorded, landed = editor.edited(repo, before.text.encode(), put)
    output.report(said(recorded, landed), as_json=as_json)
    tell(landed)
