"""One chat message, as the APIs of OpenAI and Anthropic and their likes write it, into turns.

Both vocabularies are understood wherever a message stands, because real files mix them:
`tool_calls` next to the content or `tool_use` blocks in it, `reasoning_content` or
`thinking` blocks, tool results as messages of their own or as blocks of a user message.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, rows, text
from skillgit.transcripts.model import Role
from skillgit.transcripts.roles import role_of

TEXTS = {"text", "input_text", "output_text", "refusal", "summary_text", "reasoning_text"}
IMAGE: Fields = {"type": "text", "text": "[image]"}
"""What stands in for a picture, where the agent itself shows one so."""

TIMES = ("timestamp", "created_at", "create_time", "created", "time")


def add(draft: Draft, message: Fields, *, timestamp: str | None = None) -> None:
    """Add the turns of one message to the draft; a message with an unknown role is only noted."""
    role = role_of(message.get("role"))
    if role is None:
        draft.note("unknown_role", f"dropped a message: no role is called {_shown(message.get('role'))}")
        return
    when = timestamp or moment(message, *TIMES)
    if role == "tool":
        _add_result(draft, message, timestamp=when)
        return
    draft.say("reasoning", text(message.get("reasoning_content")) or text(message.get("reasoning")), timestamp=when)
    start = len(draft.turns)
    for block in _blocks(message):
        _add_block(draft, block, role, start=start, timestamp=when)


def marked(result: str, *, ok: bool | None) -> str:
    """A tool's result as agents show it that keep the failure beside the text: `Error: ` opens a failed one."""
    return f"Error: {result}" if ok is False else result


def flat(draft: Draft, content: object) -> str:
    """The texts of some content, one below the other; other parts are noted."""
    if isinstance(content, str):
        return content
    if isinstance(content, dict) and "type" not in content:
        inner = content.get("content")
        return inner if isinstance(inner, str) else draft.compact(content)
    texts: list[str] = []
    for block in _content(content):
        found = _text(block)
        if found is None:
            _note_part(draft, block)
        elif found:
            texts.append(found)
    return "\n".join([*(said.removesuffix("\n") for said in texts[:-1]), *texts[-1:]])


def _add_block(draft: Draft, block: Fields, role: Role, *, start: int, timestamp: str | None) -> None:
    kind = text(block.get("type"))
    said = _text(block)
    if said is not None:
        draft.say(role, said, timestamp=timestamp)
    elif kind == "thinking":
        draft.say("reasoning", text(block.get("thinking")), timestamp=timestamp)
    elif kind.endswith("tool_result"):
        _add_result(draft, block, timestamp=timestamp)
    elif kind.endswith("tool_use") and role == "assistant":
        joins = len(draft.turns) > start
        name, given = text(block.get("name")), block.get("input")
        draft.call(first(block, "id") or "", name, given, joins=joins, timestamp=timestamp)
    elif kind != "redacted_thinking":
        _note_part(draft, block)


def _add_result(draft: Draft, result: Fields, *, timestamp: str | None) -> None:
    answers = first(result, "tool_call_id", "tool_use_id", "call_id") or ""
    error = result.get("is_error")
    ok = not error if isinstance(error, bool) else None
    draft.answer(answers, flat(draft, result.get("content")), ok=ok, timestamp=timestamp)


def _blocks(message: Fields) -> Iterator[Fields]:
    """The parts of a message in order: neighbouring texts as one, OpenAI's calls as `tool_use`."""
    texts: list[str] = []
    content = next((message[key] for key in ("content", "parts", "text") if message.get(key)), None)
    for block in _content(content):
        found = _text(block)
        if found is not None:
            texts.append(found)
            continue
        yield from _joined(texts)
        texts = []
        yield block
    yield from _joined(texts)
    calls = rows(message.get("tool_calls")) + rows(message.get("function_call"))
    for call in calls:
        made = fields(call.get("function")) or call
        given = made.get("arguments", made.get("args"))
        yield {"type": "tool_use", "id": call.get("id"), "name": made.get("name"), "input": given}


def _joined(texts: list[str]) -> Iterator[Fields]:
    if joined := "\n".join(filter(None, texts)):
        yield {"type": "text", "text": joined}


def _content(content: object) -> list[Fields]:
    """Content as blocks, however it was written; what is neither text nor object becomes an unknown part."""
    if content is None or content == "":
        return []
    parts = content if isinstance(content, list) else [content]
    return [_block(part) for part in parts]


def _block(part: object) -> Fields:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    return part if isinstance(part, dict) else {"type": type(part).__name__}


def _text(block: Fields) -> str | None:
    """The text of a text block; None for any other block."""
    kind = block.get("type")
    if kind is not None and (not isinstance(kind, str) or kind not in TEXTS):
        return None
    value: Any = block.get("text", block.get(kind or "content"))
    if isinstance(value, dict):
        value = value.get("value")
    return value if isinstance(value, str) else None if kind is None else ""


def _note_part(draft: Draft, block: Fields) -> None:
    draft.note("part_dropped", f"dropped a part of type {_shown(block.get('type'))}")


def _shown(name: object) -> str:
    return f"'{name[:40]}'" if isinstance(name, str) else "nothing" if name is None else f"a {type(name).__name__}"
