"""How many requests a user may make: a bucket that fills up again over a minute."""

from __future__ import annotations

import time
from typing import Final

from skillgit.serve.problem import Problem

_MINUTE: Final = 60.0
_USERS: Final = 10_000


class Limit:
    """So many requests a minute for each user, in this process; None is no limit."""

    def __init__(self, rate: int | None) -> None:
        self._rate = rate
        self._left: dict[str, tuple[float, float]] = {}

    def count(self, user: str) -> None:
        """Count a request. Raises Problem, 429, where that is one too many, and says when to come again."""
        if self._rate is None:
            return
        now = time.monotonic()
        left, then = self._left.get(user, (float(self._rate), now))
        left = min(float(self._rate), left + (now - then) * self._rate / _MINUTE)
        if left < 1:
            raise Problem(429, "too many requests", wait=(1 - left) * _MINUTE / self._rate)
        self._left[user] = left - 1, now
        if len(self._left) > _USERS:
            self._forget(now)

    def _forget(self, now: float) -> None:
        """Drop the users whose buckets are full by now."""
        self._left = {user: (left, then) for user, (left, then) in self._left.items() if now - then < _MINUTE}
