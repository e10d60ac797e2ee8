"""Deep Agents' sessions: LangGraph's checkpoints, and what was written after each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from skillgit.transcripts import langchain, message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, rows, text
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.msgpack import unpack
from skillgit.transcripts.stream import held

NAME = "deepagents-store"

_CHECKPOINTS = "SELECT * FROM checkpoints WHERE thread_id = ? AND checkpoint_ns = '' ORDER BY checkpoint_id"
_WRITES = (
    "SELECT * FROM writes WHERE thread_id = ? AND checkpoint_id = ? AND channel = 'messages' ORDER BY task_id, idx"
)


def read(select: Callable[..., Iterator[Fields]]) -> Iterator[Transcript]:
    """Yield one conversation a thread, in its last state; the threads of subagents are not among them."""
    for thread in list(select("SELECT DISTINCT thread_id FROM checkpoints WHERE checkpoint_ns = '' ORDER BY rowid")):
        draft = Draft()
        messages: dict[str, Fields] = {}
        created: str | None = None
        for row in list(select(_CHECKPOINTS, thread["thread_id"])):
            state = fields(_value(draft, row.get("type"), row.get("checkpoint")))
            created = created or first(state, "ts")
            held = fields(state.get("channel_values")).get("messages")
            messages = _merged({}, rows(held)) if held is not None else messages
            for write in select(_WRITES, row["thread_id"], row["checkpoint_id"]):
                messages = _written(messages, _value(draft, write.get("type"), write.get("value")))
        for one in messages.values():
            _add(draft, one)
        yield draft.transcript(NAME, id=first(thread, "thread_id"), created=created)


def _value(draft: Draft, kind: object, packed: object) -> object:
    if not isinstance(packed, bytes):
        return None
    found: object = None
    if kind == "msgpack":
        try:
            found = unpack(packed)
        except ValueError as err:
            draft.note("invalid_checkpoint", f"dropped a checkpoint: {err}")
    elif kind == "json":
        found = held(packed)
    return found


def _written(messages: dict[str, Fields], written: object) -> dict[str, Fields]:
    """The messages after one write, which adds to them or, as an `Overwrite`, takes their place."""
    if fields(written).get("__class__") == "Overwrite":
        return _merged({}, rows(fields(written).get("value")))
    return _merged(messages, rows(written))


def _merged(messages: dict[str, Fields], added: list[Fields]) -> dict[str, Fields]:
    """The messages by their ids: one that comes again takes the place of the first, one to remove goes."""
    merged = dict(messages)
    for one in added:
        key = first(one, "id") or f"#{len(merged)}"
        if one.get("__class__") == "RemoveMessage":
            merged.pop(key, None)
        else:
            merged[key] = one
    return merged


def _add(draft: Draft, one: Fields) -> None:
    said = langchain.plain(one)
    when = moment(fields(one.get("additional_kwargs")), "timestamp")
    when = when or moment(fields(one.get("response_metadata")), "timestamp")
    if said.get("role") == "tool":
        said = {**said, "is_error": said.get("status") == "error"} if text(said.get("status")) else said
    content = said.get("content")
    blocks = [_block(block) for block in content] if isinstance(content, list) else content
    message.add(draft, {**said, "content": blocks}, timestamp=when)


def _block(block: object) -> object:
    """A block as Anthropic writes it: LangChain calls thinking `reasoning`; calls stand beside the content too."""
    part = fields(block)
    if part.get("type") == "reasoning":
        return {"type": "thinking", "thinking": part.get("reasoning") or part.get("text")}
    return "" if part.get("type") == "tool_use" or part.get("type") == "tool_call" else block
