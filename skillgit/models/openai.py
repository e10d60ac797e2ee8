"""OpenAI's chat completions, which most endpoints speak.

Source: the OpenAI API reference, "Chat", with what others make of it: content in parts, arguments of a tool as an
object in place of a string.
"""

from __future__ import annotations

import json

from skillgit.errors import ModelError
from skillgit.models.ports import Reply
from skillgit.models.wire import TOOL, Ask, Body, Piece, Wire, broken, count, cut_off, refused, system, turns, whole
from skillgit.transcripts.fields import Fields, fields, rows, text


def body(ask: Ask) -> Body:
    """The request."""
    first = [{"role": "system", "content": system(ask)}] if system(ask) else []
    asked: Body = {"model": ask.model, "messages": first + turns(ask), **ask.extra}
    if ask.way == "schema":
        schema = {"name": TOOL, "strict": True, "schema": ask.schema}
        asked["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif ask.way == "tool":
        asked["tools"] = [{"type": "function", "function": {"name": TOOL, "parameters": ask.schema}}]
        asked["tool_choice"] = {"type": "function", "function": {"name": TOOL}}
    return asked


def reply(answer: Fields) -> Reply:
    """The reply in a whole answer."""
    choice = _first(answer)
    _check(choice)
    message = fields(choice.get("message"))
    if refusal := text(message.get("refusal")):
        raise refused(refusal)
    usage = fields(answer.get("usage"))
    return Reply(
        whole(_arguments(message) or _content(message.get("content"))),
        model=text(answer.get("model")),
        tokens_in=count(usage.get("prompt_tokens")),
        tokens_out=count(usage.get("completion_tokens")),
    )


def piece(event: Fields) -> Piece:
    """What an event of a stream adds."""
    if "error" in event:
        raise broken(event["error"])
    choice = next(iter(rows(event.get("choices"))), {})
    _check(choice)
    return Piece(_content(fields(choice.get("delta")).get("content")), last=bool(choice.get("finish_reason")))


def _first(answer: Fields) -> Fields:
    choice = next(iter(rows(answer.get("choices"))), None)
    if choice is None:
        error = text(fields(answer.get("error")).get("message"))  # some send their errors with a status of 200
        raise ModelError(f"gave no answer: {error}" if error else "gave no answer: there is no 'choices'")
    return choice


def _check(choice: Fields) -> None:
    if choice.get("finish_reason") == "length":
        raise cut_off()
    if choice.get("finish_reason") == "content_filter":
        raise refused("a content filter")


def _arguments(message: Fields) -> str:
    call = fields(next(iter(rows(message.get("tool_calls"))), {}).get("function"))
    arguments = call.get("arguments")
    return json.dumps(arguments) if isinstance(arguments, dict) else text(arguments)


def _content(content: object) -> str:
    return content if isinstance(content, str) else "".join(text(part.get("text")) for part in rows(content))


CHAT = Wire("chat/completions", ("schema", "tool", "plain"), body, reply, piece)
