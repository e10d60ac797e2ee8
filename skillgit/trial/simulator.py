"""A model that plays the scripted users: what they say, in words of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from skillgit.errors import ModelError
from skillgit.models import answer
from skillgit.models.ports import Chat, Message
from skillgit.models.prompts import fenced, prompt
from skillgit.transcripts.fields import Fields
from skillgit.trial.scenario import Case

Simulator: TypeAlias = Callable[[Case], Case]
"""What has a case's user say the same in other words. It raises ModelError where that comes to nothing."""


def by_model(chat: Chat) -> Simulator:
    """A simulator that asks a model; the telling words of a case's rules stay, as they are what is looked for later."""

    def simulate(case: Case) -> Case:
        asks = prompt("simulate")
        turns = (*case.taught, *case.corrected)
        numbered = "\n".join(f"{number}. {turn}" for number, turn in enumerate(turns, 1))
        words = "\n".join(words[0] for words in case.rules)
        text = "\n\n".join([fenced("turns", numbered), *([fenced("words", words)] if words else [])])
        messages = (Message("system", asks.text), Message("user", text))
        said = answer.ask(chat, messages, asks.schema, partial(_turns, case))
        return replace(case, taught=said[: len(case.taught)], corrected=said[len(case.taught) :])

    return simulate


def _turns(case: Case, record: Fields) -> tuple[str, ...]:
    turns = record.get("turns")
    wanted = len(case.taught) + len(case.corrected)
    if not isinstance(turns, list) or not all(isinstance(turn, str) and turn.strip() for turn in turns):
        raise ModelError("'turns' has to be a list of texts")
    if len(turns) != wanted:
        raise ModelError(f"'turns' has to be {wanted} texts")
    said = " ".join(turns).lower()
    lost = [words[0] for words in case.rules if words[0].lower() not in said]
    if lost:
        raise ModelError(f"the words '{lost[0]}' have to stay")
    return tuple(turns)
