"""OpenAI's responses.

Source: the OpenAI API reference, "Responses". Nothing is kept at the endpoint: `store` is off.
"""

from __future__ import annotations

from skillgit.errors import ModelError
from skillgit.models.ports import Reply
from skillgit.models.wire import TOOL, Ask, Body, Piece, Wire, broken, count, cut_off, refused, system, turns, whole
from skillgit.transcripts.fields import Fields, fields, rows, text


def body(ask: Ask) -> Body:
    """The request."""
    asked: Body = {"model": ask.model, "input": turns(ask), "store": False, **ask.extra}
    if system(ask):
        asked["instructions"] = system(ask)
    if ask.way == "schema":
        asked["text"] = {"format": {"type": "json_schema", "name": TOOL, "strict": True, "schema": ask.schema}}
    elif ask.way == "tool":
        asked["tools"] = [{"type": "function", "name": TOOL, "parameters": ask.schema}]
        asked["tool_choice"] = {"type": "function", "name": TOOL}
    return asked


def reply(answer: Fields) -> Reply:
    """The reply in a whole answer."""
    _check(answer)
    output = rows(answer.get("output"))
    if not output:
        raise ModelError("gave no answer: there is no 'output'")
    calls = [text(item.get("arguments")) for item in output if item.get("type") == "function_call"]
    parts = [part for item in output if item.get("type") == "message" for part in rows(item.get("content"))]
    if refusal := "".join(text(part.get("refusal")) for part in parts):
        raise refused(refusal)
    usage = fields(answer.get("usage"))
    return Reply(
        whole("".join(calls[:1]) or "".join(text(part.get("text")) for part in parts)),
        model=text(answer.get("model")),
        tokens_in=count(usage.get("input_tokens")),
        tokens_out=count(usage.get("output_tokens")),
    )


def piece(event: Fields) -> Piece:
    """What an event of a stream adds."""
    match event.get("type"):
        case "response.output_text.delta":
            return Piece(text(event.get("delta")))
        case "response.completed":
            return Piece(last=True)
        case "response.failed" | "response.incomplete":
            _check(fields(event.get("response")))
        case "error":
            raise broken(event.get("error", event))
    return Piece()


def _check(answer: Fields) -> None:
    if answer.get("status") == "failed":
        raise ModelError(f"gave no answer: {text(fields(answer.get('error')).get('message')) or 'it failed'}")
    if answer.get("status") == "incomplete":
        why = text(fields(answer.get("incomplete_details")).get("reason"))
        raise cut_off() if why in ("", "max_output_tokens") else refused(why)


RESPONSES = Wire("responses", ("schema", "tool", "plain"), body, reply, piece)
