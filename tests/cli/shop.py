"""Conversations in files and repositories in every state, for the tests of commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conftest import Run
from tests.git.place import git

MONDAY = """\
User: Write the release notes for 2.4.
Assistant: Done.
User: From now on, list breaking changes first in release notes.
"""
FRIDAY = """\
User: Write the release notes for 2.6.
Assistant: Done.
User: In release notes, always mention the issue number.
"""
NOTES = "Users/ada/release-notes"
ADA = {"SKILLGIT_USER": "ada"}


def library(cli: Run, directory: Path) -> Path:
    """A repository in which ada has learned one skill, at version 0.1.0."""
    assert cli("init", directory).err == ""
    assert cli("ingest", "--offline", "-", cwd=directory, stdin=MONDAY, env=ADA).err == ""
    return directory


def bare(top: Path) -> Path:
    git("clone", "-q", "--bare", str(top), str(top.parent / "bare.git"))
    return top.parent / "bare.git"


def shallow(top: Path) -> Path:
    git("clone", "-q", "--depth=1", f"file://{top}", str(top.parent / "shallow"))
    return top.parent / "shallow"


def none(top: Path) -> Path:
    (top.parent / "none").mkdir()
    return top.parent / "none"


def unborn(top: Path) -> Path:
    git("init", "-q", "-b", "main", str(top.parent / "unborn"))
    return top.parent / "unborn"


def detached(top: Path) -> Path:
    git("checkout", "-q", "--detach", cwd=top)
    return top


def with_a_submodule(top: Path) -> Path:
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(bare(top)), "Common/shared", cwd=top)
    git("commit", "-qm", "a library", cwd=top)
    return top


def two_branches(top: Path) -> None:
    """`main` and `other` part: one asks for what the other forbids."""
    file = top / NOTES / "SKILL.md"
    git("checkout", "-qb", "other", cwd=top)
    file.write_text(f"{file.read_text()}- Use tables.\n")
    git("commit", "-qam", "theirs", cwd=top)
    git("checkout", "-q", "main", cwd=top)
    file.write_text(f"{file.read_text()}- Never use tables.\n")
    git("commit", "-qam", "ours", cwd=top)


def merging(top: Path) -> Path:
    two_branches(top)
    git("merge", "-q", "other", cwd=top, ok=False)
    return top


def rebasing(top: Path) -> Path:
    two_branches(top)
    git("rebase", "-q", "other", cwd=top, ok=False)
    return top


State = Callable[[Path], Path]
