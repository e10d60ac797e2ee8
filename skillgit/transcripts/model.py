"""The normal form: a conversation as a tuple of turns, whatever agent or chat wrote it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["system", "user", "assistant", "reasoning", "tool"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call an assistant turn makes; `arguments` is the source's JSON, as text."""

    id: str
    name: str
    arguments: str = "{}"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message: who said what.

    `timestamp` is ISO 8601 as the source gives it, or None. `calls` stand on assistant
    turns only; `call_id` and `ok` on tool turns only, where `ok` is None when the source
    does not say whether the tool failed. A user turn that only rejects a tool call has
    `rejects` set to that call's id.
    """

    role: Role
    text: str
    timestamp: str | None = None
    calls: tuple[ToolCall, ...] = ()
    call_id: str | None = None
    ok: bool | None = None
    rejects: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What a reader dropped, repaired or could not read; `line` is 1-based where there are lines."""

    code: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the source says about success: a reward in its own scale, an exit status, or both."""

    reward: float | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """One conversation in the normal form.

    `format` names the reader that understood it (`claude-code`, `openai`...); `place` is its
    0-based position among the conversations of its file; `id`, `title` and `created` are the
    source's own where it has them. `subagent` is set where another agent, not a person, wrote
    the user turns: they stay in `turns`, but none of them counts as the user's own.
    """

    format: str
    turns: tuple[Turn, ...]
    place: int = 0
    id: str | None = None
    title: str | None = None
    created: str | None = None
    outcome: Outcome = field(default_factory=Outcome)
    diagnostics: tuple[Diagnostic, ...] = ()
    subagent: bool = False

    @property
    def digest(self) -> str:
        """Say which conversation this is: `sha256:<64 hex>` over roles and texts, in order.

        Timestamps, ids and the file's wrapper do not count, so that the same conversation
        exported twice, or in two formats, has one digest.
        """
        sha = hashlib.sha256()
        for turn in self.turns:
            if turn.role == "reasoning":
                continue
            sha.update(f"{turn.role}\0{turn.text}\0".encode("utf-8", "surrogatepass"))
        return f"sha256:{sha.hexdigest()}"

    def beginnings(self) -> Iterator[str]:
        """The digests that this conversation had on its way, turn after turn; the last one is its own."""
        sha = hashlib.sha256()
        for turn in self.turns:
            if turn.role != "reasoning":
                sha.update(f"{turn.role}\0{turn.text}\0".encode("utf-8", "surrogatepass"))
                yield f"sha256:{sha.hexdigest()}"

    def user_turns(self) -> tuple[tuple[int, Turn], ...]:
        """The user's own turns with their indices into `turns`, in order; none in a subagent's session."""
        if self.subagent:
            return ()
        return tuple((i, turn) for i, turn in enumerate(self.turns) if turn.role == "user")


Item = Transcript | Diagnostic
"""What a reader yields: a conversation, or a line of the file that could not be read as one."""
