"""What may stand in a skill's directory: regular files with names that are safe on every system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from skillgit.skills.naming import MAX_BYTES, danger, folded, shown
from skillgit.skills.spec import Problem

FILE, EXECUTABLE, SYMLINK, GITLINK = 0o100644, 0o100755, 0o120000, 0o160000

MAX_DEPTH = 6
MAX_FILE = 16 << 20


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of a skill: its path below the skill's directory, git's mode for it, its size in bytes."""

    path: str
    mode: int
    size: int


def problems_of_tree(files: Iterable[Listed]) -> tuple[Problem, ...]:
    """List what makes a skill's files unfit to be kept or shared; each message names the path."""
    listed = tuple(files)
    return tuple(problem for check in CHECKS for file in listed for problem in check(file)) + tuple(_twins(listed))


def _mode(file: Listed) -> Iterator[Problem]:
    says = {SYMLINK: "is a symbolic link", GITLINK: "is a git repository of its own"}
    if file.mode not in (FILE, EXECUTABLE):
        yield Problem("file-mode", f"'{shown(file.path)}' {says.get(file.mode, 'is no regular file')}")


def _names(file: Listed) -> Iterator[Problem]:
    for part in file.path.split("/"):
        if fault := danger(part):
            yield Problem("file-name", f"unsafe path '{shown(file.path)}': {fault}")
        elif part.startswith("-"):
            yield Problem("file-name", f"unsafe path '{shown(file.path)}': a program would take it for an option")
        elif part.endswith((" ", ".")) or any(c in '<>"|?*' for c in part):
            yield Problem("file-name", f"unsafe path '{shown(file.path)}': Windows cannot hold it")
        elif len(part.encode()) > MAX_BYTES:
            yield Problem("file-name", f"unsafe path '{shown(file.path)}': a name is longer than {MAX_BYTES} bytes")


def _depth(file: Listed) -> Iterator[Problem]:
    depth = file.path.count("/") + 1
    if depth > MAX_DEPTH:
        yield Problem("file-depth", f"'{shown(file.path)}' is more than {MAX_DEPTH} directories deep ({depth})")


def _size(file: Listed) -> Iterator[Problem]:
    if file.size > MAX_FILE:
        yield Problem("file-size", f"'{shown(file.path)}' is larger than {MAX_FILE >> 20} MiB ({file.size} bytes)")


CHECKS: tuple[Callable[[Listed], Iterator[Problem]], ...] = (_mode, _names, _depth, _size)


def _twins(files: tuple[Listed, ...]) -> Iterator[Problem]:
    """Find paths, directories among them, that are one path where case or normal form do not count."""
    seen: dict[str, str] = {}
    for path in dict.fromkeys(prefix for file in files for prefix in _prefixes(file.path)):
        other = seen.setdefault(folded(path), path)
        if other != path:
            yield Problem("file-twin", f"'{shown(path)}' and '{shown(other)}' are one path on some systems")


def _prefixes(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:end]) for end in range(1, len(parts) + 1))
