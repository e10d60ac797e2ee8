"""Checking skills on disk against the specification, in a repository or not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from skillgit.errors import SkillgitError
from skillgit.share.folder import Folder
from skillgit.share.item import Found, Item, Source, sort_out
from skillgit.share.source import none_found, opened, problems, stray
from skillgit.skills import spec
from skillgit.skills.document import MAX_BYTES
from skillgit.skills.spec import Problem


@dataclass(frozen=True, slots=True)
class Checked:
    """A skill that was checked: its SKILL.md as people type it, and what is wrong with the skill."""

    place: str
    problems: tuple[Problem, ...]


def check(path: Path) -> tuple[Checked, ...]:
    """Every skill of a folder or an archive, or the one whose SKILL.md is named; NotFound where there is none."""
    if path.is_file() and path.suffix.lower() == ".md":
        return (_check_file(path),)
    with opened(path) as source:
        found, outside = sort_out(source.items())
        strays = [Checked(str(path / item.path), (stray(item),)) for item in outside if item.kind != "file"]
        checked = [_check_skill(source, skill, place=str(path / skill.main.path)) for skill in found]
    if not strays and not checked:
        raise none_found(path)
    return (*checked, *strays)


def _check_file(path: Path) -> Checked:
    file = path.resolve()
    content = _read(Folder(file.parent), Item(file.name, "file"))
    return Checked(str(path), _of_document(content, directory=path.absolute().parent.name))


def _check_skill(source: Source, skill: Found, *, place: str) -> Checked:
    found = problems(skill)
    if skill.main.kind != "file":
        return Checked(place, found)
    directory = skill.root.rpartition("/")[2] or source.name
    return Checked(place, (*_of_document(_read(source, skill.main), directory=directory), *found))


def _read(source: Source, item: Item) -> bytes | SkillgitError:
    try:
        return source.read(item, limit=MAX_BYTES)
    except SkillgitError as err:
        return err


def _of_document(content: bytes | SkillgitError, *, directory: str) -> tuple[Problem, ...]:
    if isinstance(content, bytes):
        return tuple(sorted(spec.problems(content, directory=directory), key=lambda problem: problem.line or 0))
    return (Problem("unreadable", content.message),)
