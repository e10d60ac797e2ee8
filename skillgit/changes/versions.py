"""The versions of a skill, read from its history."""

from __future__ import annotations

from dataclasses import dataclass

from skillgit.changes.skill import FILE, Skill, load, shown
from skillgit.errors import NotFound, SkillgitError
from skillgit.git.history import Revision, log_of
from skillgit.git.repo import Repo
from skillgit.skills import document as documents


@dataclass(frozen=True, slots=True)
class Version:
    """A version, and the newest commit that has it; `path` is where the skill stood then."""

    number: str
    revision: Revision

    @property
    def path(self) -> str:
        """Where the skill stood in that commit."""
        return self.revision.path


def versions(repo: Repo, commit: str, path: str) -> tuple[Version, ...]:
    """Every version the skill at `path` has had before or at a commit, newest first, each once.

    A commit that no decision describes (made by plain git) has the version its SKILL.md says.
    """
    found: dict[str, Version] = {}
    for revision in log_of(repo, commit, path):
        version = number_of(repo, revision)
        if version and version not in found:
            found[version] = Version(version, revision)
    return tuple(found.values())


def find(repo: Repo, commit: str, path: str, number: str) -> Version:
    """The version `number` of the skill at `path`; NotFound, naming the ones it had, where it never had it."""
    known = versions(repo, commit, path)
    wanted = number.removeprefix("v")
    match = next((version for version in known if version.number == wanted), None)
    if match is None:
        had = ", ".join(version.number for version in known[:8])
        hints = [f"it has had: {had}" if had else "", cut_short(repo)]
        raise NotFound(f"no version '{number}' of skill '{shown(path)}'", hint="\n".join(filter(None, hints)))
    return match


def cut_short(repo: Repo) -> str:
    """The hint that a clone may lack the history that was asked for; "" where it has all of it."""
    return "this clone is shallow: 'git fetch --unshallow' brings the rest" if repo.handle.is_shallow else ""


def at(repo: Repo, commit: str, path: str, number: str) -> Skill:
    """The skill as it was at a version."""
    match = find(repo, commit, path, number)
    return load(repo, match.revision.oid, match.path)


def number_of(repo: Repo, revision: Revision) -> str:
    """The version that a commit of a skill's log left it with; "" where it has none that can be read."""
    decision = revision.decision
    if decision and decision.path == revision.path:
        return decision.after or ""
    entry = repo.files(revision.oid, revision.path).get(FILE)
    if entry is None:
        return ""
    try:
        return documents.parse(repo.read(entry.oid)).version
    except SkillgitError:  # a broken SKILL.md, committed by hand, has no version to find it by
        return ""
