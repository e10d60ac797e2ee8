"""A repository with one learned skill, and branches that changed it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from skillgit.git.repo import Repo
from skillgit.git.setup import init
from tests.git.place import git

SKILL = "Users/ada/report/SKILL.md"
_TEXT = """\
---
name: {name}
description: Writes {name}s. Use when asked for a {name}.
metadata:
  id: 00000000-0000-4000-8000-{id:012}
  version: "{version}"
---
# Report

## Rules
"""


def text(*rules: str, version: str = "0.1.0", name: str = "report", own: int = 1) -> str:
    """A learned skill with these rules."""
    return _TEXT.format(name=name, version=version, id=own) + "".join(f"- {rule}\n" for rule in rules)


BASE = text("Cite a source.")
OURS = text("Cite a source.", "Use no tables.", version="0.1.1")
THEIRS = text("Cite a source.", "Write in French.", version="0.1.1")


def parted(directory: Path, ours: Mapping[str, str | None], theirs: Mapping[str, str | None]) -> Repo:
    """A repository on `main` with the skill; `main` has made these changes since, and the branch `laptop` those."""
    init(directory)
    commit(directory, {SKILL: BASE})
    git("switch", "-qc", "laptop", cwd=directory)
    commit(directory, theirs)
    git("switch", "-q", "main", cwd=directory)
    commit(directory, ours)
    return Repo.open(directory)


def commit(top: Path, files: Mapping[str, str | None]) -> None:
    """Commit files as plain git does; None removes one."""
    for path, content in files.items():
        file = top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        if content is not None:
            file.write_bytes(content.encode())
    git("add", "-A", cwd=top)
    git("commit", "-qm", "by hand", "--allow-empty", cwd=top)


def rules(top: Path, path: str = SKILL) -> list[str]:
    """The rules of a skill in the work tree."""
    return [line.removeprefix("- ") for line in (top / path).read_text().splitlines() if line.startswith("- ")]


def version(top: Path, path: str = SKILL) -> str:
    """The version of a skill in the work tree."""
    return next(line.split('"')[1] for line in (top / path).read_text().splitlines() if "version:" in line)
