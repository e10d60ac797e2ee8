"""What was derived of each blob, once: segments in memory, and in files where these can be written.

A key is looked up by its place: a number that counts the keys of all segments in their order,
so that arrays of numbers about all keys are the segments' arrays put together. Segments come
and go as in a log-structured merge: a new one takes in those that are not far larger.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Generic

from skillgit.search import cache
from skillgit.search.cache import S, Shelf


@dataclass(frozen=True, slots=True)
class Form(Generic[S]):
    """How the segments of a store are read and put together.

    `opened` gives the segment of some bytes and their name, or raises Unreadable. `merged` gives
    the bytes of one segment with the wanted keys of several, each once.
    """

    opened: Callable[[bytes, str], S]
    merged: Callable[[Sequence[S], Container[str]], bytes]


class Store(Generic[S]):
    """The segments of a shelf and their keys."""

    def __init__(self, shelf: Shelf, form: Form[S]) -> None:
        self.shelf = shelf
        self._form = form
        self.segments: tuple[S, ...] = ()
        self._places: dict[str, int] = {}
        self._end = 0
        self._settled = 0

    def __len__(self) -> int:
        """One more than the last place; a key that two segments have counts twice."""
        return self._end

    def place(self, key: str) -> int:
        """Where a key is among all of them; -1 where it is not known."""
        return self._places.get(key, -1)

    def key(self, place: int) -> str:
        """The key at a place."""
        for segment in self.segments:
            if place < len(segment.keys):
                return segment.keys[place]
            place -= len(segment.keys)
        raise IndexError(place)

    def settled(self) -> int:
        """The end of the places whose keys are what they were when this was asked last."""
        settled, self._settled = self._settled, self._end
        return settled

    def lacking(self, keys: Iterable[str]) -> list[str]:
        """Those of the keys that are not known, sorted."""
        return sorted({key for key in keys if key not in self._places})

    def load(self) -> tuple[str, ...]:
        """Take over what the files have, and tell which are damaged; what only we have stays."""
        loaded = cache.load(self.shelf, self._form.opened, known={segment.name: segment for segment in self.segments})
        files = sorted(loaded.segments, key=lambda segment: (-len(segment.keys), segment.name))
        if files != list(self.segments):
            there = {key for segment in files for key in segment.keys}
            self._take((*files, *(s for s in self.segments if not there.issuperset(s.keys))))
        if not loaded.damaged:
            return ()
        names = ", ".join(f"'{name}'" for name in loaded.damaged)
        several = len(loaded.damaged) > 1
        return (f"the search index file{'s' * several} {names} {'are' if several else 'is'} damaged: rebuilding",)

    def add(self, data: bytes, *, live: Set[str]) -> tuple[str, ...]:
        """Take in the bytes of a new segment, and tell why it is not saved where it is not.

        live: the keys that are of use now; the others are dropped when most are of none.
        """
        new = self._form.opened(data, cache.name_of(data))
        small = _outgrown(self.segments, len(new.keys))
        if small:
            several = [new, *small]
            data = self._form.merged(several, _worth_keeping(several, live))
            new = self._form.opened(data, cache.name_of(data))
        self._take((*(segment for segment in self.segments if segment not in small), new))
        try:
            cache.save(self.shelf, data, replaces={segment.name for segment in small})
        except OSError as error:
            return (f"the search index is not saved: {error}",)
        return ()

    def _take(self, segments: tuple[S, ...]) -> None:
        """Make these the segments; the places of those that stay in front stay."""
        same = len(list(_common(self.segments, segments)))
        end = sum(len(segment.keys) for segment in segments[:same])
        self._settled = min(self._settled, end)
        for key in (key for segment in self.segments[same:] for key in segment.keys):
            if self._places.get(key, -1) >= end:
                del self._places[key]
        for segment in segments[same:]:
            for place, key in enumerate(segment.keys, end):
                self._places.setdefault(key, place)
            end += len(segment.keys)
        self.segments, self._end = segments, end


def _common(first: Sequence[S], second: Sequence[S]) -> Iterable[S]:
    """The segments both begin with."""
    for one, other in zip(first, second, strict=False):
        if one is not other:
            return
        yield one


def _worth_keeping(segments: Iterable[S], live: Set[str]) -> set[str]:
    """All keys, as another branch may want them, unless most are of no use to this commit."""
    keys = {key for segment in segments for key in segment.keys}
    used = keys & live
    return keys if 2 * len(used) >= len(keys) else used


def _outgrown(segments: Iterable[S], size: int) -> list[S]:
    """The segments to merge with a new one, so that each has twice the keys of all smaller ones together.

    So there are few, and a key is merged about log2(n) times.
    """
    outgrown: list[S] = []
    for segment in sorted(segments, key=lambda segment: len(segment.keys)):
        if len(segment.keys) >= 2 * size:
            break
        outgrown.append(segment)
        size += len(segment.keys)
    return outgrown
