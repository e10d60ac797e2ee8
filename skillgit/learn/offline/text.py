"""Text of a conversation as one safe line: it is data, and must not bring structure along."""

from __future__ import annotations

import re
import unicodedata

REMEMBERED = 1 << 12
"""So many answers about texts are kept: of a turn the same is asked four times and more, of another one seldom."""

_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_SPACES = re.compile(r"\s+")
_STRUCTURE = re.compile(
    r"^(?:\s|#{1,6}\s|>|[-*+•·●]\s|[(（]?\d{1,2}[.)、）](?!\d)\s*|[-=_*~`]{3,}|[|:：,，。.、;；!！…]+)+"
)


def one_line(text: str) -> str:
    """The text without control, format and bidi characters, tags, or Markdown structure at its start.

    An odd backtick would run on into the next line and goes; `<` is escaped outside code, so
    that no comment or element can open.
    """
    line = unicodedata.normalize("NFC", text)
    if not line.isprintable():
        line = "".join(" " if char.isspace() else char for char in line if char.isspace() or _is_visible(char))
    line = unstructured(_SPACES.sub(" ", _TAG.sub(" ", line)).strip())
    if line.count("`") % 2:
        line = line.replace("`", "")
    return line if "`" in line else line.replace("<", "\\<")


def unstructured(line: str) -> str:
    """The line without list markers, headings, quotation marks of Markdown and stray punctuation at its start."""
    return _STRUCTURE.sub("", line)


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def words(text: str) -> frozenset[str]:
    """The words of a table written as one string."""
    return frozenset(text.split())
