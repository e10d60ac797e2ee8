"""The git program, whose repository it is, lock files, and whether every byte of it can be read.

All of it is asked of the git program and of the files: libgit2 may not be let near a torn object.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from skillgit.doctor.finding import Finding, Ground
from skillgit.errors import RepositoryError
from skillgit.git import locks, torn
from skillgit.git.locks import LockFile
from skillgit.git.repo import Repo
from skillgit.git.run import attempt, failure, git
from skillgit.git.torn import BrokenRef

OLDEST = (2, 39, 0)
BAD = {(2, 39, 4), (2, 40, 2), (2, 41, 1), (2, 42, 2), (2, 43, 4), (2, 44, 1), (2, 45, 1)}
"""Versions that refuse to clone what brings hooks (git lfs among them); the next patch level takes it back."""
_SHOWN = 5


def stand(path: Path, *, full: bool) -> Ground | Finding:
    """Where the repository lies that `path` stands in; a Finding where git itself refuses to say.

    RepositoryError where there is none.
    """
    asked = ["rev-parse", "--path-format=absolute", "--git-common-dir"]
    done = attempt(asked, cwd=path)
    if done.returncode:
        said = failure(asked, done.stderr)
        if b"dubious ownership" in done.stderr:
            helps = f"if you trust it: git config --global --add safe.directory '{path.resolve()}'"
            return Finding("the repository is owned by someone else", helps, grave=True)
        return _torn_head(path) or _raise(said)
    formats = git(["config", "--get-regexp", r"^extensions\.(objectformat|refstorage)$"], cwd=path, ok=(0, 1)).split()
    if not set(formats[1::2]) <= {b"sha1", b"files"}:
        Repo.open(path)  # says what it cannot read, and how to do without
    common_dir = Path(done.stdout.decode("utf-8", "surrogateescape").rstrip("\n"))
    return Ground(path, common_dir, _worktrees(path), full)


def _worktrees(path: Path) -> tuple[Path, ...]:
    """Every work tree, the linked ones too; that of a submodule is named by itself only."""
    rows = (
        git(["worktree", "list", "--porcelain"], cwd=path) + attempt(["rev-parse", "--show-toplevel"], cwd=path).stdout
    )
    named = (row.removeprefix("worktree ") for row in rows.decode("utf-8", "surrogateescape").splitlines())
    places = dict.fromkeys(Path(row) for row in named if row.startswith("/"))
    return tuple(place for place in places if (place / ".git").exists())


def version(ground: Ground) -> Iterator[Finding]:
    """The git program is new enough, and none of those that are known to be bad."""
    said = git(["version"], cwd=ground.directory).decode()
    numbers = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", said)
    known = tuple(int(number or 0) for number in numbers.groups()) if numbers else OLDEST
    if known < OLDEST:
        yield Finding(f"{said.strip()} is too old", "install git 2.39 or newer")
    elif known in BAD:
        yield Finding(f"{said.strip()} refuses to clone what brings hooks", "install the next patch level of git")


def writable(ground: Ground) -> Iterator[Finding]:
    """Everything a decision is written to belongs to this user."""
    inside = [ground.common_dir / name for name in ("", "objects", "refs", "refs/heads", "logs", "skillgit", "index")]
    fanned = (ground.common_dir / "objects").glob("[0-9a-f][0-9a-f]")
    closed = [path for path in (*inside, *sorted(fanned)) if path.exists() and not os.access(path, os.W_OK)]
    if closed:
        more = f" and {len(closed) - 1} more" if len(closed) > 1 else ""
        yield Finding(f"'{closed[0]}'{more} cannot be written", f"sudo chown -R \"$(id -u)\" '{ground.common_dir}'")


def lock_files(ground: Ground) -> Iterator[Finding]:
    """No lock file is left of a git that died; one that is old, and may be of a git that lives, is told and left."""
    for file in locks.lock_files(ground.common_dir, ground.worktrees):
        name = file.path.relative_to(ground.common_dir)
        age = f"{file.age / 60:.0f} minutes ago"
        if file.stale:
            words = f"'{name}' was left by a git that died, {age}"
            yield Finding(words, f"rm '{file.path}'", partial(_put_away, ground, file))
        elif file.age > locks.MINUTE:
            yield Finding(
                f"'{name}' was made {age}: {file.holder}", f"wait; or, if no git runs there: rm '{file.path}'"
            )


def objects(ground: Ground) -> Iterator[Finding]:
    """Every loose object holds what its name says."""
    for file in torn.torn_objects(ground.common_dir):
        oid, own = file.parent.name + file.name, file.is_relative_to(ground.common_dir)
        mend = partial(_put_away_object, ground, file) if own else None
        yield Finding(
            f"object {oid[:10]} is torn", f"rm -f '{file}', then see what 'git fsck' misses", mend, grave=True
        )


def refs(ground: Ground) -> Iterator[Finding]:
    """Every branch can be read and points at a commit that is there."""
    yield from (_of_ref(ground, broken) for broken in torn.broken_refs(ground.common_dir))


def connected(ground: Ground) -> Iterator[Finding]:
    """`git fsck` is content; with `full`, having read every object. A branch that leads to a gap comes first."""
    lines = _faults(ground)
    lost = any(line.startswith(torn.LOST) for line in lines)
    broken = list(torn.incomplete_refs(ground.common_dir)) if lost else []
    yield from (_of_ref(ground, ref) for ref in broken)
    lines = _faults(ground) if broken else lines  # what was mended meanwhile is whole again
    for line in lines[:_SHOWN]:
        lost = line.startswith(torn.LOST)
        helps = "bring it from another clone: git fetch --refetch REMOTE" if lost else "look at it: git fsck --strict"
        yield Finding(f"git fsck: {line}", helps, grave=lost)
    if len(lines) > _SHOWN:
        yield Finding(f"git fsck: {len(lines) - _SHOWN} more", "git fsck")


def _faults(ground: Ground) -> list[str]:
    return torn.faults(ground.directory) if ground.full else torn.gaps(ground.directory)


def _of_ref(ground: Ground, broken: BrokenRef) -> Finding:
    if broken.whole is None:
        helps = f"bring it from another clone: git fetch REMOTE, then git update-ref '{broken.ref}' COMMIT"
        return Finding(broken.words, helps, grave=True)
    helps = f"git update-ref '{broken.ref}' {broken.whole[:10]}, the newest of its reflog that is whole"
    return Finding(broken.words, helps, partial(_take_back, ground, broken), grave=True)


def _torn_head(path: Path) -> Finding | None:
    """A HEAD that git does not even know the repository by; None where there is none."""
    homes = (place / name for place in (path.resolve(), *path.resolve().parents) for name in (".git", "."))
    found = next((home for home in homes if (home / "objects").is_dir() and (home / "refs").is_dir()), None)
    if found is None:
        return None
    helps = f"echo 'ref: refs/heads/BRANCH' > '{found / 'HEAD'}'"
    branches = [str(file.relative_to(found)) for file in sorted((found / "refs/heads").rglob("*")) if file.is_file()]
    mend = partial(_name_branch, found, branches[0]) if len(branches) == 1 else None
    return Finding("'HEAD' is torn", helps, mend, grave=True)


def _name_branch(git_dir: Path, ref: str) -> str:
    head = git_dir / "HEAD"
    if head.exists():
        locks.set_aside(git_dir, head)
    head.write_text(f"ref: {ref}\n")
    return f"HEAD stands on '{ref}', the only branch"


def _raise(error: RepositoryError) -> Finding:
    raise error


def _put_away(ground: Ground, file: LockFile) -> str:
    return f"moved to '{locks.put_away(ground.common_dir, file)}'"


def _put_away_object(ground: Ground, file: Path) -> str:
    kept = torn.put_away_object(ground.common_dir, file)
    for worktree in ground.worktrees:
        torn.restore(ground.common_dir, worktree)
    oid = file.parent.name + file.name
    lost = torn.missing(ground.directory, [oid])
    return f"moved to '{kept}'; " + ("it is gone" if lost else "there is a whole one")


def _take_back(ground: Ground, broken: BrokenRef) -> str:
    torn.take_back(ground.common_dir, broken)
    return f"it is at {str(broken.whole)[:10]} again; 'git reflog {broken.ref}' shows where it was"
