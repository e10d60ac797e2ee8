"""A conversation as a model is given it: its turns numbered and whole, as many of them as a budget takes.

A turn is never cut. Where not all fit, the talk of the latest jobs comes first, then that of earlier ones, each job
whole where it fits and else the user's latest turns of it; what tools and systems said comes last. What was left out
is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from skillgit.learn.extract_offline import openings
from skillgit.models.prompts import fenced
from skillgit.search.tokens import tokens
from skillgit.transcripts.model import Transcript, Turn

_TALK = ("user", "assistant")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The turns as text, by their index in the transcript; and the ones that are not among them."""

    text: str
    unread: tuple[int, ...] = ()

    @property
    def remark(self) -> str:
        """What was left out, in words, or ""."""
        return f"not read, as it is too long: {_ranges(self.unread)}" if self.unread else ""


def dialogue(transcript: Transcript, *, budget: int) -> Dialogue:
    """A conversation in at most so many tokens."""
    blocks = {n: _block(n, turn) for n, turn in enumerate(transcript.turns) if _is_said(turn)}
    costs = {n: tokens(block) for n, block in blocks.items()}
    kept = set(blocks) if sum(costs.values()) <= budget else _within(budget, transcript, costs)
    return Dialogue("\n\n".join(_with_gaps(blocks, kept)), tuple(n for n in blocks if n not in kept))


def _is_said(turn: Turn) -> bool:
    return turn.role != "reasoning" and bool(turn.text.strip())


def _block(number: int, turn: Turn) -> str:
    role = f"{turn.role}, failed" if turn.ok is False else turn.role
    return fenced(f"turn {number}, {role}", turn.text)


def _within(budget: int, transcript: Transcript, costs: dict[int, int]) -> set[int]:
    """The turns to keep, given what each costs."""
    kept = set[int]()
    left = budget
    for wanted in _wishes(transcript, costs):
        cost = sum(costs[n] for n in wanted if n not in kept)
        if cost <= left:
            kept.update(wanted)
            left -= cost
    return kept


def _wishes(transcript: Transcript, costs: Iterable[int]) -> Iterable[Sequence[int]]:
    """Groups of turns in the order in which there is to be room for them."""
    roles = {n: transcript.turns[n].role for n in costs}
    starts = sorted({0, *openings(transcript)})
    jobs = [range(start, end) for start, end in pairwise([*starts, len(transcript.turns)])]
    for job in reversed(jobs):
        talk = [n for n in job if roles.get(n) in _TALK]
        yield talk
        yield from ([n] for n in reversed(talk) if roles[n] == "user")
    for talks in (True, False):
        yield from ([n] for n in reversed(roles) if (roles[n] in _TALK) == talks)


def _with_gaps(blocks: dict[int, str], kept: set[int]) -> Iterable[str]:
    """The blocks that are kept, with a line for what was left out between them."""
    for is_kept, group in groupby(blocks, key=lambda n: n in kept):
        numbers = tuple(group)
        yield from (blocks[n] for n in numbers) if is_kept else (f"({_ranges(numbers)} left out)",)


def _ranges(numbers: Sequence[int]) -> str:
    """`turns 3 to 9 and 12`."""
    runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    said = [f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    word = "turn" if len(numbers) == 1 else "turns"
    return f"{word} {', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else f"{word} {said[0]}"
