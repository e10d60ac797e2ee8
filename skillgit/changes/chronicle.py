"""What was decided and when: as much of a history as counting needs, read once and then followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from skillgit.git import history
from skillgit.git.history import Revision
from skillgit.git.message import Action
from skillgit.git.repo import Repo


@dataclass(frozen=True, slots=True)
class Step:
    """A decision on its day: `was` is the path before a move, `stands` whether it left a version of the skill.

    `reason` is the kind of it: "already covered by ada/x" is "already covered".
    """

    day: date
    action: Action
    path: str
    was: str
    stands: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Chronicle:
    """The decisions in the history of a commit, newest first."""

    tip: str | None = None
    steps: tuple[Step, ...] = ()


def follow(repo: Repo, known: Chronicle, tip: str | None) -> Chronicle:
    """The chronicle of a commit; where it goes on what is known, only what is new is read."""
    if tip == known.tip:
        return known
    if tip is None:
        return Chronicle()
    if known.tip and history.goes_on(repo, known.tip, tip):
        return Chronicle(tip, tuple(chain(steps(history.log_since(repo, tip, base=known.tip)), known.steps)))
    return Chronicle(tip, tuple(steps(history.log(repo, tip))))


def latest(steps: Iterable[Step], paths: Iterable[str]) -> dict[str, date]:
    """The day on which each of some skills was changed last, by the decisions, newest first; no further is read."""
    left, found = set(paths), dict[str, date]()
    for step in steps:
        if not left:
            break
        if step.stands and step.path in left and step.action not in ("discard", "reject"):
            found[step.path] = step.day
            left.remove(step.path)
    return found


def steps(revisions: Iterable[Revision]) -> Iterator[Step]:
    """The decisions among some commits, in the same order."""
    for revision in revisions:
        said = revision.decision
        if said:
            kind = (said.reason or "").partition(" by ")[0]
            day = date.fromisoformat(revision.date[:10])
            yield Step(day, said.action, said.path, said.was or "", bool(said.after), kind)
