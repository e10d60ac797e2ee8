"""What changed in a skill between two of its versions: as git tells it, and file by file, to be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from skillgit.changes.skill import FILE, shown
from skillgit.changes.versions import Version
from skillgit.git import EMPTY_TREE
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import git
from skillgit.merge.difference import Row, difference

Kind: TypeAlias = Literal["added", "removed", "renamed", "changed"]

MAX_BYTES = 1 << 20
"""A larger file is not compared line by line."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a skill at one time: its path in the skill, its mode, and how many bytes it has."""

    name: str
    mode: int
    size: int


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that is not what it was; None where it is not there. `rows` is None of what is no text, or too much."""

    before: File | None
    after: File | None
    rows: tuple[Row, ...] | None

    @property
    def name(self) -> str:
        """The path in the skill, the one it has now where there is one."""
        return next(file.name for file in (self.after, self.before) if file)

    @property
    def kind(self) -> Kind:
        """What became of the file."""
        if self.before is None or self.after is None:
            return "removed" if self.before else "added"
        return "changed" if self.before.name == self.after.name else "renamed"

    @property
    def counts(self) -> tuple[int, int]:
        """How many lines came, and how many went; a line that was reworded did both, one that moved neither."""
        rows = [row for row in self.rows or () if row.kind != "same" and row.moved is None]
        return sum(row.after is not None for row in rows), sum(row.before is not None for row in rows)


def files(repo: Repo, before: Mapping[str, Entry], after: Mapping[str, Entry]) -> tuple[FileChange, ...]:
    """The files that differ, SKILL.md first, then by name; a file that is elsewhere as it was is renamed."""
    pairs = dict(_renamed(before, after))
    gone = (name for name in before if name not in after and name not in pairs.values())
    there = ((pairs.get(name, name), name) for name in after if before.get(name) != after[name])
    both = [*((name, name) for name in gone), *there]
    return tuple(
        _changed(repo, (old, before.get(old)), (new, after.get(new)))
        for old, new in sorted(both, key=lambda pair: (pair[1] != FILE, pair[1]))
    )


def diff(repo: Repo, before: Version | None, after: Version, *, options: Sequence[str] = ()) -> str:
    """The `git diff` of all files of a skill between two versions (None: before it was there).

    Its paths are `ada/release@0.1.0/SKILL.md`: the skill, the version, the file. `options` are git diff's.
    """
    old = _tree(repo, before) if before else EMPTY_TREE
    labels = [f"--src-prefix={_label(before or after, there=before is not None)}", f"--dst-prefix={_label(after)}"]
    return git(["diff", *options, *labels, old, _tree(repo, after), "--"], cwd=repo.directory).decode(
        "utf-8", "replace"
    )


def _tree(repo: Repo, version: Version) -> str:
    oid = version.revision.oid
    return f"{oid}:{repo.stored(oid, version.path)}"


def _label(version: Version, *, there: bool = True) -> str:
    return f"{shown(version.path)}@{version.number if there else '0'}/"


def _renamed(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    """The files that are new under their name and were there under another one, each with that."""
    gone = {entry.oid: name for name, entry in before.items() if name not in after}
    for name, entry in after.items():
        if name not in before and entry.oid in gone:
            yield name, gone.pop(entry.oid)


def _changed(repo: Repo, old: tuple[str, Entry | None], new: tuple[str, Entry | None]) -> FileChange:
    contents = [repo.read(entry.oid) if entry else b"" for _, entry in (old, new)]
    before, after = (
        File(name, entry.mode, len(content)) if entry else None
        for (name, entry), content in zip((old, new), contents, strict=True)
    )
    texts = [_text(content) for content in contents]
    return FileChange(before, after, None if None in texts else difference(texts[0] or "", texts[1] or ""))


def _text(content: bytes) -> str | None:
    """What a file says; None where it is no text, or too long to be compared."""
    if len(content) > MAX_BYTES or b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
