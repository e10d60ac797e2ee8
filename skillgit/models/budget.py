"""How many tokens may be used before nothing more is asked."""

from __future__ import annotations

from threading import Lock

from skillgit.errors import ModelError


class Budget:
    """A count of tokens with a limit, None for no limit. Safe to use from several threads at once.

    What is in flight when the limit is reached still counts, so a few answers may go beyond it.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self._spent = 0
        self._lock = Lock()

    @property
    def spent(self) -> int:
        """The tokens used so far."""
        return self._spent

    def check(self) -> None:
        """ModelError where nothing is left."""
        if self.limit is not None and self._spent >= self.limit:
            raise ModelError(
                f"the budget of {self.limit:,} tokens is used up",
                hint="'git config skillgit.model-budget TOKENS' sets another",
            )

    def spend(self, tokens: int) -> None:
        """Count tokens as used."""
        with self._lock:
            self._spent += tokens
