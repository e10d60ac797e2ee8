"""Gemini CLI's sessions: one document, or in newer versions a line for each message and each change of it."""

from __future__ import annotations

from collections.abc import Iterable

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, Row, fields, first, moment, rows, text
from skillgit.transcripts.harness import own_content
from skillgit.transcripts.model import Transcript

NAME = "gemini-cli"

_NOTICES = ("info", "warning", "error")
_REFERENCED = "--- Content from referenced files ---"
_ENDINGS = {"success": True, "error": False}


def is_gemini_cli(value: object) -> bool:
    """Whether the value is such a document, or the first line of a file of lines."""
    return any(
        "sessionId" in row and ("projectHash" in row or any(_speaks(sent) for sent in rows(row.get("messages"))))
        for row in rows(value)[:1]
    )


def read(entries: Iterable[Row]) -> Transcript:
    """The one session of a file, every message in its last version."""
    session: Fields = {}
    sent: dict[str, Row] = {}
    for entry, line in entries:
        session = session or entry
        for one in rows(entry.get("messages")) if "messages" in entry else [entry]:
            _keep(sent, one, line)
    draft = Draft()
    for one, line in sent.values():
        draft.line = line
        _add(draft, one)
    return draft.transcript(NAME, id=first(session, "sessionId"), created=moment(session, "startTime"))


def _keep(sent: dict[str, Row], one: Fields, line: int | None) -> None:
    """Remember a message in the place of its earlier version; `$rewindTo` forgets what follows a message, and it."""
    back = text(one.get("$rewindTo"))
    if back in sent:
        ids = list(sent)
        for later in ids[ids.index(back) :]:
            del sent[later]
    elif "type" in one:
        sent[first(one, "id") or f"{line}:{len(sent)}"] = (one, line)


def _speaks(sent: Fields) -> bool:
    return sent.get("type") in ("user", "gemini") and "content" in sent


def _add(draft: Draft, sent: Fields) -> None:
    kind, when = sent.get("type"), moment(sent, "timestamp")
    if kind == "user":
        draft.say("user", _own(draft, sent.get("content")), timestamp=when)
    elif kind == "gemini":
        for thought in rows(sent.get("thoughts")):
            parts = filter(None, (text(thought.get("subject")), text(thought.get("description"))))
            draft.say("reasoning", " — ".join(parts), timestamp=when)
        draft.say("assistant", message.flat(draft, sent.get("content")), timestamp=when)
        for call in rows(sent.get("toolCalls")):
            _add_call(draft, call, when)
    elif kind not in _NOTICES:
        draft.note("noise_record_dropped", "dropped a message of neither the user nor the model")


def _own(draft: Draft, content: object) -> str:
    """What the user typed, without the files that Gemini CLI puts after it."""
    return message.flat(draft, own_content(content)).partition(_REFERENCED)[0].rstrip()


def _add_call(draft: Draft, call: Fields, timestamp: str | None) -> None:
    call_id, when = first(call, "id") or "", moment(call, "timestamp") or timestamp
    draft.call(call_id, text(call.get("name")), call.get("args"), joins=False, timestamp=when)
    status = text(call.get("status"))
    result = "\n".join(_results(draft, call))
    if status == "cancelled":
        draft.turn_down(call_id, result, timestamp=when)
    elif status in _ENDINGS:
        draft.answer(call_id, result, ok=_ENDINGS[status], timestamp=when)


def _results(draft: Draft, call: Fields) -> list[str]:
    """What the tool gave back: plain output as it is, anything else as JSON."""
    found = []
    for part in rows(call.get("result")):
        response = fields(fields(part.get("functionResponse")).get("response"))
        output = response.get("output")
        found.append(output if isinstance(output, str) else draft.compact(response) if response else "")
    return [result for result in found if result]
