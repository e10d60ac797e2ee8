"""A JSON document edited as text: what is put in is laid out as the document is, and no other byte of it moves.

Comments and commas before a closing bracket may stand in it, as several agents allow in their settings. They are
looked past by way of a text of the same length in which they are spaces, so that an offset is one in both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = r'"(?:[^"\\]|\\.)*"'
_COMMENT = re.compile(rf"{_STRING}|//[^\r\n]*|/\*.*?\*/", re.DOTALL)
_LAST_COMMA = re.compile(rf"{_STRING}|,(?=[ \t\r\n]*[\]}}])", re.DOTALL)
_NOTE = re.compile(r"[ \t]*(?://[^\r\n]*|/\*[^\r\n]*?\*/)")
"""A comment on the rest of a line."""
_LINE_BREAK = re.compile(r"\r?\n[ \t]*\Z")
_REST = re.compile(r"[ \t]*,?[ \t]*\r?\n")
_INDENT = "  "
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text that stands at this offset of a document, from where `undo` takes it out again."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class _Child:
    """A member or an item from `start` to `end`; its value begins at `value`. An item's name is its number."""

    name: str | int
    start: int
    value: int
    end: int


@dataclass(frozen=True, slots=True)
class _Inside:
    """What is between the brackets of an object or an array, from `start` to `end`."""

    start: int
    end: int
    children: tuple[_Child, ...]

    def named(self, name: str | int) -> _Child | None:
        """The child of this name; of several members the last one, which is the one that counts."""
        return next((child for child in reversed(self.children) if child.name == name), None)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a document is laid out: its newline and its indent; one line has neither."""

    newline: str
    indent: str

    def margin(self, depth: int) -> str:
        return self.newline + self.indent * depth


def parse(text: str) -> object:
    """The value of a document; ValueError or RecursionError where it is none."""
    return json.loads(_strict(_uncommented(text)))


def add(text: str, outer: str, items: Mapping[str, object]) -> tuple[Insertion, ...]:
    """What makes each item the last one of the array of its name, in the object `outer` of a document.

    Arrays and the object are made where they are not there. Order is that of the offsets.
    """
    flat = _strict(_uncommented(text))
    layout, root = _layout(flat), _inside(flat, _skip(flat, 0))
    holder = root.named(outer)
    if holder is None:
        arrays = {name: [item] for name, item in items.items()}
        return _append(text, root, {outer: arrays}.items(), layout=layout, depth=1)
    inside = _inside(flat, holder.value)
    found = {name: child for name in items if (child := inside.named(name))}
    new = [
        part
        for name, child in found.items()
        for part in _append(text, _inside(flat, child.value), [("", items[name])], layout=layout, depth=3)
    ]
    rest = [(name, [item]) for name, item in items.items() if name not in found]
    if rest:
        new += _append(text, inside, rest, layout=layout, depth=2)
    return tuple(sorted(new, key=lambda each: each.at))


def apply(text: str, insertions: Sequence[Insertion]) -> str:
    """The document with these texts in it."""
    for each in reversed(insertions):
        text = text[: each.at] + each.text + text[each.at :]
    return text


def undo(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The document that `apply` made another one from, by offsets and lengths of what it put in."""
    for at, length in spans:
        text = text[:at] + text[at + length :]
    return text


def cut(text: str, path: Sequence[str | int]) -> str:
    """The document without the value at a path, and without what holds nothing any more then; comments stay."""
    bare = _uncommented(text)
    flat = _strict(bare)
    inside, at = _Inside(0, 0, ()), _skip(flat, 0)
    deepest = (inside, 0)
    for depth, step in enumerate(path):
        inside = _inside(flat, at)
        child = inside.named(step)
        assert child is not None, f"no {step!r} on the way {path!r}"
        if depth == 0 or len(inside.children) > 1:
            deepest = (inside, inside.children.index(child))
        at = child.value
    for start, end in reversed(_extents(text, bare, *deepest)):
        text = text[:start] + text[end:]
    return text


