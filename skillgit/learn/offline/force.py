"""How strongly a clause tells the agent how to work, and how far a sentence says that it reaches."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from skillgit.learn.offline.language import TABLES, Languages, cue, lead_length
from skillgit.learn.offline.passages import Span
from skillgit.learn.offline.phrases import Kind
from skillgit.learn.offline.text import REMEMBERED, words

PRONOUNS = words("you we i they he she it who that to which")
_WORD_START = re.compile(r"(?<=\s)(?=\w)")
# "dogs bark": what opens with many things says something of them; of form, "dates go in ISO format", how it is to be.
_MANY_THINGS = re.compile(r"(?!focus\b)[a-z]+(?<![sui])s\b", re.IGNORECASE)
_PLAIN: tuple[Kind, ...] = ("permit", "forbid", "manner", "require", "prefer", "replace")
_WEAK: tuple[Kind, ...] = ("adjust", "direct")
_LASTING: tuple[Kind, ...] = ("lasting", "convention")


class Force(IntEnum):
    """How strongly a clause tells the agent how to work."""

    NONE = 0
    WEAK = 1
    PLAIN = 2


class Reach(IntEnum):
    """How far the user said it holds: this piece of work, every time, or beyond this conversation."""

    HERE = 0
    HABIT = 1
    LASTING = 2


@lru_cache(maxsize=REMEMBERED)
def weigh(body: str, codes: Languages) -> tuple[Force, Kind, str]:
    """How strongly a clause, its lead taken off, tells the agent how to work, and by which cue."""
    if not body or cue("chat", body, codes):
        return Force.NONE, "chat", ""
    for kind in _PLAIN:
        words = cue(kind, body, codes)
        if words:
            return Force.PLAIN, kind, words[:60]
    if words := cue("use", body, codes):
        return (Force.PLAIN if cue("form", body, codes) else Force.WEAK), "use", words[:60]
    if cue("request", body, codes):
        every = _every_time(body, codes)  # "always write ..." is no request
        return every if every[0] else (Force.NONE, "request", "")
    for kind in _WEAK:
        words = cue(kind, body, codes)
        if words and _has_object(body):
            return Force.WEAK, kind, words[:60]
    return _every_time(body, codes)


def _every_time(body: str, codes: Languages) -> tuple[Force, Kind, str]:
    """An order, or a request, behind a word for every time: "always run ...", "每次都列出..."."""
    words = cue("habit", body, codes)
    rest = body[len(words) :].strip(" ,，") if words and body.startswith(words) else ""
    ordered = bool(rest) and (weigh(rest, codes)[0] > Force.NONE or orders(rest, codes))
    return (Force.PLAIN, "habit", words) if ordered else (Force.NONE, "chat", "")


def orders(body: str, codes: Languages) -> bool:
    """True of a clause, its lead taken off, that could be an order by its first word: no subject, no preposition.

    That alone says little: it takes another cue beside it.
    """
    if cue("request", body, codes):
        return True
    if codes[0] == "en" and _MANY_THINGS.match(body) and not cue("form", body, codes):
        return False
    return TABLES[codes[0]].spaced and body[:1].isalpha() and _has_object(body) and not cue("subject", body, codes)


def _has_object(body: str) -> bool:
    """True unless the clause is one bare verb: "修改", "fix"."""
    return len(body) > 3 if not body.isascii() else " " in body


@lru_cache(maxsize=REMEMBERED)
def reach_of(text: str, codes: Languages) -> tuple[Reach, str]:
    """How far the sentence says that it holds, and by which words."""
    body = text[lead_length(text, codes) :]
    for kind in _LASTING:
        if words := cue(kind, text, codes) or cue(kind, body, codes):
            return Reach.LASTING, f"{kind}: {words[:60]}"
    force, ordered_by, _ = weigh(body, codes)
    firm = force >= Force.PLAIN or ordered_by == "use" or bool(scoped(text, codes))
    if firm and (words := cue("place", text, codes)):
        return Reach.LASTING, f"place: {words[:60]}"
    words = cue("habit", text, codes)
    return (Reach.HABIT, f"habit: {words[:60]}") if words else (Reach.HERE, "")


def scoped(body: str, codes: Languages) -> tuple[Force, Kind, str] | None:
    """The order behind a condition without a comma: "in this repo use uv"."""
    if not cue("condition", body, codes) or not body[:1].isalpha():
        return None
    for match in list(_WORD_START.finditer(body))[1:9]:
        before = body[: match.start()].split()
        weighed = weigh(body[match.start() :], codes)
        if weighed[0] >= Force.WEAK and weighed[1] != "direct" and before[-1].casefold() not in PRONOUNS:
            return weighed
    return None


def has_lone_habit(pieces: tuple[Span, ...], codes: Languages) -> bool:
    """True where "always" stands by itself: "write commit messages in English, always"."""
    return any(cue("habit", piece.text, codes) == piece.text.rstrip(".!。！") for piece in pieces)
