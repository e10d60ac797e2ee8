"""A folder of skills on disk: listed without following a link, read without leaving the folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from skillgit.errors import Unreadable, Unsafe
from skillgit.share.item import MAX_DEPTH, MAX_ITEMS, Item, Kind, is_skill_file
from skillgit.skills import naming

_BENEATH = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
_NESTING = 32  # how deep a skill's own folders are walked, which is more than a skill may have


class Folder:
    """A source that is a folder, or a single skill's folder."""

    def __init__(self, path: Path) -> None:
        self.root = path.resolve()
        self.name = self.root.name
        self.parent = self.root.parent.name
        self.own_git = os.path.lexists(self.root / ".git")

    def items(self) -> list[Item]:
        """Everything in a skill; outside of skills only what nobody may have in a library.

        Hidden folders outside of skills are not searched.
        """
        found = list(islice(self._walk("", depth=0, inside=False), MAX_ITEMS + 1))
        if len(found) > MAX_ITEMS:
            raise Unsafe(f"'{self.root}' holds more than {MAX_ITEMS} files", hint="name the folders of the skills")
        return found

    def read(self, item: Item, *, limit: int) -> bytes:
        """The bytes of a file, opened folder by folder so that no link swapped in since leads elsewhere."""
        try:
            with os.fdopen(self._open(item.path.split("/")), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise Unsafe(f"'{item.path}' is no regular file any more")
                content = file.read(limit + 1)
        except OSError as err:
            raise Unreadable(f"cannot read '{item.path}': {(err.strerror or '').lower()}") from err
        if len(content) > limit:
            raise Unsafe(f"'{item.path}' is larger than {limit >> 20} MiB")
        return content

    def _open(self, parts: list[str]) -> int:
        folder = os.open(self.root, _BENEATH | os.O_DIRECTORY)
        try:
            for part in parts[:-1]:
                inner = os.open(part, _BENEATH | os.O_DIRECTORY, dir_fd=folder)
                os.close(folder)
                folder = inner
            return os.open(parts[-1], _BENEATH | os.O_NONBLOCK, dir_fd=folder)
        finally:
            os.close(folder)

    def _walk(self, folder: str, *, depth: int, inside: bool) -> Iterator[Item]:
        try:
            with os.scandir(self.root / folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            yield Item(folder, "unreadable")
            return
        inside = inside or any(is_skill_file(entry.name) for entry in entries)
        for entry in entries:
            if not (depth == 0 and entry.name == ".git"):
                yield from self._entry(entry, f"{folder}/{entry.name}".lstrip("/"), depth=depth + 1, inside=inside)

    def _entry(self, entry: os.DirEntry[str], path: str, *, depth: int, inside: bool) -> Iterator[Item]:
        kind = _kind(entry)
        if kind is None:
            searched = depth <= MAX_DEPTH and not entry.name.startswith(".")
            if searched or (inside and depth <= MAX_DEPTH + _NESTING):
                yield from self._walk(path, depth=depth, inside=inside)
            elif inside:
                yield Item(path, "file")  # too deep for a skill, whatever is in it
        elif inside or kind != "file":
            status = entry.stat(follow_symlinks=False)
            yield Item(path, kind, status.st_size, bool(status.st_mode & stat.S_IXUSR))


def _kind(entry: os.DirEntry[str]) -> Kind | None:
    """What stands there; None for a folder to go into."""
    if naming.is_git_directory(entry.name):
        return "git"
    if entry.is_symlink():
        return "symlink"
    if entry.is_dir(follow_symlinks=False):
        return None
    return "file" if entry.is_file(follow_symlinks=False) else "device"
