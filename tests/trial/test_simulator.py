"""Users whom a model plays."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from skillgit.errors import ModelError
from skillgit.models.ports import Message, Reply
from skillgit.trial.scenario import Case
from skillgit.trial.simulator import by_model

CASE = Case(
    "x", "t", ("First.", "Always cite a source."), ("Never use tables.",), ("later",), (("source",), ("tables",))
)
GOOD = ["Hi, first.", "Every figure needs a source, always.", "No tables, ever."]


@dataclass(slots=True)
class Says:
    """A model that says these texts, one after the other."""

    texts: list[str]
    asked: list[Message] = field(default_factory=list)
    name: str = "test/says"

    def answer(self, messages: Sequence[Message], *, schema: Mapping[str, object] | None = None) -> Reply:
        self.asked += messages
        return Reply(self.texts.pop(0), "says")


def test_the_turns_are_the_models_and_all_else_stays() -> None:
    chat = Says([json.dumps({"turns": GOOD})])
    made = by_model(chat)(CASE)
    assert (made.taught, made.corrected) == ((GOOD[0], GOOD[1]), (GOOD[2],))
    assert (made.later, made.rules, made.topic) == (CASE.later, CASE.rules, CASE.topic)
    assert "2. Always cite a source." in chat.asked[1].content


@pytest.mark.parametrize(
    "turns", [GOOD[:2], [*GOOD, "more"], [*GOOD[:2], " "], [*GOOD[:2], 3], "x", None, ["a", "b", "no tables"]], ids=repr
)
def test_what_says_something_else_is_asked_for_again_and_then_an_error(turns: Any) -> None:
    bad, good = (json.dumps({"turns": each}) for each in (turns, GOOD))
    assert by_model(Says([bad, good]))(CASE).corrected == (GOOD[2],)
    with pytest.raises(ModelError, match="no usable answer"):
        by_model(Says([bad, bad]))(CASE)
