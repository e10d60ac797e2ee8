"""A text in words, and where two wordings of a line differ.

A word is what is written in one, with the marks that cling to it. Of a script that is written without spaces
(Chinese, Japanese, Thai ...) it is each character, so that a change of two characters is told as two and no more.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias

from skillgit.merge.lines import pairs

Mark: TypeAlias = Literal["same", "removed", "added"]
_Pair: TypeAlias = tuple[str, str]

_UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+|[\U0001f1e6-\U0001f1ff]{{2}}|[ \t]+|.", re.DOTALL)
_JOINER = "\u200d"
_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_CHANCE = 2
"""Words that say less than this many characters are alike by chance where they stand between two changes."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a line that both wordings have, or one of them only."""

    mark: Mark
    text: str


def words(text: str) -> list[str]:
    """The words of a text, and what stands between them; joined they are the text."""
    found: list[str] = []
    for word in _WORD.findall(text):
        if found and (_clings(word[0]) or found[-1].endswith(_JOINER)):
            found[-1] += word
        else:
            found.append(word)
    return found


def said(text: str) -> Counter[str]:
    """How often a text says each of its words, whatever their case."""
    return Counter(word for word in words(text.casefold()) if word[0].isalnum())


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that two texts have in common, from 0 to 1, whatever their order."""
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def compare(before: str, after: str) -> tuple[Segment, ...]:
    """Part a line into what both its wordings have and what only one has; what went stands before what came.

    The segments but for those added are the line before, those but for the removed ones the line after.
    """
    stretches = _stretches(words(before), words(after))
    inner = range(1, len(stretches) - 1)
    changed = [old != new or (at in inner and _is_chance(old)) for at, (old, new) in enumerate(stretches)]
    found: list[Segment] = []
    for old, new in _joined(stretches, changed):
        marked = (Segment("removed", old), Segment("added", new)) if old != new else (Segment("same", old),)
        found += [segment for segment in marked if segment.text]
    return tuple(found)


def _stretches(before: Sequence[str], after: Sequence[str]) -> list[_Pair]:
    """What each of two texts has of every stretch, in turn alike and not; what is not alike may be empty."""
    pieces: list[_Pair] = []
    i = j = 0
    for left, right in [*pairs(before, after), (len(before), len(after))]:
        pieces += [("".join(before[i:left]), "".join(after[j:right]))] if (i, j) != (left, right) else []
        pieces += [(word, word) for word in before[left : left + 1]]
        i, j = left + 1, right + 1
    return _joined(pieces, [old != new for old, new in pieces])


def _joined(pieces: Sequence[_Pair], kinds: Sequence[bool]) -> list[_Pair]:
    """The pieces with neighbours of one kind made one."""
    groups = groupby(zip(pieces, kinds, strict=True), key=lambda each: each[1])
    parts = ([piece for piece, _ in group] for _, group in groups)
    return [("".join(old for old, _ in part), "".join(new for _, new in part)) for part in parts]


def _is_chance(text: str) -> bool:
    return sum(char.isalnum() for char in text) < _CHANCE


def _clings(char: str) -> bool:
    """Whether a character is shown as part of the one before it."""
    return char == _JOINER or char in _TONES or unicodedata.category(char).startswith("M")
