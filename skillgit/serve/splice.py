"""JSON text edited where it stands: whatever is not touched comes back byte for byte. Pure.

A number keeps its digits, a string its escapes, an object its order, its spaces and its doubled names: none of that
survives being read and written again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")
_VALUE = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object, or an element of an array with the key "".

    It stands at `start` to `end` of the text, its value at `at` to `end`.
    """

    key: str
    value: Any
    start: int
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` in place of what stands at `start` to `end`."""

    start: int
    end: int
    text: str


def members(text: str, at: int = 0) -> Iterator[Member]:
    """The members of the object that opens at `at`, as they are read; ValueError where it is none."""
    return _walk(text, at, brackets="{}", read=_member)


def elements(text: str, at: int = 0) -> Iterator[Member]:
    """The elements of the array that opens at `at`, as they are read; ValueError where it is none."""
    return _walk(text, at, brackets="[]", read=_element)


def without(found: Sequence[Member], place: int) -> Edit:
    """What takes a member out of its object, with its comma."""
    member = found[place]
    if place:
        return Edit(found[place - 1].end, member.end, "")
    return Edit(member.start, found[1].start if len(found) > 1 else member.end, "")


def spliced(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits, which do not overlap."""
    pieces, done = [], 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        pieces += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, text[done:]])


def quoted(value: object) -> str:
    """A value as JSON."""
    return json.dumps(value, ensure_ascii=False)


def _walk(text: str, at: int, *, brackets: str, read: Callable[[str, int], Member]) -> Iterator[Member]:
    at = _past_space(text, at)
    if text[at : at + 1] != brackets[0]:
        raise ValueError(f"no '{brackets[0]}' at {at}")
    at = _past_space(text, at + 1)
    while text[at : at + 1] != brackets[1]:
        found = read(text, at)
        yield found
        at = _past_space(text, found.end)
        if text[at : at + 1] == ",":
            at = _past_space(text, at + 1)
        elif text[at : at + 1] != brackets[1]:
            raise ValueError(f"neither ',' nor '{brackets[1]}' at {at}")


def _member(text: str, at: int) -> Member:
    key, end = _VALUE.raw_decode(text, at)
    colon = _past_space(text, end)
    if not isinstance(key, str) or text[colon : colon + 1] != ":":
        raise ValueError(f"no member of an object at {at}")
    place = _past_space(text, colon + 1)
    value, end = _VALUE.raw_decode(text, place)
    return Member(key, value, at, place, end)


def _element(text: str, at: int) -> Member:
    value, end = _VALUE.raw_decode(text, at)
    return Member("", value, at, at, end)


def _past_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None
    return found.end()
