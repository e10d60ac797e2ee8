"""The user's editor, chosen as git chooses it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from skillgit.changes.skill import FILE
from skillgit.errors import SkillgitError
from skillgit.git.repo import Repo
from skillgit.git.run import git

Made = TypeVar("Made")


def edited(repo: Repo, text: bytes, put: Callable[[bytes], Made]) -> Made:
    """What `put` makes of a SKILL.md as the user leaves it; what they wrote is kept in a file where that is refused."""
    draft = Path(tempfile.mkdtemp(prefix="skillgit-")) / FILE
    draft.write_bytes(text)
    kept = False
    try:
        open_editor(repo, draft)
        return put(draft.read_bytes())
    except SkillgitError as err:
        kept = draft.read_bytes() != text
        hint = f"{err.hint}\nwhat you wrote is in '{draft}'".strip() if kept else err.hint
        raise type(err)(err.message, hint=hint) from err
    finally:
        if not kept:
            shutil.rmtree(draft.parent)  # an editor may have left a backup beside it


def open_editor(repo: Repo, file: Path) -> None:
    """Let the user edit a file; an error where the editor fails, so that a closed editor never records anything."""
    command = git(["var", "GIT_EDITOR"], cwd=repo.directory).decode().strip()
    done = subprocess.run(["sh", "-c", f'{command} "$@"', command, str(file)], check=False)
    if done.returncode != 0:
        raise SkillgitError(
            f"the editor '{command}' failed with exit code {done.returncode}",
            hint="set GIT_EDITOR, core.editor, VISUAL or EDITOR",
        )
