"""What most commands start from: the repository of the current directory, and its settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from skillgit.changes import skill
from skillgit.cli import output
from skillgit.config import is_skill_repository, user
from skillgit.errors import RepositoryError, UsageError
from skillgit.git import submodule
from skillgit.git.repo import Repo

if TYPE_CHECKING:  # what writes takes 10 ms to import, and most commands only read
    from skillgit.changes.record import Recorded
    from skillgit.git.transaction import Landed


def open_repo() -> Repo:
    """The repository that the current directory stands in."""
    return Repo.open(Path.cwd())


def open_skill_repo() -> Repo:
    """The same, for what adds skills: refused where nobody has said that skills are to be kept there."""
    repo = open_repo()
    if not is_skill_repository(repo):
        raise RepositoryError(
            f"'{repo.directory}' is a git repository, but keeps no skills",
            hint="run 'skillgit init' to make it keep them",
        )
    return repo


def head(repo: Repo) -> str | None:
    """The commit that HEAD is at; None on a branch without commits."""
    return repo.tip("HEAD")


def at_commit(repo: Repo, rev: str | None) -> str:
    """The commit that `--at` names, or HEAD's; NotFound on a branch without commits."""
    return repo.resolve(rev or "HEAD")


def find(repo: Repo, typed: str, *, at: str | None = None) -> str:
    """The full path of the skill the user typed, at HEAD or another commit."""
    return skill.find(repo, at or head(repo), typed, user=user(repo))


def find_ours(repo: Repo, typed: str, *, at: str) -> str:
    """As `find`, but Refused where the skill is one of a library, whose history is not in this repository."""
    path = find(repo, typed, at=at)
    submodule.refuse_history(repo, at, path)
    return path


def find_ever(repo: Repo, typed: str, *, at: str) -> str:
    """As `find_ours`, but at a commit or before it."""
    path = skill.find_ever(repo, at, typed, user=user(repo))
    submodule.refuse_history(repo, at, path)
    return path


def at_version(typed: str) -> tuple[str, str | None]:
    """`SKILL@VERSION` as its two parts; the version is None where it is not given."""
    name, at, version = typed.rpartition("@")
    if not at:
        return typed, None
    if not name or not version:
        raise UsageError(f"'{typed}' is no skill and version", hint="write SKILL@VERSION, such as ada/release@0.1.1")
    return name, version


def tell(landed: Landed) -> None:
    """Say on stderr what the user has to know beside the answer: what was mended, parked, or on no branch."""
    if landed.mended:
        output.note(f"note: {landed.mended}")
    if landed.blocked:
        output.warn(f"your changes are in the way ({landed.blocked.words}); the decision is parked at '{landed.ref}'")
        name = landed.ref.rpartition("/")[2]
        output.note(f"hint: put your changes away with 'git stash', then 'skillgit review accept {name}'")
    elif landed.ref == "HEAD" and landed.commits:
        output.warn(f"HEAD is detached: commit {landed.commits[-1][:10]} is on no branch")


def said(recorded: Recorded, landed: Landed) -> dict[str, object]:
    """A recorded decision as the fields that `--json` prints."""
    decision = recorded.decision
    return {
        "decision": decision.action,
        "skill": decision.skill,
        "version": decision.after,
        "before": decision.before,
        "bump": decision.bump,
        "commit": recorded.commit,
        "ref": landed.ref,
        "summary": decision.summary,
    }
