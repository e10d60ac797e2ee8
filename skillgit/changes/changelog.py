"""What each version of a skill brought, from the decisions in its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from skillgit.changes.versions import number_of
from skillgit.git.history import Revision, log_of
from skillgit.git.repo import Repo

_WORDS = {"+": "Added", "-": "Removed", "~": "Changed", "|": "Note"}


@dataclass(frozen=True, slots=True)
class Release:
    """One version: its number ("" where none can be read), its day (ISO 8601), and what it brought, a line each."""

    number: str
    day: str
    changes: tuple[str, ...]


def changelog(repo: Repo, commit: str, path: str) -> tuple[Release, ...]:
    """The versions that the skill at `path` has had before or at a commit, newest first, through its moves."""
    return tuple(_releases((number_of(repo, revision), revision) for revision in log_of(repo, commit, path)))


def markdown(releases: Iterable[Release], *, title: str) -> str:
    """The versions as a Markdown text that ends in a newline."""
    parts = [f"# {title}\n"]
    for each in releases:
        lines = "".join(f"- {change}\n" for change in each.changes)
        parts.append(f"## {each.number or 'unversioned'} - {each.day}\n\n{lines}")
    return "\n".join(parts)


def _releases(revisions: Iterable[tuple[str, Revision]]) -> list[Release]:
    found: list[Release] = []
    for version, revision in revisions:
        changes = _changes(revision)
        if found and found[-1].number == version:
            found[-1] = Release(version, found[-1].day, (*changes, *found[-1].changes))
        else:
            found.append(Release(version, revision.date[:10], changes))
    return found


def _changes(revision: Revision) -> tuple[str, ...]:
    decision = revision.decision
    if decision is None:
        return (revision.subject,)
    if not decision.notes:
        return (decision.summary if decision.action == "edit" else f"{decision.action}: {decision.summary}",)
    return tuple(f"{_WORDS[note.mark]}: {note.text}" for note in decision.notes)
