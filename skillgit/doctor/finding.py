"""What a check answers with, and what checks ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from skillgit.git.history import Revision
from skillgit.git.repo import Repo
from skillgit.skills.document import Document

FIX = "skillgit doctor --fix"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in a line, and what helps.

    `mend` puts it right and says what it did; None where that needs a person's judgement. A `grave` one has to be
    put right before libgit2 may read the repository.
    """

    words: str
    helps: str
    mend: Callable[[], str] | None = None
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a repository lies, as the git program says: what can be known before libgit2 opens it.

    `worktrees` are all of them, the linked ones too; `full` asks for every object and every commit.
    """

    directory: Path
    common_dir: Path
    worktrees: tuple[Path, ...]
    full: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A repository that can be read: the commit of HEAD, its skills, and its newest commits, newest first.

    `skills` are all of them with the oids of their SKILL.md, `documents` those that can be parsed.
    """

    repo: Repo
    tip: str | None
    full: bool
    skills: dict[str, str]
    documents: dict[str, Document]
    revisions: tuple[Revision, ...]
