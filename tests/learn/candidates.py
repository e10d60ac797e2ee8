"""Candidates made by hand, as a learner would propose them."""

from __future__ import annotations

from collections.abc import Sequence

from skillgit.learn.candidate import Candidate, Evidence, Rule
from skillgit.transcripts.model import Transcript, Turn


def rule(text: str, turn: int = 0) -> Rule:
    return Rule(text, Evidence(turn, text))


def candidate(
    title: str = "Release notes",
    rules: Sequence[str] = (),
    *,
    steps: Sequence[str] = (),
    triggers: Sequence[str] = (),
    name: str = "release-notes",
    description: str = "Write release notes. Use when asked for the release notes of a version.",
) -> Candidate:
    return Candidate(
        name, title, description, tuple(map(rule, rules)), tuple(map(rule, steps)), triggers=tuple(triggers)
    )


def transcript(*said: str, place: int = 0) -> Transcript:
    """A chat of user and assistant in turn, the user first."""
    roles = ("user", "assistant")
    turns = tuple(Turn("user" if n % 2 == 0 else "assistant", text) for n, text in enumerate(said))
    assert {turn.role for turn in turns} <= set(roles)
    return Transcript("openai", turns, place=place)
