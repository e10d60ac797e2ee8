"""Copilot Chat's sessions in VS Code: a document, or a log of the changes that led to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, Row, fields, first, moment, rows, text
from skillgit.transcripts.harness import own_words
from skillgit.transcripts.model import Transcript

NAME = "vscode-chat"

_START, _SET, _PUSH, _DELETE = range(4)
_DENIED = (0, False)
_SILENT = {"inlineReference", "codeblockUri", "textEditGroup", "progressMessage", "progressTaskSerialized", "undoStop"}


def is_vscode_chat(value: object) -> bool:
    """Whether the value is such a document or the first line of such a log."""
    for row in rows(value)[:1]:
        state = fields(row.get("v")) if row.get("kind") == _START else row
        return isinstance(state.get("requests"), list) and ("sessionId" in state or "responderUsername" in state)
    return False


def read(entries: Iterable[Row]) -> Transcript:
    """The one session of a file, in its last state."""
    state: Fields = {}
    draft = Draft()
    for entry, line in entries:
        draft.line = line
        if "requests" in entry and "kind" not in entry:
            state = entry
        elif entry.get("kind") == _START:
            state = fields(entry.get("v"))
        elif not _change(state, entry):
            draft.note("change_dropped", "dropped a change of something that is not there")
    draft.line = None
    for request in rows(state.get("requests")):
        _add(draft, request)
    title, created = first(state, "customTitle"), moment(state, "creationDate")
    return draft.transcript(NAME, id=first(state, "sessionId"), title=title, created=created)


def _change(state: Fields, entry: Fields) -> bool:
    """Apply one change to the state: a value set or deleted, or values put at the end of an array cut to length `i`."""
    path = entry.get("k")
    if not isinstance(path, list) or not path:
        return False
    holder: Any = state
    for step in path[:-1]:
        holder = _at(holder, step)
    kind, last = entry.get("kind"), path[-1]
    if kind == _PUSH:
        return _push(_at(holder, last), entry)
    if isinstance(holder, dict) and isinstance(last, str):
        if kind == _SET:
            holder[last] = entry.get("v")
        return kind == _SET or (kind == _DELETE and holder.pop(last, entry) is not entry)
    if isinstance(holder, list) and kind == _SET and _at(holder, last) is not None:
        holder[last] = entry.get("v")
        return True
    return False


def _push(array: object, entry: Fields) -> bool:
    if not isinstance(array, list):
        return False
    start, added = entry.get("i"), entry.get("v")
    if isinstance(start, int) and start >= 0:
        del array[start:]
    array.extend(added if isinstance(added, list) else [])
    return True


def _at(holder: object, step: object) -> object:
    if isinstance(holder, dict) and isinstance(step, str):
        return holder.get(step)
    if isinstance(holder, list) and isinstance(step, int) and 0 <= step < len(holder):
        return holder[step]
    return None


def _add(draft: Draft, request: Fields) -> None:
    when = moment(request, "timestamp")
    asked = request.get("message")
    draft.say("user", own_words(text(asked) or text(fields(asked).get("text"))), timestamp=when)
    said: list[str] = []
    for part in rows(request.get("response")):
        kind = text(part.get("kind"))
        if kind in ("", "markdownContent"):
            said.append(_markdown(part.get("content", part.get("value"))))
            continue
        draft.say("assistant", "".join(said), timestamp=when)
        said = []
        if kind == "thinking":
            draft.say("reasoning", _markdown(part.get("value")), timestamp=when)
        elif kind == "toolInvocationSerialized":
            _add_call(draft, part, when)
        elif kind not in _SILENT:
            draft.note("part_dropped", f"dropped a part of type '{kind[:40]}'")
    draft.say("assistant", "".join(said), timestamp=when)


def _markdown(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(text(item) for item in value)
    return text(value) or text(fields(value).get("value"))


def _add_call(draft: Draft, part: Fields, when: str | None) -> None:
    """Add a call: of what it did only the line that VS Code shows is kept in these files."""
    call_id = first(part, "toolCallId") or ""
    command = fields(fields(part.get("toolSpecificData")).get("commandLine"))
    given = {"command": command["original"]} if text(command.get("original")) else {}
    shown = _markdown(part.get("pastTenseMessage")) or _markdown(part.get("invocationMessage"))
    draft.call(call_id, text(part.get("toolId")), given, joins=False, timestamp=when)
    confirmed = part.get("isConfirmed")
    answer = confirmed.get("type") if isinstance(confirmed, dict) else confirmed
    if answer in _DENIED and answer is not None:
        draft.turn_down(call_id, shown, timestamp=when)
    else:
        draft.answer(call_id, shown, timestamp=when)