def _extents(text: str, bare: str, inside: _Inside, index: int) -> tuple[tuple[int, int], ...]:
    """From where to where a child goes, with the comma that goes with it and the space; comments stay."""
    child, last = inside.children[index], len(inside.children) - 1
    start, end = inside.start, inside.end
    comma = bare.find(",", child.end, inside.end)
    if index < last:
        start, end = child.start, inside.children[index + 1].start
    elif index:
        start, end = inside.children[index - 1].end, child.end
        comma = bare.find(",", start, child.start)
    if text[start:end] == bare[start:end]:
        return ((start, end),)
    commas = ((comma, comma + 1),) if comma >= 0 else ()
    return tuple(sorted(((_line_start(text, child), child.end), *commas)))


def _line_start(text: str, child: _Child) -> int:
    """Where a child begins, with the line break and the space before it where it has its lines to itself."""
    before = _LINE_BREAK.search(text, 0, child.start)
    return before.start() if before and _REST.match(text, child.end) else child.start


def _append(
    text: str, inside: _Inside, new: Iterable[tuple[str, object]], *, layout: _Layout, depth: int
) -> tuple[Insertion, ...]:
    """These members, or items under an empty name, after the last one of an object or an array."""
    margin = layout.margin(depth)
    if inside.children:
        before = text[inside.start : inside.children[-1].start]
        space = before[len(before.rstrip(" \t\r\n")) :]
        margin = layout.newline + space.rpartition("\n")[2] if "\n" in space else space
    rows = [(f"{json.dumps(name)}: " if name else "") + _rendered(value, margin, layout) for name, value in new]
    content = ",".join(margin + row for row in rows)
    if inside.children:
        return _behind(text, inside, content)
    closing = "" if "\n" in text[inside.start : inside.end] else layout.margin(depth - 1)
    return (Insertion(inside.start, content + closing),)


def _behind(text: str, inside: _Inside, content: str) -> tuple[Insertion, ...]:
    """The content behind the last child and a comment beside it, with a comma between where none is there."""
    last = inside.children[-1].end
    comma = _uncommented(text).find(",", last, inside.end) + 1
    note = _NOTE.match(text, comma or last)
    if comma:
        return (Insertion(note.end() if note else comma, content),)
    return (Insertion(last, ","), Insertion(note.end(), content)) if note else (Insertion(last, "," + content),)


def _rendered(value: object, margin: str, layout: _Layout) -> str:
    """A value as JSON: on lines that begin at the margin, or on one line where the margin begins none."""
    if "\n" not in margin:
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, indent=layout.indent or _INDENT).replace("\n", margin)


def _layout(text: str) -> _Layout:
    inside = _inside(text, _skip(text, 0))
    newline = "\r\n" if "\r\n" in text else "\n"
    if not inside.children:
        return _Layout(newline, _INDENT)
    lead = text[inside.start : inside.children[0].start]
    return _Layout(newline, lead.rpartition("\n")[2]) if "\n" in lead else _Layout("", "")


def _uncommented(text: str) -> str:
    """The document with spaces for its comments."""
    return _COMMENT.sub(lambda found: found[0] if found[0][0] == '"' else re.sub(r"[^\r\n]", " ", found[0]), text)


def _strict(bare: str) -> str:
    """A document without comments, with spaces for the commas before a closing bracket."""
    return _LAST_COMMA.sub(lambda found: " " if found[0] == "," else found[0], bare)


def _inside(text: str, at: int) -> _Inside:
    """The children of the object or the array that begins at an offset of a document, which is well-formed."""
    children: list[_Child] = []
    here = _skip(text, at + 1)
    while text[here] not in "}]":
        start, name = here, len(children)  # type: tuple[int, str | int]
        if text[at] == "{":
            name, colon = _DECODER.raw_decode(text, start)
            here = _skip(text, _skip(text, colon) + 1)
        value = here
        here = _DECODER.raw_decode(text, value)[1]
        children.append(_Child(name, start, value, here))
        here = _skip(text, here)
        here = _skip(text, here + 1) if text[here] == "," else here
    return _Inside(at + 1, here, tuple(children))


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    assert match is not None, "the pattern matches nothing as well"
    return match.end()
