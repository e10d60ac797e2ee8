"""A JSON document edited as text: what is put in is laid out as the document is, and no other byte of it moves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_SPACE = re.compile(r"[ \t\r\n]*")
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


def add(text: str, outer: str, items: Mapping[str, object]) -> tuple[Insertion, ...]:
    """What makes each item the last one of the array of its name, in the object `outer` of a document.

    Arrays and the object are made where they are not there. Order is that of the offsets.
    """
    layout, root = _layout(text), _inside(text, _skip(text, 0))
    holder = root.named(outer)
    if holder is None:
        arrays = {name: [item] for name, item in items.items()}
        return (_append(text, root, {outer: arrays}.items(), layout=layout, depth=1),)
    inside = _inside(text, holder.value)
    found = {name: child for name in items if (child := inside.named(name))}
    new = [
        _append(text, _inside(text, child.value), [("", items[name])], layout=layout, depth=3)
        for name, child in found.items()
    ]
    rest = [(name, [item]) for name, item in items.items() if name not in found]
    if rest:
        new.append(_append(text, inside, rest, layout=layout, depth=2))
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
    """The document without the value at a path, and without what holds nothing any more then."""
    inside, at = _Inside(0, 0, ()), _skip(text, 0)
    deepest = (inside, 0)
    for depth, step in enumerate(path):
        inside = _inside(text, at)
        child = inside.named(step)
        assert child is not None, f"no {step!r} on the way {path!r}"
        if depth == 0 or len(inside.children) > 1:
            deepest = (inside, inside.children.index(child))
        at = child.value
    start, end = _extent(*deepest)
    return text[:start] + text[end:]


def _extent(inside: _Inside, index: int) -> tuple[int, int]:
    """From where to where a child goes, with the comma that goes with it."""
    child, last = inside.children[index], len(inside.children) - 1
    if index < last:
        return child.start, inside.children[index + 1].start
    if index:
        return inside.children[index - 1].end, child.end
    return inside.start, inside.end


def _append(text: str, inside: _Inside, new: Iterable[tuple[str, object]], *, layout: _Layout, depth: int) -> Insertion:
    """These members, or items under an empty name, after the last one of an object or an array."""
    margin, comma = layout.margin(depth), ""
    if inside.children:
        before = text[inside.start : inside.children[-1].start]
        space = before[len(before.rstrip(" \t\r\n")) :]
        margin, comma = (layout.newline + space.rpartition("\n")[2] if "\n" in space else space), ","
    rows = [(f"{json.dumps(name)}: " if name else "") + _rendered(value, margin, layout) for name, value in new]
    content = comma + ",".join(margin + row for row in rows)
    if inside.children:
        return Insertion(inside.children[-1].end, content)
    closing = "" if "\n" in text[inside.start : inside.end] else layout.margin(depth - 1)
    return Insertion(inside.start, content + closing)


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
