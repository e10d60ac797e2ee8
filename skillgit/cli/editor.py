"""The user's editor, chosen as git chooses it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from skillgit.errors import SkillgitError
from skillgit.git.repo import Repo
from skillgit.git.run import git


def open_editor(repo: Repo, file: Path) -> None:
    """Let the user edit a file; an error where the editor fails, so that a closed editor never records anything."""
    command = git(["var", "GIT_EDITOR"], cwd=repo.directory).decode().strip()
    done = subprocess.run(["sh", "-c", f'{command} "$@"', command, str(file)], check=False)
    if done.returncode != 0:
        raise SkillgitError(
            f"the editor '{command}' failed with exit code {done.returncode}",
            hint="set GIT_EDITOR, core.editor, VISUAL or EDITOR",
        )
