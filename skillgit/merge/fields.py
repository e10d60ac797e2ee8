"""The frontmatter merged field by field; lines that say nothing new stay as they are.

    changed on one side                    that side's lines; in git's conflicts other quotes are no change
    metadata                               field by field again
    version, moved on both sides           above both: the higher, raised by what the other side changed
    tags, allowed-tools                    as sets: ours in order, then what theirs adds; removed stays removed
    name, description in git's conflict    a proposal even where one side changed it: a skill is found by them
    any field that both changed            a conflict; but for the name with both sides' words as a proposal
    comments and blank lines               go with the field they stand before

A field's lines are a hunk where a side's are lost or nobody is sure, else plain text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from skillgit.merge import sets, words
from skillgit.merge.hunk import FRONTMATTER, Conflict, Outcome, Piece
from skillgit.merge.markers import split_lines
from skillgit.skills.document import Document
from skillgit.skills.field import Field
from skillgit.skills.version import bump, is_above, next_version

IDENTITY = ("name", "description")
SETS = ("tags", "allowed-tools")

_BUMPS = ("none", "patch", "minor", "major")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A field's own lines, and the comments and blank lines before it."""

    before: str
    text: str
    field: Field

    @property
    def children(self) -> tuple[list[_Entry], str]:
        """The fields of a nested mapping, and what stands behind the last one."""
        return _entries(self.text, self.field.children, offset=self.field.start, at=len(self.header))

    @property
    def is_version(self) -> bool:
        """Whether it is the skill's version, written as one word."""
        return self.field.key == "version" and isinstance(self.field.value, str)

    @property
    def holds_version(self) -> bool:
        """Whether it is the metadata with the skill's version in it."""
        return self.field.key == "metadata" and any(child.key == "version" for child in self.field.children)

    @property
    def header(self) -> str:
        """The line of the key, where the value stands below it."""
        return "".join(split_lines(self.text)[:1])


@dataclass(frozen=True, slots=True)
class _Sides:
    """One field on each side; None where a side has it not."""

    base: _Entry | None
    ours: _Entry | None
    theirs: _Entry | None

    @property
    def conflict(self) -> Conflict:
        return Conflict(FRONTMATTER, *(entry.text if entry else "" for entry in (self.base, self.ours, self.theirs)))


@dataclass(frozen=True, slots=True)
class _Context:
    """The version that the merged skill has, None to leave it; and the lines of git's conflicts."""

    version: str | None
    contested: str


def merge(base: Document | None, ours: Document, theirs: Document, *, contested: str) -> list[Piece]:
    """The pieces of the merged file from its first byte to the line that closes the frontmatter.

    `contested` are the lines that git has a conflict about.
    """
    sides = [_entries(side.frontmatter, side.layout.fields) if side else ([], "") for side in (base, ours, theirs)]
    entries, tails = [side[0] for side in sides], [side[1] for side in sides]
    head, fence = (
        _either(getattr(base, part, ""), getattr(ours, part), getattr(theirs, part)) for part in ("head", "fence")
    )
    if (ours.body or theirs.body) and not fence.endswith("\n"):
        fence += ours.newline
    merged = _merged(*entries, context=_Context(raised_version(base, ours, theirs), contested))
    return [piece for piece in (head, *merged, _both(*tails), fence) if piece]


def raised_version(base: Document | None, ours: Document, theirs: Document) -> str | None:
    """A version above both sides' where both moved it; None where it need not rise.

    Both may have moved it to the same one. That is what git keeps, and a version that is there twice; so it
    rises in a skill of skillgit's, which has an id, and stays in any other.
    """
    before, mine, their = base.version if base else "", ours.version, theirs.version
    if before in (mine, their) or not (mine and their) or (mine == their and not (ours.id and ours.id == theirs.id)):
        return None
    higher, other = (their, ours) if is_above(their, mine) else (mine, theirs)
    bumps = [bump(base, side) if base else "patch" for side in ((ours, theirs) if mine == their else (other,))]
    return next_version(higher, max("patch", *bumps, key=_BUMPS.index))


def _merged(base: list[_Entry], ours: list[_Entry], theirs: list[_Entry], *, context: _Context) -> Iterator[Piece]:
    fields = [{entry.field.key: entry for entry in side} for side in (base, ours, theirs)]
    for key in _order(ours, theirs):
        sides = _Sides(*(side.get(key) for side in fields))
        pieces = list(_field(sides, context))
        before = [side[key].before if key in side else "" for side in fields]
        yield _both(*before) if pieces else _new(*before)
        yield from pieces


