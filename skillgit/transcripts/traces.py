"""Calls of a model as tracing tools record them, put together to conversations.

Each call repeats what was said before it, so that of the calls that open alike the longest says all. Calls of
one trace that open otherwise are those of subagents; a new trace in the same conversation goes on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from skillgit.errors import Unreadable
from skillgit.transcripts import responses
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, rows
from skillgit.transcripts.model import Diagnostic, Item, Outcome, Transcript
from skillgit.transcripts.stream import Record


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the conversation and the trace it is part of, when it began, its messages and the answer."""

    conversation: str
    trace: str
    began: str
    messages: tuple[Fields, ...]


_NO_OUTCOME = Outcome()


def read(
    records: Iterable[Record | Diagnostic],
    *,
    source: str,
    gather: Callable[[Fields], tuple[Iterable[Call], Mapping[str, Outcome]]],
    missing: Unreadable,
) -> Iterator[Item]:
    """Yield the conversations of the calls that `gather` finds in each row, and their outcomes by conversation.

    Calls without messages are none. Raises `missing` where no row has one.
    """
    calls: list[Call] = []
    outcomes: dict[str, Outcome] = {}
    for record in records:
        if isinstance(record, Diagnostic):
            yield record
            continue
        for row in rows(record.value):
            found, told = gather(row)
            calls += (call for call in found if call.messages)
            outcomes.update(told)
    if not calls:
        raise missing
    yield from _transcripts(source, calls, outcomes)


def _transcripts(source: str, calls: Iterable[Call], outcomes: Mapping[str, Outcome]) -> Iterator[Transcript]:
    """Yield the conversations in the order they began."""
    grouped: dict[str, list[Call]] = {}
    for call in sorted(calls, key=lambda call: call.began):
        grouped.setdefault(call.conversation, []).append(call)
    for name, made in grouped.items():
        draft = Draft()
        for message in _told(draft, made):
            responses.add(draft, message)
        began, outcome = made[0].began or None, outcomes.get(name, _NO_OUTCOME)
        yield draft.transcript(source, id=name or None, created=began, outcome=outcome)


def _told(draft: Draft, calls: list[Call]) -> tuple[Fields, ...]:
    """What was said in all the calls of a conversation, once."""
    told: tuple[Fields, ...] = ()
    by_trace: dict[str, tuple[Fields, ...]] = {}
    for call in calls:
        kept = by_trace.setdefault(call.trace, call.messages)
        if _opening(call.messages) != _opening(kept):
            draft.note("sidechain_record_dropped", "dropped a call of a subagent inside its parent's trace")
        elif len(call.messages) > len(kept):
            by_trace[call.trace] = call.messages
    for messages in by_trace.values():
        told = messages if not told or _opening(messages) == _opening(told) else told + _spoken(messages)
    return told


def _opening(messages: tuple[Fields, ...]) -> Fields | None:
    return next((message for message in messages if message.get("role") == "user"), None)


def _spoken(messages: tuple[Fields, ...]) -> tuple[Fields, ...]:
    return tuple(message for message in messages if message.get("role") != "system")
