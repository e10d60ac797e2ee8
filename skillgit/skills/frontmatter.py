"""The YAML of a SKILL.md, read into fields that know which lines are theirs.

Every scalar is the string that was written: `version: 1.10` is "1.10", `draft: no` is "no",
an empty value is "". Refused, each with its line: anchors, aliases, tags and merge keys
(a ten-line alias bomb kills the process), duplicate keys, nesting deeper than 16, keys that
are no scalars, a second document, more than 256 fields in one mapping, more than 64 KiB.

Two readers give the same fields: `flat` knows the shapes that nearly every skill has and
costs 0.1 ms, ruamel.yaml reads everything else at 2 ms a file and 25 ms to import.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from skillgit.errors import Invalid
from skillgit.skills import flat
from skillgit.skills.field import Field, Fields, Oddity, Value

MAX_LENGTH = 64 * 1024
MAX_DEPTH = 16
MAX_FIELDS = 256

Event: TypeAlias = Any  # ruamel.yaml ships no types for its events


@dataclass(frozen=True, slots=True)
class _Node:
    """A YAML node: `value` as skillgit gives it, `start` and `end` as offsets into the text."""

    value: Value
    start: int
    end: int
    column: int
    line: int
    style: str
    items: tuple[_Node, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[_Node, _Node], ...]:
        """The keys and values of a mapping; ruamel places an empty value at the next token, we behind its key."""
        pairs = zip(self.items[::2], self.items[1::2], strict=True)
        return tuple((key, replace(value, end=key.end) if value.is_empty else value) for key, value in pairs)

    @property
    def is_empty(self) -> bool:
        return self.style == "line" and self.start == self.end


def read(text: str, *, first_line: int) -> Fields:
    """Read the frontmatter between the two `---` lines; `first_line` is its first line's number in the file.

    Raises Invalid, with the line, for anything that is no plain mapping of strings, lists and mappings.
    """
    if len(text) > MAX_LENGTH:
        raise Invalid(f"the frontmatter is longer than {MAX_LENGTH // 1024} KiB")
    flat_fields = flat.read(text, first_line=first_line)
    layout = Fields(flat_fields) if flat_fields is not None else read_any(text, first_line=first_line)
    if max(len(layout.fields), *(len(field.children) for field in layout.fields), 0) > MAX_FIELDS:
        raise Invalid(f"the frontmatter has more than {MAX_FIELDS} fields")
    return layout


def quoted(value: str) -> str:
    """Write a value as one double-quoted YAML line that every reader of skills understands.

    `---` is escaped, because skills-ref cuts the frontmatter at the first one it sees.
    """
    safe = json.dumps(value, ensure_ascii=False).replace("---", "\\x2d--")
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", safe)


_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def read_any(text: str, *, first_line: int) -> Fields:
    """Read with ruamel.yaml, event by event, so that nothing is built before it was checked."""
    from ruamel.yaml import YAML  # 25 ms: only where `flat` does not know the shape
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    events = iter(YAML(typ="safe", pure=True).parse(text))
    try:
        return _fields(_document(events, first_line), text)
    except MarkedYAMLError as err:
        line = f", line {first_line + err.problem_mark.line}" if err.problem_mark else ""
        raise Invalid(f"the frontmatter is not valid YAML: {_words(err.problem)}{line}", hint=_HINT) from err
    except (YAMLError, ValueError, OverflowError) as err:  # the last two: an escape like "\UFFFFFFFF"
        raise Invalid(f"the frontmatter is not valid YAML: {_words(str(err))}") from err


_HINT = "put a value that contains ': ' or starts with a special character in double quotes"


def _words(problem: str) -> str:
    return " ".join(problem.split("\n")[0].split())


def _document(events: Iterator[Event], first_line: int) -> _Node:
    """Read the one document there may be, which must be a mapping."""
    next(events)  # the start of the stream
    if type(next(events)).__name__ == "StreamEndEvent":
        return _Node({}, 0, 0, 0, first_line, "block")
    node = _node(next(events), events, depth=0, first_line=first_line)
    next(events)  # the end of the document
    if type(next(events)).__name__ != "StreamEndEvent":
        raise Invalid("the frontmatter holds a second YAML document")
    if not isinstance(node.value, Mapping):
        raise Invalid("the frontmatter is not a mapping of fields to values")
    return node


def _node(event: Event, events: Iterator[Event], *, depth: int, first_line: int) -> _Node:
    """Build the node that starts with this event, taking the rest of it from `events`."""
    line = first_line + event.start_mark.line
    kind = type(event).__name__
    _refuse_indirection(event, kind, line)
    if depth > MAX_DEPTH:
        raise Invalid(f"the frontmatter is nested more than {MAX_DEPTH} deep, line {line}")
    start, column = event.start_mark.index, event.start_mark.column
    if kind == "ScalarEvent":
        style = "block" if event.style in ("|", ">") else "line"
        return _Node(_text(event.value, line), start, event.end_mark.index, column, line, style)
    items = []
    while type(last := next(events)).__name__ not in ("SequenceEndEvent", "MappingEndEvent"):
        items.append(_node(last, events, depth=depth + 1, first_line=first_line))
    style = "flow" if event.flow_style else "block"
    value = _mapping(items) if kind == "MappingStartEvent" else tuple(item.value for item in items)
    return _Node(value, start, last.end_mark.index, column, line, style, tuple(items))


def _refuse_indirection(event: Event, kind: str, line: int) -> None:
    if kind == "AliasEvent" or event.anchor is not None:
        raise Invalid(f"the frontmatter uses a YAML anchor or alias, line {line}")
    if event.tag is not None:
        raise Invalid(f"the frontmatter uses a YAML tag, line {line}")


def _text(value: str, line: int) -> str:
    """Join the surrogate pairs that JSON writers escape; half a pair is no text."""
    try:
        return value.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError as err:
        raise Invalid(f"the frontmatter escapes half a character, line {line}") from err


def _mapping(items: list[_Node]) -> Mapping[str, Value]:
    mapping: dict[str, Value] = {}
    for key, value in zip(items[::2], items[1::2], strict=True):
        if not isinstance(key.value, str):
            raise Invalid(f"the frontmatter has a key that is no plain word, line {key.line}")
        if key.value == "<<":
            raise Invalid(f"the frontmatter uses a YAML merge key, line {key.line}")
        if key.value in mapping:
            raise Invalid(f"the frontmatter has the field '{key.value}' twice, line {key.line}")
        mapping[key.value] = value.value
    return mapping


def _fields(root: _Node, text: str) -> Fields:
    if root.style == "flow":
        raise Invalid(f"the frontmatter is one flow mapping, line {root.line}", hint="write one 'field: value' a line")
    return Fields(tuple(_field(key, value, root, text) for key, value in root.pairs), tuple(_oddities(root)))


def _field(key: _Node, value: _Node, parent: _Node, text: str) -> Field:
    start, end = _line_start(key.start, text), _end(value, text)
    if not isinstance(key.value, str) or text[start : key.start].strip(" "):
        raise Invalid(f"the frontmatter has a key that does not start its line, line {key.line}")
    nested = isinstance(value.value, Mapping) and value.style == "block"
    return Field(
        key=key.value,
        value=value.value,
        line=key.line,
        start=start,
        end=end,
        column=parent.column,
        written_key=text[key.start : key.end],
        comment=_comment(text[value.end : end]) if value.style == "line" else "",
        children=tuple(_field(k, v, value, text) for k, v in value.pairs) if nested else (),
    )


def _comment(tail: str) -> str:
    """The comment in what follows a value on its line, with the blanks before it; ":" ends the key of an empty one."""
    tail = tail.removeprefix(":").rstrip("\r\n")
    return tail if tail.lstrip(" \t").startswith("#") else ""


def _line_start(offset: int, text: str) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _end(node: _Node, text: str) -> int:
    """Say where the node's last line ends, its line break included; later comments and blank lines are nobody's."""
    if node.style == "block" and node.items:
        return _end(node.pairs[-1][1] if isinstance(node.value, Mapping) else node.items[-1], text)
    if node.style == "block" and isinstance(node.value, str):
        return len(text) if node.end >= len(text) else _line_start(node.end, text)
    match = _LINE_BREAK.search(text, node.end)
    return match.end() if match else len(text)


_LINE_BREAK = re.compile(r"\r\n|\n|\r")


def _oddities(node: _Node) -> Iterator[Oddity]:
    """Find what YAML allows and strictyaml, which skills-ref reads with, does not."""
    if node.style == "flow":
        yield Oddity("flow", node.line)
    if isinstance(node.value, Mapping):
        inner = [value for _, value in node.pairs if isinstance(value.value, Mapping)]
        yield from (Oddity("indentation", child.line) for child in inner if child.column != inner[0].column)
    for item in node.items:
        yield from _oddities(item)
