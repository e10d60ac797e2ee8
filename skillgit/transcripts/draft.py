"""A conversation while it is being read."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import replace

from skillgit.transcripts.fields import Fields
from skillgit.transcripts.harness import refusal
from skillgit.transcripts.model import Diagnostic, Outcome, Role, ToolCall, Transcript, Turn

_NO_OUTCOME = Outcome()


class Draft:
    """Turns in order, every tool result paired with the call it answers, and notes of what was left out.

    `line` is the line being read, for the notes; None in a document that has no lines of its own.
    """

    def __init__(self, line: int | None = None) -> None:
        self.line = line
        self.turns: list[Turn] = []
        self.notes: list[Diagnostic] = []
        self._times_used: dict[str, int] = {}
        self._waiting: dict[str, deque[str]] = {}

    def note(self, code: str, message: str) -> None:
        """Remember what was dropped, repaired or not understood on this line."""
        self.notes.append(Diagnostic(code, message, self.line))

    def say(self, role: Role, text: str, *, timestamp: str | None = None) -> None:
        """Add a turn of words; blank ones are left out."""
        if text.strip():
            self.turns.append(Turn(role, text, timestamp))

    def call(self, call_id: str, name: str, arguments: object, *, joins: bool, timestamp: str | None = None) -> None:
        """Add a tool call: to the assistant's last turn where it `joins` it, else as a turn of its own."""
        unique = self._unique(call_id)
        self._waiting.setdefault(call_id, deque()).append(unique)
        if not name:
            self.note("unknown_tool_name", f"tool call '{unique}' names no tool")
        made = ToolCall(unique, name or "unknown_tool", self._arguments(unique, arguments))
        if joins and self.turns and self.turns[-1].role == "assistant":
            self.turns[-1] = replace(self.turns[-1], calls=(*self.turns[-1].calls, made))
        else:
            self.turns.append(Turn("assistant", "", timestamp, calls=(made,)))

    def answer(self, call_id: str, text: str, *, ok: bool | None = None, timestamp: str | None = None) -> None:
        """Add a tool result; one that answers no call is left out, a refusal by the user adds a user turn."""
        words = None if ok else refusal(text)
        answered = self._answer(call_id, text, ok=ok if words is None else False, timestamp=timestamp)
        if words is not None:
            self.turns.append(Turn("user", words, timestamp, rejects=answered))

    def turn_down(self, call_id: str, text: str, *, words: str = "", timestamp: str | None = None) -> None:
        """Add the result of a call that the user refused, and the refusal with the user's `words`.

        Where the text says in a way we know that it is a refusal, the words are taken from there.
        """
        answered = self._answer(call_id, text, ok=False, timestamp=timestamp)
        self.turns.append(Turn("user", words or refusal(text) or "", timestamp, rejects=answered))

    def observe(self, text: str, *, timestamp: str | None = None) -> None:
        """Add what the environment said without being asked: a tool turn that answers no call."""
        if text.strip():
            self.turns.append(Turn("tool", text, timestamp))

    def compact(self, value: object) -> str:
        """The value as JSON in one line; what is nested too deeply to be written is noted and left out."""
        try:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        except RecursionError:
            self.note("nested_too_deeply", "dropped a value that is nested too deeply")
            return "{}"

    def transcript(
        self,
        source: str,
        *,
        id: str | None = None,
        title: str | None = None,
        created: str | None = None,
        outcome: Outcome = _NO_OUTCOME,
        subagent: bool = False,
    ) -> Transcript:
        """What has been read so far, as the normal form."""
        return Transcript(
            source,
            tuple(self.turns),
            id=id,
            title=title,
            created=created,
            outcome=outcome,
            diagnostics=tuple(self.notes),
            subagent=subagent,
        )

    def _unique(self, call_id: str) -> str:
        times = self._times_used[call_id] = self._times_used.get(call_id, 0) + 1
        if not call_id:
            return f"call-{times}"
        if times == 1:
            return call_id
        self.note("duplicate_tool_call_id", f"a second tool call '{call_id}' is now '{call_id}__{times}'")
        return f"{call_id}__{times}"

    def _answer(self, call_id: str, text: str, *, ok: bool | None, timestamp: str | None) -> str | None:
        """Add the result and return the id of the call it answers, or was meant to."""
        waiting = self._waiting.get(call_id)
        answered = waiting.popleft() if waiting else None
        if answered is None and call_id:
            self._note_stray(call_id)
        else:
            self.turns.append(Turn("tool", text, timestamp, call_id=answered, ok=ok))
        return answered or call_id or None

    def _note_stray(self, call_id: str) -> None:
        if call_id in self._waiting:
            self.note("duplicate_tool_result", f"dropped a second result of tool call '{call_id}'")
        else:
            self.note("orphan_tool_result", f"dropped the result of tool call '{call_id}', which was never made")

    def _arguments(self, call_id: str, given: object) -> str:
        if given is None or given == "":
            return "{}"
        if isinstance(given, str) and _is_object(given):
            return given
        return self.compact(given if isinstance(given, dict) else self._wrapped(call_id, given))

    def _wrapped(self, call_id: str, given: object) -> Fields:
        self.note("tool_arguments_reshaped", f"the arguments of tool call '{call_id}' are no JSON object")
        return {"_raw": given}


def _is_object(source: str) -> bool:
    try:
        return isinstance(json.loads(source), dict)
    except (ValueError, RecursionError):
        return False
