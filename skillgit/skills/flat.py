"""The fast reader: frontmatter of one scalar, list of scalars or mapping of scalars a field.

It knows only shapes about which YAML leaves no doubt, and says None for every other; a
property test holds it to ruamel.yaml's answer. Known are, one a line, without comments:

    key: plain words, with no ': ' and no ' #'
    key: "double quoted, with JSON's escapes"      key: 'single quoted'
    key:                                           key:
      - any of these                                 key: any of these
"""

from __future__ import annotations

import json
import re

from skillgit.skills.field import Field

_KEY = r"[A-Za-z_][A-Za-z0-9_-]{0,63}"
_DOUBLE = r'"(?:[^"\\]|\\["\\/bfnrt]|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4})*" *'
_SINGLE = r"'[^']*' *"
_PLAIN = r"""[^\s\-?:,\[\]{}#&*!|>'"%@`](?:[^:#]|:(?=\S)|(?<=\S)#)*"""
_SCALAR = f"{_DOUBLE}|{_SINGLE}|{_PLAIN}"
_PAIR = re.compile(rf"( *)({_KEY}): +({_SCALAR})")
_OPEN = re.compile(rf"({_KEY}): *")
_ITEM = re.compile(rf"( *)- +({_SCALAR})")
_PRINTABLE = re.compile("[\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")


def read(text: str, *, first_line: int) -> tuple[Field, ...] | None:
    """Read the frontmatter, or return None where a shape is not one of the known ones."""
    if not _PRINTABLE.fullmatch(text):
        return None
    lines = text.split("\n")[:-1]
    fields: list[Field] = []
    at, start = 0, 0
    while at < len(lines):
        inner = _inner(lines, at + 1)
        field = _field(lines[at], inner, line_number=first_line + at, start=start)
        if field is None:
            return None
        fields.append(field)
        at, start = at + 1 + len(inner), field.end
    return tuple(fields) if _agree(fields) else None


def _inner(lines: list[str], at: int) -> list[str]:
    """The lines from `at` on that belong to the field before them."""
    end = at
    while end < len(lines) and lines[end].startswith((" ", "- ")):
        end += 1
    return lines[at:end]


def _field(line: str, inner: list[str], *, line_number: int, start: int) -> Field | None:
    if match := _PAIR.fullmatch(line):
        return None if inner or match[1] else _scalar_field(match, line_number, start)
    opening = _OPEN.fullmatch(line)
    if opening is None:
        return None
    key, end = opening[1], start + len(line) + 1
    if items := _all(_ITEM, inner):
        values = tuple(_scalar(item[2]) for item in items)
        return Field(key, values, line_number, start, end + _length(inner), 0, key)
    if pairs := _all(_PAIR, inner):
        return _mapping_field(key, pairs, line_number, start, end)
    return None


def _all(shape: re.Pattern[str], lines: list[str]) -> list[re.Match[str]]:
    """Match all lines with one shape and one indentation, or none."""
    matches = [match for line in lines if (match := shape.fullmatch(line))]
    same = len(matches) == len(lines) and len({len(match[1]) for match in matches}) == 1
    return matches if same else []


def _mapping_field(key: str, pairs: list[re.Match[str]], line: int, start: int, end: int) -> Field | None:
    children = []
    for number, pair in enumerate(pairs, line + 1):
        children.append(_scalar_field(pair, number, end))
        end = children[-1].end
    if not _agree(children) or not children[0].column:
        return None
    return Field(key, {c.key: c.value for c in children}, line, start, end, 0, key, children=tuple(children))


def _scalar_field(pair: re.Match[str], line: int, start: int) -> Field:
    return Field(pair[2], _scalar(pair[3]), line, start, start + len(pair[0]) + 1, len(pair[1]), pair[2])


def _scalar(written: str) -> str:
    written = written.rstrip(" ")
    if written.startswith('"'):
        return str(json.loads(written)) if "\\" in written else written[1:-1]
    return written.strip("'") if written.startswith("'") else written


def _length(lines: list[str]) -> int:
    return sum(map(len, lines)) + len(lines)


def _agree(fields: list[Field]) -> bool:
    """Say whether no key comes twice and all nested mappings have one indentation."""
    columns = {field.children[0].column for field in fields if field.children}
    return len({field.key for field in fields}) == len(fields) and len(columns) <= 1
