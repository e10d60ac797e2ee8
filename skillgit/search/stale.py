"""Skills that may be archived, as nobody was given them for long, or had no use for them. Suggested, never done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from skillgit.git import history
from skillgit.git.repo import Repo
from skillgit.search.usage import Use

DAYS: Final = 90
"""So long a skill was neither changed nor found."""
OFTEN: Final = 20
"""So often its text was in a prompt of somebody who says what is used, and it never was."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A skill that may be archived, and why."""

    path: str
    reason: str


def stale(repo: Repo, uses: Sequence[Use], *, now: int) -> tuple[Stale, ...]:
    """The skills of HEAD that may be archived, by path.

    Silence says something only where somebody was heard: nothing is unasked for before the counts are DAYS old,
    and nothing unused but for users who have recorded a use of some skill.
    """
    tip = repo.tip("HEAD")
    known = repo.skills(tip)
    reasons = _unasked(repo, tip, known, uses, before=now - DAYS * 86400) if tip else {}
    reasons |= {path: reason for path, reason in _unused(uses).items() if path in known}
    return tuple(Stale(path, reason) for path, reason in sorted(reasons.items()))


def _unasked(repo: Repo, tip: str, known: Mapping[str, str], uses: Sequence[Use], *, before: int) -> dict[str, str]:
    then = history.tip_at(repo, tip, before)
    if then is None or min((use.first for use in uses), default=before) >= before:
        return {}
    lately = {use.path for use in uses if use.last >= before}
    old = repo.skills(then)
    unasked = (path for path, oid in known.items() if old.get(path) == oid and path not in lately)
    return dict.fromkeys(unasked, f"not changed and not found for {DAYS} days")


def _unused(uses: Sequence[Use]) -> dict[str, str]:
    heard = {use.user for use in uses if use.used}
    injected = Counter[str]()
    for use in uses:
        injected[use.path] += use.injected if use.user in heard else 0
    used = {use.path for use in uses if use.used}
    often = ((path, times) for path, times in injected.items() if times >= OFTEN and path not in used)
    return {path: f"in {times} prompts, and never used" for path, times in often}
