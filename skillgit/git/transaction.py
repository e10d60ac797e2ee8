"""The only writer. Objects are free; moving the ref is the commit.

    def body(tx):
        tx.commit(message, {"Users/ada/release/SKILL.md": tx.file(content)})

    landed = write(repo, body)

`write` takes the lock, mends what a dead process left, reads the tip, lets `body` draft any number of
commits on it, makes them, brings a checked-out work tree along, and moves the ref by compare-and-swap. Where
another git process moved the ref meanwhile, `body` runs again on the new tip: it must be a function of what
it reads through `tx`. Where it raises, nothing happened. Where the user's edits are in the way, the commits
are parked at a ref of their own and nothing of the user's is touched.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pygit2
from pygit2.enums import FileMode

from skillgit.errors import RepositoryError, StaleRef
from skillgit.git import PROPOSALS, lock, worktree
from skillgit.git.objects import Draft, Edits, write_blob, write_commit
from skillgit.git.repo import Entry, Repo
from skillgit.git.worktree import Blocked, Checkout, Intent

LOCK_SECONDS = 30.0
_TRIES = 20
_MOVED = ("lock", "does not match", "not the first parent")
"""What libgit2 says when another process holds a ref's lock file, or has moved the ref."""


@dataclass(frozen=True, slots=True)
class Landed:
    """What a transaction did: the commits in order, the ref that holds them, and why they were parked, if so."""

    ref: str
    commits: tuple[str, ...]
    blocked: Blocked | None = None
    mended: str | None = None


@dataclass(slots=True)
class Transaction:
    """Commits being drafted on `tip`; reads see what was drafted before."""

    repo: Repo
    ref: str
    tip: str | None
    commits: list[str] = field(default_factory=list)
    touched: dict[str, None] = field(default_factory=dict)

    def file(self, content: bytes, *, executable: bool = False) -> Entry:
        """An entry for `content`, to be put at a path by `commit`."""
        mode = FileMode.BLOB_EXECUTABLE if executable else FileMode.BLOB
        return Entry(write_blob(self.repo, content), int(mode))

    def commit(self, message: str, edits: Edits) -> str:
        """Draft one commit on what was drafted so far; its oid."""
        for path, entry in edits.items():
            self.touched.update(dict.fromkeys(self._covers(path) if entry is None else [path]))
        self.tip = write_commit(self.repo, self.tip, Draft(message, edits))
        self.commits.append(self.tip)
        return self.tip

    def _covers(self, path: str) -> list[str]:
        inside = self.repo.files(self.tip, path)
        return [f"{path}/{name}" for name in inside] or [path]


def write(
    repo: Repo, body: Callable[[Transaction], None], *, ref: str | None = None, park_as: str | None = None
) -> Landed:
    """Run `body` and land what it drafted on `ref` (default: the current branch).

    With `park_as`, an id, commits that meet edits of the user's are kept at
    `refs/skillgit/proposals/<id>` and `Landed.blocked` says why; without it that is a RepositoryError.
    A ref that does not exist yet starts at HEAD. Raises StaleRef when the ref keeps moving, Locked
    when another skillgit does not let go within 30 seconds.
    """
    target = ref or repo.branch_ref()
    with lock.hold(repo.private / "lock", seconds=LOCK_SECONDS):
        mended = worktree.mend(repo)
        for tries in range(_TRIES):
            time.sleep(random.uniform(0, 0.02 * tries))
            try:
                return _land(repo, body, target, park_as=park_as, mended=mended)
            except StaleRef:
                continue
    raise StaleRef(f"'{target}' moved {_TRIES} times while a decision was being written", hint="try again")


def _land(
    repo: Repo, body: Callable[[Transaction], None], target: str, *, park_as: str | None, mended: str | None
) -> Landed:
    expected = _lookup(repo, target)
    old = str(expected.target) if expected is not None else None
    tx = Transaction(repo, target, old or repo.tip("HEAD"))
    start = tx.tip
    body(tx)
    if tx.tip is None or tx.tip == start:
        return Landed(target, (), mended=mended)
    for checkout in worktree.checkouts(repo, target) if tx.touched else []:
        blocked = _bring_along(repo, checkout, Intent(target, start, tx.tip, str(checkout.worktree), tuple(tx.touched)))
        if blocked is not None:
            return _parked(repo, tx, blocked, park_as=park_as, mended=mended)
    try:
        _move(repo, target, expected, tx.tip)
    except StaleRef:
        worktree.mend(repo)
        raise
    worktree.forget(repo)
    return Landed(target, tuple(tx.commits), mended=mended)


def _bring_along(repo: Repo, checkout: Checkout, intent: Intent) -> Blocked | None:
    worktree.record(repo, intent)
    blocked = worktree.advance(checkout, old=intent.old, new=intent.new, paths=intent.paths)
    if blocked is not None:
        worktree.forget(repo)
    return blocked


def _parked(repo: Repo, tx: Transaction, blocked: Blocked, *, park_as: str | None, mended: str | None) -> Landed:
    if park_as is None:
        raise RepositoryError(
            f"your changes to '{blocked.path}' are in the way: {blocked.words}",
            hint="commit them with 'skillgit commit' or put them away with 'git stash', then try again",
        )
    assert tx.tip is not None
    ref = PROPOSALS + park_as
    repo.handle.references.create(ref, pygit2.Oid(hex=tx.tip), force=True)
    return Landed(ref, tuple(tx.commits), blocked=blocked, mended=mended)


def _lookup(repo: Repo, ref: str) -> pygit2.Reference | None:
    try:
        return repo.handle.lookup_reference(ref)
    except KeyError:
        return None
    except pygit2.GitError as err:
        raise RepositoryError(f"cannot read ref '{ref}': {err}") from err


def _move(repo: Repo, ref: str, expected: pygit2.Reference | None, new: str) -> None:
    """Move `ref` to `new` if it still is what `expected` says: StaleRef if not, or while git holds its lock."""
    oid = pygit2.Oid(hex=new)
    try:
        if expected is None:
            repo.handle.references.create(ref, oid, force=False)
        else:
            expected.set_target(oid, "skillgit: record decisions")
    except pygit2.AlreadyExistsError as err:
        raise StaleRef(f"'{ref}' was made by another process meanwhile") from err
    except (OSError, ValueError, pygit2.GitError) as err:
        if any(word in str(err) for word in _MOVED):
            raise StaleRef(f"'{ref}' moved meanwhile: {err}") from err
        raise RepositoryError(f"cannot move '{ref}': {err}") from err
