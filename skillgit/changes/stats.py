"""How a library grew: its decisions over time, what was merged most, and why lessons were discarded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from skillgit.changes.skill import shown
from skillgit.git.history import Revision

_DAYS, _WEEKS = 31, 52 * 7
"""A span of so many days is told by days, one of so many by weeks, a longer one by months."""


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a week or a month (by its first day, ISO 8601): its decisions by action, and the skills at its end."""

    start: str
    actions: Mapping[str, int]
    skills: int


@dataclass(frozen=True, slots=True)
class Stats:
    """The periods in order, those without decisions left out; merges and rejections by skill, discards by reason.

    What there is most of comes first.
    """

    periods: tuple[Period, ...]
    merges: tuple[tuple[str, int], ...]
    discards: tuple[tuple[str, int], ...]
    rejections: tuple[tuple[str, int], ...]


def stats(revisions: Iterable[Revision], *, user: str | None = None) -> Stats:
    """Count the decisions of a history, newest first, as `history.log` gives it; only a user's where one is given."""
    told = [(_day(revision), revision.decision) for revision in revisions]
    prefix = f"Users/{user}/" if user else ""
    decisions = [(day, said) for day, said in reversed(told) if said and said.path.startswith(prefix)]
    unit = _unit([day for day, _ in decisions])
    actions: dict[str, Counter[str]] = {}
    there: set[str] = set()
    skills: dict[str, int] = {}
    for day, said in decisions:
        start = _start(day, unit)
        actions.setdefault(start, Counter())[said.action] += 1
        there -= {said.was or "", said.path}
        there |= {said.path} if said.after and said.action != "tidy" else set()
        skills[start] = len(there)
    merges, rejections = (
        Counter(shown(said.path) for _, said in decisions if said.action == action) for action in ("merge", "reject")
    )
    discards = Counter(_reason(said.reason) for _, said in decisions if said.action == "discard")
    periods = (Period(start, dict(actions[start].most_common()), skills[start]) for start in sorted(actions))
    counted = (tuple(each.most_common()) for each in (merges, discards, rejections))
    return Stats(tuple(periods), *counted)


def _day(revision: Revision) -> date:
    return date.fromisoformat(revision.date[:10])


def _unit(days: list[date]) -> str:
    span = (max(days) - min(days)).days if days else 0
    return "day" if span < _DAYS else "week" if span < _WEEKS else "month"


def _start(day: date, unit: str) -> str:
    if unit == "week":
        day = date.fromordinal(day.toordinal() - day.weekday())
    return (day.replace(day=1) if unit == "month" else day).isoformat()


def _reason(text: str | None) -> str:
    """The kind of a reason: "already covered by ada/x" is "already covered"."""
    return (text or "no reason given").partition(" by ")[0]
