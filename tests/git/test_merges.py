"""git's own commands merge a SKILL.md through the driver, whatever they are, and never lose a side of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from skillgit.git.setup import init
from tests.git.place import git, sound, status

SKILL = "Users/ada/report/SKILL.md"
HEAD = """\
---
name: {name}
description: Writes reports. Use when asked for a report.
metadata:
  id: 00000000-0000-4000-8000-000000000001
  version: "{version}"
---
# Report

## Rules
"""


def text(*rules: str, version: str = "0.1.0", name: str = "report") -> str:
    """A learned skill with these rules."""
    return HEAD.format(name=name, version=version) + "".join(f"- {rule}\n" for rule in rules)


BASE = text("Cite a source.")
OURS = text("Cite a source.", "Use no tables.", version="0.1.1")
THEIRS = text("Cite a source.", "Write in French.", version="0.1.1")
BOTH = text("Cite a source.", "Use no tables.", "Write in French.", version="0.1.2")
SWAPPED = text("Cite a source.", "Write in French.", "Use no tables.", version="0.1.2")
CLASH = text("Cite a source and a page.", version="0.1.1"), text("Cite no source.", version="0.1.1")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A work tree on `main` with the skill, and branches that changed it: `ours` and `theirs`; `main` is current."""
    top = tmp_path / "library"
    init(top)
    save(top, BASE)
    for name, content in {"ours": OURS, "theirs": THEIRS}.items():
        git("switch", "-qc", name, "main", cwd=top)
        save(top, content)
    git("switch", "-q", "main", cwd=top)
    return top


def save(top: Path, content: str | bytes | None, path: str = SKILL) -> None:
    """Commit a file as plain git does; None removes it."""
    file = top / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    git("add", "-A", cwd=top)
    git("commit", "-qm", "by hand", cwd=top)


COMMANDS = {  # what is done on `ours`, and what the skill is then
    "merge": ("git merge -q theirs", BOTH),
    "merge without a commit": ("git merge -q --no-commit theirs", BOTH),
    "merge, theirs preferred": ("git merge -q -X theirs theirs", BOTH),
    "merge from a folder": ("cd Users/ada && git merge -q theirs", BOTH),
    "rebase": ("git rebase -q theirs", SWAPPED),
    "rebase by patches": ("git rebase -q --apply theirs", SWAPPED),
    "cherry-pick": ("git cherry-pick theirs", BOTH),
    "pull": ("git pull -q --no-rebase . theirs", BOTH),
    "pull with a rebase": ("git pull -q --rebase . theirs", SWAPPED),
    "stash pop": (
        "git checkout -q main && git show ours:$S >$S && git stash -q && git checkout -q theirs && git stash pop -q",
        SWAPPED,
    ),
    "squash": ("git merge -q --squash theirs", BOTH),
    "switch with edits": ("git checkout -q main && git show ours:$S >$S && git checkout -q -m theirs", SWAPPED),
    "am": ("git format-patch -q -1 theirs && git am -q -3 0001*", BOTH),
}


@pytest.mark.parametrize(("command", "merged"), COMMANDS.values(), ids=COMMANDS)
def test_a_command_of_gits_keeps_the_rules_of_both_sides(command: str, merged: str, top: Path) -> None:
    git("switch", "-q", "ours", cwd=top)
    assert run(command, top).returncode == 0
    assert (top / SKILL).read_text() == merged
    assert [line for line in status(top) if line[:2] not in ("M ", " M", "A ", "??")] == []
    sound(top)


def run(command: str, top: Path) -> subprocess.CompletedProcess[str]:
    """A line for the shell, in the work tree; $S is the skill's file."""
    env = {**os.environ, "S": SKILL}
    return subprocess.run(["bash", "-ec", command], cwd=top, env=env, capture_output=True, text=True, check=False)
