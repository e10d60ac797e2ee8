"""Cursor's database: a composer for each conversation, a bubble for each message of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from skillgit.transcripts.cursor import asked
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, rows, text
from skillgit.transcripts.model import Transcript
from skillgit.transcripts.stream import held

NAME = "cursor-store"

_COMPOSER = "composerData:"
_USER, _AGENT = 1, 2
_TURNED_DOWN = ("rejected", "cancelled")


def read(select: Callable[..., Iterator[Fields]]) -> Iterator[Transcript]:
    """Yield one conversation a composer that holds messages."""
    composers = "SELECT key, value FROM cursorDiskKV WHERE key >= ? AND key < ? ORDER BY key"
    for row in list(select(composers, _COMPOSER, _COMPOSER[:-1] + ";")):
        composer = fields(held(row.get("value")))
        composer_id = text(row.get("key")).removeprefix(_COMPOSER)
        bubbles = rows(composer.get("conversation")) or _bubbles(select, composer_id, composer)
        if bubbles:
            yield _transcript(composer_id, composer, bubbles)


def _bubbles(select: Callable[..., Iterator[Fields]], composer_id: str, composer: Fields) -> list[Fields]:
    """The messages that the composer lists, in its order; others were taken back."""
    found = []
    for header in rows(composer.get("fullConversationHeadersOnly")):
        key = f"bubbleId:{composer_id}:{text(header.get('bubbleId'))}"
        found += [fields(held(row.get("value"))) for row in select("SELECT value FROM cursorDiskKV WHERE key = ?", key)]
    return found


def _transcript(composer_id: str, composer: Fields, bubbles: list[Fields]) -> Transcript:
    draft = Draft()
    for bubble in bubbles:
        _add(draft, bubble)
    return draft.transcript(
        NAME,
        id=composer_id,
        title=first(composer, "name"),
        created=moment(composer, "createdAt"),
        subagent=isinstance(composer.get("subagentInfo"), dict),
    )


def _add(draft: Draft, bubble: Fields) -> None:
    when, said = moment(bubble, "createdAt"), text(bubble.get("text"))
    if bubble.get("type") == _USER:
        for block in asked(said):
            draft.say("user", text(block.get("text")), timestamp=when)
    elif bubble.get("type") == _AGENT:
        draft.say("reasoning", text(fields(bubble.get("thinking")).get("text")), timestamp=when)
        draft.say("assistant", said, timestamp=when)
        if used := fields(bubble.get("toolFormerData")):
            _add_call(draft, used, when)


def _add_call(draft: Draft, used: Fields, when: str | None) -> None:
    call_id, status = first(used, "toolCallId") or "", text(used.get("status"))
    given = used.get("rawArgs") or used.get("params")
    draft.call(call_id, text(used.get("name")), given, joins=False, timestamp=when)
    result = text(used.get("result")) or text(used.get("error"))
    if used.get("userDecision") == "rejected" or status in _TURNED_DOWN:
        draft.turn_down(call_id, result, timestamp=when)
    elif status:
        draft.answer(call_id, result, ok={"completed": True, "error": False}.get(status), timestamp=when)
