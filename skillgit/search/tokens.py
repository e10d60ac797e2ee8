"""How many tokens a text takes, by a rule that needs no tokenizer and holds for any model closely enough for a budget.

    a token is 4 ASCII characters, or 3 bytes of UTF-8 of anything else

So English takes a token for 4 characters, Chinese one for each character, Russian two for 3. It adds up: the
tokens of two texts are those of the texts joined, but for the rounding.
"""

from __future__ import annotations

from typing import Final

PARTS: Final = 12
"""So many parts make a token; an ASCII character is 3 of them and any other byte 4."""


def parts(text: str) -> int:
    """The length of a text in parts of a token, which add up exactly."""
    size = len(text.encode("utf-8", "surrogatepass"))
    ascii_ = size if text.isascii() else len(text.encode("ascii", "ignore"))
    return 3 * ascii_ + 4 * (size - ascii_)


def tokens(text: str) -> int:
    """How many tokens a text takes, rounded up."""
    return -(-parts(text) // PARTS)
