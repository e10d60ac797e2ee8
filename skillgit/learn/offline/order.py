"""An order of work the user gave, as steps: "a -> b -> c", "first ..., then ...", "先……再……"."""

from __future__ import annotations

import re

from skillgit.learn.candidate import Evidence, Rule
from skillgit.learn.offline.directives import ARROW
from skillgit.learn.offline.judge import TurnVerdict
from skillgit.learn.offline.language import Languages
from skillgit.learn.offline.rules import instruction

_ENDS = " \t\n,，;；、:：.。!！"
_OPENING = re.compile(r"\b(?:first(?:ly)?)\b[,:]?\s*|首先[，,]?|先", re.IGNORECASE)
_NEXT = re.compile(
    r"[,，;；。.]?\s*(?:\band\s+)?(?:\b(?:after that|then|next|finally|lastly)\b|再(?!次)|然后|接着|其次|"
    r"最后)[,，:]?\s*",
    re.IGNORECASE,
)
_BEFORE_FIRST = re.compile(r"^.*[,，:：]\s*", re.DOTALL)


def steps(verdicts: tuple[TurnVerdict, ...], *, codes: Languages) -> tuple[Rule, ...]:
    """The order of work the user gave last; empty where none was given."""
    for verdict in reversed(verdicts):
        for directive in reversed(verdict.directives):
            pieces = _ordered(directive.span.text)
            if len(pieces) > 1:
                return tuple(
                    Rule(text, Evidence(verdict.turn, piece)) for piece in pieces if (text := instruction(piece, codes))
                )
    return ()


def _ordered(text: str) -> tuple[str, ...]:
    """The steps in a text that gives an order of work, each an exact piece of it."""
    pieces = ARROW.split(text)
    if len(pieces) > 2:
        return _filled([_BEFORE_FIRST.sub("", pieces[0]), *pieces[1:]])
    opening = _OPENING.search(text)
    return _filled(_NEXT.split(text[opening.end() :])) if opening else ()


def _filled(pieces: list[str]) -> tuple[str, ...]:
    return tuple(stripped for piece in pieces if (stripped := piece.strip(_ENDS)))
