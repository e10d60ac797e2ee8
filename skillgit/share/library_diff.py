"""What a library's move from one commit to another means for the skills in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from skillgit.changes.record import notes
from skillgit.changes.skill import readable, shown
from skillgit.git.message import Note
from skillgit.git.repo import Repo
from skillgit.skills.document import Document

Kind = Literal["added", "changed", "renamed", "removed"]


@dataclass(frozen=True, slots=True)
class SkillChange:
    """What becomes of a skill: `was` is its path before, where it is renamed; `notes` are its rules that change."""

    kind: Kind
    path: str
    was: str | None = None
    before: str = ""
    after: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def words(self) -> str:
        """The change in a line: `changed Common/acme/pdf 1.0.0 -> 1.1.0`."""
        moved = f" (was {shown(self.was)})" if self.was else ""
        version = " -> ".join(dict.fromkeys(filter(None, (self.before, self.after))))
        return f"{self.kind} {shown(self.path)}{moved} {version}".rstrip()


def of_library(repo: Repo, commit: str | None, path: str) -> list[str]:
    """The skills of the library at a path, as a commit has it pinned."""
    return [skill for skill in repo.skills(commit) if skill == path or skill.startswith(f"{path}/")]


def compare(repo: Repo, old: str | None, new: str | None, path: str) -> tuple[SkillChange, ...]:
    """What became of each skill of the library at a path between two commits of ours, which pin it."""
    before, after = set(of_library(repo, old, path)), set(of_library(repo, new, path))
    renamed = _renamed(repo, (old, sorted(before - after)), (new, sorted(after - before)))
    changes = [_change(repo, "added", old, new, now) for now in after - before - renamed.keys()]
    changes += [_change(repo, "removed", old, new, was) for was in before - after - set(renamed.values())]
    changes += [_change(repo, "renamed", old, new, now, was) for now, was in renamed.items()]
    same = (skill for skill in before & after if repo.files(old, skill) != repo.files(new, skill))
    changes += [_change(repo, "changed", old, new, skill) for skill in same]
    return tuple(sorted(changes, key=lambda change: change.path))


def _change(repo: Repo, kind: Kind, old: str | None, new: str | None, path: str, was: str | None = None) -> SkillChange:
    before, after = readable(repo, old, was or path), readable(repo, new, path)
    rules = notes(before, after) if kind in ("changed", "renamed") else ()
    old_number, new_number = (document.version if document else "" for document in (before, after))
    return SkillChange(kind, path, was, old_number, new_number, rules)


def _renamed(repo: Repo, gone: tuple[str | None, list[str]], came: tuple[str | None, list[str]]) -> dict[str, str]:
    """The skills that came and are one that is gone, by its id or by its text: new path to old."""
    old = {key: path for path in gone[1] for key in keys(readable(repo, gone[0], path))}
    found: dict[str, str] = {}
    for path in came[1]:
        was = next((old[key] for key in keys(readable(repo, came[0], path)) if key in old), None)
        if was and was not in found.values():
            found[path] = was
    return found


def keys(document: Document | None) -> Iterator[str]:
    """What a skill is known by wherever it stands: its id, and its text."""
    if document and document.id:
        yield document.id
    if document and document.body.strip():
        yield document.body
