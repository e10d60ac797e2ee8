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
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pygit2
from pygit2.enums import FileMode

from skillgit.errors import InTheWay, Locked, RepositoryError, SkillgitError, StaleRef
from skillgit.git import (
    PROPOSALS,
    intent,
    layout,
    locks,
    overlap,
    packs,
    spread,
    submodule,
    upkeep,
    worktree,
)
from skillgit.git.alone import alone
from skillgit.git.drafts import Drafts, drafting
from skillgit.git.intent import Intent
from skillgit.git.objects import Draft, Edits, changed_paths, write_blob, write_commit, write_commit_of
from skillgit.git.repo import Entry, Repo, broken_ref
from skillgit.git.worktree import Blocked, Checkout, Step

_WAITS = 20
_MOVES = 50
"""How often a lock of git's is waited for, longer each time, and how often a branch may move before we give up."""

_MOVED = ("does not match", "not the first parent")
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
    """Commits being drafted on `tip`, which was `base` at first; reads see what was drafted before."""

    repo: Repo
    ref: str
    tip: str | None
    base: str | None = field(init=False)
    commits: list[str] = field(default_factory=list)
    touched: dict[str, None] = field(default_factory=dict)
    drafts: Drafts | None = None
    asides: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.base = self.tip

    def file(self, content: bytes, *, executable: bool = False) -> Entry:
        """An entry for `content`, to be put at a path by `commit`."""
        mode = FileMode.BLOB_EXECUTABLE if executable else FileMode.BLOB
        return Entry(write_blob(self.repo, content), int(mode))

    def commit(self, message: str, edits: Edits, *, author_of: str | None = None) -> str:
        """Draft one commit on what was drafted so far; its oid. It keeps the author of the commit `author_of`."""
        submodule.refuse_inside(self.repo, self.tip, edits)
        stored = {self.repo.stored(self.tip, path): entry for path, entry in edits.items()}
        for path, entry in stored.items():
            self.touched.update(dict.fromkeys(self._covers(path) if entry is None else [path]))
        return self._draft(Draft(message, stored, author_of))

    def spread(self, user: str) -> None:
        """Draft one commit that moves a user's skills into shards, but those that the user is editing."""
        assert self.tip is not None
        tops = [checkout.worktree for checkout in worktree.checkouts(self.repo, self.ref)]
        edits = spread.moves(self.repo, self.tip, user, keep=spread.edited(tops, user))
        if edits:
            made = self._draft(Draft(spread.message(user, edits), edits))
            for path in edits:
                inside = self.repo.files(made, layout.unsharded(path))
                self.touched.update(dict.fromkeys(f"{path}/{name}" for name in inside))

    def _draft(self, draft: Draft) -> str:
        self.tip = write_commit(self.repo, self.tip, draft)
        self.commits.append(self.tip)
        if self.drafts and self.drafts.are_many:
            self.keep()
        return self.tip

    def keep(self) -> None:
        """Put what was drafted so far into the object store, where the `git` program sees it; no ref reaches it yet."""
        if self.drafts:
            self.drafts.keep()

    def commit_tree(self, message: str, tree: str, *, author_of: str) -> str:
        """Draft one commit, on what was drafted so far, of a whole tree that git has made; its oid."""
        return self._draft_of(tree, Draft(message, {}, author_of))

    def join(self, message: str, tree: str, edits: Edits, *, other: str) -> str:
        """Draft a merge of the commit `other`: a whole tree that git has made, with these edits to stored paths."""
        return self._draft_of(tree, Draft(message, edits, joins=other))

    def _draft_of(self, tree: str, draft: Draft) -> str:
        assert self.tip is not None
        made = write_commit_of(self.repo, self.tip, tree, draft)
        self.keep()
        self.touched.update(dict.fromkeys(changed_paths(self.repo, self.tip, made)))
        self.tip = made
        self.commits.append(made)
        return made

    def aside(self, ref: str, message: str, files: Mapping[str, bytes]) -> None:
        """Draft one commit of files on a ref of skillgit's own, which starts empty and moves before the branch does."""
        parent = self.asides.get(ref) or self.repo.tip(ref)
        edits = {path: self.file(content) for path, content in files.items()}
        if any(self.repo.entry(parent, path) != entry for path, entry in edits.items()):
            self.asides[ref] = write_commit(self.repo, parent, Draft(message, edits))

    def leave_for(self, commit: str) -> None:
        """Draft on `commit` from here on: what the branch holds beside it is left, unless it is drafted again."""
        self.keep()
        self.touched.update(dict.fromkeys(changed_paths(self.repo, self.tip, commit)))
        self.tip = self.base = commit

    def _covers(self, path: str) -> list[str]:
        inside = {} if self.repo.entry(self.tip, path) else self.repo.files(self.tip, path)
        return [f"{path}/{name}" for name in inside] or [path]


