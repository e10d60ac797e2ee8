"""Many texts as they lie in a file, found without reading them all.

A dictionary of them would take a cold process longer than all it looks up. So a text is found by bisection: among
every 64th, which are listed when the first is looked for, and then among those between.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import Final

_EVERY: Final = 64


class Spelled:
    """Texts in the order of their bytes, one after the other; `ends[i]` is where text i ends in `texts`."""

    def __init__(self, texts: bytes, ends: memoryview) -> None:
        self._texts = texts
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: int) -> bytes:
        return self._texts[self._ends[place - 1] if place else 0 : self._ends[place]]

    def find(self, text: bytes) -> int:
        """The place of a text, or of the first behind it; their number where it is behind them all."""
        post = bisect_left(self._posts, text)
        low, high = (post - 1) * _EVERY + 1 if post else 0, min(post * _EVERY, len(self._ends))
        return bisect_left(range(high), text, low, key=self.__getitem__)

    @cached_property
    def _posts(self) -> list[bytes]:
        return [self[place] for place in range(0, len(self), _EVERY)]
