"""Anthropic's messages: an object is asked for as the input of a tool.

Source: the Anthropic API reference, "Messages", version 2023-06-01.
"""

from __future__ import annotations

import json

from skillgit.errors import ModelError
from skillgit.models.ports import Reply
from skillgit.models.wire import TOOL, Ask, Body, Piece, Wire, broken, count, cut_off, refused, system, turns, whole
from skillgit.transcripts.fields import Fields, fields, rows, text


def body(ask: Ask) -> Body:
    """The request."""
    asked: Body = {"model": ask.model, "messages": turns(ask), **ask.extra}
    if system(ask):
        asked["system"] = system(ask)
    if ask.way == "tool":
        asked["tools"] = [{"name": TOOL, "description": "Takes the answer.", "input_schema": ask.schema}]
        asked["tool_choice"] = {"type": "tool", "name": TOOL}
    return asked


def reply(answer: Fields) -> Reply:
    """The reply in a whole answer."""
    _check(answer)
    blocks = rows(answer.get("content"))
    if not blocks:
        raise ModelError("gave no answer: there is no 'content'")
    calls = [json.dumps(block["input"]) for block in blocks if isinstance(block.get("input"), dict)]
    usage = fields(answer.get("usage"))
    return Reply(
        whole("".join(calls[:1]) or "".join(text(block.get("text")) for block in blocks)),
        model=text(answer.get("model")),
        tokens_in=count(usage.get("input_tokens")),
        tokens_out=count(usage.get("output_tokens")),
    )


def piece(event: Fields) -> Piece:
    """What an event of a stream adds."""
    delta = fields(event.get("delta"))
    match event.get("type"):
        case "content_block_delta":
            return Piece(text(delta.get("text")))
        case "message_delta":
            _check(delta)
        case "message_stop":
            return Piece(last=True)
        case "error":
            raise broken(event.get("error"))
    return Piece()


def _check(answer: Fields) -> None:
    if answer.get("stop_reason") in ("max_tokens", "model_context_window_exceeded"):
        raise cut_off()
    if answer.get("stop_reason") == "refusal":
        raise refused("the model declined")


MESSAGES = Wire("v1/messages", ("tool", "plain"), body, reply, piece)
