"""One item of OpenAI's Responses API into turns; Codex writes its sessions in these items."""

from __future__ import annotations

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, text

_ENVELOPE = {"type", "id", "call_id", "status", "name"}


def is_item(entry: Fields) -> bool:
    """Whether this is an item that only the Responses API has: a call, its output or reasoning."""
    kind = text(entry.get("type"))
    return kind == "reasoning" or kind.endswith(("_call", "_call_output", "_search_output"))


def add(draft: Draft, item: Fields, *, timestamp: str | None = None) -> None:
    """Add one item to the draft; a message goes the way of every chat message."""
    kind = text(item.get("type"))
    if not is_item(item):
        message.add(draft, item, timestamp=timestamp)
    elif kind == "reasoning":
        draft.say("reasoning", _reasoning(draft, item), timestamp=timestamp)
    elif kind.endswith("_call"):
        name = first(item, "name") or kind.removesuffix("_call")
        draft.call(first(item, "call_id", "id") or "", name, _arguments(item), joins=False, timestamp=timestamp)
    else:
        _add_output(draft, item, timestamp=timestamp)


def _add_output(draft: Draft, item: Fields, *, timestamp: str | None) -> None:
    output = item.get("output", item.get("tools"))
    success = fields(output).get("success")
    said = draft.compact(output) if "tools" in item else message.flat(draft, output)
    ok = success if isinstance(success, bool) else None
    draft.answer(first(item, "call_id", "id") or "", said, ok=ok, timestamp=timestamp)


def _arguments(item: Fields) -> object:
    """What a call was made with: its arguments, a free-form input as an object, or what else the item holds."""
    if "arguments" in item:
        return item["arguments"]
    if "input" in item:
        return {"input": item["input"]}
    return {key: value for key, value in item.items() if key not in _ENVELOPE}


def _reasoning(draft: Draft, item: Fields) -> str:
    return message.flat(draft, item.get("summary")) or message.flat(draft, item.get("content"))
