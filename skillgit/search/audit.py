"""Which of the hits an answer followed, as a model judges: each with the rule, and the words that show it.

Code checks that the rule is one of the skill's and that the words stand in the answer; a judgement without a sign is
none. There is no such judgement offline: that an answer shares words with a skill says nothing of what made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from skillgit.errors import ModelError
from skillgit.learn.redact import redact
from skillgit.models import answer as answers
from skillgit.models.ports import Chat, Message
from skillgit.models.prompts import fenced, prompt
from skillgit.search.hit import Hit
from skillgit.skills.rules import plain, rules
from skillgit.transcripts.fields import Fields
from skillgit.transcripts.model import Turn

MOST: Final = 8
"""So many hits are judged at once, the best ones."""
_LONGEST = 12_000  # characters of an answer that the model sees, from its end
_RULES = 4_000  # characters of a skill's rules
_SHORTEST = 4  # characters of a quote


@dataclass(frozen=True, slots=True)
class Followed:
    """A skill that an answer followed: the rule, and the words of the answer that show it."""

    hit: Hit
    rule: str
    quote: str


def audit(chat: Chat, turns: Sequence[Turn], *, task: str, hits: Sequence[Hit]) -> tuple[Followed, ...]:
    """The hits that the answers of a conversation followed; ModelError where a model gives no usable answer.

    Secrets are not sent. Where nothing was answered or found, no model is asked.
    """
    said = redact(_said(turns))
    if not said or not hits:
        return ()
    asks = prompt("audit")
    shown = tuple(hits[:MOST])
    briefs = (fenced(f"skill {number}", redact(_brief(hit))) for number, hit in enumerate(shown, 1))
    text = "\n\n".join([fenced("task", redact(task)), fenced("answer", said), *briefs])
    messages = (Message("system", asks.text), Message("user", text))
    return answers.ask(chat, messages, asks.schema, partial(_followed, shown, said))


def _said(turns: Iterable[Turn]) -> str:
    """What was answered, the end of it."""
    return "\n\n".join(turn.text for turn in turns if turn.role == "assistant" and turn.text.strip())[-_LONGEST:]


def _brief(hit: Hit) -> str:
    lines = "\n".join(f"- {rule}" for rule in rules(hit.body))
    return f"{hit.name}\n{hit.description}\n\n{lines[:_RULES]}"


def _followed(hits: Sequence[Hit], said: str, record: Fields) -> tuple[Followed, ...]:
    found = tuple(_read(hits, said, each) for each in answers.objects_of(record, "followed"))
    if len({each.hit.path for each in found}) < len(found):
        raise ModelError("each skill may be in 'followed' once")
    return found


def _read(hits: Sequence[Hit], said: str, record: Fields) -> Followed:
    number, rule, quote = record.get("skill"), answers.text_of(record, "rule"), answers.text_of(record, "quote")
    if type(number) is not int or not 1 <= number <= len(hits):
        raise ModelError(f"'skill' has to be a number from 1 to {len(hits)}")
    hit = hits[number - 1]
    if plain(rule) not in map(plain, rules(redact(hit.body))):
        raise ModelError(f"skill {number} has no rule '{rule}'")
    if len(_spaced(quote)) < _SHORTEST or _spaced(quote) not in _spaced(said):
        raise ModelError(f"'{quote}' does not stand in the answer")
    return Followed(hit, rule, quote)


def _spaced(text: str) -> str:
    return " ".join(text.split())
