"""The skills for a task as text for a prompt, within a budget of tokens (`tokens.py` says how they are counted).

    <skill_content name="release-checklist" version="0.1.1" path="Users/ada/release-checklist">
    Steps before a release. Use when ...        the description

    # Release checklist                         the body
    ...
    [cut: 28 of 40 lines: the rest of "Steps", "Examples"; all of it: skillgit show Users/ada/release-checklist]
    </skill_content>

    [did not fit: Common/y, Users/ada/x; skillgit show PATH]

The same skills give the same bytes, whatever the query and their scores, so that a prompt's cache holds: they
stand in the order of their paths. Rank decides only which are left out where not all fit.

Nothing in a skill can open or close the delimiter: its `<` becomes `&lt;` there.
"""

from __future__ import annotations

import heapq
import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from skillgit.search import catalogue, cut
from skillgit.search.catalogue import Entry
from skillgit.search.hit import Hit
from skillgit.search.tokens import PARTS, parts, tokens

_DELIMITER = re.compile(r"<(?=\s*/?\s*skill_content)", re.IGNORECASE)
_CLOSING = "</skill_content>"
_BETWEEN = "\n\n"
_REMEMBERED = 64  # skills whose pieces are kept: a server gives the same few again and again


@dataclass(frozen=True, slots=True)
class Context:
    """A text to put into a prompt, and which hits are in it, best first: whole, cut, or left out for want of room."""

    text: str
    whole: tuple[Hit, ...] = ()
    cut: tuple[Hit, ...] = ()
    left_out: tuple[Hit, ...] = ()

    @property
    def tokens(self) -> int:
        """How many tokens the text takes."""
        return tokens(self.text)

    @property
    def injected(self) -> tuple[Hit, ...]:
        """The hits that are in the text."""
        return self.whole + self.cut


def full(hits: Sequence[Hit], *, budget: int) -> Context:
    """Write the skills out, in at most `budget` tokens; the text is "" where not even the best one fits.

    Each is whole, or has as much as any other that is cut: what short skills leave over goes to the long ones.
    `cut.py` says where a cut falls. The last hits are left out, and named, where there is no room for their
    descriptions.
    """
    room = budget * PARTS
    uncut = _BETWEEN.join(map(_uncut, sorted(hits, key=lambda hit: hit.path)))
    if parts(uncut) <= room:
        return Context(uncut, whole=tuple(hits))
    blocks = [_block(hit.path, hit.name, hit.version, hit.description, hit.body, room=room) for hit in hits]
    for kept in range(len(blocks), 0, -1):
        notice = _notice(hits[kept:])
        left = room - parts(notice) - parts(_BETWEEN) * (kept - 1)
        if sum(map(_least, blocks[:kept])) <= left:
            return _written(hits, blocks[:kept], last=_fill(blocks[:kept], left), notice=notice)
    return Context("", left_out=tuple(hits))


def available(hits: Sequence[Hit], *, budget: int, locate: Callable[[str], str]) -> Context:
    """Write the skills out as `<available_skills>`; those for which there is no room are left out, the last first.

    locate: where the SKILL.md of the skill at a path can be read.
    """
    room = budget * PARTS - parts(catalogue.render([]))
    entries: dict[str, Entry] = {}
    for hit in hits:
        entry = Entry(hit.name, hit.description, locate(hit.path))
        cost = parts(f"{catalogue.block(entry)}\n")
        if cost > room:
            break
        room -= cost
        entries[hit.path] = entry
    text = catalogue.render(entry for _, entry in sorted(entries.items())) if entries else ""
    return Context(text, whole=tuple(hits[: len(entries)]), left_out=tuple(hits[len(entries) :]))


@dataclass(frozen=True, slots=True)
class _Block:
    """A skill as pieces of text; after each stands its mark, "" for the last, and what it all costs, in parts.

    What is far beyond the budget is in no piece.
    """

    path: str
    opening: str
    texts: tuple[str, ...]
    marks: tuple[str, ...]
    costs: tuple[int, ...]

    def upto(self, last: int) -> str:
        text = "".join(self.texts[: last + 1]).rstrip("\n")
        return f"{self.opening}{text}\n{self.marks[last]}{_CLOSING}"


