"""Places in a plane for things of which some are alike: what is alike stands near, and nothing stands on another.

Linked things pull at each other and all push each other away (Fruchterman & Reingold, 1991), with a little weight
towards the middle that keeps apart what is not linked from drifting away. Everything begins on a sunflower's spiral, in
the order given, and nothing is random: the same things have the same places.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_STEPS: Final = 200
_GOLDEN: Final = np.pi * (3 - np.sqrt(5))
_GRAVITY: Final = np.array([0.06, 0.12])
"""The picture is to be wider than high."""
_ROOM: Final = 1.2
"""So many radii of both two neighbours are apart at least."""
_TINY: Final = 1e-9


def places(radii: Sequence[float], links: Sequence[tuple[int, int, float]]) -> NDArray[np.float64]:
    """The middle of each of n things, (n, 2), around (0, 0), in the unit of their radii.

    links: two things and how strongly they pull at each other, in (0, 1]. The work grows with n squared: 300 things
    take .3 s.
    """
    sizes = np.array(radii, dtype=np.float64)
    if not len(sizes):
        return np.zeros((0, 2))
    reach = 4 * float(sizes.mean())  # how far two linked things stand apart where nothing else pulls
    where = _sunflower(len(sizes)) * reach
    pulls = np.zeros((len(sizes), len(sizes)))
    for one, other, strength in links:
        pulls[one, other] = pulls[other, one] = 0.4 + 0.6 * strength
    heat = reach * np.sqrt(len(sizes)) / 4
    for step in range(_STEPS):
        where = where + _bounded(_forces(where, pulls, reach), heat * (1 - step / _STEPS) ** 2)
    where = _spread(where, sizes)
    middle: NDArray[np.float64] = where - (where.max(axis=0) + where.min(axis=0)) / 2
    return middle


def _sunflower(count: int) -> NDArray[np.float64]:
    turns = np.arange(count) * _GOLDEN
    spiral: NDArray[np.float64] = np.sqrt(np.arange(count) + 0.5) * np.stack([np.cos(turns), np.sin(turns)])
    return spiral.T


def _forces(where: NDArray[np.float64], pulls: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
    far = _far(where)
    near = reach / far
    strength = near * near * near - pulls / near  # a power takes ten times as long
    np.fill_diagonal(strength, 0)
    return _along(where, strength) - _GRAVITY * where


def _far(where: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each is from each, and from itself next to nothing, so that one can divide by it."""
    across, down = (np.subtract.outer(column, column) for column in where.T)
    far: NDArray[np.float64] = np.sqrt(across * across + down * down) + _TINY  # hypot takes four times as long
    return far


def _along(where: NDArray[np.float64], strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each the sum, over all others, of the way from there to it, times a strength."""
    summed: NDArray[np.float64] = where * strength.sum(axis=1)[:, None] - strength @ where
    return summed


def _bounded(forces: NDArray[np.float64], most: float) -> NDArray[np.float64]:
    """The same directions, none further than that."""
    far = np.sqrt((forces**2).sum(axis=1, keepdims=True)) + _TINY
    bounded: NDArray[np.float64] = forces * np.minimum(far, most) / far
    return bounded


def _spread(where: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Push apart what stands on another, a little at a time."""
    room = (sizes[:, None] + sizes[None, :]) * _ROOM
    np.fill_diagonal(room, 0)
    for _ in range(_STEPS):
        far = _far(where)
        lacking = np.clip(room - far, 0, None)
        if not lacking.any():
            break
        where = where + _along(where, lacking / far) / 2
    return where
