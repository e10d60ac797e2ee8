"""From durable directives to rules: cleaned, atomic, without repetition, the latest word winning."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from skillgit.learn.candidate import Evidence, Rule
from skillgit.learn.offline.directives import Directive
from skillgit.learn.offline.judge import TurnVerdict
from skillgit.learn.offline.language import Languages, cue, lead_length
from skillgit.learn.offline.text import one_line, unstructured, words

_LONGEST = 400
_COURTESY = re.compile(
    r"[\s,，]*(?:\b(?:please|pls|thanks|thank you|por favor|s['’]il (?:te|vous) pla[iî]t|bitte|per favore|пожалуйста)"
    r"|谢谢|謝謝|好吗|可以吗|行吗)[\s.!！。?？]*$",
    re.IGNORECASE,
)
_FROM_NOW_ON = re.compile(
    r"[\s,]+(?:next time|from now on|in (?:the )?future|going forward|in anything you \w+ for me)[.!]*$", re.IGNORECASE
)
_THEM = re.compile(r"(?:(?<= in )|(?<= on )|(?<= of )|(?<= to )|(?<= for )|(?<= with ))them$")
_OBJECT = re.compile(r" (?:in|on|of|to|for|with) (?P<kind>(?:[a-z-]+ )?[a-z-]+s)$")
_TRAILING = " \t,，;；、:：.。!！?？…~～-–—"
_NEGATED = re.compile(
    r"^Not (?:to )?(?!(?:near|in|on|at|by|with|without|for|from|of|as|than|only|just|always|all|every|too|so|more|less"
    r"|my|our|your|the|an?|any)\b)(?=[a-z])"
)
_TOKEN = re.compile(r"[^\W\d_]{2,}|\d+(?:\.\d+)?%?|[\u3400-\u9fff\u3040-\u30ff]+")
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff\u3040-\u30ff]+")
_NUMBER = re.compile(r"\d")
# Words that carry an order's form, not what it is about.
_ORDER_WORDS = words(
    "do not don dont never no avoid stop use using uses always please must should you can may are is the any all every "
    "for and with without after again more okay ok fine only instead be to in of it this that have add "
    "include make sure "
    "now actually allowed my mind them keep let "
    "不要 不用 不能 不得 禁止 避免 不再 使用 可以 必须 一律 统一 要用 要使 用使 要有 需要 还是 不可 可用 以用 用了"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A directive, where it was said, and what it comes to as a line of text."""

    turn: int
    directive: Directive
    text: str
    codes: Languages


def distil(verdicts: tuple[TurnVerdict, ...], *, codes: Languages) -> tuple[Rule, ...]:
    """The rules of one topic, in the order they were said; what was taken back is gone."""
    said: list[_Said] = []
    for verdict in verdicts:
        for directive in verdict.directives:
            text = polish(directive.span.text, codes)
            if said and said[-1].turn == verdict.turn:
                text = _resolved(text, said[-1].text)
            if text:
                said = _heard(said, _Said(verdict.turn, directive, text, codes))
    return tuple(Rule(item.text, Evidence(item.turn, item.directive.span.text)) for item in said)


def polish(text: str, codes: Languages) -> str:
    """The instruction on one line: no courtesy, list marker, markup or control character; "" if none is left."""
    line = instruction(text, codes)
    if len(line) > _LONGEST or not any(char.isalnum() for char in line):
        return ""
    return _NEGATED.sub("Do not ", _capital(line))


def _resolved(text: str, before: str) -> str:
    """The text with a "them" at its end put as what the rule just before ends with: "in release notes"."""
    meant = _OBJECT.search(before)
    return _THEM.sub(meant["kind"], text) if meant else text


def instruction(text: str, codes: Languages) -> str:
    """The words of an order, without what stands around it."""
    line = one_line(text)
    line = unstructured(line[lead_length(line, codes) :])
    line = _COURTESY.sub("", line.rstrip(_TRAILING)).rstrip(_TRAILING)
    return _FROM_NOW_ON.sub("", line)


def _capital(line: str) -> str:
    first = line.split(" ", 1)[0]
    is_word = first.replace("'", "").replace("’", "").isalpha() and first.islower()
    return line[0].upper() + line[1:] if " " in line and is_word else line


def _heard(said: list[_Said], new: _Said) -> list[_Said]:
    kept = [old for old in said if not _supersedes(new, old)]
    return kept if any(_repeats(new, old) for old in kept) else [*kept, new]


def _repeats(new: _Said, old: _Said) -> bool:
    about = _about(new.text)
    same_matter = bool(about) and about == _about(old.text) and _forbids(new) == _forbids(old)
    return same_matter or _key(new.text) == _key(old.text)


def _supersedes(new: _Said, old: _Said) -> bool:
    """True where the later directive contradicts the earlier one, changes its number or says it more fully."""
    ours, theirs = _apart(new.text, old.text)
    if not ours or not theirs or _key(new.text) == _key(old.text):
        return False
    if _forbids(new) != _forbids(old):
        return new.turn != old.turn and len(ours & theirs) * 5 >= 3 * min(len(ours), len(theirs))
    without_numbers = [{token for token in side if not _NUMBER.search(token)} for side in (ours, theirs)]
    if ours != theirs and without_numbers[0] == without_numbers[1]:
        return True
    return len(theirs) > 1 and theirs < ours


def _apart(new: str, old: str) -> tuple[frozenset[str], frozenset[str]]:
    """What each of two rules is about, without the kind of work both say they are for: "in release notes"."""
    kinds = [meant["kind"] for text in (new, old) if (meant := _OBJECT.search(text))]
    shared = _about(kinds[0]) if len(kinds) == 2 and kinds[0] == kinds[1] else frozenset()
    return _about(new) - shared, _about(old) - shared


def _forbids(said: _Said) -> bool:
    return said.directive.kind != "permit" and bool(cue("forbid", said.text, said.codes))


def _about(text: str) -> frozenset[str]:
    """The words of a rule that say what it is about; runs of ideographs as pairs."""
    found: list[str] = []
    for token in _TOKEN.findall(text.casefold()):
        if _IDEOGRAPHS.fullmatch(token):
            found += [token[i : i + 2] for i in range(max(1, len(token) - 1))]
        else:
            found.append(token)
    return frozenset(found) - _ORDER_WORDS


def _key(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
