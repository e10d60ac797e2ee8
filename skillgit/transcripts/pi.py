"""Sessions of Pi and of the agents built on it, OpenClaw and Oh My Pi: entries that form a tree."""

from __future__ import annotations

from collections.abc import Iterable

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, Row, fields, first, moment, rows, text
from skillgit.transcripts.harness import own_content
from skillgit.transcripts.model import Transcript

NAME = "pi"

_SPEAKERS = {"user", "assistant", "toolResult"}
_TITLED = ("title", "session_info")


def is_pi(value: object) -> bool:
    """Whether the value is the header of such a session or one of its messages, or begins with one."""
    return any(_is_header(row) or ("parentId" in row and _speaks(row)) for row in rows(value)[:1])


def read(entries: Iterable[Row]) -> Transcript:
    """The path from the root to the last message; other branches were left by the user."""
    every = list(entries)
    draft = Draft()
    header: Fields = {}
    title: str | None = None
    shown = _shown(every)
    for place, (entry, line) in enumerate(every):
        draft.line = line
        if _is_header(entry) and not header:
            header = entry
        elif entry.get("type") in _TITLED:
            title = first(entry, "title", "name") or title
        elif _speaks(entry) and place not in shown:
            draft.note("branch_dropped", "dropped a message of a branch that was left")
        elif _speaks(entry):
            _add(draft, fields(entry["message"]), moment(entry, "timestamp"))
    return draft.transcript(NAME, id=first(header, "id"), title=title, created=moment(header, "timestamp"))


def _is_header(entry: Fields) -> bool:
    return entry.get("type") == "session" and "id" in entry and ("cwd" in entry or "version" in entry)


def _speaks(entry: Fields) -> bool:
    return entry.get("type") == "message" and text(fields(entry.get("message")).get("role")) in _SPEAKERS


def _shown(entries: list[Row]) -> set[int]:
    """The places of the entries on the path that ends with the last message, and of those without an id.

    Where a parent is not in the file (its line is broken), the entry before takes its place.
    """
    places = {first(entry, "id"): place for place, (entry, _) in enumerate(entries)}
    shown = {place for place, (entry, _) in enumerate(entries) if first(entry, "id") is None}
    place = max(
        (place for place, (entry, _) in enumerate(entries) if _speaks(entry) and place not in shown), default=-1
    )
    while place >= 0 and place not in shown:
        shown.add(place)
        parent = first(entries[place][0], "parentId")
        place = -1 if parent is None else places.get(parent, place - 1)
    return shown


def _add(draft: Draft, said: Fields, timestamp: str | None) -> None:
    when = timestamp or moment(said, "timestamp")
    if said["role"] == "toolResult":
        failed = said.get("isError")
        result = message.flat(draft, _content(said))
        ok = not failed if isinstance(failed, bool) else None
        draft.answer(first(said, "toolCallId") or "", message.marked(result, ok=ok), ok=ok, timestamp=when)
        return
    content = own_content(_content(said)) if said["role"] == "user" else _content(said)
    message.add(draft, {"role": said["role"], "content": content}, timestamp=when)


def _content(said: Fields) -> object:
    content = said.get("content")
    return [_block(block) for block in content] if isinstance(content, list) else content


def _block(block: object) -> object:
    part = fields(block)
    if part.get("type") == "toolCall":
        return {"type": "tool_use", "id": part.get("id"), "name": part.get("name"), "input": part.get("arguments")}
    return message.IMAGE if part.get("type") == "image" else block
