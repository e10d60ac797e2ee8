"""A folder or an archive as a source of skills, and what must not stand in one.

A skill is refused for links, devices, a `.git`, names that some system cannot hold or takes for others,
and files that are too many or too large. What stands outside of the skills is not read at all, but a
link, a device or a `.git` there is refused too: skills may hide behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from skillgit.errors import NotFound, Unreadable, Unsafe
from skillgit.share import archive
from skillgit.share.folder import Folder
from skillgit.share.item import MAX_DEPTH, Found, Item, Source
from skillgit.skills import tree
from skillgit.skills.naming import shown
from skillgit.skills.spec import Problem

MAX_FILES = 200
MAX_SKILL = 50 << 20

_MODES = {"symlink": tree.SYMLINK, "git": tree.GITLINK}
_SAYS = {
    "symlink": "is a symbolic link",
    "git": "is a git repository of its own",
    "device": "is no regular file",
    "unreadable": "cannot be read",
}


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The folder or the zip archive at `path`; Unreadable where it is neither."""
    if path.is_dir():
        yield Folder(path)
    elif path.is_file():
        with archive.opened(path) as source:
            yield source
    elif path.exists():
        raise Unsafe(f"'{path}' is neither a folder nor a regular file")
    else:
        raise Unreadable(f"'{path}': no such file or directory")


def none_found(path: Path) -> NotFound:
    """The error of a source that holds nothing."""
    return NotFound(
        f"no SKILL.md in '{path}'", hint=f"a skill is a folder with a SKILL.md, at most {MAX_DEPTH} folders down"
    )


def problems(skill: Found) -> tuple[Problem, ...]:
    """What a skill's files have against them, as far as their listing shows."""
    readable = [item for item in skill.items if item.kind != "unreadable"]
    listed = (tree.Listed(skill.inside(item), _mode(item), item.size) for item in readable)
    unread = (stray(item) for item in skill.items if item.kind == "unreadable")
    return (*tree.problems_of_tree(listed), *unread, *_too_much(skill))


def stray(item: Item) -> Problem:
    """What something that is no file has against it where it stands outside of every skill."""
    return Problem(item.kind, f"'{shown(item.path)}' {_SAYS[item.kind]}")


def _too_much(skill: Found) -> Iterator[Problem]:
    if len(skill.items) > MAX_FILES:
        yield Problem("file-count", f"it holds more than {MAX_FILES} files ({len(skill.items)})")
    if sum(item.size for item in skill.items) > MAX_SKILL:
        yield Problem("skill-size", f"it is larger than {MAX_SKILL >> 20} MiB")


def _mode(item: Item) -> int:
    """git's mode for an item; 0 for what git has none for."""
    if item.kind == "file":
        return tree.EXECUTABLE if item.executable else tree.FILE
    return _MODES.get(item.kind, 0)
