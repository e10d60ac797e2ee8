"""The wire formats that are served: where each keeps the conversation and the system prompt. Pure.

A format is one row of FORMATS. Skills go behind the system prompt, so that what a provider has cached of it is still
good: behind the text of the last system message that opens the conversation, or as one where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from skillgit.serve.splice import Edit, Member, elements, members, quoted
from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, text
from skillgit.transcripts.model import Turn

Members = Mapping[str, Member]
"""What a request's object holds, by name."""

MARK = "skillgit_skills"
"""The tag around what is added."""
_SYSTEM = ("system", "developer")
_DELIMITER = re.compile(rf"<(?=\s*/?\s*{MARK})", re.IGNORECASE)
_OPENING = (
    "Skills that were learned from earlier work. Follow those that fit the task at hand; where one of them disagrees"
    " with the instructions above, the instructions above hold."
)
_KEPT = ("previous_response_id", "conversation")
"""What names a conversation that the provider keeps."""
_MEDIA = re.compile(r"image|audio|video|file|document", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Format:
    """A wire format: `messages` are those of a request, `place` is the edit that adds a text to its system prompt.

    `place` gives None where the request has no place for it. `user` is whom a request says it is for, or "".
    `refusal` is how errors look.
    """

    name: str
    messages: Callable[[Members], list[Any]]
    place: Callable[[str, Members, str], Edit | None]
    user: Callable[[Members], str]
    refusal: Callable[[int, str], Fields]


def block(skills: str) -> str:
    """What is added to a system prompt: the text of skills between marks that nothing in them can close."""
    return f"<{MARK}>\n{_OPENING}\n\n{_DELIMITER.sub('&lt;', skills)}\n</{MARK}>"


def user_turns(messages: list[Any]) -> tuple[Turn, ...]:
    """What the user said, in order; results of tools are not."""
    draft = Draft()
    for each in messages:
        if fields(each).get("role") == "user":
            message.add(draft, each)
    return tuple(turn for turn in draft.turns if turn.role == "user")


def ends_with_user(messages: list[Any]) -> bool:
    """Whether the user has spoken last, and not a tool."""
    return bool(messages) and bool(user_turns(messages[-1:]))


def without_media(value: Any) -> Any:
    """The same messages, with pictures and files as their kind alone."""
    if isinstance(value, list):
        return [without_media(each) for each in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("type")
    if isinstance(kind, str) and _MEDIA.search(kind):
        return {"type": kind}
    return {key: without_media(each) if key == "content" else each for key, each in value.items()}


def _listed(found: Members, name: str) -> list[Any]:
    value = found[name].value if name in found else None
    return value if isinstance(value, list) else []


def _input(found: Members) -> list[Any]:
    given = found["input"].value if "input" in found else None
    return [{"role": "user", "content": given}] if isinstance(given, str) else _listed(found, "input")


def _in_chat(source: str, found: Members, added: str) -> Edit | None:
    if not _listed(found, "messages"):
        return None
    where = found["messages"].at
    return _behind_system(source, where, added, part="text") or _inserted(
        where, quoted({"role": "system", "content": added})
    )


def _in_responses(source: str, found: Members, added: str) -> Edit | None:
    if isinstance(_value(found, "instructions"), str):
        return _extended(found["instructions"], added, part="input_text")
    opening = _listed(found, "input") and _behind_system(source, found["input"].at, added, part="input_text")
    beside = _in_input if _value(found, "prompt") is not None else _in_instructions
    return opening or beside(source, found, added)


def _in_instructions(_: str, found: Members, added: str) -> Edit | None:
    return _member(found, "instructions", added)


def _in_input(source: str, found: Members, added: str) -> Edit | None:
    """As the message that opens the input, where the prompt is kept at the provider: instructions would replace it.

    Where the conversation is kept there, too, the message would be, and one more for each turn: there is no place.
    """
    given, opening = found.get("input"), quoted({"role": "developer", "content": added})
    if not given or not given.value or any(_value(found, name) is not None for name in _KEPT):
        return None
    if isinstance(given.value, list):
        return _inserted(given.at, opening)
    return Edit(given.at, given.end, f'[{opening}, {{"role": "user", "content": {source[given.at : given.end]}}}]')


def _in_messages(source: str, found: Members, added: str) -> Edit | None:
    if _value(found, "system") is not None:
        return _extended(found["system"], added, part="text")
    return _member(found, "system", added)


def _behind_system(source: str, where: int, added: str, *, part: str) -> Edit | None:
    """Behind the last of the system messages that open an array; None where none does."""
    opening = list(takewhile(lambda each: fields(each.value).get("role") in _SYSTEM, elements(source, where)))
    if not opening:
        return None
    content = next((each for each in members(source, opening[-1].at) if each.key == "content"), None)
    return _extended(content, added, part=part) if content else None


def _extended(content: Member, added: str, *, part: str) -> Edit | None:
    """Behind a text, or behind the last part of a content in parts."""
    last = content.end - 1
    if isinstance(content.value, str):
        return Edit(last, last, quoted(f"\n\n{added}" if content.value else added)[1:-1])
    if isinstance(content.value, list):
        return Edit(last, last, (", " if content.value else "") + quoted({"type": part, "text": added}))
    return None


def _member(found: Members, name: str, added: str) -> Edit | None:
    """As a member of the request, which has none of that name, or null."""
    if name in found:
        return Edit(found[name].at, found[name].end, quoted(added)) if found[name].value is None else None
    first = min(each.start for each in found.values())
    return Edit(first, first, f"{quoted(name)}: {quoted(added)}, ")


def _inserted(where: int, element: str) -> Edit:
    return Edit(where + 1, where + 1, f"{element}, ")


def _value(found: Members, name: str) -> Any:
    return found[name].value if name in found else None


def _openai_user(found: Members) -> str:
    return text(_value(found, "user"))


def _anthropic_user(found: Members) -> str:
    return text(fields(_value(found, "metadata")).get("user_id"))


_KINDS = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
}


def _kind(status: int) -> str:
    return _KINDS.get(status, "invalid_request_error" if status < 500 else "api_error")


def _openai_refusal(status: int, message: str) -> Fields:
    return {"error": {"message": message, "type": _kind(status), "param": None, "code": None}}


def _anthropic_refusal(status: int, message: str) -> Fields:
    return {"type": "error", "error": {"type": _kind(status), "message": message}}


CHAT = Format("chat", lambda found: _listed(found, "messages"), _in_chat, _openai_user, _openai_refusal)
RESPONSES = Format("responses", _input, _in_responses, _openai_user, _openai_refusal)
MESSAGES = Format(
    "messages", lambda found: _listed(found, "messages"), _in_messages, _anthropic_user, _anthropic_refusal
)