def _order(ours: list[_Entry], theirs: list[_Entry]) -> list[str]:
    """Ours' keys, and each that only theirs has behind the one it stands behind there."""
    order = [entry.field.key for entry in ours]
    for before, entry in pairwise([None, *theirs]):
        if entry and entry.field.key not in order:
            order.insert(order.index(before.field.key) + 1 if before else 0, entry.field.key)
    return order


def _field(sides: _Sides, context: _Context) -> Iterator[Piece]:
    ours, theirs = sides.ours, sides.theirs
    if ours and theirs and context.version and ours.is_version and theirs.is_version:
        yield _settled(sides, sets.with_value(ours.field, ours.text, context.version))
    elif ours and theirs and context.version and ours.holds_version and theirs.holds_version:
        yield from _mapping(sides.base, ours, theirs, context)  # alike as they may be, the version is to rise
    elif taken := _taken(sides, context):
        yield from _one_side(sides, taken[0], context)
    elif ours and theirs and ours.field.children and theirs.field.children:
        yield from _mapping(sides.base, ours, theirs, context)
    else:
        yield _conflict(sides)


def _taken(sides: _Sides, context: _Context) -> tuple[_Entry | None] | tuple[()]:
    """The lines of a field that at most one side changed; nothing where both did."""
    is_contested = any(side and side.text in context.contested for side in (sides.ours, sides.theirs))
    for same in (_same_value, _same_text) if is_contested else (_same_text, _same_value):
        if same(sides.ours, sides.theirs) or same(sides.base, sides.theirs):
            return (sides.ours,)
        if same(sides.base, sides.ours):
            return (sides.theirs,)
    return ()


def _one_side(sides: _Sides, taken: _Entry | None, context: _Context) -> Iterator[Piece]:
    text = taken.text if taken else ""
    agreed = _same_value(sides.ours, sides.theirs) or _same_value(sides.base, taken)
    if taken and taken.field.key in IDENTITY and text in context.contested and not agreed:
        yield Outcome(sides.conflict, 6, "fields", text, sure=False)
    elif any(side and side.text not in (text, sides.conflict.base) for side in (sides.ours, sides.theirs)):
        yield _settled(sides, text)
    elif text:
        yield text


def _same_text(one: _Entry | None, other: _Entry | None) -> bool:
    return (one and one.text) == (other and other.text)


def _same_value(one: _Entry | None, other: _Entry | None) -> bool:
    """Whether two say the same, in whatever quotes; comments inside a mapping are read field by field."""
    if one is None or other is None or one.field.children or other.field.children:
        return _same_text(one, other)
    return (one.field.value, one.field.comment) == (other.field.value, other.field.comment)


def _mapping(base: _Entry | None, ours: _Entry, theirs: _Entry, context: _Context) -> Iterator[Piece]:
    sides = [side.children if side else ([], "") for side in (base, ours, theirs)]
    inner = context if ours.field.key == "metadata" else replace(context, version=None)
    yield ours.header
    yield from _merged(*(entries for entries, _ in sides), context=inner)
    yield _both(*(tail for _, tail in sides))


def _conflict(sides: _Sides) -> Outcome:
    conflict, ours, theirs = sides.conflict, sides.ours, sides.theirs
    if ours and theirs and ours.field.key in SETS:
        before = sides.base.field.value if sides.base else ""
        text = sets.merge(before, ours.field, theirs.field, text=ours.text)
        if text is not None:
            return _settled(sides, text)
    proposal = None if ours and ours.field.key == "name" else words.merge(conflict)
    return Outcome(conflict, 6, "words" if proposal else "conflict", proposal, sure=False)


def _entries(text: str, fields: Sequence[Field], *, offset: int = 0, at: int = 0) -> tuple[list[_Entry], str]:
    """The fields of a text that begins at an offset of the frontmatter, and what stands behind the last one."""
    entries = []
    for field in fields:
        start, end = field.start - offset, field.end - offset
        entries.append(_Entry(text[at:start], text[start:end], field))
        at = end
    return entries, text[at:]


def _settled(sides: _Sides, text: str) -> Outcome:
    return Outcome(sides.conflict, 3, "fields", text, sure=True)


def _both(base: str, ours: str, theirs: str) -> str:
    """Comments and blank lines of both sides."""
    if ours == theirs or base == theirs:
        return ours
    if base == ours:
        return theirs
    there = {*base.splitlines(), *ours.splitlines()}
    return ours + "".join(line for line in theirs.splitlines(keepends=True) if line.rstrip("\r\n") not in there)


def _new(base: str, ours: str, theirs: str) -> str:
    """The comments that a side has written before a field that the other took away."""
    there = {line.strip() for line in base.splitlines()} | {""}
    return "".join(line for line in split_lines(ours + theirs) if line.strip() not in there)


def _either(base: str, ours: str, theirs: str) -> str:
    return theirs if ours == base else ours
