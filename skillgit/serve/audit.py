"""What a server says of its requests, and of what went wrong: a line of JSON each. No word of a conversation."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

_LOG = logging.getLogger("skillgit.serve")


_BROKEN_OFF = "without completing response"
"""What uvicorn says of an answer that has no end, which is ours to say, and said."""


class _Server(logging.Handler):
    """What uvicorn has to say is recorded as trouble."""

    def emit(self, record: logging.LogRecord) -> None:
        if _BROKEN_OFF not in record.getMessage():
            trouble(self.format(record))


def to_stderr() -> None:
    """From now on what is recorded is on stderr, and what uvicorn complains of; nothing is, before."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(logging.Formatter("%(message)s"))
    rows: tuple[tuple[logging.Logger, logging.Handler, int], ...] = (
        (_LOG, lines, logging.INFO),
        (logging.getLogger("uvicorn.error"), _Server(), logging.ERROR),
    )
    for log, handler, level in rows:
        log.addHandler(handler)
        log.setLevel(level)
        log.propagate = False


def record(**fields: object) -> None:
    """One line; what is empty is left out."""
    if _LOG.isEnabledFor(logging.INFO):
        said = {name: value for name, value in fields.items() if value not in ("", None, [])}
        _LOG.info(json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **said}))


def trouble(message: str) -> None:
    """Something that no request is to blame for."""
    record(trouble=message)
