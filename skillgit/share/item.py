"""What a folder or an archive holds, listed before anything in it is opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

Kind: TypeAlias = Literal["file", "symlink", "git", "device", "unreadable"]
"""`git` is a `.git` folder or file under any disguise; `device` is a FIFO, a socket or a device file."""

MAX_DEPTH = 6
"""How many folders below the source a skill may stand."""

MAX_ITEMS = 100_000
"""How many files a source may hold."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a source: its path there ("pdf/scripts/fill.py"), and what the listing says of it.

    `size` is a claim in bytes; only reading shows the truth.
    """

    path: str
    kind: Kind
    size: int = 0
    executable: bool = False


class Source(Protocol):
    """A folder or an archive of skills.

    `name` is the library's name, the same for a folder and for an archive of it; `parent` that of
    the folder it stands in, "" where that is not known. `own_git` says that the whole source is a git
    repository, whose `.git` is no part of it.
    """

    name: str
    parent: str
    own_git: bool

    def items(self) -> Sequence[Item]:
        """Everything that may belong to a skill, and everything that nobody may have in a library."""
        ...

    def read(self, item: Item, *, limit: int) -> bytes:
        """The bytes of a file; Unsafe where there are more than `limit` or it is no regular file any more."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A skill in a source: its folder's path there ("" where the source is the skill), and what is in it."""

    root: str
    items: tuple[Item, ...]

    @property
    def main(self) -> Item:
        """Its SKILL.md."""
        return next(item for item in self.items if is_skill_file(self.inside(item)))

    def inside(self, item: Item) -> str:
        """The path of one of its items in the skill."""
        return item.path[len(self.root) :].lstrip("/")


def is_skill_file(name: str) -> bool:
    """Say whether a file of this name makes its folder a skill: SKILL.md, in any case."""
    return name.casefold() == "skill.md"


def sort_out(items: Iterable[Item]) -> tuple[list[Found], list[Item]]:
    """The skills among the items, sorted, and what stands outside of them.

    A skill is a folder with a SKILL.md and no such folder above it. One that stands too deep or
    in a hidden folder is none.
    """
    listed = list(items)
    folders = {folder for folder, _, name in (item.path.rpartition("/") for item in listed) if is_skill_file(name)}
    skills: dict[str, list[Item]] = {}
    outside = []
    for item in listed:
        root = next((folder for folder in _above(item.path) if folder in folders), None)
        if root is None or not _is_searched(root):
            outside.append(item)
        else:
            skills.setdefault(root, []).append(item)
    return [Found(root, tuple(inside)) for root, inside in sorted(skills.items())], outside


def _is_searched(folder: str) -> bool:
    parts = folder.split("/")
    return len(parts) <= MAX_DEPTH and not any(part.startswith(".") for part in parts)


def _above(path: str) -> Iterator[str]:
    """The folders above a path, the source first: "", "a", "a/b" for "a/b/c"."""
    yield ""
    yield from (path[:end] for end, char in enumerate(path) if char == "/")
