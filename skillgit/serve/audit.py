"""What a server says of its requests, and of what went wrong: a line of JSON each. No word of a conversation."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

_LOG = logging.getLogger("skillgit.serve")


def to_stderr() -> None:
    """From now on what is recorded is on stderr; nothing is, before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False


def record(**fields: object) -> None:
    """One line; what is empty is left out."""
    if _LOG.isEnabledFor(logging.INFO):
        said = {name: value for name, value in fields.items() if value not in ("", None, [])}
        _LOG.info(json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **said}))


def trouble(message: str) -> None:
    """Something that no request is to blame for."""
    record(trouble=message)
