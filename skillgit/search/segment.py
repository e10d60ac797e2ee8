"""A segment: the term counts of some documents, turned into postings, as bytes that never change.

    skillgit words <recipe> <documents> <postings> <terms> <bytes of keys>\\n
    lengths      u32 each document        its terms, repetitions and field weights counted
    starts       u32 each term, and one   where a term's postings begin
    ends         u32 each term            where a term's text ends
    documents    u32 each posting         a place among the keys, ascending within a term
    parts        u32 each posting         the parts of the document with the term, a bit each
    counts       u8  each posting         capped at 255, where BM25 is long flat
    keys         UTF-8, NUL between       what the caller calls a document
    terms        UTF-8, sorted, no gaps

A term is found in the bytes, so opening costs a checksum and the split of the keys, not a
dictionary of terms.
"""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Final, TypeAlias

from skillgit.errors import Unreadable
from skillgit.search.words import RECIPE, Standing
from skillgit.spelled import Spelled

_MAGIC = f"skillgit words {RECIPE} ".encode()
_U32: Final = "I"
_U8: Final = "B"
_MOST = 255

Postings: TypeAlias = tuple[memoryview, memoryview, memoryview]
"""The documents that have a term, ascending (u32), and in each its parts (u32) and its count (u8)."""

_Lists: TypeAlias = "dict[bytes, tuple[array[int], array[int], array[int]]]"


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """An open segment; `keys` and `lengths` run in step, and postings count documents by that order."""

    name: str
    data: bytes
    keys: tuple[str, ...]
    lengths: memoryview
    _starts: memoryview
    _documents: memoryview
    _parts: memoryview
    _counts: memoryview
    _terms: Spelled

    def postings(self, term: str) -> Postings:
        """The documents that have the term, and how; empty where none has."""
        wanted = term.encode("utf-8", "surrogatepass")
        place = self._terms.find(wanted)
        if place == len(self._terms) or self._terms[place] != wanted:
            return self._documents[:0], self._parts[:0], self._counts[:0]
        return self._at(place)

    def __iter__(self) -> Iterator[tuple[bytes, Postings]]:
        """Every term in order, with its postings."""
        for place in range(len(self._terms)):
            yield self._terms[place], self._at(place)

    def _at(self, place: int) -> Postings:
        run = slice(self._starts[place], self._starts[place + 1])
        return self._documents[run], self._parts[run], self._counts[run]


def pack(documents: Iterable[tuple[str, Mapping[str, Standing]]]) -> bytes:
    """Turn each document's key and terms into a segment; one document is held at a time."""
    keys: list[str] = []
    lengths = array(_U32)
    lists: _Lists = {}
    for place, (key, terms) in enumerate(documents):
        keys.append(key)
        lengths.append(sum(count for count, _ in terms.values()))
        for text, (count, parts) in terms.items():
            term = text.encode("utf-8", "surrogatepass")
            if (into := lists.get(term)) is None:  # a setdefault would make three arrays for every posting
                into = lists[term] = _lists()
            into[0].append(place)
            into[1].append(parts)
            into[2].append(min(count, _MOST))
    return _encode(keys, lengths, lists=lists)


def merge(segments: Sequence[Segment], wanted: Container[str]) -> bytes:
    """Make one segment of several, with the documents whose key is wanted, each once."""
    keys: dict[str, int] = {}
    lengths = array(_U32)
    lists: _Lists = {}
    for segment in segments:
        moved: dict[int, int] = {}
        for place, key in enumerate(segment.keys):
            if key in wanted and key not in keys:
                moved[place] = keys[key] = len(keys)
                lengths.append(segment.lengths[place])
        for term, postings in segment if moved else ():
            kept = [(moved[document], *how) for document, *how in zip(*postings, strict=True) if document in moved]
            if kept:
                _extend(lists.setdefault(term, _lists()), kept)
    return _encode(list(keys), lengths, lists=lists)


def open_segment(data: bytes, name: str) -> Segment:
    """Read the bytes of the segment of this name in place; raises Unreadable where they are not one of this recipe."""
    head, newline, _ = data[:200].partition(b"\n")
    numbers = head.removeprefix(_MAGIC).split()
    if not newline or len(numbers) != 4 or not all(number.isdigit() for number in numbers):
        raise Unreadable("no words segment of this recipe")
    documents, postings, terms, keys = map(int, numbers)
    place = len(head) + 1
    parts: list[memoryview] = []
    for size in (4 * documents, 4 * (terms + 1), 4 * terms, 4 * postings, 4 * postings, postings, keys):
        parts.append(memoryview(data)[place : place + size])
        place += size
    if place > len(data):
        raise Unreadable("a words segment is cut short")
    lengths, starts, ends, places, bits = (part.cast(_U32) for part in parts[:5])
    names = tuple(bytes(parts[6]).decode("utf-8", "surrogatepass").split("\0")) if documents else ()
    return Segment(name, data, names, lengths, starts, places, bits, parts[5], Spelled(data[place:], ends))


def _extend(columns: tuple[array[int], ...], rows: Iterable[Sequence[int]]) -> None:
    for column, numbers in zip(columns, zip(*rows, strict=True), strict=True):
        column.extend(numbers)


def _lists() -> tuple[array[int], array[int], array[int]]:
    return array(_U32), array(_U32), array(_U8)


def _encode(keys: Sequence[str], lengths: array[int], *, lists: _Lists) -> bytes:
    terms = sorted(lists)
    names = "\0".join(keys).encode("utf-8", "surrogatepass")
    starts = array(_U32, accumulate((len(lists[term][0]) for term in terms), initial=0))
    ends = array(_U32, accumulate(map(len, terms)))
    head = _MAGIC + f"{len(keys)} {starts[-1]} {len(terms)} {len(names)}\n".encode()
    columns = (lists[term][column].tobytes() for column in range(3) for term in terms)
    start = (head, lengths.tobytes(), starts.tobytes(), ends.tobytes())
    return b"".join(chain(start, columns, (names,), terms))
