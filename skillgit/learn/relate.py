"""How a new rule stands to an old one: the same, a refinement, a reversal, or another matter."""

from __future__ import annotations

from typing import Literal

from skillgit.skills.rules import content, forbids

Relation = Literal["same", "refines", "reverses", "other"]

_USE = frozenset(["use", "using", "used", "使", "用", "采"])
"""Words of so many rules that sharing them says nothing."""


def relation(old: str, new: str) -> Relation:
    """What `new` is to `old`, by their words and their polarity.

    "same" also where `old` asks for all of `new` and hardly more; "refines" where `new` says all of `old`
    and adds to it, or differs in numbers only; "reverses" where one forbids what the other asks and neither
    speaks of anything else. A prohibition of something narrower or wider is another one. What is not sure
    is "other": two rules side by side lose nothing.
    """
    was, now = telling(old), telling(new)
    if not was or not now:
        return "same" if old.strip() == new.strip() else "other"
    if forbids(old) != forbids(new):
        return "reverses" if _nested(was, now) and len(was & now) > 0.5 * len(was | now) else "other"
    if was == now:
        return "same"
    if _without_numbers(was) == _without_numbers(now):
        return "refines"
    if forbids(old):
        return "refines" if _plain(old) in _plain(new) else "other"
    if now < was and len(now) >= 0.5 * len(was):
        return "same"
    return "refines" if was < now and len(was) >= 0.3 * len(now) else "other"


def telling(rule: str) -> frozenset[str]:
    """The words that tell a rule from others: those of one that is the "same" as another are among the other's."""
    return content(rule) - _USE


def _nested(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(" .。;；")


def _without_numbers(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if not word.isdigit())
