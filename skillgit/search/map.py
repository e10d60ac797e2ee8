"""Skills on a map: what is alike stands near, what changed often is large, and rings tell of merges."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

from skillgit.changes.skill import owner
from skillgit.changes.stats import Tally
from skillgit.models.ports import Embedder
from skillgit.postgres import Place
from skillgit.search.likeness import Link, likeness
from skillgit.search.spring import places

_Box: TypeAlias = tuple[float, float, float, float]

MOST: Final = 300
"""Skills on a map, those that changed most: with more nobody finds one, and the work grows with the square."""
_SMALLEST, _LARGEST, _GROWTH = 6.0, 26.0, 2.6  # radii, and what a change adds to the square root
_EDGE: Final = 30.0
_NAMES: Final = 40
"""Names that are shown from the start, where they have room."""
_LETTER, _LINE, _LONGEST = 6.6, 14.0, 28  # how wide a letter is, how high a line, and the letters of a name
_GAP: Final = 5.0


@dataclass(frozen=True, slots=True)
class Label:
    """A name, short enough to be written beside its skill: from this point on, around it, or up to it.

    `fits` says whether it has room there.
    """

    text: str
    x: float
    y: float
    anchor: Literal["start", "middle", "end"]
    fits: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A skill on the map, at its middle: `group` is "" for a user's own, `Common`, or the name of a library."""

    path: str
    group: str
    x: float
    y: float
    radius: float
    changes: int
    merges: int
    label: Label


@dataclass(frozen=True, slots=True)
class Map:
    """A map of so many units: those that changed most come first. `links` are between places in `spots`.

    `left_out` skills are not on it, and of `unseen` ones the index has nothing to compare yet.
    """

    width: float
    height: float
    spots: tuple[Spot, ...]
    links: tuple[Link, ...]
    left_out: int
    unseen: int


def draw(
    directory: Path,
    skills: Mapping[str, str],
    tallies: Mapping[str, Tally],
    embedder: Embedder | None,
    *,
    shared: Place | None = None,
) -> Map:
    """The map of some skills, by the index in this directory; the same skills give the same map.

    skills: a skill's path below the root -> the oid of its SKILL.md.
    shared: where the vectors are, if not in the directory.
    """
    nothing = (0, 0)
    counts = {path: (told.changes, told.merges) for path, told in tallies.items()}
    order = sorted(skills, key=lambda path: (-counts.get(path, nothing)[0], path))[:MOST]
    alike = likeness(directory, {path: skills[path] for path in order}, embedder, shared=shared)
    radii = tuple(_radius(counts.get(path, nothing)[0]) for path in order)
    middles = _placed(radii, tuple((link.one, link.other, link.likeness) for link in alike.links))
    left, top = (min((each[axis] for each in middles), default=0) - _LARGEST - _EDGE for axis in (0, 1))
    right, foot = (max((each[axis] for each in middles), default=0) + _LARGEST + _EDGE for axis in (0, 1))
    points = [(round(x - left, 1), round(y - top, 1)) for x, y in middles]
    labels = _labels([_short(path.rpartition("/")[2]) for path in order], points, radii)
    spots = tuple(
        Spot(path, group(path), x, y, radius, *counts.get(path, nothing), label)
        for path, (x, y), radius, label in zip(order, points, radii, labels, strict=True)
    )
    return Map(round(right - left), round(foot - top), spots, alike.links, len(skills) - len(order), alike.unseen)


def group(path: str) -> str:
    """Whose a skill is: "" for a user's own, the name of a common library, or else `Common`."""
    parts = path.split("/")
    return "" if owner(path) else parts[1] if len(parts) > 2 else parts[0]


@lru_cache(maxsize=64)
def _placed(radii: Sequence[float], links: Sequence[tuple[int, int, float]]) -> tuple[tuple[float, float], ...]:
    return tuple((x, y) for x, y in places(radii, links).tolist())


def _radius(changes: int) -> float:
    return round(min(_SMALLEST + _GROWTH * math.sqrt(max(changes - 1, 0)), _LARGEST), 1)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _labels(names: Sequence[str], points: Sequence[tuple[float, float]], radii: Sequence[float]) -> list[Label]:
    """Each name below, above, or beside its spot, where it stands on no other spot and no other name.

    The first has the first choice. Those that fit nowhere, and those of too many, are below.
    """
    spots = [(x - size, y - size, x + size, y + size) for (x, y), size in zip(points, radii, strict=True)]
    taken: list[_Box] = []
    labels: list[Label] = []
    for number, (name, point, radius) in enumerate(zip(names, points, radii, strict=True)):
        tried = _places(name, point, radius + _GAP)
        others = [*spots[:number], *spots[number + 1 :], *taken]
        found = next((each for each in tried if len(taken) < _NAMES and not _meets(_box(each), others)), None)
        labels.append(found or replace(tried[0], fits=False))
        taken += [_box(found)] if found else []
    return labels


def _places(name: str, point: tuple[float, float], far: float) -> list[Label]:
    x, y = point
    return [
        Label(name, x, round(y + far + 0.7 * _LINE, 1), "middle", fits=True),
        Label(name, x, round(y - far, 1), "middle", fits=True),
        Label(name, round(x + far, 1), round(y + 0.3 * _LINE, 1), "start", fits=True),
        Label(name, round(x - far, 1), round(y + 0.3 * _LINE, 1), "end", fits=True),
    ]


def _box(label: Label) -> _Box:
    """The room that a label takes; its point is on the line that letters stand on."""
    wide = sum(_LETTER * (1.9 if unicodedata.east_asian_width(letter) in "WF" else 1) for letter in label.text)
    left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
    return left, label.y - 0.8 * _LINE, left + wide, label.y + 0.2 * _LINE


def _meets(box: _Box, others: Iterable[_Box]) -> bool:
    left, top, right, foot = box
    return any(left < other[2] and other[0] < right and top < other[3] and other[1] < foot for other in others)
