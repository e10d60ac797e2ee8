"""How the library grows: decisions over time, what changes, is discarded and used most, and a map of it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, cast

from skillgit.changes import chronicle
from skillgit.changes.chart import KINDS, picture
from skillgit.changes.chronicle import Step
from skillgit.changes.skill import Scope, visible
from skillgit.changes.stats import Stats, Tally, stats, tallies
from skillgit.errors import DatabaseError, ModelError, RepositoryError, UsageError
from skillgit.models import choice
from skillgit.postgres import place
from skillgit.search import map as maps
from skillgit.search import usage
from skillgit.search.map import Map, Spot
from skillgit.search.usage import Use
from skillgit.serve.api import places
from skillgit.serve.desk import Hands
from skillgit.serve.web.page import Page, View, Visit

_SCOPES: Final = ("all", "user", "common")
_DAYS: Final[Mapping[str, int | None]] = {"30": 30, "90": 90, "365": 365, "all": None}
_OFTEN: Final = ("add", "merge", "discard")
_SELDOM: Final = ("import", "edit", "revert", "reject")
_MOST: Final = 10  # rows of a list
_COLOURS: Final = 6  # of the map: a user's own skills, the common ones, and libraries in turn


@dataclass(frozen=True, slots=True)
class Wish:
    """What of the growth is to be seen: whose skills, and how many days of it."""

    scope: Scope
    days: str

    @property
    def since(self) -> date | None:
        """The first day of it; None for the beginning."""
        days = _DAYS[self.days]
        return None if days is None else datetime.now(UTC).date() - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: its name, or the path of a skill; its number, and how much of the largest number that is."""

    name: str
    count: int
    share: float
    path: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class Near:
    """A skill of the map beside those it is linked to, the most alike first."""

    spot: Spot
    others: Sequence[Spot]


def growth(visit: Visit, hands: Hands) -> View:
    """The page. Raises UsageError for a scope or a number of days that there is not."""
    wish = _wish(visit.query)
    server, tip = visit.server, hands.repo.tip("HEAD")
    server.chronicle = told = chronicle.follow(hands.repo, server.chronicle, tip)
    known = places.seen(hands, visit.user, scope=wish.scope)
    steps = _seen(told.steps, visit.user, wish.scope)
    found = stats(steps, since=wish.since)
    chart = picture(found)
    drawn, blurred = _map(visit, hands, known, tallies(steps))
    used, trouble = _uses(visit, hands, known)
    values: dict[str, object] = {
        "wish": wish,
        "scopes": _SCOPES,
        "spans": tuple(_DAYS),
        "figures": {"skills": len(known), **_figures(found)},
        "found": found,
        "picture": chart,
        "counts": {(bar.start, bar.kind): bar.count for bar in chart.bars},
        "kinds": KINDS,
        "grown": _grown(tallies(steps, since=wish.since), known),
        "discards": _rows(found.discards),
        "rejections": _rows(found.rejections),
        "used": used,
        "trouble": trouble,
        "map": drawn,
        "blurred": blurred,
        "colours": _colours(drawn),
        "near": _near(drawn),
    }
    return View("growth.html", values)


def _wish(query: Mapping[str, str]) -> Wish:
    scope, days = query.get("scope", "all"), query.get("days", "all")
    if scope not in _SCOPES:
        raise UsageError(f"no scope '{scope[:40]}'", hint=f"one of: {', '.join(_SCOPES)}")
    if days not in _DAYS:
        raise UsageError(f"no period '{days[:40]}'", hint=f"one of: {', '.join(_DAYS)}")
    return Wish(cast(Scope, scope), days)


def _seen(steps: Sequence[Step], user: str, scope: Scope) -> list[Step]:
    """The decisions about skills that the user sees, and not what a move says of where others had them."""
    there = visible({path for step in steps for path in (step.path, step.was)}, user=user, scope=scope)
    own = (step for step in steps if step.path in there)
    return [replace(step, was="") if step.was and step.was not in there else step for step in own]


def _map(visit: Visit, hands: Hands, known: Mapping[str, str], tally: Mapping[str, Tally]) -> tuple[Map, str]:
    """The map, and why it is by words alone where its vectors cannot be had."""
    directory, shared = hands.repo.private / "index", place(hands.repo, "search.vectors")
    try:
        return maps.draw(directory, known, tally, choice.searching(hands.repo), shared=shared), ""
    except (DatabaseError, ModelError) as err:
        return maps.draw(directory, known, tally, None), visit.told(err)


def _figures(found: Stats) -> dict[str, int]:
    """How many decisions there were, and of which kind; kinds that are rare are left out where there were none."""
    actions = [period.actions for period in found.periods]
    counts = {action: sum(each.get(action, 0) for each in actions) for action in (*_OFTEN, *_SELDOM)}
    shown = {action: count for action, count in counts.items() if count or action in _OFTEN}
    return {"decisions": sum(sum(each.values()) for each in actions), **shown}


def _grown(told: Mapping[str, Tally], known: Mapping[str, str]) -> list[Row]:
    """The skills that changed most."""
    best = sorted(
        ((path, tally) for path, tally in told.items() if path in known), key=lambda each: (-each[1].changes, each[0])
    )[:_MOST]
    highest = best[0][1].changes if best else 1
    return [Row("", tally.changes, tally.changes / highest, path, tally.merges) for path, tally in best]


def _rows(counts: Sequence[tuple[str, int]]) -> list[Row]:
    return [Row(name, count, count / counts[0][1]) for name, count in counts[:_MOST]]


def _uses(visit: Visit, hands: Hands, known: Mapping[str, str]) -> tuple[list[Use], str]:
    """What the user was given most, all versions together, and why that cannot be told where it cannot."""
    try:
        given = [use for use in usage.read(hands.repo, user=visit.user) if use.path in known]
    except RepositoryError as err:
        return [], visit.told(err)
    summed: dict[str, Use] = {}
    for use in given:
        so_far = summed.setdefault(use.path, replace(use, retrieved=0, injected=0, used=0))
        summed[use.path] = Use(
            *(visit.user, use.path, ""),
            retrieved=so_far.retrieved + use.retrieved,
            injected=so_far.injected + use.injected,
            used=so_far.used + use.used,
            last=max(so_far.last, use.last),
        )
    return sorted(summed.values(), key=lambda use: (-use.used, -use.injected, -use.retrieved, use.path))[:_MOST], ""


def _colours(drawn: Map) -> dict[str, int]:
    """The colour of each group on the map, the user's own and the common skills first."""
    groups = {spot.group for spot in drawn.spots}
    libraries = sorted(groups - {"", "Common"})
    fixed = {name: number for number, name in enumerate(("", "Common")) if name in groups}
    return fixed | {name: 2 + number % (_COLOURS - 2) for number, name in enumerate(libraries)}


def _near(drawn: Map) -> list[Near]:
    """Every skill of the map with its neighbours, by name."""
    others: dict[int, list[tuple[float, int]]] = {number: [] for number in range(len(drawn.spots))}
    for link in drawn.links:
        others[link.one].append((-link.likeness, link.other))
        others[link.other].append((-link.likeness, link.one))
    near = [
        Near(spot, [drawn.spots[other] for _, other in sorted(others[number])])
        for number, spot in enumerate(drawn.spots)
    ]
    return sorted(near, key=lambda each: each.spot.path)


PAGES = (Page("GET", "/growth", growth, at="long"),)
