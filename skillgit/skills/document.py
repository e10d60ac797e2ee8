"""SKILL.md: bytes -> value -> the same bytes, and edits that touch the lines of one field only.

    <BOM, blank lines>---           head
    name: release-checklist         frontmatter
    metadata:
      version: "0.1.0"
    ---                             fence
    # Release checklist             body

The frontmatter ends at the first line that is `---` and nothing else; a `---` inside a
value, or in the body, ends nothing. `render` gives back what `parse` was given, byte for
byte, for every file that parses: line breaks of any kind, comments, unknown fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from skillgit.errors import Invalid, Unreadable
from skillgit.skills import frontmatter as yaml
from skillgit.skills.field import Field, Fields, Value

MAX_BYTES = 1 << 20
SPEC_FIELDS = ("name", "description", "license", "compatibility", "allowed-tools", "metadata")

Key: TypeAlias = "str | tuple[str, str]"

_OPENING = re.compile("\ufeff?(?:[ \\t]*(?:\\r\\n|\\n|\\r))*---[ \\t]*(?:\\r\\n|\\n|\\r)")
_CLOSING = re.compile(r"(?:(?<=\n)|(?<=\r))---[ \t]*(?:\r\n|\n|\r|\Z)")
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))*")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Document:
    """A SKILL.md. `head`, `frontmatter`, `fence` and `body` joined are the text of the file."""

    head: str
    frontmatter: str
    fence: str
    body: str
    layout: Fields

    def render(self) -> bytes:
        """Give the file's bytes."""
        return f"{self.head}{self.frontmatter}{self.fence}{self.body}".encode()

    @property
    def fields(self) -> Mapping[str, Value]:
        """The frontmatter's fields in their order, every scalar as the string that was written."""
        return {field.key: field.value for field in self.layout.fields}

    @property
    def metadata(self) -> Mapping[str, Value]:
        """The `metadata` field; empty where there is none or it is no mapping."""
        value = self.fields.get("metadata")
        return value if isinstance(value, Mapping) else {}

    @property
    def name(self) -> str:
        """The `name` field, "" where there is none."""
        return _text(self.fields.get("name"))

    @property
    def description(self) -> str:
        """The `description` field, "" where there is none."""
        return _text(self.fields.get("description"))

    @property
    def id(self) -> str:
        """`metadata.id`, or the top-level `id` of AutoSkill's dialect, or ""."""
        return _text(self.metadata.get("id")) or _text(self.fields.get("id"))

    @property
    def version(self) -> str:
        """`metadata.version`, or the top-level `version`, or ""."""
        return _text(self.metadata.get("version")) or _text(self.fields.get("version"))

    @property
    def tags(self) -> tuple[str, ...]:
        """`metadata.tags` or the top-level `tags`, comma-separated or a list, each once."""
        value = self.metadata.get("tags") or self.fields.get("tags") or ""
        parts = value.split(",") if isinstance(value, str) else [_text(item) for item in value]
        return tuple(dict.fromkeys(tag for part in parts if (tag := part.strip())))

    def with_field(self, key: Key, value: str) -> Document:
        """Set one field, `"description"` or `("metadata", "version")`; no other field's line changes.

        The value becomes a double-quoted string on one line. A comment behind a value of one
        line stays. A missing field is put where the specification's order has it. Raises
        Invalid where a parent is there and is no mapping.
        """
        if isinstance(key, str):
            return self._set(self.layout.fields, key, value=value)
        parent = self._field(key[0])
        if parent is None or parent.value == "":
            return self._put_mapping(key[0], {key[1]: value})
        if not isinstance(parent.value, Mapping):
            raise Invalid(f"the field '{key[0]}' is no mapping, line {parent.line}")
        if parent.children:
            return self._set(parent.children, key[1], value=value, parent=parent)
        strings = {name: _text(inner) for name, inner in parent.value.items()}
        return self._put_mapping(key[0], strings | {key[1]: value})

    def without_field(self, key: Key) -> Document:
        """Drop one field's lines and the blank ones behind, and its parent where that is left empty; absent is fine."""
        if isinstance(key, str):
            field = self._field(key)
            return self._drop(field) if field else self
        parent = self._field(key[0])
        if parent is None or not isinstance(parent.value, Mapping) or key[1] not in parent.value:
            return self
        if len(parent.value) == 1:
            return self.without_field(key[0])
        if child := _find(parent.children, key[1]):
            return self._drop(child)
        kept = {name: _text(value) for name, value in parent.value.items() if name != key[1]}
        return self._put_mapping(key[0], kept)

    def with_body(self, body: str) -> Document:
        """Replace the body, taken as it is; the frontmatter stays byte for byte."""
        fence = self.fence if self.fence.endswith(("\n", "\r")) or not body else self.fence + self.newline
        return replace(self, fence=fence, body=body)

    @property
    def newline(self) -> str:
        """The line break of the file's first line."""
        return "\r\n" if self.head.endswith("\r\n") else self.head[-1]

    def _field(self, key: str) -> Field | None:
        return _find(self.layout.fields, key)

    def _set(self, fields: tuple[Field, ...], key: str, *, value: str, parent: Field | None = None) -> Document:
        if field := _find(fields, key):
            line = f"{' ' * field.column}{field.written_key}: {yaml.quoted(value)}{field.comment}"
            return self._splice(field.start, field.end, line + self.newline)
        column = fields[0].column if fields else 0
        at = fields[-1].end if parent else self._place(key)
        return self._splice(at, at, f"{' ' * column}{_key(key)}: {yaml.quoted(value)}{self.newline}")

    def _drop(self, field: Field) -> Document:
        """Cut a field's lines and the blank ones behind, which a `|+` scalar before it would take for its own."""
        blank = _BLANK_LINES.match(self.frontmatter, field.end)
        return self._splice(field.start, blank.end() if blank else field.end, "")

    def _put_mapping(self, key: str, values: Mapping[str, str]) -> Document:
        """Write a whole nested mapping, over the field of that name or where it belongs."""
        field = self._field(key)
        start, end = (field.start, field.end) if field else (self._place(key),) * 2
        column = self.layout.fields[0].column if self.layout.fields else 0
        inner = next((f.children[0].column for f in self.layout.fields if f.children), column + 2)
        lines = [f"{' ' * column}{_key(key)}:"]
        lines += [f"{' ' * inner}{_key(name)}: {yaml.quoted(value)}" for name, value in values.items()]
        return self._splice(start, end, "".join(line + self.newline for line in lines))

    def _place(self, key: str) -> int:
        """Where a new field goes: behind the fields that the specification names before it."""
        if key not in SPEC_FIELDS:
            return len(self.frontmatter)
        before = SPEC_FIELDS[: SPEC_FIELDS.index(key)]
        return max((field.end for field in self.layout.fields if field.key in before), default=0)

    def _splice(self, start: int, end: int, text: str) -> Document:
        frontmatter = self.frontmatter[:start] + text + self.frontmatter[end:]
        return replace(self, frontmatter=frontmatter, layout=yaml.read(frontmatter, first_line=_lines(self.head) + 1))


