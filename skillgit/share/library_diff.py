"""What a library's move from one commit to another means for the skills in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

from skillgit.changes.record import notes
from skillgit.changes.skill import readable, shown
from skillgit.git.message import Note
from skillgit.git.repo import Repo
from skillgit.skills.document import Document

Kind = Literal["added", "changed", "renamed", "removed"]

_ALIKE = 0.6  # git takes a file for another's at .5; skills share more of their words
_MOST = 10_000  # pairs that are compared


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
    """The skills that came and are one that is gone, by its id, its text or most of that: new path to old."""
    olds, news = ({path: readable(repo, commit, path) for path in paths} for commit, paths in (gone, came))
    known = {key: path for path, document in olds.items() for key in keys(document)}
    same = ((path, known[key]) for path, document in news.items() for key in keys(document) if key in known)
    found: dict[str, str] = {}
    for now, was in (*same, *_alike(olds, news)):
        if now not in found and was not in found.values():
            found[now] = was
    return found


def _alike(olds: Mapping[str, Document | None], news: Mapping[str, Document | None]) -> Iterable[tuple[str, str]]:
    """The pairs, new path and old, whose texts are alike, the most alike first."""
    pairs = product(news.items(), olds.items()) if len(olds) * len(news) <= _MOST else ()
    rated = ((likeness(new, old), now, was) for (now, new), (was, old) in pairs if new and old)
    return [(now, was) for rate, now, was in sorted(rated, reverse=True) if rate >= _ALIKE]


def likeness(one: Document, other: Document) -> float:
    """How much of the longer of two bodies is in the other one, by their lines, from 0 to 1: as git tells renames."""
    lines = [Counter(filter(None, map(str.strip, each.body.splitlines()))) for each in (one, other)]
    common, *sizes = (sum(len(line) * times for line, times in each.items()) for each in (lines[0] & lines[1], *lines))
    return common / max(sizes) if any(sizes) else 0.0


def keys(document: Document | None) -> Iterator[str]:
    """What a skill is known by wherever it stands: its id, and its text."""
    if document and document.id:
        yield document.id
    if document and document.body.strip():
        yield document.body
