"""Errors as a client sees them."""

from __future__ import annotations

from skillgit.errors import (
    DatabaseError,
    InTheWay,
    Invalid,
    Locked,
    ModelError,
    NotFound,
    Refused,
    SkillgitError,
    Unsafe,
    UsageError,
)
from skillgit.models.relay import Unanswered

_STATUS: tuple[tuple[type[SkillgitError], int], ...] = (
    (NotFound, 404),
    (UsageError, 400),
    (Invalid, 400),
    (Unsafe, 400),
    (Refused, 409),
    (InTheWay, 409),
    (Locked, 503),
    (DatabaseError, 503),
    (ModelError, 502),
)


_INSIDE = {502: "the model has not answered", 503: "the repository or its database cannot be used now: try again"}


class Problem(SkillgitError):
    """A request that is answered with this status."""

    def __init__(self, status: int, message: str, *, hint: str = "", wait: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.wait = wait


def status_of(error: SkillgitError) -> int:
    """The status that an error is answered with."""
    if isinstance(error, Problem | Unanswered):
        return error.status
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def told(error: SkillgitError) -> str:
    """What a client hears of an error: of one that is the server's own nothing that names its files and addresses."""
    status = status_of(error)
    if status >= 500 and not isinstance(error, Problem | Unanswered):
        return _INSIDE.get(status, "the repository cannot be used now")
    return f"{error.message}; {error.hint}" if error.hint else error.message
