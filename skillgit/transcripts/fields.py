"""Reading untrusted JSON: each function takes what is there and gives one type, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Fields = dict[str, Any]

Row = tuple[Fields, int | None]
"""A JSON object of a file and its line, 1-based; None in a document that has no lines of its own."""

_MILLISECONDS = 1e11  # the year 5138 in seconds, 1973 in milliseconds
_MICROSECONDS = 1e14


def fields(value: object) -> Fields:
    """The value itself where it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Fields]:
    """The JSON objects a value consists of: itself, or the objects of an array."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """The value where it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def first(record: Fields, *keys: str) -> str | None:
    """The first of these fields that is a non-empty string or a whole number, as a string."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None


def moment(record: Fields, *keys: str) -> str | None:
    """The first of these fields that says when: a string as it stands, an epoch number as ISO 8601 UTC."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _iso(value)
    return None


def _iso(epoch: float) -> str | None:
    scale = 1e6 if epoch > _MICROSECONDS else 1e3 if epoch > _MILLISECONDS else 1
    try:
        when = datetime.fromtimestamp(epoch / scale, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
