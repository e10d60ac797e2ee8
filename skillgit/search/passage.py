"""What of a SKILL.md is indexed, and the line of it that answers a query best."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import fsum
from typing import Final

from skillgit.errors import SkillgitError
from skillgit.search import words
from skillgit.skills import document

RECIPE: Final = "1"  # counts up when `spoken` gives another text: vectors are kept by it
_LOOKED_AT = 8  # lines of a document whose words are compared; see `best_line`


@dataclass(frozen=True, slots=True)
class Text:
    """The indexed fields of a skill, as plain text."""

    name: str
    description: str
    tags: str
    body: str


def read(data: bytes, directory: str) -> Text:
    """The text of a SKILL.md in a directory of this name, which is part of the skill's name.

    A file that is no valid SKILL.md is all body: it can be found and mended.
    """
    try:
        skill = document.parse(data)
    except SkillgitError:
        return Text(directory, "", "", data.decode("utf-8", "replace"))
    name = skill.name if skill.name == directory else f"{skill.name} {directory}"
    return Text(name, skill.description, " ".join(skill.tags), skill.body)


def spoken(text: Text) -> str:
    """What of a skill is embedded."""
    return "\n".join(part for part in (text.name, text.description, text.tags, text.body) if part)


def best_line(text: str, weights: Mapping[str, float]) -> str:
    """The line of a text with most of the terms' weight, the first of equals.

    Only the lines that seem best by substrings are tokenised: exact for nearly every query,
    and several times faster than all of a long body.
    """
    lines = [line.strip() for line in text.splitlines()] or [""]
    shortlist = sorted(range(len(lines)), key=_likely(lines, weights).__getitem__, reverse=True)[:_LOOKED_AT]
    return lines[max(sorted(shortlist), key=lambda place: _sure(lines[place], weights))]


def _likely(lines: Sequence[str], weights: Mapping[str, float]) -> list[float]:
    """The weight of the terms each line has as substrings; a blank line is the last to be taken."""
    likely = [0.0 if line else -1.0 for line in lines]
    folded = "\n".join(lines).casefold()
    ends = list(accumulate(len(line) + 1 for line in folded.split("\n")))
    for term, weight in weights.items():
        found = folded.find(term)
        while found >= 0:
            place = bisect_right(ends, found)
            likely[place] += weight
            found = folded.find(term, ends[place])
    return likely


def _sure(line: str, weights: Mapping[str, float]) -> float:
    """The weight of a line's terms; exact, as each process has the terms of a set in another order."""
    return fsum(weights.get(term, 0.0) for term in set(words.tokens(line))) if line else -1.0
