"""What a review decided (`review.py`) is taken back, by a commit of its own, and the proposal waits again.

rejected     its rules may be learned again (`review.restore`)
accepted     the skill is as it was before, where nobody has changed it since
"""

from __future__ import annotations

import re
from dataclasses import replace

from skillgit.changes.record import Change, record
from skillgit.changes.revert import differing
from skillgit.changes.skill import FILE, load, readable, shown
from skillgit.errors import NotFound, Refused
from skillgit.git import history, ledger
from skillgit.git.history import Revision
from skillgit.git.message import Decision
from skillgit.git.repo import Repo
from skillgit.git.run import git
from skillgit.git.transaction import Transaction, write
from skillgit.share import exchange, proposals
from skillgit.share.reapply import Reapplied
from skillgit.share.review import Reviewed, restore

_OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_VERSION = ("metadata", "version")


def undo(repo: Repo, key: str, *, parked: str | None = None) -> Reviewed:
    """What was decided under the key of a proposal is taken back.

    parked: the oid of a proposal that was parked and whose ref went when it was decided; it is parked again.
    Refused where nothing is decided under that key, or where the skill has changed since it was accepted.
    """
    done = decided(repo, key)
    if done is None or done.decision is None:
        raise Refused("nothing is decided about that", hint="'skillgit review' lists what waits")
    was = _proposed(repo, key, parked) if parked else None
    told = restore(repo, done.oid) if done.decision.action == "reject" else _taken_back(repo, done, key)
    if was and all(each.key != key for each in proposals.waiting(repo, repo.tip("HEAD"))):
        git(["update-ref", exchange.proposal(Reapplied(was, "parked")), was.oid, "0" * 40], cwd=repo.directory)
    return told


def decided(repo: Repo, key: str) -> Revision | None:
    """The commit on the current branch that decided about the proposal of this key; None where none did."""
    commit = ledger.applied(repo, repo.tip("HEAD"), key)
    return next(history.revisions(repo, [commit])) if commit else None


def _taken_back(repo: Repo, accepted: Revision, key: str) -> Reviewed:
    told: list[Decision] = []

    def body(tx: Transaction) -> None:
        if ledger.applied(repo, tx.tip, key) != accepted.oid:
            raise Refused(f"what {accepted.oid[:10]} decided was taken back already")
        told[:] = [record(tx, _back(tx, accepted, key)).decision]

    landed = write(repo, body)
    return Reviewed("restored", decision=told[0], landed=landed)


def _back(tx: Transaction, accepted: Revision, key: str) -> Change:
    """The change that makes a skill what it was before a decision about it."""
    repo, said = tx.repo, accepted.decision
    assert said is not None
    if said.was:
        hint = f"'skillgit mv {said.skill} {shown(said.was)}' gives the skill its old name back"
        raise Refused(f"{said.action} {said.skill}: a move is not taken back here", hint=hint)
    (parent,), path = accepted.parents, said.path
    files = repo.files(tx.tip, path)
    if files != repo.files(accepted.oid, path):
        raise Refused(
            f"skill '{shown(path)}' changed since", hint=f"'skillgit revert {shown(path)}' knows its versions"
        )
    now, then = readable(repo, tx.tip, path), repo.files(parent, path)
    change = Change("revert", path, now, now, "waits for review again", attempt=key)
    if files == then:
        return change
    if FILE not in then:
        return replace(change, after=None)
    before = load(repo, parent, path).document.with_field(_VERSION, "")
    return replace(change, after=before, files=differing(files, then))


def _proposed(repo: Repo, key: str, commit: str) -> Revision:
    """The commit of a proposal, by its oid; Refused where it is not the one that waited under this key.

    Who asks may not see all commits: it is the same answer for one that is there and for one that is not.
    """
    try:
        told = next(history.revisions(repo, [repo.resolve(commit)])) if _OID.fullmatch(commit) else None
    except NotFound:
        told = None
    if told is None or told.decision is None or key not in (told.decision.attempt, told.oid):
        raise Refused(f"commit '{commit[:10]}' is not what was decided about")
    return told
