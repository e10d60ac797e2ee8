"""The life of a skill: what each commit of its log did to its rules, its description and its files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skillgit.changes import versions
from skillgit.changes.skill import FILE, read
from skillgit.errors import Invalid, Unreadable
from skillgit.git import history
from skillgit.git.history import Revision
from skillgit.git.repo import Entry, Repo
from skillgit.skills.document import Document
from skillgit.skills.rules import RuleChanges, rule_changes


@dataclass(frozen=True, slots=True)
class Event:
    """A commit of a skill's log, the version it left the skill with ("" for none), and what it did.

    `rules` is None where SKILL.md cannot be read as it was before or is after. `description` is the one before and
    the one after, None where it is the same. `files` are those beside SKILL.md that changed.
    """

    revision: Revision
    version: str
    rules: RuleChanges | None
    description: tuple[str, str] | None = None
    files: tuple[str, ...] = ()


def told(repo: Repo, commit: str, path: str, *, limit: int | None = None) -> Iterator[Event]:
    """What happened to the skill at `path` before or at a commit, newest first, through its moves."""
    for revision in history.log_of(repo, commit, path, limit=limit):
        yield event(repo, revision)


def event(repo: Repo, revision: Revision) -> Event:
    """What a commit of a skill's log did, against its first parent."""
    decision = revision.decision
    was = (decision.was if decision and decision.path == revision.path else None) or revision.path
    parent = revision.parents[0] if revision.parents else None
    before, after = repo.files(parent, was), repo.files(revision.oid, revision.path)
    files = (name for name in sorted({*before, *after}) if name != FILE and before.get(name) != after.get(name))
    version = versions.number_of(repo, revision)
    try:
        old, new = (_document(repo, found, path) for found, path in ((before, was), (after, revision.path)))
    except (Invalid, Unreadable):  # a broken SKILL.md, committed by hand, has no rules to compare
        return Event(revision, version, None, files=tuple(files))
    said = (old.description, new.description) if old and new else ("", "")
    return Event(
        revision,
        version,
        rule_changes(old.body if old else "", new.body if new else ""),
        said if said[0] != said[1] else None,
        tuple(files),
    )


def _document(repo: Repo, found: dict[str, Entry], path: str) -> Document | None:
    return read(repo, found[FILE].oid, path) if FILE in found else None
