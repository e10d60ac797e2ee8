"""Lock files that a git process left when it died, told from those of one that lives.

git guards a file by making `FILE.lock` beside it, and a killed git leaves that behind: then nothing
can change FILE any more. A lock is stale when it is a minute old, no process has it open, and no git
runs in the repository (git closes `index.lock` while it waits for an editor, so an open file alone
does not tell). Which processes there are is read from /proc; where there is none, no lock is called
stale, nor is one that another user made. Processes of another machine or container are
not seen at all: a repository that is shared with one is mended where no other git runs.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from skillgit.errors import RepositoryError
from skillgit.git import lock

MINUTE = 60.0
_PROC = Path("/proc")
_PLACES = (
    "*.lock",
    "gc.pid",
    "refs/**/*.lock",
    "logs/**/*.lock",
    "objects/*.lock",
    "objects/info/**/*.lock",
    "objects/pack/*.lock",
    "worktrees/*/*.lock",
    "modules/Common/*/*.lock",
    "modules/Common/*/refs/**/*.lock",
)
_TELLING = ("GIT_DIR=", "GIT_COMMON_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE=")


@dataclass(frozen=True, slots=True)
class LockFile:
    """A lock file: when it was made, its age in seconds, and who may still need it; "" where it is nobody."""

    path: Path
    inode: tuple[int, int]
    made: float
    age: float
    holder: str

    @property
    def stale(self) -> bool:
        """Whether it is of a process that is dead."""
        return self.age > MINUTE and not self.holder


def lock_files(common_dir: Path, worktrees: Sequence[Path]) -> tuple[LockFile, ...]:
    """Every lock file of git's in a repository, sorted by path."""
    there = {path: path.stat() for path in _lock_paths(common_dir)}
    if not there:
        return ()
    running = "" if _sees_processes() else "whether a git runs there cannot be seen on this system"
    running = running or next(_gits([common_dir, *worktrees]), "")
    open_by = {} if running else dict(_who_has_open(set(map(_inode, there.values()))))
    return tuple(
        LockFile(
            path,
            _inode(stat),
            stat.st_mtime,
            time.time() - stat.st_mtime,
            running or _foreign(stat) or open_by.get(_inode(stat), ""),
        )
        for path, stat in sorted(there.items())
    )


def hint(path: Path | str) -> str:
    """What helps where a lock file is in the way of a command."""
    return f"if no git runs there: 'skillgit doctor --fix' puts it away, as does: rm '{path}'"


def put_away(common_dir: Path, found: LockFile) -> Path:
    """Move a stale lock file to `.git/skillgit/stale`, with a line in the log there; where it is now.

    RepositoryError where it is not the file that was found any more.
    """
    with lock.hold(common_dir / "skillgit" / "lock", seconds=30):
        return set_aside(common_dir, found.path, inode=found.inode)


def set_aside(common_dir: Path, path: Path, *, inode: tuple[int, int] | None = None) -> Path:
    """Move a file that is in the way to `.git/skillgit/stale`, with a line in the log there; where it is now."""
    folder = common_dir / "skillgit" / "stale"
    now = datetime.now(UTC)
    target = folder / f"{now:%Y%m%dT%H%M%S%f}-{str(path.relative_to(common_dir)).replace('/', ',')}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.rename(target)
        moved = target.stat()
        if inode is not None and _inode(moved) != inode:
            os.link(target, path)  # another git has just made it: it gets it back
            target.unlink()
            raise RepositoryError(f"'{path}' is in use", hint="try again when no git runs there")
        with (folder / "log").open("a") as log:
            log.write(f"{now:%Y-%m-%dT%H:%M:%SZ} {path} -> {target.name}\n")
    except OSError as err:
        raise RepositoryError(f"cannot put '{path}' away: {(err.strerror or '').lower()}") from err
    return target


def _lock_paths(common_dir: Path) -> set[Path]:
    return {path for place in _PLACES for path in common_dir.glob(place) if path.is_file()}


def _sees_processes() -> bool:
    return (_PROC / str(os.getpid()) / "cwd").exists()


def _processes() -> Iterator[Path]:
    return (entry for entry in _PROC.iterdir() if entry.name.isdigit() and int(entry.name) != os.getpid())


def _gits(places: Sequence[Path]) -> Iterator[str]:
    """The git programs that run in one of the places."""
    roots = [place.resolve() for place in places]
    for process in _processes():
        try:
            name = (process / "comm").read_text().strip()
            if name.startswith("git") and any(_is_in(where, roots) for where in _whereabouts(process)):
                yield f"{name} (pid {process.name}) runs there"
        except OSError:  # it has just ended, or is another user's, and then so is its lock
            continue


def _whereabouts(process: Path) -> Iterator[Path]:
    """The directory a process stands in, and those it was told of."""
    cwd = (process / "cwd").readlink()
    yield cwd
    for word in (process / "environ").read_bytes().decode("utf-8", "surrogateescape").split("\0"):
        if word.startswith(_TELLING):
            yield cwd / word.partition("=")[2]
    for word in (process / "cmdline").read_bytes().decode("utf-8", "surrogateescape").split("\0"):
        if word.startswith(("--git-dir=", "--work-tree=")):
            yield cwd / word.partition("=")[2]


def _is_in(where: Path, roots: Sequence[Path]) -> bool:
    return any(where.resolve().is_relative_to(root) for root in roots)


def _who_has_open(inodes: set[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], str]]:
    for process in _processes():
        for inode in _opened(process) & inodes:
            yield inode, f"pid {process.name} has it open"


def _opened(process: Path) -> set[tuple[int, int]]:
    opened: set[tuple[int, int]] = set()
    with suppress(OSError):  # it has just ended, or is another user's
        for descriptor in (process / "fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                opened.add(_inode(descriptor.stat()))
    return opened


def _inode(stat: os.stat_result) -> tuple[int, int]:
    return stat.st_dev, stat.st_ino


def _foreign(stat: os.stat_result) -> str:
    """Why a lock is not ours to judge: another user's process, which we cannot see into, made it."""
    return "" if os.geteuid() in (0, stat.st_uid) else "another user made it"
