"""Fields of the frontmatter that are sets of words: `tags: a, b`, `allowed-tools: Read Bash(git:*)`, or lists.

What comes out is written as ours is: on one line or as a list, in quotes only where it needs them.
"""

from __future__ import annotations

import re

from skillgit.errors import Invalid
from skillgit.merge.markers import split_lines
from skillgit.skills import frontmatter as yaml
from skillgit.skills.field import Field, Value

_SEPARATORS = {"tags": ", ", "allowed-tools": " "}
_TAG = re.compile(r"[^\s,](?:[^,]*[^\s,])?")
_TOOL = re.compile(r"[^\s,()]+(?:\([^)]*\))?")


def merge(base: Value, ours: Field, theirs: Field, *, text: str) -> str | None:
    """The lines of ours' field, given as `text`, with what theirs added and without what it removed.

    None where a side is no set of words.
    """
    sides = [_items(ours.key, value) for value in (base, ours.value, theirs.value)]
    if any(side is None for side in sides):
        return None
    had, mine, their = (side or [] for side in sides)
    kept = [item for item in mine if item in their or item not in had]
    items = [*kept, *(item for item in their if item not in mine and item not in had)]
    if isinstance(ours.value, tuple):
        return _as_list(ours, text, items)
    separator = ", " if ours.key != "tags" and "," in ours.value else _SEPARATORS[ours.key]
    return with_value(ours, text, separator.join(items))


def with_value(field: Field, text: str, value: str) -> str:
    """The line of a field with another word for its value, plain where ours is and YAML lets it."""
    start = text[: text.index(field.written_key)] + f"{field.written_key}: "
    newline = text[len(text.rstrip("\r\n")) :]
    is_plain = text[len(start) :][:1] not in ("'", '"')
    written = value if is_plain and _reads(value) == value else yaml.quoted(value)
    return f"{start}{written}{field.comment}{newline}"


def _items(key: str, value: Value) -> list[str] | None:
    """The items of a set, each once; None where it is a mapping or holds one."""
    if isinstance(value, str):
        return list(dict.fromkeys((_TAG if key == "tags" else _TOOL).findall(value)))
    words = [item for item in value if isinstance(item, str)]
    return list(dict.fromkeys(words)) if isinstance(value, tuple) and len(words) == len(value) else None


def _as_list(field: Field, text: str, items: list[str]) -> str | None:
    """A list of the items in ours' style; None where the list is written in no way known here."""
    head, *lines = split_lines(text)
    if not lines:
        return _as_flow_list(field, head, items)
    old = dict(zip(_items(field.key, field.value) or [], lines, strict=False))
    if len(old) != len(lines) or not all(line.lstrip().startswith("- ") for line in lines):
        return None
    mark, newline = lines[0][: lines[0].index("-")], lines[0][len(lines[0].rstrip("\r\n")) :]
    return head + "".join(old.get(item, f"{mark}- {_written(item)}{newline}") for item in items)


def _as_flow_list(field: Field, line: str, items: list[str]) -> str | None:
    opening, closing = line.find("["), line.rfind("]")
    if opening < 0 or closing < opening:
        return None
    inner = line[opening + 1 : closing]
    old = dict(zip(_items(field.key, field.value) or [], (part.strip() for part in inner.split(",")), strict=False))
    if [_reads(written) for written in old.values()] != list(old):
        return None
    return f"{line[: opening + 1]}{', '.join(old.get(item) or _written(item) for item in items)}{line[closing:]}"


def _written(item: str) -> str:
    plain = not re.search(r"[\[\]{},]", item) and _reads(item) == item
    return item if plain else yaml.quoted(item)


def _reads(written: str) -> Value:
    """What YAML reads in a value written like that; () where it reads nothing."""
    try:
        field, *more = yaml.read(f"key: {written}\n", first_line=1).fields
    except Invalid:
        return ()
    return field.value if not more else ()
