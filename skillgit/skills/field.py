"""A field of the frontmatter: what it says and which lines say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = "str | tuple[Value, ...] | Mapping[str, Value]"


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a mapping and its value.

    `line` is the key's line in the file, from 1. `text[start:end]` of the frontmatter are the
    field's whole lines, the last line break included. `column` is the key's indentation,
    `written_key` the key as it stands there (perhaps quoted), `comment` what follows a value
    of one line (" # why"). `children` are the fields of a nested block mapping.
    """

    key: str
    value: Value
    line: int
    start: int
    end: int
    column: int
    written_key: str
    comment: str = ""
    children: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Oddity:
    """Good YAML that the specification's own tool refuses: `kind` is "flow" or "indentation"."""

    kind: str
    line: int


@dataclass(frozen=True, slots=True)
class Fields:
    """All fields of a frontmatter, in its order."""

    fields: tuple[Field, ...]
    oddities: tuple[Oddity, ...] = ()
