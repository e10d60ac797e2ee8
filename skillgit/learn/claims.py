"""What a model says that nobody said: quotes that stand nowhere, words and names out of nothing, orders to the reader.

A model words a rule in its own way, so what is asked is not that it stands in the transcript but that half of its words
of weight do, and each of what must be exact: links, numbers, code, paths, options.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from skillgit.learn.candidate import Evidence
from skillgit.learn.redact import PLACEHOLDER
from skillgit.skills.rules import content
from skillgit.transcripts.model import Transcript

LEAST = 0.5
"""The share of a text's words of weight that have to be the user's."""

_STEM = 5  # letters that two words share where they are forms of one
_EXACT = re.compile(r"`[^`]+`|[\w.+-]*@[\w.-]+|\w+://\S+|(?<!\w)--?\w[\w-]*|\$\w+|\w*\d[\w.,:%-]*|[\w.~-]*/[\w./~-]+")
_ORDERS = re.compile(
    r"""\b(?:ignor|disregard|overrid|forget)\w*\b.{0,40}\b(?:instruction|prompt|rule|message|guideline)s?\b
    | \bsystem\ prompt\b | \byou\ are\ now\b | \bdo\ not\ (?:tell|inform|mention)\b.{0,20}\buser\b
    | (?:curl|wget|iwr|irm)\b[^|]*\|\s*(?:sudo\ )?(?:ba|z|da|fi)?sh\b | \bbase64\s+(?:-d|--decode)\b | \beval\s*[("$`]
    | (?:忽略|无视|忘记|忘掉|覆盖).{0,12}(?:指令|指示|提示|规则|说明) | 系统提示词?""",
    re.IGNORECASE | re.VERBOSE,
)
"""What a text says that takes over whoever reads it, or has it run what it has not seen."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the user said in a conversation, ready to be asked about."""

    turns: dict[int, str]
    text: str
    words: frozenset[str]

    def stands(self, quote: str, turn: int) -> Evidence | None:
        """The evidence for a quote: the turn's own words, however the quote spaces them; None where it has none."""
        words = quote.split()
        if turn not in self.turns or not any(char.isalnum() for char in quote):
            return None
        match = re.search(r"\s+".join(map(re.escape, words)), self.turns[turn], re.IGNORECASE)
        return Evidence(turn, match[0]) if match else None

    def has(self, text: str) -> bool:
        """Whether these words stand in some turn, however they are spaced."""
        return any(self.stands(text, turn) for turn in self.turns)


def said_by_user(transcript: Transcript) -> Said:
    """What the user's turns say."""
    turns = {number: turn.text for number, turn in transcript.user_turns()}
    text = "\n".join(turns.values())
    return Said(turns, " ".join(text.casefold().split()), _stems(content(text)))


def wrong_with(text: str, said: Said, *, least: float = LEAST) -> str:
    """What speaks against a text that a model wrote, in words for it; "" where nothing does."""
    if PLACEHOLDER in text:
        return "it holds a secret"
    if order := _ORDERS.search(text):
        return f"it gives orders to whoever reads it: '{order[0]}'"
    if exact := [token for token in _exact(text) if token.casefold() not in said.text]:
        return f"the user never said {', '.join(exact[:3])}"
    weight = content(text)
    if foreign := sorted(word for word in weight if not _stems({word}) & said.words):
        share = 1 - len(foreign) / len(weight)
        return f"these are not the user's words: {', '.join(foreign[:5])}" if share < least else ""
    return ""


def shares_words(text: str, quote: str) -> bool:
    """Whether a text has any word of weight of a quote."""
    return bool(_stems(content(text)) & _stems(content(quote)))


def _exact(text: str) -> list[str]:
    return [token.strip("`.,:;-") for token in _EXACT.findall(text) if token.strip("`.,:;-")]


def _stems(words: Iterable[str]) -> frozenset[str]:
    """The words, cut to their beginnings where they are long."""
    return frozenset(word[:_STEM] for word in words)
