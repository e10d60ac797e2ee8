"""How a new rule stands to an old one: the same, a refinement, a reversal, or another matter."""

from __future__ import annotations

from typing import Literal

from skillgit.skills.rules import content, is_reversal

Relation = Literal["same", "refines", "reverses", "other"]


def relation(old: str, new: str) -> Relation:
    """What `new` is to `old`, by their words and their polarity.

    "same" also where `old` says all of `new` and hardly more; "refines" where `new` says all of
    `old` and adds to it, or differs in numbers only; "reverses" where one forbids what the other asks.
    What is not sure is "other": two rules side by side lose nothing.
    """
    was, now = content(old), content(new)
    if not was or not now:
        return "same" if old.strip() == new.strip() else "other"
    if is_reversal(old, new):
        return "reverses"
    if was != now and _without_numbers(was) == _without_numbers(now):
        return "refines"
    if now <= was and len(now) >= 0.5 * len(was):
        return "same"
    return "refines" if was < now and len(was) >= 0.3 * len(now) else "other"


def _without_numbers(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if not word.isdigit())
