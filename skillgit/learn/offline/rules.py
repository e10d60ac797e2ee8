"""From durable directives to rules: cleaned, atomic, without repetition, the latest word winning."""

from __future__ import annotations

import re

from skillgit.learn.candidate import Evidence, Rule
from skillgit.learn.offline.judge import TurnVerdict
from skillgit.learn.offline.language import Languages, lead_length
from skillgit.learn.offline.standing import OBJECT, Standing, said
from skillgit.learn.offline.text import one_line, unstructured

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
_TRAILING = " \t,，;；、:：.。!！?？…~～-–—"
_NEGATED = re.compile(
    r"^Not (?:to )?(?!(?:near|in|on|at|by|with|without|for|from|of|as|than|only|just|always|all|every|too|so|more|less"
    r"|my|our|your|the|an?|any)\b)(?=[a-z])"
)


def distil(verdicts: tuple[TurnVerdict, ...], *, codes: Languages) -> tuple[Rule, ...]:
    """The rules of one topic, in the order they were said; what was taken back is gone."""
    standing = Standing()
    for verdict in verdicts:
        for directive in verdict.directives:
            text = polish(directive.span.text, codes)
            if (before := standing.last) and before.turn == verdict.turn:
                text = _resolved(text, before.text)
            if text:
                standing.hear(said(verdict.turn, directive, text, codes=codes))
    return tuple(Rule(item.text, Evidence(item.turn, item.directive.span.text)) for item in standing.all())


def polish(text: str, codes: Languages) -> str:
    """The instruction on one line: no courtesy, list marker, markup or control character; "" if none is left."""
    line = instruction(text, codes)
    if len(line) > _LONGEST or not any(char.isalnum() for char in line):
        return ""
    return _NEGATED.sub("Do not ", _capital(line))


def _resolved(text: str, before: str) -> str:
    """The text with a "them" at its end put as what the rule just before ends with: "in release notes"."""
    meant = OBJECT.search(before)
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
