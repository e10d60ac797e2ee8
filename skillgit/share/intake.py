"""Reading a folder or an archive of skills into values: nothing hostile gets past, nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from skillgit.errors import SkillgitError, Unsafe
from skillgit.share.item import Found, Source, sort_out
from skillgit.share.source import MAX_SKILL, none_found, opened, problems, stray
from skillgit.skills import dialect, tree
from skillgit.skills.document import MAX_BYTES, Document

MAX_SOURCE = 1 << 30


@dataclass(frozen=True, slots=True)
class File:
    """A file beside SKILL.md: its path in the skill, its bytes, whether it may be run."""

    path: str
    content: bytes
    executable: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """A skill as it was found.

    `place` is where, as people type it; `key` is the library's name and the path in it, the same
    wherever the library stands; `folder` is the name of the skill's folder.
    """

    place: str
    key: str
    folder: str
    document: Document
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a source that may not come in: where, and why."""

    place: str
    error: SkillgitError


@dataclass(frozen=True, slots=True)
class Intake:
    """What a source holds. `own_git` says that it is a git repository, whose `.git` was left out."""

    skills: tuple[Incoming, ...]
    faults: tuple[Fault, ...]
    own_git: bool = False


def take_in(path: Path, *, room: int = MAX_SOURCE) -> Intake:
    """Every skill of the folder or archive at `path`, and every fault; NotFound where there is neither.

    Their files may have `room` bytes in all. Unsafe and Unreadable are raised for an archive that is hostile or damaged
    as a whole.
    """
    with opened(path) as source:
        found, outside = sort_out(source.items())
        faults = [Fault(str(path / item.path), Unsafe(stray(item).message)) for item in outside if item.kind != "file"]
        taken: list[Incoming] = []
        left = room
        for skill in found:
            try:
                incoming = _incoming(source, skill, place=str(path / skill.root))
            except SkillgitError as err:
                faults.append(Fault(str(path / skill.root), err))
                continue
            taken.append(incoming)
            left -= sum(len(file.content) for file in incoming.files)
            if left < 0:
                raise Unsafe(f"'{path}' holds more than {room >> 20} MiB", hint="import its folders one by one")
        if not taken and not faults:
            raise none_found(path)
        return Intake(tuple(taken), tuple(faults), source.own_git)


def _incoming(source: Source, skill: Found, *, place: str) -> Incoming:
    for problem in problems(skill):
        raise Unsafe(problem.message)
    document = dialect.parse_any(source.read(skill.main, limit=MAX_BYTES))
    library, folder = (source.name, skill.root) if skill.root else (source.parent, source.name)
    key = f"{library}/{folder}" if library else folder
    return Incoming(place, key, folder.rpartition("/")[2], document, tuple(_files(source, skill)))


def _files(source: Source, skill: Found) -> Iterator[File]:
    room = MAX_SKILL
    for item in skill.items:
        if item is not skill.main:
            content = source.read(item, limit=min(tree.MAX_FILE, room))
            room -= len(content)
            yield File(skill.inside(item), content, item.executable)
