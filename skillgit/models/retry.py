"""When a request is made again: waits that grow, and what an endpoint asks for in `Retry-After`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an endpoint is waited for, in seconds, and how often it is asked.

    `read` is silence: no byte for so long. `total` covers every try and every wait between them; a model that
    thinks before it writes needs most of it.
    """

    connect: float = 10.0
    read: float = 180.0
    total: float = 300.0
    tries: int = 4
    first_wait: float = 0.5
    longest_wait: float = 60.0


def waits(patience: Patience) -> Iterator[float]:
    """The waits between the tries: each about twice the one before, and jittered, so that callers do not meet again."""
    for doubled in range(patience.tries - 1):
        wait = min(patience.first_wait * 2**doubled, patience.longest_wait)
        yield wait * random.uniform(0.5, 1)


def is_passing(status: int) -> bool:
    """Whether an HTTP status tells of trouble that may be over soon."""
    return status in (408, 425, 429) or status >= 500


def asked_wait(header: str | None, now: datetime) -> float | None:
    """The seconds that a `Retry-After` header asks for, as a number or as a date; None where it says nothing.

    Source: RFC 9110, section 10.2.3; some endpoints send a fraction of a second.
    """
    text = (header or "").strip()
    try:
        return max(0.0, float(text)) if text[:1].isdigit() else _until(text, now)
    except ValueError:
        return None


def _until(date: str, now: datetime) -> float:
    moment = parsedate_to_datetime(date)
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
