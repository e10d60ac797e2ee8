"""A repository with skills of two users and of a library, to be linked into agents' folders."""

from __future__ import annotations

import os
from pathlib import Path

from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.share import library
from skillgit.share.links import State, links, state
from tests.git.place import git
from tests.share.libraries import add, skill_text
from tests.share.skills import commit

SCRIPT = "#!/bin/sh\necho fill\n"


def shelf(directory: Path) -> Path:
    """The repository `skills`, with notes and pdf of ada's, pdf of bob's, and the library acme with chart."""
    acme = add(
        directory / "acme", {"skills/chart/SKILL.md": skill_text("chart"), "skills/chart/scripts/draw.sh": SCRIPT}
    )
    git("init", "-q", "-b", "main", acme)
    commit(acme, {})
    repo = init(directory / "skills").repo
    library.take(repo, library.offer_new(repo, str(acme)))
    texts = {f"Users/{each}/SKILL.md": skill_text(each.split("/")[1]) for each in ("ada/notes", "ada/pdf", "bob/pdf")}
    commit(directory / "skills", {**texts})
    return directory / "skills"


def user_folder(agent: str = ".claude") -> Path:
    """The folder of the sealed home that an agent reads skills from."""
    return Path.home() / agent / "skills"


def states(top: Path) -> dict[str, State]:
    """The state of each link, by its place, with ~ for the home."""
    repo = Repo.open(top)
    found = links(repo, top)
    home = str(Path.home())
    return {str(each.place).replace(home, "~"): state(repo, repo.tip("HEAD"), each) for each in found}


def everything(folder: Path) -> dict[str, str | bytes]:
    """Every file and link below a folder, and what it holds, the git directory aside."""
    found: dict[str, str | bytes] = {}
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(where) / name
            if path.is_symlink():
                found[str(path.relative_to(folder))] = str(path.readlink())
            elif path.is_file():
                found[str(path.relative_to(folder))] = path.read_bytes()
            elif path.is_dir() and not any(path.iterdir()):
                found[str(path.relative_to(folder))] = "an empty folder"
        folders[:] = [name for name in folders if name != ".git"]
    return found
