"""What happens in a conversation, as values that a face shows as it likes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from skillgit.chat.chats import Lesson
from skillgit.search.hit import Hit


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The skills for what was said: what was searched for, the hits, those of them that the model is given.

    `notes` are what the user should hear, a line each: also why nothing could be searched.
    """

    query: str
    hits: tuple[Hit, ...] = ()
    injected: tuple[Hit, ...] = ()
    text: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer has come to its end."""

    text: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """There is no answer, or no whole one; what came of it was said piece by piece."""

    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Learning:
    """A conversation is being learned from."""

    chat: str


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of it, because it was due or `asked` for; `remarks` are what the user should hear beside it."""

    chat: str
    lesson: Lesson
    asked: bool = False
    remarks: tuple[str, ...] = ()


Event: TypeAlias = Retrieved | Piece | Answered | Unanswered
"""What answering gives, in this order: Retrieved, any number of Piece, and Answered or Unanswered."""
News: TypeAlias = Learning | Learned
"""What the background tells, at any time."""