def write(
    repo: Repo, body: Callable[[Transaction], None], *, ref: str | None = None, park_as: str | None = None
) -> Landed:
    """Run `body` and land what it drafted on `ref` (default: the current branch).

    With `park_as`, an id, commits that meet edits of the user's are kept at
    `refs/skillgit/proposals/<id>` and `Landed.blocked` says why; without it that is an InTheWay.
    A ref that does not exist yet starts at HEAD. Raises StaleRef when the ref keeps moving, Locked
    when another skillgit does not let go within 30 seconds, or another git within about 2.
    """
    target = ref or repo.branch_ref()
    crowded: set[str] = set()

    def watched(tx: Transaction) -> None:
        body(tx)
        crowded.clear()
        crowded.update(spread.crowded(repo, tx.tip, tx.touched) if tx.tip else ())

    landed = _write(repo, watched, target, park_as)
    if crowded and not landed.blocked:
        _spread(repo, crowded, target)
    upkeep.start_if_due(repo, commits=len(landed.commits))
    return landed


def _spread(repo: Repo, users: Collection[str], target: str) -> None:
    """Move the skills of these users into shards; where something hinders it, the next decision tries again."""

    def body(tx: Transaction) -> None:
        for user in sorted(users):
            tx.spread(user)

    with suppress(SkillgitError):
        _write(repo, body, target, None)


def _write(repo: Repo, body: Callable[[Transaction], None], target: str, park_as: str | None) -> Landed:
    with alone(repo) as held:
        left_behind = intent.pending(repo) is not None
        landed = _persistently(_Attempt(repo, target, held, park_as), body)
        return landed if left_behind else replace(landed, mended=None)


