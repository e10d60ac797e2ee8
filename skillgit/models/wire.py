"""What a wire format is: how a conversation becomes a request, and how an answer is read. Pure.

A format is one value, `Wire`, made of three functions; `openai.py`, `responses.py` and `anthropic.py` have one each.
They raise ModelError for an answer that is none; its words go on from the address: `'http://...' refused: ...`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from skillgit.errors import ModelError
from skillgit.models.ports import Message, Reply
from skillgit.transcripts.fields import Fields, fields, text

Body: TypeAlias = dict[str, Any]
Way: TypeAlias = Literal["schema", "tool", "plain"]
"""How a JSON object is asked for: by the format's own schema, as the input of a tool, or in words."""

TOOL = "answer"
"""The tool, and the schema, that an answer is given to."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: `extra` is what the provider wants in every body, such as a limit of the answer."""

    model: str
    messages: Sequence[Message]
    schema: Mapping[str, object] | None = None
    way: Way = "plain"
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """What an event of a stream adds to the answer, and whether the answer is whole with it."""

    text: str = ""
    last: bool = False


@dataclass(frozen=True, slots=True)
class Wire:
    """A format: `path` is below the provider's address, `ways` are those it has, the best one first."""

    path: str
    ways: tuple[Way, ...]
    body: Callable[[Ask], Body]
    reply: Callable[[Fields], Reply]
    piece: Callable[[Fields], Piece]


def system(ask: Ask) -> str:
    """The system messages as one text, with the schema in words where it can be given in no other way."""
    parts = [message.content for message in ask.messages if message.role == "system"]
    if ask.schema is not None and ask.way == "plain":
        parts.append(f"Answer with one JSON object of this JSON Schema and nothing else:\n{json.dumps(ask.schema)}")
    return "\n\n".join(parts)


def turns(ask: Ask) -> list[Body]:
    """The messages of user and assistant as all formats have them."""
    return [{"role": turn.role, "content": turn.content} for turn in ask.messages if turn.role != "system"]


def whole(answer: str) -> str:
    """The text of an answer, with half characters replaced; ModelError where there is none."""
    if not answer.strip():
        raise ModelError("gave an empty answer")
    return answer.encode("utf-8", "replace").decode()


def cut_off() -> ModelError:
    """The error for an answer that the model's limit ended."""
    return ModelError("cut the answer off at its limit of tokens", hint="a model with room for longer answers may do")


def refused(why: str) -> ModelError:
    """The error for an answer that the model or a filter would not give."""
    return ModelError(f"refused to answer: {' '.join(why.split())[:200]}")


def broken(error: object) -> ModelError:
    """The error for a stream that ends in an error of the endpoint's."""
    return ModelError(f"broke the answer off: {text(fields(error).get('message')) or 'without a reason'}")


def count(value: object) -> int:
    """A number of tokens, 0 where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
