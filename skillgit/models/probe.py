"""Whether a model that is configured answers, and how fast."""

from __future__ import annotations

import time
from dataclasses import dataclass

from skillgit.errors import ModelError
from skillgit.models.answer import one_object
from skillgit.models.embed_remote import RemoteEmbedder
from skillgit.models.ports import Message
from skillgit.models.remote import RemoteChat
from skillgit.models.wire import Way

_QUESTION = (Message("user", 'This is a test. Answer with {"word": "pong"}.'),)
_SCHEMA = {
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer took, and which model the endpoint says gave it; `way` is how an object was asked for."""

    seconds: float
    model: str
    way: Way
    tokens: int


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a vector took, and its length."""

    seconds: float
    dimensions: int


def probe(chat: RemoteChat) -> Answered:
    """The model's answer to a short question for a JSON object; ModelError where it gives none."""
    started = time.monotonic()
    reply = chat.answer(_QUESTION, schema=_SCHEMA)
    try:
        one_object(reply.text)
    except ModelError as err:
        raise ModelError(f"'{chat.name}' answers, but not with a JSON object: {err.message}") from err
    return Answered(time.monotonic() - started, reply.model, chat.way, reply.tokens_in + reply.tokens_out)


def probe_embedder(embedder: RemoteEmbedder) -> Embedded:
    """The vector of a word; ModelError where it comes to none."""
    started = time.monotonic()
    vectors = embedder.embed(["pong"])
    return Embedded(time.monotonic() - started, vectors.shape[1])
