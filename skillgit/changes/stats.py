"""How a library grew: its decisions over time, what was merged most, and why lessons were discarded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from skillgit.changes.chronicle import Step
from skillgit.changes.skill import shown
from skillgit.git.message import Action

Unit: TypeAlias = Literal["day", "week", "month"]

_DAYS, _WEEKS = 31, 52 * 7
"""A span of so many days is told by days, one of so many by weeks, a longer one by months."""
_CHANGES_NOTHING: tuple[Action, ...] = ("discard", "reject")


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

    unit: Unit
    periods: tuple[Period, ...]
    merges: tuple[tuple[str, int], ...]
    discards: tuple[tuple[str, int], ...]
    rejections: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many decisions changed a skill, under whatever name, how many of these were merges, and when the last was."""

    changes: int
    merges: int
    last: date


def stats(steps: Iterable[Step], *, user: str | None = None, since: date | None = None) -> Stats:
    """Count decisions, newest first: only a user's where one is given, and those of a day and later.

    The skills at the end of a period are counted from the beginning, whatever `since` is.
    """
    prefix = f"Users/{user}/" if user else ""
    all_of_them = [step for step in reversed(list(steps)) if step.path.startswith(prefix)]
    told = [step for step in all_of_them if since is None or step.day >= since]
    unit = _unit([step.day for step in told])
    actions: dict[str, Counter[str]] = {}
    for step in told:
        actions.setdefault(_start(step.day, unit), Counter())[step.action] += 1
    skills = _skills(all_of_them, unit)
    return Stats(
        unit,
        tuple(Period(start, dict(actions[start].most_common()), skills[start]) for start in sorted(actions)),
        merges=_most(shown(step.path) for step in told if step.action == "merge"),
        discards=_most(step.reason or "no reason given" for step in told if step.action == "discard"),
        rejections=_most(shown(step.path) for step in told if step.action == "reject"),
    )


def tallies(steps: Iterable[Step], *, since: date | None = None) -> dict[str, Tally]:
    """What changed each skill that stands at the end, of a day and later, of the decisions, newest first."""
    found: dict[str, Tally] = {}
    for step in reversed(list(steps)):
        if step.action in _CHANGES_NOTHING:
            continue
        known = found.pop(step.was or step.path, Tally(0, 0, step.day))
        found.pop(step.path, None)
        if step.stands:
            counts = since is None or step.day >= since
            merges = known.merges + (counts and step.action == "merge")
            found[step.path] = Tally(known.changes + counts, merges, step.day)
    return {path: tally for path, tally in found.items() if tally.changes}


def _skills(steps: Iterable[Step], unit: Unit) -> dict[str, int]:
    """How many skills there are at the end of each period."""
    there: set[str] = set()
    counts: dict[str, int] = {}
    for step in steps:
        if step.action not in _CHANGES_NOTHING:
            there -= {step.was, step.path}
            there |= {step.path} if step.stands else set()
        counts[_start(step.day, unit)] = len(there)
    return counts


def _most(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(names).most_common())


def _unit(days: list[date]) -> Unit:
    span = (max(days) - min(days)).days if days else 0
    return "day" if span < _DAYS else "week" if span < _WEEKS else "month"


def _start(day: date, unit: Unit) -> str:
    if unit == "week":
        day = date.fromordinal(day.toordinal() - day.weekday())
    return (day.replace(day=1) if unit == "month" else day).isoformat()
