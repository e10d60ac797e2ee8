"""Which of the hits a task is to be done by: some of them, or none.

Offline, what is much less of an answer than the best goes, and a common skill of which the user has an own one.
Of prompts for 34 skills of one product that leaves 1.4 hits instead of 2.0, and the right one among them for .75
instead of .77 of the prompts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from skillgit.changes.skill import owner
from skillgit.errors import ModelError
from skillgit.learn.redact import redact
from skillgit.models import answer
from skillgit.models.ports import Chat, Message
from skillgit.models.prompts import fenced, prompt
from skillgit.search.hit import Hit
from skillgit.transcripts.fields import Fields

SHARE: Final = 0.75
"""The share of the best score below which a hit is left out."""
_OPENING = 1_000  # characters of a body that the model sees


@dataclass(frozen=True, slots=True)
class Selection:
    """The hits to use, best first, and what the user should hear, a line each."""

    hits: tuple[Hit, ...]
    notes: tuple[str, ...] = ()


Selector = Callable[[str, Sequence[Hit]], Selection]
"""What chooses among the hits for a query; none of them is a possible choice."""


def select(query: str, hits: Sequence[Hit]) -> Selection:
    """The hits to use, in their order, by score."""
    own = {hit.name for hit in hits if owner(hit.path) is not None}
    least = SHARE * max((hit.score for hit in hits), default=0.0)
    near = (hit for hit in hits if hit.score >= least)
    return Selection(tuple(hit for hit in near if owner(hit.path) is not None or hit.name not in own))


def by_model(chat: Chat) -> Selector:
    """A selector that has a model choose, and say the order; by score, and said so, where it does not.

    Secrets are not sent.
    """

    def choose(query: str, hits: Sequence[Hit]) -> Selection:
        if not hits:
            return Selection(())
        asks = prompt("select")
        briefs = (fenced(f"skill {number}", redact(_brief(hit))) for number, hit in enumerate(hits, 1))
        text = "\n\n".join([fenced("task", redact(query)), *briefs])
        messages = (Message("system", asks.text), Message("user", text))
        try:
            return Selection(answer.ask(chat, messages, asks.schema, partial(_chosen, hits)))
        except ModelError as err:
            return replace(select(query, hits), notes=(f"chosen by score, as the model did not: {err.message}",))

    return choose


def _chosen(hits: Sequence[Hit], record: Fields) -> tuple[Hit, ...]:
    numbers = record.get("skills")
    if not isinstance(numbers, list) or not all(type(number) is int for number in numbers):
        raise ModelError("'skills' has to be a list of whole numbers")
    wrong = [number for number in numbers if not 1 <= number <= len(hits)]
    if wrong or len(set(numbers)) < len(numbers):
        raise ModelError(f"'skills' has to be numbers from 1 to {len(hits)}, each once")
    return tuple(hits[number - 1] for number in numbers)


def _brief(hit: Hit) -> str:
    """What a model sees of a skill: the beginning of its body, too, as that tells jobs apart."""
    return f"{hit.name}\n{hit.description}\n\n{hit.body.strip()[:_OPENING]}"