def _uncut(hit: Hit) -> str:
    """All of a skill, as a block of all its pieces has it."""
    description, body = _told(hit.description), _told(hit.body)
    text = (f"{description}\n\n" if description or not body else "") + cut.uncut(body)
    return _opening(hit.path, hit.name, hit.version) + text.rstrip("\n") + f"\n{_CLOSING}"


@lru_cache(_REMEMBERED)
def _block(path: str, name: str, version: str, description: str, body: str, *, room: int) -> _Block:
    opening = _opening(path, name, version)
    pieces, costs = [], []
    cost = parts(opening) + parts(_CLOSING)
    for text, mark in _pieces(path, description, body):
        cost += parts(text)
        pieces.append((text, mark))
        costs.append(cost + parts(mark))
        if cost > room:
            break
    texts, marks = zip(*pieces, strict=True)
    return _Block(path, opening, texts, marks, tuple(costs))


def _pieces(path: str, description: str, body: str) -> Iterator[tuple[str, str]]:
    """The description and the pieces of the body, each with the mark for what is behind it."""
    description, body = _told(description), _told(body)
    if description or not body:
        yield f"{description}\n\n", _mark(cut.whole(body), path)
    for piece in cut.pieces(body):
        yield piece.text, _mark(piece.rest, path)


def _opening(path: str, name: str, version: str) -> str:
    attributes = {"name": name, "version": version, "path": path}
    written = "".join(f' {key}="{html.escape(" ".join(value.split()))}"' for key, value in attributes.items() if value)
    return f"<skill_content{written}>\n"


def _told(text: str) -> str:
    return _DELIMITER.sub("&lt;", text.strip())


def _mark(rest: str, path: str) -> str:
    return f"[cut: {rest}; all of it: skillgit show {_plain(path)}]\n" if rest else ""


def _least(block: _Block) -> int:
    """What a block takes at least: with its description and a mark, or whole where that is shorter."""
    return min(block.costs)


def _fill(blocks: Sequence[_Block], room: int) -> list[int]:
    """The last piece of each block: whichever is the shortest grows by a piece, until none finds room."""
    last = [block.costs.index(_least(block)) for block in blocks]
    room -= sum(map(_least, blocks))
    growing = [(_least(block), block.path, place) for place, block in enumerate(blocks)]
    heapq.heapify(growing)
    while growing:
        cost, path, place = heapq.heappop(growing)
        costs = blocks[place].costs
        onward = (piece for piece in range(last[place] + 1, len(costs)) if costs[piece] - cost <= room)
        piece = next(onward, None)  # the next one, or a later one where that needs no mark
        if piece is not None:
            room -= costs[piece] - cost
            last[place] = piece
            heapq.heappush(growing, (costs[piece], path, place))
    return last


def _written(hits: Sequence[Hit], blocks: Sequence[_Block], *, last: Sequence[int], notice: str) -> Context:
    order = sorted(range(len(blocks)), key=lambda place: blocks[place].path)
    kept = [(hit, block.marks[piece]) for hit, block, piece in zip(hits, blocks, last, strict=False)]
    return Context(
        _BETWEEN.join(blocks[place].upto(last[place]) for place in order) + notice,
        whole=tuple(hit for hit, mark in kept if not mark),
        cut=tuple(hit for hit, mark in kept if mark),
        left_out=tuple(hits[len(blocks) :]),
    )


def _notice(left_out: Sequence[Hit]) -> str:
    paths = ", ".join(sorted(_plain(hit.path) for hit in left_out))
    return f"{_BETWEEN}[did not fit: {paths}; skillgit show PATH]" if left_out else ""


def _plain(text: str) -> str:
    return " ".join(_DELIMITER.sub("&lt;", text).split())
