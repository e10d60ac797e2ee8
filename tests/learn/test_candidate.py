"""A rule stands on words of the user, or on nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from skillgit.learn.candidate import Candidate, Evidence, Rule, unsupported
from tests.learn.candidates import transcript

SAID = transcript("Write it.\nUse no tables.", "I will use no tables.", "Thanks.")

QUOTES = {
    "the user's words": (0, "Use no tables.", True),
    "part of them": (0, "no tables", True),
    "words over a line break": (0, "it.\nUse", True),
    "the assistant's words": (1, "I will use no tables.", False),
    "the user's words in another turn": (2, "Use no tables.", False),
    "the user's words a little changed": (0, "use no tables.", False),
    "words nobody said": (0, "Use charts.", False),
    "no words": (0, "", False),
    "blank": (0, "\n", False),
    "a turn that is not there": (9, "Thanks.", False),
    "a turn before the first": (-1, "Thanks.", False),
}


@pytest.mark.parametrize(("turn", "quote", "stands"), QUOTES.values(), ids=QUOTES.keys())
def test_a_quote_stands_in_the_users_turn_it_names_or_the_rule_is_dropped(turn: int, quote: str, stands: bool) -> None:
    rule = Rule("Use no tables.", Evidence(turn, quote))
    assert unsupported(Candidate("x", "X", "x", (rule,)), SAID) == (() if stands else (rule,))
    assert unsupported(Candidate("x", "X", "x", (), steps=(rule,)), SAID) == (() if stands else (rule,))


def test_in_a_subagents_session_nothing_is_the_users_own() -> None:
    rule = Rule("Use no tables.", Evidence(0, "Use no tables."))
    assert unsupported(Candidate("x", "X", "x", (rule,)), replace(SAID, subagent=True)) == (rule,)
