"""Which skills the library shows: whose, with which tag, how old, how used, in which order, and which part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, cast, get_args

from skillgit.changes import chronicle
from skillgit.changes.skill import Scope, owner, shown
from skillgit.errors import RepositoryError, UsageError
from skillgit.git import submodule
from skillgit.search import stale, usage
from skillgit.search.hit import Hit
from skillgit.search.usage import Use
from skillgit.serve.api import places
from skillgit.serve.desk import Card, Hands
from skillgit.serve.server import Server
from skillgit.serve.web.page import Visit
from skillgit.serve.web.render import address

PART: Final = 50
"""How many skills are shown at once."""
MOST: Final = 100
"""How many hits of a search are looked through."""
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "age": ("any", "week", "month", "quiet"),
    "use": ("any", "given", "never", "stale"),
    "order": ("name", "new", "given"),
}
"""What can be asked for by these names; the first is what is not said."""

_MARKS: Final = re.compile(r"^\s*(?:[-*+>#]+|\d+[.)])\s+|\*\*|__|`")
_DAYS: Final = {"week": 7, "month": 31}
_QUIET: Final = 90
_TAGS: Final = 16


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see. `shelf` is "all", "user", "common", or a library such as "Common/team"."""

    q: str = ""
    shelf: str = "all"
    tag: str = ""
    age: str = "any"
    use: str = "any"
    order: str = "name"
    page: int = 1

    def link(self, **other: object) -> str:
        """The address of the library with something else in the wish, from its first page on."""
        said = {each.name: getattr(self, each.name) for each in fields(self)} | {"page": 1} | other
        return address("/library", **{name: value for name, value in said.items() if value != getattr(_NOTHING, name)})

    @property
    def scope(self) -> Scope:
        """The scope that a shelf is a part of."""
        return "common" if self.shelf.startswith("Common/") else cast(Scope, self.shelf)

    @property
    def is_narrow(self) -> bool:
        """Whether something is left out that could be shown."""
        return replace(self, order="name", page=1) != replace(_NOTHING, shelf=self.shelf)


_NOTHING: Final = Wish()


