"""A JSON object out of what a model says: strictly read, and asked for once more where it cannot be used.

    ask(chat, messages, prompt.schema, read)     what `read` makes of the answer

One object may stand in a code fence or between words; anything else is refused with a reason that a model, asked
again, can do something with. The schema is a request to the model; what holds is what the functions here check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn, TypeVar

from skillgit.errors import ModelError
from skillgit.models.ports import Chat, Message
from skillgit.transcripts.fields import Fields

_THOUGHT = re.compile(r"\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
"""What some local models think aloud before they answer."""

T = TypeVar("T")


def ask(chat: Chat, messages: Sequence[Message], schema: Mapping[str, object], read: Callable[[Fields], T]) -> T:
    """What `read` makes of the object that a model answers with; it is asked once more where that cannot be used.

    `read` raises ModelError with what is wrong, in words for the model. Raises ModelError where the second answer
    is no better, or no answer came.
    """
    reply = chat.answer(messages, schema=schema)
    try:
        return read(one_object(reply.text))
    except ModelError as err:
        repair = Message("user", f"That cannot be used: {err.message}. Answer again, with one JSON object.")
    again = chat.answer([*messages, Message("assistant", reply.text), repair], schema=schema)
    try:
        return read(one_object(again.text))
    except ModelError as err:
        raise ModelError(f"no usable answer from '{chat.name}': {err.message}") from err


def one_object(text: str) -> Fields:
    """The one JSON object in a model's answer; ModelError with the reason where there is not just one."""
    said = _THOUGHT.sub("", text, count=1).strip() if _THOUGHT.match(text) else text.strip()
    start = said.find("{")
    if start < 0:
        raise ModelError("there is no JSON object")
    if said.startswith("[") or said[:start].rstrip().endswith("["):
        raise ModelError("that is a list, not one JSON object")
    try:
        value, end = _DECODER.raw_decode(said, start)
    except json.JSONDecodeError as err:
        cut = err.pos >= len(said) or err.msg.startswith("Unterminated")
        raise ModelError("the JSON object is cut off" if cut else f"that is no JSON: {err}") from err
    except (ValueError, RecursionError) as err:  # a number of 5,000 digits, or a thousand braces
        raise ModelError("the JSON object has a number or a depth beyond measure") from err
    if "{" in said[end:] or "}" in said[end:]:
        raise ModelError("there is more than one JSON object")
    return _encodable(value)


def text_of(record: Fields, key: str) -> str:
    """A field that has to be a string."""
    value = record.get(key)
    if not isinstance(value, str):
        raise ModelError(f"'{key}' has to be a string")
    return value


def texts_of(record: Fields, key: str) -> tuple[str, ...]:
    """A field that has to be a list of strings."""
    value = record.get(key)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ModelError(f"'{key}' has to be a list of strings")
    return tuple(value)


def objects_of(record: Fields, key: str) -> tuple[Fields, ...]:
    """A field that has to be a list of objects."""
    value = record.get(key)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ModelError(f"'{key}' has to be a list of objects")
    return tuple(value)


def _encodable(value: Fields) -> Fields:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as err:
        raise ModelError("there is half a character in it (a lone surrogate)") from err
    return value


def _without_repeats(pairs: list[tuple[str, object]]) -> Fields:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ModelError("a key of the JSON object is there twice")
    return record


def _no_number(text: str) -> NoReturn:
    raise ModelError(f"'{text}' is no JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_without_repeats, parse_constant=_no_number)
