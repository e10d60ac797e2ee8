"""OpenHands' older events: an `action` of a user or an agent, an `observation` of the environment.

Evaluations write them as the `history` of a run, with the report of the tests beside it.
"""

from __future__ import annotations

from skillgit.transcripts import message
from skillgit.transcripts.draft import Draft
from skillgit.transcripts.fields import Fields, fields, first, moment, text
from skillgit.transcripts.harness import own_words
from skillgit.transcripts.model import Outcome, Transcript

_SOURCES = {"user", "agent", "environment"}
_SILENT = {"null", "recall", "change_agent_state", "agent_state_changed", "think", "pause", "resume"}


def is_event(event: Fields) -> bool:
    """Whether the object is such an event."""
    return (
        text(event.get("source")) in _SOURCES and ("action" in event or "observation" in event) and "kind" not in event
    )


def transcript(source: str, run: Fields, events: list[Fields], *, line: int | None) -> Transcript:
    """The events of one run as a conversation, with the verdict of the tests as its outcome."""
    draft = Draft(line)
    for event in events:
        _add(draft, event)
    created = moment(events[0], "timestamp")
    return draft.transcript(source, id=first(run, "instance_id", "id"), created=created, outcome=_outcome(run))


def _outcome(run: Fields) -> Outcome:
    resolved = fields(fields(run.get("test_result")).get("report")).get("resolved")
    reward = float(resolved) if isinstance(resolved, bool) else None
    return Outcome(reward=reward, status=first(run, "error"))


def _add(draft: Draft, event: Fields) -> None:
    action, seen = text(event.get("action")), text(event.get("observation"))
    args, when = fields(event.get("args")), moment(event, "timestamp")
    content = text(event.get("content")) or text(args.get("content")) or text(event.get("message"))
    if action in _SILENT or seen in _SILENT:
        return
    if action == "system":
        draft.say("system", content, timestamp=when)
    elif action == "message" and event.get("source") == "user":
        draft.say("user", own_words(content), timestamp=when)
    elif action in ("message", "finish"):
        draft.say("assistant", content or text(args.get("final_thought")), timestamp=when)
    elif action:
        draft.say("reasoning", text(args.get("thought")), timestamp=when)
        given = {key: value for key, value in args.items() if key != "thought"}
        draft.call(first(event, "id") or "", action, given, joins=False, timestamp=when)
    else:
        _add_result(draft, event, message.flat(draft, content), when)


def _add_result(draft: Draft, event: Fields, said: str, when: str | None) -> None:
    extras = fields(event.get("extras"))
    code = fields(extras.get("metadata")).get("exit_code", extras.get("exit_code"))
    cause = first(event, "cause")
    if event.get("observation") == "user_rejected":
        draft.turn_down(cause or "", said, timestamp=when)
    elif cause is None:
        draft.observe(said, timestamp=when)
    else:
        failed = event.get("observation") == "error" or (isinstance(code, int) and code != 0)
        known = failed or isinstance(code, int)
        draft.answer(cause, said, ok=not failed if known else None, timestamp=when)
