"""Small repositories of skills, and questions about them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from skillgit.changes.record import Change, Recorded, record
from skillgit.changes.skill import load
from skillgit.changes.versions import versions
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.git.transaction import Transaction, write
from skillgit.skills import document as documents
from skillgit.skills.document import Document
from tests.git.place import files, git

RELEASE = "Users/ada/release"
REPORT = "Users/ada/report"
PDF = "Common/pdf"


def skill(name: str, *rules: str, description: str = "") -> Document:
    body = f"# {name}\n\n## Rules\n" + "".join(f"- {rule}\n" for rule in rules or ("Be careful.",))
    return documents.new(name, description or f"Does {name}. Use for {name}.", metadata={}, body=body)


def library(directory: Path) -> Repo:
    """A repository of `Users/ada/release`, with a script, `Users/ada/report` and `Common/pdf`."""
    repo = init(directory).repo
    for path in (RELEASE, REPORT, PDF):
        add(repo, path, beside={"scripts/run.sh": b"#!/bin/sh\n"} if path == RELEASE else {})
    return repo


def add(repo: Repo, path: str, *rules: str, beside: Mapping[str, bytes] | None = None) -> Recorded:
    made: list[Recorded] = []

    def body(tx: Transaction) -> None:
        entries = {name: tx.file(content, executable=name.endswith(".sh")) for name, content in (beside or {}).items()}
        after = skill(path.rpartition("/")[2], *rules)
        made[:] = [record(tx, Change("add", path, None, after, "first", files=entries))]

    write(repo, body)
    return made[0]


def head(repo: Repo) -> str:
    return repo.resolve("HEAD")


def document(repo: Repo, path: str) -> Document:
    return load(repo, head(repo), path).document


def version(repo: Repo, path: str) -> str:
    return document(repo, path).version


def history(repo: Repo, path: str) -> list[str]:
    """The versions a skill has had, newest first."""
    return [found.number for found in versions(repo, head(repo), path)]


def state(top: Path) -> tuple[object, ...]:
    """All that a refused command must leave as it was: HEAD, refs, index, status and files."""
    return (
        git("for-each-ref", cwd=top),
        git("ls-files", "--stage", cwd=top),
        git("--no-optional-locks", "status", "--porcelain", "--untracked-files=all", cwd=top),
        files(top),
    )
