"""What waits, in short: a line of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from skillgit.serve.desk import Hands
from skillgit.serve.web.page import Visit
from skillgit.serve.web.review import access
from skillgit.share import proposals
from skillgit.share.proposals import Checks, Proposal
from skillgit.share.review import Foreseen, foresee

State: TypeAlias = Literal["ready", "known", "conflict", "invalid", "found"]


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal in the list: what it does, how it stands, and whether the visitor may decide about it."""

    one: Proposal
    counts: tuple[tuple[str, int], ...]
    state: State
    words: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What waits of one skill; `version` is the one that it has now, "" where it is not there."""

    path: str
    version: str
    rows: tuple[Row, ...]


def groups(visit: Visit, hands: Hands, queue: Sequence[Proposal]) -> tuple[Group, ...]:
    """The lines of a part of what waits, skill by skill."""
    known = hands.repo.skills(hands.repo.tip("HEAD"))
    return tuple(
        Group(
            path,
            hands.card(path, known[path]).version if path in known else "",
            tuple(_row(visit, hands, each) for each in group),
        )
        for path, group in groupby(queue, key=lambda each: each.decision.path)
    )


def state(seen: Foreseen, found: Checks) -> tuple[State, str]:
    """How a proposal stands, and the first reason why it cannot be taken as it is.

    No reason where its commit changes other files, too: those may be another user's.
    """
    if found.beside:
        return "conflict", ""
    if found.faults:
        return "invalid", found.faults[0]
    if seen.fate == "conflict":
        return "conflict", seen.words
    if found.findings:
        return "found", found.findings[0].why
    return ("known", "") if seen.action == "discard" else ("ready", "")


def _row(visit: Visit, hands: Hands, one: Proposal) -> Row:
    seen = foresee(hands.repo, one)
    marks = [note.mark for note in proposals.effect(hands.repo, one).rules]
    counts = tuple((mark, marks.count(mark)) for mark in "+~-" if mark in marks)
    told, words = state(seen, proposals.checks(hands.repo, one))
    return Row(one, counts, told, words, access.may_decide(visit, one.decision.was, seen.path))