def parse(data: bytes) -> Document:
    """Read a SKILL.md.

    Raises Unreadable for more than 1 MiB or what is not UTF-8; Invalid for no
    frontmatter, frontmatter that is not closed, or YAML that `frontmatter.read` refuses.
    """
    head, between, fence, body = split(data)
    return Document(head, between, fence, body, yaml.read(between, first_line=_lines(head) + 1))


def split(data: bytes) -> tuple[str, str, str, str]:
    """Part a SKILL.md into head, frontmatter, fence and body without reading the YAML; raises as `parse` does."""
    text = _decode(data)
    opening = _OPENING.match(text)
    if opening is None:
        raise Invalid("no frontmatter: the first line of a SKILL.md is '---'")
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        raise Invalid("the frontmatter is not closed: no line is '---' after the first")
    return text[: opening.end()], text[opening.end() : closing.start()], closing[0], text[closing.end() :]


def new(
    name: str,
    description: str,
    *,
    metadata: Mapping[str, str],
    body: str,
    fields: Mapping[str, str] | None = None,
) -> Document:
    """Make a document as skillgit writes it: block YAML, every value quoted, the specification's order.

    `fields` may hold `license`, `compatibility` and `allowed-tools`. A blank line parts the
    frontmatter from the body.
    """
    document = parse(b"---\n---\n")
    for key, value in {"name": name, "description": description, **(fields or {})}.items():
        document = document.with_field(key, value)
    if metadata:
        document = document._put_mapping("metadata", metadata)
    return document.with_body(f"\n{body.lstrip(chr(10))}")


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise Unreadable(f"larger than {MAX_BYTES >> 20} MiB ({len(data)} bytes)")
    try:
        return data.decode()
    except UnicodeDecodeError as err:
        raise Unreadable(f"not UTF-8: byte {data[err.start]:#04x} on line {data[: err.start].count(10) + 1}") from err


def _lines(text: str) -> int:
    return len(re.findall(r"\r\n|\n|\r", text))


def _text(value: Value | None) -> str:
    return value.strip() if isinstance(value, str) else ""


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else yaml.quoted(key)


def _find(fields: tuple[Field, ...], key: str) -> Field | None:
    return next((field for field in fields if field.key == key), None)
