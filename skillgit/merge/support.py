"""Which lines of an answer to a conflict are nobody's: made of words of the two sides, and saying what neither says.

A line that stands in a version is that version's. Any other has to be a join of one line of ours and one of theirs: it
takes its words from these two (or from what both changed), and it denies as the line does that it shares most words
with, since "do not" and "cite a source" are in the words of many pairs of rules that forbid nothing of the kind.
"""

from __future__ import annotations

import re

from skillgit.merge.hunk import Conflict

_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+(?:['’]t\b)?")
_ENGLISH = {"no", "not", "never", "none", "neither", "nor", "without", "avoid", "stop", "don't", "doesn't", "can't"}
_DENIALS = frozenset(_ENGLISH) | frozenset("不别勿无没未禁")


def words(text: str) -> frozenset[str]:
    """The words of a text, folded; a CJK character is one."""
    return frozenset(word.casefold().replace("’", "'") for word in _WORD.findall(text))


def unsupported(conflict: Conflict, text: str) -> list[str]:
    """The lines of an answer that no side has and no line of ours with one of theirs explains."""
    ours, theirs, base = (part.splitlines() for part in (conflict.ours, conflict.theirs, conflict.base))
    there = {_plain(line) for line in (*ours, *theirs, *base)}
    sides = ([words(line) for line in ours], [words(line) for line in theirs])
    before = words(conflict.base)
    new = [line for line in text.splitlines() if _plain(line) not in there]
    return [line.strip() for line in new if not _is_join(words(line), sides, before)]


def _is_join(
    said: frozenset[str], sides: tuple[list[frozenset[str]], list[frozenset[str]]], base: frozenset[str]
) -> bool:
    wanted = said - base
    ours, theirs = ({wanted & line for line in side} | {frozenset[str]()} for side in sides)  # few, as sets
    if not any(wanted <= one | two for one in ours for two in theirs):
        return False
    shared = [(len(said & line), _denials(line)) for side in sides for line in side]
    most = max((count for count, _ in shared), default=0)
    return _denials(said) in [denials for count, denials in shared if count == most]


def _denials(line: frozenset[str]) -> frozenset[str]:
    return line & _DENIALS


def _plain(line: str) -> str:
    return " ".join(line.split())
