"""An order of work the user gave, as steps: "a -> b -> c", "first ..., then ...", "先……再……".

An order of contents ("first the risks, then the progress") is no order of work: it stays a rule.
"""

from __future__ import annotations

import re

from skillgit.learn.candidate import Evidence, Rule
from skillgit.learn.offline.judge import TurnVerdict
from skillgit.learn.offline.language import Languages
from skillgit.learn.offline.passages import ARROW
from skillgit.learn.offline.rules import polish

_ENDS = " \t\n,，;；、:：.。!！"
_OPENING = re.compile(r"\b(?:first(?:ly)?)\b[,:]?\s*|首先[，,]?|先|第一步[，,：:]?", re.IGNORECASE)
_NEXT = re.compile(
    r"[,，;；。.]?\s*(?:\band\s+)?(?:\b(?:after that|then|next|finally|lastly)\b|再(?!次)|然后|接着|其次|"
    r"最后|第[二三四五六七八九十]步)[,，:：]?\s*"
    r"|[,;.]\s*(?:and\s+)?(?:second|third|fourth|fifth|sixth|last)(?:ly)?\b[,:]?\s*",
    re.IGNORECASE,
)
# The number of a step, where a list was told in one line or many.
_NUMBER = re.compile(r"(?:[(（]?(?<!\d)\d{1,2}[.)、）](?!\d)|[①-⑳])\s*")
# A step that only names what the one before was done to: "then the workers".
_BARE_OBJECT = re.compile(r"(?:the|our|all|any|an?)\s", re.IGNORECASE)
# What stands first in a text, not what is done first.
_CONTENTS = re.compile(
    r"(?:list|state|give|mention|show|present|describe|name|put|write|summari[sz]e|the|an?|my|our)\b|"
    r"(?:写|列|举|放|给|说|讲|介绍|概述|总结|交代|交待|看)",
    re.IGNORECASE,
)
_BEFORE_FIRST = re.compile(r"^.*[,，:：]\s*", re.DOTALL)


def steps(verdicts: tuple[TurnVerdict, ...], *, codes: Languages) -> tuple[Rule, ...]:
    """The order of work the user gave last; empty where none was given."""
    for verdict in reversed(verdicts):
        for directive in reversed(verdict.directives):
            text = directive.span.text
            pieces = _numbered(text) if directive.kind == "procedure" else _ordered(text)
            if len(pieces) > 1:
                return _told(pieces, turn=verdict.turn, codes=codes)
    return ()


def _told(pieces: tuple[str, ...], *, turn: int, codes: Languages) -> tuple[Rule, ...]:
    """The pieces as instructions; one without a verb has that of the step before it."""
    found: list[Rule] = []
    for piece in pieces:
        text = polish(piece, codes)
        if found and _BARE_OBJECT.match(text):
            text = f"{found[-1].text.split(' ', 1)[0]} {text[0].lower()}{text[1:]}"
        if text:
            found.append(Rule(_capital(text), Evidence(turn, piece)))
    return tuple(found)


def _numbered(text: str) -> tuple[str, ...]:
    """The steps of a numbered list under its heading."""
    return _filled(_NUMBER.split(text)[1:])


def _ordered(text: str) -> tuple[str, ...]:
    """The steps in a text that gives an order of work, each an exact piece of it."""
    pieces = ARROW.split(text)
    if len(pieces) > 2:
        return _filled([_BEFORE_FIRST.sub("", pieces[0]), *pieces[1:]])
    opening = _OPENING.search(text)
    told = _filled(_NEXT.split(text[opening.end() :])) if opening else ()
    return () if told and _CONTENTS.match(told[0]) else told


def without_steps(rules: tuple[Rule, ...], order: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules that say more than the steps do."""
    quotes = {(step.evidence.turn, step.evidence.quote) for step in order}
    return tuple(rule for rule in rules if not _repeats(rule, quotes))


def _repeats(rule: Rule, quotes: set[tuple[int, str]]) -> bool:
    told = [quote for turn, quote in quotes if turn == rule.evidence.turn and quote in rule.evidence.quote]
    return len(told) > 1 or rule.evidence.quote.strip(_ENDS) in told


def _capital(step: str) -> str:
    return step.capitalize() if step.isalpha() else step


def _filled(pieces: list[str]) -> tuple[str, ...]:
    return tuple(stripped for piece in pieces if (stripped := piece.strip(_ENDS)))
