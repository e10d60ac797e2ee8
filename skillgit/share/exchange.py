"""Sharing a branch with other writers through a remote: push and pull, with nothing lost and nothing forced.

A push is git's own, which the remote takes only if its branch has not moved on. Where it has, our commits
are made again on its tip (`reapply.py`), in one transaction, and the push is tried again after a random
pause that grows with each try: ten times at most. One process a repository does this at a time.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from skillgit.errors import NotFound, Refused, StaleRef
from skillgit.git import PROPOSALS, lock, remote
from skillgit.git.history import log_since
from skillgit.git.remote import Branch
from skillgit.git.repo import Repo
from skillgit.git.run import git
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.share.reapply import Reapplied, ground, reapply

TRIES = 10
LOCK_SECONDS = 60.0
FIRST = "'skillgit init' makes the first commit, 'skillgit push' sends it"
_LONGEST_PAUSE = 15.0


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a push or a pull did: how many commits it sent and received, and what became of ours on the way.

    `landed` is what happened here, None where the branch did not move.
    """

    branch: Branch
    sent: int = 0
    received: int = 0
    reapplied: tuple[Reapplied, ...] = ()
    landed: Landed | None = None


def pull(repo: Repo, shared: Branch) -> Exchanged:
    """Bring our branch up to the remote's: forwards where it can, else with our commits made again on top.

    NotFound where the remote has no such branch; Refused where the histories do not allow it.
    """
    with lock.hold(repo.private / "push.lock", seconds=LOCK_SECONDS):
        return _pull(repo, shared)


def push(repo: Repo, shared: Branch, *, pause: Callable[[float], None] = time.sleep) -> Exchanged:
    """Push our branch, after pulling where the remote's has moved on.

    StaleRef where others kept being faster, ten times; our commits are still here then.
    """
    if repo.tip(shared.ours) is None:
        hint = "'skillgit pull' brings what is there" if repo.tip(shared.tracking) else FIRST
        raise Refused(f"nothing to push: branch '{shared.name}' has no commits yet", hint=hint)
    done = Exchanged(shared)
    with lock.hold(repo.private / "push.lock", seconds=LOCK_SECONDS):
        for tries in range(TRIES):
            began = time.monotonic()
            count = _count(repo, shared.ours, without=shared.tracking)
            if remote.push(repo, shared) != "outrun":
                return _joined(done, Exchanged(shared, sent=count))
            if tries:
                pause(random.uniform(0, min(_LONGEST_PAUSE, (time.monotonic() - began) * 2**tries)))
            done = _joined(done, _pull(repo, shared))
    raise StaleRef(
        f"branch '{shared.name}' at '{shared.remote}' moved on before each of {TRIES} pushes",
        hint="nothing is lost: 'skillgit push' again",
    )


def _joined(first: Exchanged, then: Exchanged) -> Exchanged:
    """Two rounds as one: what was made again in the first was made again once more in the second."""
    left = [one for one in first.reapplied if one.fate != "again" or not then.received]
    return Exchanged(
        first.branch,
        sent=first.sent + then.sent,
        received=first.received + then.received,
        reapplied=(*left, *then.reapplied),
        landed=then.landed or first.landed,
    )


def _pull(repo: Repo, shared: Branch) -> Exchanged:
    theirs = remote.fetch(repo, shared)
    if theirs is None:
        name = shared.theirs.removeprefix("refs/heads/")
        hint = "'skillgit push' makes it" if repo.tip(shared.ours) else FIRST
        raise NotFound(f"remote '{shared.remote}' has no branch '{name}'", hint=hint)
    if remote.rewritten(repo, shared, theirs):
        raise Refused(
            f"branch '{shared.name}' at '{shared.remote}' was forced: it lacks commits that yours is built on",
            hint=f"see 'git log {shared.remote}/{shared.name}..{shared.name}', then 'git rebase' or 'git merge'",
        )
    made: list[Reapplied] = []

    def body(tx: Transaction) -> None:
        made[:] = _bring_up(tx, theirs)
        for one in made:
            if one.fate == "parked":
                git(["update-ref", proposal(one), one.was.oid], cwd=repo.directory)

    received = _count(repo, theirs, without=shared.ours)
    landed = write(repo, body, ref=shared.ours) if received else None
    return Exchanged(shared, received=received, reapplied=tuple(made), landed=landed)


def proposal(one: Reapplied) -> str:
    """The ref at which a commit of ours is kept that a person has to look at."""
    attempt = (one.was.decision.attempt if one.was.decision else None) or ""
    return PROPOSALS + (attempt.lower() if attempt.isascii() and attempt.isalnum() else one.was.oid)


def _bring_up(tx: Transaction, theirs: str) -> list[Reapplied]:
    """Leave our tip for theirs, and draft on it again what theirs does not have."""
    repo, ours = tx.repo, tx.tip
    if ours is None:
        tx.leave_for(theirs)
        return []
    mine = list(log_since(repo, ours, base=theirs))
    if mine and remote.parted(repo, ours, theirs) is None:
        hint = (
            "'git fetch --unshallow' may show one"
            if repo.handle.is_shallow
            else "'git pull --no-rebase --allow-unrelated-histories' joins them"
        )
        raise Refused("the two branches have no commit in common", hint=hint)
    joins = next((one for one in mine if len(one.parents) != 1), None)
    if joins:
        raise Refused(
            f"commit {joins.oid[:10]} '{joins.subject}' is a merge, which cannot be made again on another tip",
            hint="merge instead: 'git pull --no-rebase', then 'skillgit push'",
        )
    on = ground(tx, log_since(repo, theirs, base=ours))
    tx.leave_for(theirs)
    return [reapply(on, one) for one in reversed(mine)]


def _count(repo: Repo, ref: str, *, without: str) -> int:
    """How many commits `ref` has that another ref, which may not exist, has not."""
    less = [f"^{without}"] if repo.tip(without) else []
    return int(git(["rev-list", "--count", ref, *less], cwd=repo.directory))
