"""What differs between two moments of a skill: all its files, beside each other or line after line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from skillgit.changes import compare
from skillgit.changes.compare import FileChange
from skillgit.merge.difference import Row, folded
from skillgit.serve.desk import Hands
from skillgit.serve.web.page import Page, View, Visit
from skillgit.serve.web.past import Moment, Past, files, past

VIEWS: Final = ("side", "inline")
_MOST = 2000
"""Rows of changes, and of what is folded away between them, that a page shows."""
_CHOICES = 200
_HEADING = "#"


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that follow each other. `folded` is how many they are where they are folded away, and 0 where not.

    `rows` are none where they are too many to be shown; `heading` is the last one of those that are folded away.
    """

    rows: tuple[Row, ...]
    folded: int = 0
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as it is shown; `left_out` is how many rows are not."""

    change: FileChange
    parts: tuple[Part, ...]
    left_out: int


def difference(visit: Visit, hands: Hands) -> View:
    """The difference between the moments `since` and `to`; by default what the last change did."""
    found = past(visit, hands)
    after = found.find(visit.query.get("to", "") or found.moments[0].key)
    since = visit.query.get("since", "")
    before = found.find(since) if since else found.before(after)
    values = {
        "past": found,
        "before": before,
        "after": after,
        "files": shown(compare.files(hands.repo, files(hands.repo, before), files(hands.repo, after))),
        "choices": _choices(found, before, after),
        "earlier": before and (found.before(before), before),
        "later": (after, found.after(after)),
        "view": view_of(visit),
    }
    return View("difference.html", values)


def view_of(visit: Visit) -> str:
    """How the visitor wants to see a difference."""
    wanted = visit.query.get("view", "")
    return wanted if wanted in VIEWS else VIEWS[0]


def shown(changes: Iterable[FileChange]) -> list[Shown]:
    """The files as one page shows them all."""
    found: list[Shown] = []
    left = _MOST
    for change in changes:
        rows = change.rows or ()
        parts = _parts(rows, most=left)
        told = [row for part in parts if not part.folded for row in part.rows]
        found.append(Shown(change, parts, _changes(rows) - _changes(told)))
        left -= len(told)
    return found


def _parts(rows: Sequence[Row], *, most: int) -> tuple[Part, ...]:
    """The rows, but for those that are too many; of what is folded away nothing is shown but how much it is then."""
    parts: list[Part] = []
    room, hidden = most, _MOST
    for stretch in folded(rows):
        if room <= 0:
            break
        if stretch.is_folded:
            hidden -= len(stretch.rows)
            parts.append(Part(stretch.rows if hidden >= 0 else (), len(stretch.rows), _heading(stretch.rows)))
        else:
            parts.append(Part(stretch.rows[:room]))
            room -= len(stretch.rows)
    return tuple(parts) if room < most else ()


def _changes(rows: Sequence[Row]) -> int:
    return sum(row.kind != "same" for row in rows)


def _heading(rows: Sequence[Row]) -> str:
    """The last heading among some rows."""
    lines = (row.segments[0].text for row in reversed(rows) if row.segments)
    return next((line.strip(f"{_HEADING} ") for line in lines if line.startswith(_HEADING)), "")


def _choices(found: Past, *chosen: Moment | None) -> list[Moment]:
    """The moments to choose among: the newest ones, and those that are chosen."""
    return [each for at, each in enumerate(found.moments) if at < _CHOICES or each in chosen]


PAGES = (Page("GET", "/diff/{path:path}", difference),)
