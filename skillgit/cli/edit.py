"""`skillgit edit`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from skillgit.changes.edit import edit as put
from skillgit.changes.skill import FILE, load
from skillgit.cli import editor, output
from skillgit.cli.context import find, open_repo, said, tell
from skillgit.errors import SkillgitError


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
    draft = Path(tempfile.mkdtemp(prefix="skillgit-")) / FILE
    draft.write_text(before.text, encoding="utf-8", newline="")
    kept = False
    try:
        editor.open_editor(repo, draft)
        recorded, landed = put(repo, path, draft.read_bytes(), base=base)
    except SkillgitError as err:
        kept = draft.read_bytes() != before.text.encode()
        hint = f"{err.hint}\nwhat you wrote is in '{draft}'".strip() if kept else err.hint
        raise type(err)(err.message, hint=hint) from err
    finally:
        if not kept:
            shutil.rmtree(draft.parent)  # an editor may have left a backup beside it
    output.report(said(recorded, landed), as_json=as_json)
    tell(landed)
