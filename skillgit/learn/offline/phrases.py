"""The shape of a language's cue table: what people say when they tell an agent how to work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "lasting",
    "place",
    "habit",
    "convention",
    "again",
    "usual",
    "procedure",
    "forbid",
    "absent",
    "use",
    "form",
    "manner",
    "require",
    "replace",
    "contrast",
    "prefer",
    "permit",
    "adjust",
    "direct",
    "request",
    "work",
    "subject",
    "fault",
    "content",
    "question",
    "polite",
    "reject",
    "bound",
    "once",
    "persona",
    "fiction",
    "errand",
    "solve",
    "chat",
    "condition",
    "tail",
    "lead",
]


@dataclass(frozen=True, slots=True)
class Named:
    """The title of a job and the description of its skill."""

    title: str
    about: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How a description of a skill is said.

    `work` that is asked for, with `{title}` and `{ask}`; rules on a `topic` that nothing was asked for;
    a `memory` without one. The last three are jobs with a name of their own: an order of work, the
    agent's answers, code.
    """

    work: str
    topic: str
    memory: Named
    procedure: Named
    answers: Named
    code: Named


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's cues. Every field is a tuple of regular expressions, matched without case.

    `spaced` languages put spaces between words: their expressions match whole words only. An
    expression that starts with `^` must open the clause, once its `lead` has been taken off.

    lasting     outlives this conversation: "from now on"
    place       holds wherever the user works: "in this repository"
    habit       holds every time: "always", "by default"
    convention  how a group works: "our convention is"
    again       says that what came just before holds from now on: "do it like that every time"
    usual       says what all works of a kind do: "start with"
    procedure   a heading of steps: "our release procedure"
    forbid      tells the agent not to: "do not", "avoid"
    absent      the prohibitions without a verb: "no tables"
    use         picks a means: "use"; it speaks of how to work only with a `form`
    form        words for the form of work: "format", "table", "tone"
    manner      tells the agent how: "keep", "answer in", "cite"
    require     says how work has to be: "must", "make sure"
    replace     one way of working put in the place of another: "instead of"
    contrast    closes a sentence with what it does not mean: ", not American"
    prefer      a taste the user declares: "I prefer"
    permit      takes a prohibition back: "is fine after all"
    adjust      asks for more or less of a quality: "more concise"
    direct      any other order about the work at hand: "add", "remove"
    request     asks for a new piece of work: "write a ..."
    work        opens any other order to do something: "fix"; what follows it is about that work
    subject     opens a clause that is no order: it speaks of somebody or something
    fault       reports that the work fails: what is said along is about that failure
    content     says what one text shall speak of: "do not mention her age"
    question    asks to be told something
    polite      a question that is an order: "could you not ..."
    reject      opens a turn that turns down what was done: "no,", "wrong"
    bound       points at one place of one text: "the second paragraph"
    once        says that it holds this once: "just this time"
    persona     hands out a role: "act as"
    fiction     works of the imagination, picks and occasions, "story", "suggest", "trip": a follow-up speaks of
                what is in them
    errand      an order for one occasion: "book me a flight"; what is said along holds for that one
    solve       asks for the answer to what is given: "solve", "how many"
    chat        greetings, thanks, acknowledgements: the whole clause and no more
    condition   opens a clause that says when the next one holds: "when", "before"
    tail        opens a clause that belongs to the one before: "because", "instead of"
    lead        words before an instruction that are not part of it: "please", "also"
    """

    code: str
    spaced: bool
    wording: Wording
    lasting: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    habit: tuple[str, ...] = ()
    convention: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    procedure: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    use: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    manner: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    contrast: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    permit: tuple[str, ...] = ()
    adjust: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    request: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    fault: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    question: tuple[str, ...] = ()
    polite: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    bound: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    persona: tuple[str, ...] = ()
    fiction: tuple[str, ...] = ()
    errand: tuple[str, ...] = ()
    solve: tuple[str, ...] = ()
    chat: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
