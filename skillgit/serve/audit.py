"""What a server says on stderr: a line of JSON for each request, and what went wrong. No word of a conversation."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime


def record(**fields: object) -> None:
    """One line; what is empty is left out."""
    said = {name: value for name, value in fields.items() if value not in ("", None, ())}
    line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **said}, default=str)
    sys.stderr.write(f"{line}\n")


def trouble(message: str) -> None:
    """Something that no request is to blame for."""
    record(trouble=message)