def _persistently(to: _Attempt, body: Callable[[Transaction], None]) -> Landed:
    """Land what the body drafts, again where git was at it meanwhile: it holds a lock, or has moved the branch."""
    mended: str | None = None
    waited = moved = 0
    looks = packs.Looks()
    while True:
        try:
            overlap.restore(to.repo)
            _raise_if_locked(to.repo, to.target)
            mended = intent.mend(to.repo) or mended  # last: git may land a commit of what is taken back here
            return replace(_land(to, body), mended=mended)
        except StaleRef:
            moved += 1
            if moved == _MOVES:
                intent.mend(to.repo)
                raise
        except Locked:
            waited += 1
            if waited == _WAITS:
                intent.mend(to.repo)
                raise
            time.sleep(random.uniform(0.5, 1) * 0.01 * waited)
        except (RepositoryError, pygit2.GitError, OSError, KeyError) as err:
            if not packs.missed(err) or not looks.more():
                raise
            packs.look_again(to.repo)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One try at landing: where, under which lock's descriptor, and what to do if the user's edits are in the way."""

    repo: Repo
    target: str
    held: int
    park_as: str | None


def _land(to: _Attempt, body: Callable[[Transaction], None]) -> Landed:
    _raise_if_locked(to.repo, to.target)
    expected = _lookup(to.repo, to.target)
    old = str(expected.target) if expected is not None else None
    start = old or to.repo.tip("HEAD")
    with drafting(to.repo) as drafts:
        tx = Transaction(to.repo, to.target, start, drafts=drafts)
        body(tx)
        if tx.tip is None or tx.tip == start:
            return Landed(to.target, ())
        tx.keep()
    for ref, commit in tx.asides.items():
        _point(to.repo, ref, commit)
    step = Step(start, tx.tip, tuple(tx.touched))
    found = _steps(to.repo, to.target, step)
    if isinstance(found, Blocked):
        if to.repo.tip(to.target) != old:
            raise _stale(to.target)
        return _parked(to, tx, found)
    try:
        blocked = _bring_along(to, step, found)
        if not blocked:
            _move_when_free(to.repo, to.target, expected, tx.tip)
    except (StaleRef, Locked):  # what there is to take back is known when the next try begins
        raise
    except SkillgitError:
        intent.mend(to.repo)
        raise
    if blocked:
        intent.mend(to.repo)
        if to.repo.tip(to.target) != old:
            raise _stale(to.target)
        return _parked(to, tx, blocked)
    _settle(to, step, found)
    return Landed(to.target, tuple(tx.commits))


def _steps(repo: Repo, target: str, step: Step) -> dict[Checkout, Step] | Blocked:
    """What each work tree has to go through; Blocked where one of them cannot. Nothing is touched."""
    steps: dict[Checkout, Step] = {}
    for checkout in worktree.checkouts(repo, target):
        paths = worktree.to_bring(repo, checkout, step)
        if isinstance(paths, Blocked):
            return paths
        if paths:
            steps[checkout] = replace(step, paths=paths)
    return steps


def _bring_along(to: _Attempt, step: Step, steps: dict[Checkout, Step]) -> Blocked | None:
    """Advance each work tree; what one of them says is in the way, if any, and the others are to be mended then."""
    if steps:
        intent.record(to.repo, _intent(to, step, steps))
    advanced = (worktree.advance(to.repo, checkout, each, keep=to.held) for checkout, each in steps.items())
    return next((blocked for blocked in advanced if blocked), None)


def _settle(to: _Attempt, step: Step, steps: dict[Checkout, Step]) -> None:
    """Drop the intent, now that the branch has moved; where it cannot be settled, the next writer does that.

    A `git commit` that overlaps may have taken out of the index what we brought there, or do so yet: `overlap`.
    """
    if not steps:
        return
    with suppress(SkillgitError, OSError):
        stamps = {str(index): overlap.stamp(index) for index in (checkout.git_dir / "index" for checkout in steps)}
        if not all(worktree.is_brought(to.repo, checkout, each) for checkout, each in steps.items()):
            intent.mend(to.repo)
        overlap.note(to.repo, _intent(to, step, steps), stamps=stamps)
        intent.forget(to.repo)


def _intent(to: _Attempt, step: Step, steps: dict[Checkout, Step]) -> Intent:
    files = {str(checkout.worktree): each.paths for checkout, each in steps.items()}
    return Intent(to.target, step.old, step.new, files)


def _parked(to: _Attempt, tx: Transaction, blocked: Blocked) -> Landed:
    if to.park_as is None and blocked.path:
        raise InTheWay(
            f"your changes to '{blocked.path}' are in the way: {blocked.words}",
            hint="commit them with 'skillgit commit' or put them away with 'git stash', then try again",
        )
    if to.park_as is None:
        raise InTheWay(f"the work tree is busy: {blocked.words}", hint="'git status' says how to end it")
    assert tx.tip is not None
    ref = PROPOSALS + to.park_as
    _point(to.repo, ref, tx.tip)
    return Landed(ref, tuple(tx.commits), blocked=blocked)


def _point(repo: Repo, ref: str, commit: str) -> None:
    """Make a ref that only skillgit moves, under its lock, point at a commit."""
    try:
        repo.handle.references.create(ref, pygit2.Oid(hex=commit), force=True)
    except (OSError, ValueError, pygit2.GitError) as err:
        raise RepositoryError(f"cannot move '{ref}': {err}") from err


def _lookup(repo: Repo, ref: str) -> pygit2.Reference | None:
    try:
        found = repo.handle.lookup_reference(ref)
    except KeyError:
        return None
    except (ValueError, pygit2.GitError) as err:
        raise broken_ref(ref, str(err)) from err
    if isinstance(found.target, str):
        raise RepositoryError(f"'{ref}' only points at '{found.target}'", hint=f"use '{found.target}'")
    return found


def _raise_if_locked(repo: Repo, ref: str) -> None:
    """Look before the work tree is brought along, not after: a lock that is held for good changes nothing then."""
    held = (repo.git_dir if ref == "HEAD" else repo.common_dir) / f"{ref}.lock"
    if held.exists():
        raise Locked(f"another git process holds '{held}'", hint=locks.hint(held))


def _move_when_free(repo: Repo, ref: str, expected: pygit2.Reference | None, new: str) -> None:
    """Move `ref`, waiting where git holds it: Locked after about 2 seconds.

    The work tree is ahead of the branch, and what git is landing may hold what was brought there: only when git
    is done is it known what there is to take back.
    """
    for waited in range(_WAITS):
        with suppress(Locked):
            _move(repo, ref, expected, new)
            return
        time.sleep(random.uniform(0.5, 1) * 0.01 * waited)
    _move(repo, ref, expected, new)


def _move(repo: Repo, ref: str, expected: pygit2.Reference | None, new: str) -> None:
    """Move `ref` to `new` if it still is what `expected` says: StaleRef if not, Locked while git holds it."""
    oid = pygit2.Oid(hex=new)
    try:
        if expected is None:
            repo.handle.references.create(ref, oid, force=False)
        else:
            expected.set_target(oid, "skillgit: record decisions")
    except pygit2.AlreadyExistsError as err:
        raise _stale(ref) from err
    except (OSError, ValueError, pygit2.GitError) as err:
        if any(word in str(err) for word in _MOVED):
            raise _stale(ref) from err
        _raise_if_locked(repo, ref)
        if "lock" in str(err):
            raise Locked(f"another git process holds '{ref}': {err}") from err
        raise RepositoryError(f"cannot move '{ref}': {err}") from err


def _stale(ref: str) -> StaleRef:
    return StaleRef(f"'{ref}' keeps moving while a decision is being written", hint="try again")