@dataclass(frozen=True, slots=True)
class Row:
    """A skill as the list has it. `score` is None and `line` "" where nothing is searched for."""

    path: str
    card: Card
    changed: date | None
    use: Use | None
    score: float | None = None
    line: str = ""

    @property
    def name(self) -> str:
        """The name of the skill, which is its folder's."""
        return self.path.rpartition("/")[2]

    @property
    def where(self) -> str:
        """What stands before the name: whose skill it is, or of which library."""
        return shown(self.path).rpartition("/")[0]

    @property
    def is_common(self) -> bool:
        """Whether it is everybody's."""
        return owner(self.path) is None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A part of the library: its rows, how many there are in all parts, and what else could be asked for.

    `shelves` are those that there are, with how many skills each has, whatever else is asked for; `tags` are the most
    frequent ones of what is shown, with how many skills have each. `trouble` says why uses cannot be told, or is "";
    `missing` are the names of libraries that were not fetched yet.
    """

    wish: Wish
    rows: tuple[Row, ...]
    total: int
    shelves: tuple[tuple[str, int], ...]
    tags: tuple[tuple[str, int], ...]
    trouble: str
    missing: tuple[str, ...]

    @property
    def pages(self) -> int:
        """How many parts there are."""
        return max(1, -(-self.total // PART))

    @property
    def first(self) -> int:
        """The number of the first row, from 1."""
        return (self.wish.page - 1) * PART + 1


def read(query: Mapping[str, str]) -> Wish:
    """What the query of an address wants. Raises UsageError for what there is not."""
    said = {name: query.get(name, allowed[0]) for name, allowed in CHOICES.items()}
    for name, value in said.items():
        if value not in CHOICES[name]:
            raise UsageError(f"'{name}' cannot be '{value[:40]}'", hint=f"one of: {', '.join(CHOICES[name])}")
    shelf, page = query.get("shelf", "all"), query.get("page", "1")
    if shelf not in get_args(Scope) and not shelf.startswith("Common/"):
        raise UsageError(f"no part '{shelf[:40]}' of the library", hint=f"one of: {', '.join(get_args(Scope))}")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Wish(query.get("q", "").strip(), shelf, query.get("tag", "").strip(), **said, page=max(1, number))


def fill(visit: Visit, hands: Hands, wish: Wish, *, hits: Sequence[Hit] | None) -> Shelf:
    """The shelf as it is wanted; of the hits of a search, in their order, or else of all skills that the user sees."""
    seen = places.seen(hands, visit.user)
    known = {path: oid for path, oid in seen.items() if _stands_on(path, wish.shelf)}
    uses, trouble = _uses(visit, hands)
    rows = _rows(visit.server, hands, known, uses) if hits is None else _found(visit.server, hands, known, uses, hits)
    rows = _used(hands, visit.user, _aged(rows, wish.age), uses, wish.use)
    tags = _tags(rows)
    rows = [row for row in rows if not wish.tag or wish.tag.casefold() in map(str.casefold, row.card.tags)]
    if hits is None:
        rows = _ordered(rows, wish.order)
    page = min(wish.page, -(-len(rows) // PART) or 1)
    part = tuple(rows[(page - 1) * PART : page * PART])
    return Shelf(replace(wish, page=page), part, len(rows), _shelves(seen), tags, trouble, _missing(hands))


def _stands_on(path: str, shelf: str) -> bool:
    if shelf in ("user", "common"):
        return (owner(path) is not None) == (shelf == "user")
    return shelf == "all" or path.startswith(f"{shelf}/")


def _shelves(seen: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """The shelves on which something stands, and all three scopes."""
    paths = list(seen)
    mine = sum(1 for path in paths if owner(path))
    libraries = Counter("/".join(path.split("/")[:2]) for path in paths if not owner(path) and path.count("/") > 1)
    return ("all", len(paths)), ("user", mine), ("common", len(paths) - mine), *sorted(libraries.items())


def _tags(rows: Iterable[Row]) -> tuple[tuple[str, int], ...]:
    """The tags that several skills have, the most frequent first, each as it is written first."""
    written: dict[str, str] = {}
    counts = Counter[str]()
    for row in rows:
        spelled = {tag.casefold(): tag for tag in row.card.tags}
        counts.update(spelled.keys())
        written = spelled | written
    several = sorted((-count, tag) for tag, count in counts.items() if count > 1)
    return tuple((written[tag], -count) for count, tag in several[:_TAGS])


def _missing(hands: Hands) -> tuple[str, ...]:
    return tuple(pin.name for pin in submodule.unfetched(hands.repo, hands.repo.tip("HEAD")))


def _uses(visit: Visit, hands: Hands) -> tuple[Sequence[Use], str]:
    try:
        return usage.read(hands.repo, user=visit.user), ""
    except RepositoryError as err:
        return (), visit.told(err)


def _rows(server: Server, hands: Hands, known: Mapping[str, str], uses: Sequence[Use]) -> list[Row]:
    given = usage.by_skill(uses)
    server.chronicle = told = chronicle.follow(hands.repo, server.chronicle, hands.repo.tip("HEAD"))
    changed = chronicle.latest(told.steps, known)
    return [Row(path, hands.card(path, oid), changed.get(path), given.get(path)) for path, oid in known.items()]


def _found(
    server: Server, hands: Hands, known: Mapping[str, str], uses: Sequence[Use], hits: Sequence[Hit]
) -> list[Row]:
    """The rows of hits; what went since they were found is left out."""
    scores = {hit.path: hit for hit in hits if hit.path in known}
    rows = _rows(server, hands, {path: known[path] for path in scores}, uses)
    return [replace(row, score=scores[row.path].score, line=_said(scores[row.path])) for row in rows]


def _said(hit: Hit) -> str:
    """The line of a hit that fits best, without its marks; "" where that is the description."""
    line = _MARKS.sub("", hit.line)
    return "" if line in hit.description else line


def _aged(rows: list[Row], age: str) -> list[Row]:
    if age == "any":
        return rows
    today = datetime.now(UTC).date()
    if age == "quiet":
        return [row for row in rows if row.changed and row.changed < today - timedelta(days=_QUIET)]
    return [row for row in rows if row.changed and row.changed >= today - timedelta(days=_DAYS[age])]


def _used(hands: Hands, user: str, rows: list[Row], uses: Sequence[Use], use: str) -> list[Row]:
    if use == "stale":
        now = int(datetime.now(UTC).timestamp())
        old = {each.path for each in stale.stale(hands.repo, uses, now=now)}
        return [row for row in rows if row.path in old and owner(row.path) == user]
    return rows if use == "any" else [row for row in rows if (row.use is not None) == (use == "given")]


def _ordered(rows: list[Row], order: str) -> list[Row]:
    if order == "new":
        return sorted(rows, key=lambda row: (row.changed or date.min).toordinal(), reverse=True)
    if order == "given":
        return sorted(rows, key=_weight, reverse=True)
    return sorted(rows, key=lambda row: (row.name.casefold(), row.path))


def _weight(row: Row) -> tuple[int, int, int]:
    return (row.use.used, row.use.injected, row.use.retrieved) if row.use else (0, 0, 0)
