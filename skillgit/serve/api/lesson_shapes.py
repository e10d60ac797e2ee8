"""What there is to learn from, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from skillgit.serve.api.shapes import Fault, Given, Messages, Shape, State


class Extract(Given, frozen=True, kw_only=True):
    """A conversation to learn from, and what there is to learn."""

    messages: Messages
    hint: Annotated[str, Meta(max_length=2_000)] = ""


class Before(Given, frozen=True, kw_only=True):
    """Which part of a list, the newest first; `before` is the `next` of an earlier part, 0 for the first."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 20
    before: Annotated[float, Meta(ge=0, le=1e12)] = 0


class Patience(Given, frozen=True, kw_only=True):
    """Seconds after which a stream of events ends in any case."""

    timeout: Annotated[float, Meta(ge=0, le=300)] = 60


class Verdict(Shape, frozen=True, kw_only=True):
    """What came of an extraction; `skill`, `version` and `commit` are "" where nothing was recorded."""

    decision: str
    reason: str
    skill: str
    version: str
    commit: str


class Extraction(Shape, frozen=True, kw_only=True):
    """A job that learns from a conversation. `error` is why it was not done the last time, `result` null till it is."""

    id: str
    state: State
    trigger: Literal["turn", "now"]
    hint: str
    created: datetime
    changed: datetime
    tries: int
    error: str
    result: Verdict | None


class Extractions(Shape, frozen=True, kw_only=True):
    """A part of a list; `next` is what `before` is for the part behind it, 0 for none."""

    data: list[Extraction]
    next: float


class Conversations(Shape, frozen=True, kw_only=True):
    """The jobs for the conversations of a file, and the lines of it that could not be read."""

    data: list[Extraction]
    left_out: list[Fault]


class Rule(Shape, frozen=True, kw_only=True):
    """A rule, and the words of the user that it rests on."""

    text: str
    turn: int
    quote: str


class Simulation(Shape, frozen=True, kw_only=True):
    """What an extraction would decide now. `before` and `after` are the SKILL.md on both sides, "" for none."""

    decision: str
    reason: str
    skill: str
    version: str
    score: float | None
    nearest: str
    name: str
    description: str
    rules: list[Rule]
    steps: list[Rule]
    learner: str
    before: str
    after: str
