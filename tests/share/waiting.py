"""Decisions that wait for a person, as learning and pulls leave them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from skillgit.changes.record import Change, record
from skillgit.changes.skill import readable
from skillgit.git import PROPOSALS
from skillgit.git.message import Quote
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from skillgit.share import proposals
from skillgit.share.proposals import Proposal
from skillgit.skills.document import Document
from tests.changes.library import head, skill
from tests.share.hub import with_rules

BRANCH = "refs/heads/learn/ada/2026-01-02"
QUOTE = Quote("sha256:" + "5" * 64, 3, "tag it, always")


def key(letter: str) -> str:
    return letter * 26


def propose(repo: Repo, path: str, *rules: str, attempt: str | None = "A", ref: str = BRANCH) -> str:
    """The commit of a lesson about the skill at `path` on a learned branch: rules added to it, or a new skill."""

    def lesson(before: Document | None) -> Document:
        return with_rules(before, *rules) if before else skill(path.rpartition("/")[2], *rules)

    return _proposed(repo, path, lesson, "; ".join(rules), attempt=attempt, ref=ref)


def reword(repo: Repo, path: str, old: str, new: str) -> str:
    """The same of a lesson that words a rule anew."""

    def lesson(before: Document | None) -> Document:
        assert before is not None
        return before.with_body(before.body.replace(old, new))

    return _proposed(repo, path, lesson, new, attempt="A", ref=BRANCH)


def park(repo: Repo, path: str, *rules: str, attempt: str = "A") -> str:
    """The same, parked."""
    return propose(repo, path, *rules, attempt=attempt, ref=PROPOSALS + key(attempt).lower())


def waiting(repo: Repo) -> tuple[Proposal, ...]:
    """What waits for the current branch, newest first."""
    return proposals.waiting(repo, head(repo))


def only(repo: Repo) -> Proposal:
    """The one that waits."""
    (one,) = waiting(repo)
    return one


def _proposed(
    repo: Repo, path: str, lesson: Callable[[Document | None], Document], summary: str, *, attempt: str | None, ref: str
) -> str:
    made: list[str] = []

    def body(tx: Transaction) -> None:
        before = readable(repo, tx.tip, path)
        change = Change("merge" if before else "add", path, before, lesson(before), summary)
        told = replace(change, score=0.5, nearest="Common/pdf", learner="offline/1", evidence=(QUOTE,))
        made[:] = [record(tx, replace(told, attempt=key(attempt) if attempt else None)).commit]

    write(repo, body, ref=ref)
    return made[0]
