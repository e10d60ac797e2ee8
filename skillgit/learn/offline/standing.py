"""What stands of all that was said: the later word takes the place of the one that it contradicts, repeats or refines.

Only what may be about the same matter is compared, found by the words that it would have to share: a long
conversation says thousands of things.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from skillgit.learn.offline.directives import Directive
from skillgit.learn.offline.language import Languages, cue
from skillgit.learn.offline.text import words

OBJECT = re.compile(r" (?:in|on|of|to|for|with) (?P<kind>(?:[a-z-]+ )?[a-z-]+s)$")
_TOKEN = re.compile(r"[^\W\d_]{2,}|\d+(?:\.\d+)?%?|[\u3400-\u9fff\u3040-\u30ff]+")
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff\u3040-\u30ff]+")
_NUMBER = re.compile(r"\d")
# Words that carry an order's form, not what it is about.
_ORDER_WORDS = words(
    "do not don dont never no avoid stop use using uses always please must should you can may are is the any all every "
    "for and with without after again more okay ok fine only instead be to in of it this that have add "
    "include make sure "
    "now actually allowed my mind them keep let "
    "不要 不用 不能 不得 禁止 避免 不再 使用 可以 必须 一律 统一 要用 要使 用使 要有 需要 还是 不可 可用 以用 用了"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A directive, where it was said, and what it comes to as a line of text.

    `about` are the words that say what it is about; `apart` those without the `kind` of work that it says it is for:
    "in release notes". `key` is the text without anything but letters and digits.
    """

    turn: int
    directive: Directive
    text: str
    forbids: bool
    key: str
    about: frozenset[str]
    apart: frozenset[str]
    kind: str


def said(turn: int, directive: Directive, text: str, *, codes: Languages) -> Said:
    """A directive of a turn, as this line of text."""
    meant = OBJECT.search(text)
    kind = meant["kind"] if meant else ""
    forbids = directive.kind != "permit" and bool(cue("forbid", text, codes))
    about = _about(text)
    return Said(turn, directive, text, forbids, _key(text), about, about - _about(kind), kind)


class Standing:
    """What was said and still stands, in order."""

    def __init__(self) -> None:
        self._said: dict[int, Said] = {}
        self._heard = 0
        self._by: defaultdict[Hashable, list[int]] = defaultdict(list)

    def hear(self, new: Said) -> None:
        """What it supersedes stands no more; it stands itself, unless it repeats what does."""
        near = {number for sign in _looked_under(new) for number in self._by.get(sign, ()) if number in self._said}
        for number in [number for number in near if _supersedes(new, self._said[number])]:
            near.discard(number)
            del self._said[number]
        if not any(_repeats(new, self._said[number]) for number in near):
            self._add(new)

    def all(self) -> tuple[Said, ...]:
        """All that stands."""
        return tuple(self._said.values())

    @property
    def last(self) -> Said | None:
        """The last of what stands."""
        return next(reversed(self._said.values()), None)

    def _add(self, new: Said) -> None:
        self._heard += 1
        self._said[self._heard] = new
        telling = min(
            new.apart or new.about, key=lambda word: (len(self._by.get(("word", word), ())), word), default=""
        )
        for sign in (*_signs(new), ("word", telling), ("forbids", new.forbids)):
            self._by[sign].append(self._heard)


def _looked_under(new: Said) -> Iterator[Hashable]:
    """The signs of what it may supersede or repeat: of which a word of its own tells, or that says the opposite."""
    yield from _signs(new)
    yield from (("word", word) for word in new.about)
    yield ("forbids", not new.forbids)


def _signs(said: Said) -> set[Hashable]:
    """What two that repeat each other, or differ in a number only, have one of in common."""
    plain = {("", _without_numbers(said.about)), (said.kind, _without_numbers(said.apart))}
    return {("key", said.key), ("about", said.about), *(("plain", *each) for each in plain)}


def _repeats(new: Said, old: Said) -> bool:
    same_matter = bool(new.about) and new.about == old.about and new.forbids == old.forbids
    return same_matter or new.key == old.key


def _supersedes(new: Said, old: Said) -> bool:
    """True where the later directive contradicts the earlier one, changes its number or says it more fully."""
    same_kind = new.kind != "" and new.kind == old.kind
    ours, theirs = (new.apart, old.apart) if same_kind else (new.about, old.about)
    if not ours or not theirs or new.key == old.key:
        return False
    if new.forbids != old.forbids:
        return new.turn != old.turn and len(ours & theirs) * 5 >= 3 * min(len(ours), len(theirs))
    if ours != theirs and _without_numbers(ours) == _without_numbers(theirs):
        return True
    return len(theirs) > 1 and theirs < ours


def _without_numbers(about: frozenset[str]) -> frozenset[str]:
    return frozenset(token for token in about if not _NUMBER.search(token))


def _about(text: str) -> frozenset[str]:
    """The words of a rule that say what it is about; runs of ideographs as pairs."""
    found: list[str] = []
    for token in _TOKEN.findall(text.casefold()):
        if _IDEOGRAPHS.fullmatch(token):
            found += [token[i : i + 2] for i in range(max(1, len(token) - 1))]
        else:
            found.append(token)
    return frozenset(found) - _ORDER_WORDS


def _key(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
