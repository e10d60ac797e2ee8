"""Two edits of the same lines compared and merged word by word."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from skillgit.merge.hunk import Conflict
from skillgit.merge.lines import Chunk, merge3

MAX_WORDS = 20_000  # of a side: what is larger is no edit of a few words

_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_]+|[ \t]+|.", re.DOTALL)


def merge(conflict: Conflict) -> str | None:
    """The text with the words of both sides' edits; None where both changed the same words.

    Right about two times in five where it finds one: people mostly take a side.
    """
    merged = [chunk.merged for chunk in _chunks(conflict)]
    if not merged or None in merged:
        return None
    return "".join(word for words in merged for word in words or ())


def longer(conflict: Conflict) -> str | None:
    """The side that made the other's edit and wrote more: nothing is lost with it.

    None where each side did something the other did not, where they share no edit, or where what one did
    beyond the other is more than to add words.
    """
    chunks = _chunks(conflict)
    shared = any(chunk.ours == chunk.theirs != chunk.base for chunk in chunks)
    text = merge(conflict)
    if not shared or text not in (conflict.ours, conflict.theirs):
        return None
    alone = (chunk for chunk in chunks if chunk.ours != chunk.theirs)
    return None if any(_says(word) for chunk in alone for word in chunk.base) else text


def likeness(one: str, other: str) -> float:
    """The share of words that two texts have in common, from 0 to 1, whatever their order."""
    first, second = (Counter(filter(_says, _WORD.findall(text.casefold()))) for text in (one, other))
    return 2 * (first & second).total() / max(1, first.total() + second.total())


@lru_cache(maxsize=4)
def _chunks(conflict: Conflict) -> tuple[Chunk, ...]:
    """The three-way merge of the words; nothing where there was no text before, or too much of it."""
    sides = [_WORD.findall(side) for side in (conflict.base, conflict.ours, conflict.theirs)]
    is_edit = conflict.base.strip() and max(map(len, sides)) <= MAX_WORDS
    return tuple(merge3(*sides)) if is_edit else ()


def _says(word: str) -> bool:
    return word[0].isalnum()
