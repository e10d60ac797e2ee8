"""A model that judges whether answers follow what their user has said; it does not know which had skills to go by."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from skillgit.errors import ModelError
from skillgit.models import answer
from skillgit.models.ports import Chat, Message
from skillgit.models.prompts import fenced, prompt
from skillgit.transcripts.fields import Fields
from skillgit.trial.scenario import Case

Judge: TypeAlias = Callable[[Case, str, str], float]
"""What gives an answer to a task of a case's user a score in [0, 1]. It raises ModelError where there is none."""


def by_model(chat: Chat) -> Judge:
    """A judge that has a model read what the user said, the task and the answer, and nothing else."""

    def judge(case: Case, task: str, given: str) -> float:
        asks = prompt("judge")
        said = "\n\n".join((*case.taught, *case.corrected))
        text = "\n\n".join((fenced("what the user said", said), fenced("task", task), fenced("answer", given)))
        return answer.ask(chat, (Message("system", asks.text), Message("user", text)), asks.schema, _score)

    return judge


def _score(record: Fields) -> float:
    score = record.get("score")
    if type(score) is not int or not 0 <= score <= 100:
        raise ModelError("'score' has to be a whole number from 0 to 100")
    return score / 100
