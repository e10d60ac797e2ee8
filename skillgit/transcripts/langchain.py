"""LangChain's messages, as it serializes them: with its class beside them, their type, or both."""

from __future__ import annotations

from skillgit.transcripts.fields import Fields, fields, text

_TYPES = {"human": "user", "ai": "assistant", "AIMessageChunk": "assistant", "system": "system", "tool": "tool"}


def plain(value: object) -> Fields:
    """The message in OpenAI's words; any other value that is an object stays as it is."""
    if isinstance(value, list) and len(value) == 2:
        return {"role": _TYPES.get(text(value[0]), value[0]), "content": value[1]}
    given = fields(value)
    path = given.get("id")
    if given.get("lc") == 1 and isinstance(path, list) and path:
        held = fields(given.get("kwargs"))
        kind = text(held.get("type")) or text(path[-1]).removesuffix("Message").lower()
    else:
        held = fields(given.get("data")) or given
        kind = text(given.get("type"))
    role = _TYPES.get(kind)
    return {**held, "role": role} if role and "role" not in held else held
