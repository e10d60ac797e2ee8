"""The shape of a language's cue table: what people say when they tell an agent how to work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "lasting",
    "habit",
    "convention",
    "forbid",
    "use",
    "require",
    "replace",
    "prefer",
    "permit",
    "adjust",
    "direct",
    "request",
    "question",
    "polite",
    "bound",
    "once",
    "persona",
    "chat",
    "condition",
    "lead",
]


@dataclass(frozen=True, slots=True)
class Wording:
    """How a description of a skill is said; `{title}` is the job, `{ask}` the user's own request for it."""

    what: str
    when: str
    procedure: str
    answers: str
    code: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's cues. Every field is a tuple of regular expressions, matched without case.

    `spaced` languages put spaces between words: their expressions match whole words only. An
    expression that starts with `^` must open the clause, once its `lead` has been taken off.

    lasting     outlives this conversation: "from now on"
    habit       holds every time: "always", "by default"
    convention  how a group works: "our convention is"
    forbid      tells the agent not to: "do not", "avoid"
    use         tells the agent how: "use", "keep", "answer in"
    require     says how work has to be: "must", "make sure"
    replace     one way of working put in the place of another: "instead of"
    prefer      a taste the user declares: "I prefer"
    permit      takes a prohibition back: "is fine after all"
    adjust      asks for more or less of a quality: "more concise"
    direct      any other order about the work at hand: "add", "remove"
    request     asks for a new piece of work: "write a ..."
    question    asks to be told something
    polite      a question that is an order: "could you not ..."
    bound       points at one place of one text: "the second paragraph"
    once        says that it holds this once: "just this time"
    persona     hands out a role: "act as"
    chat        greetings, thanks, acknowledgements: the whole clause and no more
    condition   opens a clause that says when the next one holds: "when", "before"
    lead        words before an instruction that are not part of it: "please", "also"
    """

    code: str
    spaced: bool
    wording: Wording
    lasting: tuple[str, ...] = ()
    habit: tuple[str, ...] = ()
    convention: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    use: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    permit: tuple[str, ...] = ()
    adjust: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    request: tuple[str, ...] = ()
    question: tuple[str, ...] = ()
    polite: tuple[str, ...] = ()
    bound: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    persona: tuple[str, ...] = ()
    chat: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
