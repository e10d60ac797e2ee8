"""Gemini's own vocabulary: `contents` of `parts` as its API takes them, and the prompts AI Studio keeps."""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, rows, text
from skillgit.transcripts.model import Role, Transcript
from skillgit.transcripts.stream import Record

NAME = "gemini-api"

_ROLES: dict[str, Role] = {"user": "user", "model": "assistant", "assistant": "assistant", "function": "tool"}


def is_gemini_api(value: object) -> bool:
    """Whether the value is a request, a kept prompt, or an array of them."""
    return any(_contents(row) for row in rows(value)[:1])


def read(record: Record) -> Iterator[Transcript]:
    """Yield the conversations of one document or line."""
    for row in rows(record.value):
        if contents := _contents(row):
            yield _transcript(row, contents, line=record.line)


def _contents(row: Fields) -> list[Fields]:
    """The messages of a request, or the chunks of a prompt, each with `parts` or a `text` of its own."""
    given = row.get("contents", fields(row.get("chunkedPrompt")).get("chunks"))
    return [sent for sent in rows(given) if "parts" in sent or "text" in sent]


def _transcript(row: Fields, contents: list[Fields], *, line: int | None) -> Transcript:
    draft = Draft(line)
    system = fields(row.get("systemInstruction") or row.get("system_instruction"))
    draft.say("system", "\n".join(text(part.get("text")) for part in _parts(system)))
    answer = rows(fields(row.get("response")).get("candidates"))[:1]
    for sent in contents + [fields(candidate.get("content")) for candidate in answer]:
        add(draft, sent)
    return draft.transcript(NAME, id=first(row, "id"))


def add(draft: Draft, sent: Fields, *, timestamp: str | None = None) -> None:
    """Add the turns of one message; neighbouring texts are one turn."""
    role = _ROLES.get(text(sent.get("role")) or "user")
    if role is None:
        draft.note("unknown_role", "dropped a message of neither the user nor the model")
        return
    texts: list[str] = []
    for part in _parts(sent):
        if "text" in part and not part.get("thought") and not part.get("isThought"):
            texts.append(text(part["text"]))
            continue
        draft.say(role, "\n".join(texts), timestamp=timestamp)
        texts = []
        _add_part(draft, part, timestamp)
    draft.say(role, "\n".join(texts), timestamp=timestamp)


def _parts(sent: Fields) -> list[Fields]:
    return rows(sent["parts"]) if "parts" in sent else [sent]


def _add_part(draft: Draft, part: Fields, when: str | None) -> None:
    call, result = fields(part.get("functionCall")), fields(part.get("functionResponse"))
    if "text" in part:
        draft.say("reasoning", text(part["text"]), timestamp=when)
    elif call:
        draft.call(
            first(call, "id", "name") or "", text(call.get("name")), call.get("args"), joins=False, timestamp=when
        )
    elif result:
        response = fields(result.get("response"))
        ok = False if "error" in response else None
        said = text(response.get("error")) or text(response.get("output")) or draft.compact(response)
        draft.answer(first(result, "id", "name") or "", said, ok=ok, timestamp=when)
    else:
        draft.note("part_dropped", f"dropped a part of type '{next(iter(part), '')[:40]}'")
