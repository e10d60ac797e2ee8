"""Skills by name and description, as agents are told of them: the Agent Skills `<available_skills>` block.

Tag by tag as `skills-ref to-prompt` prints it, except that the location is escaped, too.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from skillgit.changes.skill import read
from skillgit.errors import SkillgitError
from skillgit.git.repo import Repo

_OPENING, _CLOSING = "<available_skills>", "</available_skills>"


@dataclass(frozen=True, slots=True)
class Entry:
    """A skill as an agent sees it before it reads it; `location` is where its SKILL.md can be read."""

    name: str
    description: str
    location: str


def render(entries: Iterable[Entry]) -> str:
    """Write entries out in their order; none gives the two outer tags."""
    return "\n".join([_OPENING, *map(block, entries), _CLOSING])


def block(entry: Entry) -> str:
    """The lines of one entry, from `<skill>` to `</skill>`."""
    tags = (("name", entry.name), ("description", entry.description), ("location", entry.location))
    inner = [f"<{tag}>\n{html.escape(text)}\n</{tag}>" for tag, text in tags]
    return "\n".join(["<skill>", *inner, "</skill>"])


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Skills as an agent is told of them, and those that could not be read, a line each."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]


def catalogue(repo: Repo, commit: str | None, paths: Iterable[str], *, rev: str | None = None) -> Catalogue:
    """The skills at these paths of a commit, in their order; `rev` is as in `location`."""
    entries, problems = [], []
    oids = repo.skills(commit)
    for path in paths:
        try:
            skill = read(repo, oids[path], path)
        except SkillgitError as err:
            problems.append(err.message)
            continue
        entries.append(Entry(skill.name, skill.description, location(repo, commit, path, rev=rev)))
    return Catalogue(tuple(entries), tuple(problems))


def location(repo: Repo, commit: str | None, path: str, *, rev: str | None = None) -> str:
    """Where the SKILL.md of a commit's skill at `path` can be read.

    It is the file in the work tree; without one, or where the commit is what `rev` names, the words that
    `git show` takes: `v1.0:Users/ada/release/SKILL.md`. A library is not checked out: `skillgit show` reads it.
    """
    file = f"{repo.stored(commit, path)}/SKILL.md"
    if repo.entry(commit, f"{path}/SKILL.md") is None:
        return f"skillgit show {path}"
    return f"{rev or 'HEAD'}:{file}" if rev or not repo.worktree else str(repo.worktree / file)
