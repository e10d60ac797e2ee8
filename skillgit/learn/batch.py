"""Many conversations: a model is asked about several at once, and the decisions land one after the other, in order.

Threads only ask the model. What reads or writes the repository stays on the thread that iterates, so that nothing is
shared: each conversation goes back and forth, and the first in line is landed as soon as it is decided. One that is
about the same job as another before it waits until that one has landed, so that the model sees what it decides about.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from typing import Final, Generic, TypeVar

from skillgit.errors import Refused
from skillgit.learn import ingest
from skillgit.learn.candidate import Candidate
from skillgit.learn.ingest import Question
from skillgit.learn.landing import Decided
from skillgit.learn.learner import Heard, Learner, Outcome
from skillgit.skills.rules import content

JOBS: Final = 4
"""How many conversations a model is asked about at once, where nothing else is said."""

_AHEAD = 4
"""So many conversations for each call at once are on their way: while one is landed, the model is not idle."""

Tag = TypeVar("Tag")
Land = Callable[[Learner, Heard, Decided | Outcome], Outcome]


@dataclass(slots=True)
class _Flight(Generic[Tag]):
    """A conversation on its way: the call it waits for, the candidate that came of it, what there is to land."""

    tag: Tag
    said: Heard
    found: Decided | Outcome | None
    asked: Future[Candidate | Decided | Outcome] | None = None
    candidate: Candidate | None = None


def ingest_all(
    learner: Learner, given: Iterable[tuple[Tag, Heard]], *, jobs: int = JOBS, land: Land = ingest.land
) -> Iterator[tuple[Tag, Outcome | Refused]]:
    """The outcome of each conversation, in order and with its tag; why not, where the library refuses a decision.

    The model is asked about `jobs` of them at a time. `land` may be `ingest.foresee`. Where the iteration stops, what
    is on its way is as if it had not begun.
    """
    rest = iter(given)
    flights: deque[_Flight[Tag]] = deque()
    pool = ThreadPoolExecutor(jobs)
    most = jobs * _AHEAD if jobs > 1 else 1
    try:
        while True:
            flights.extend(_started(learner, tag, said, pool=pool) for tag, said in islice(rest, most - len(flights)))
            if not flights:
                return
            _advance(learner, flights, pool)
            if flights[0].found is None:
                wait([flight.asked for flight in flights if flight.asked], return_when=FIRST_COMPLETED)
            else:
                yield _landed(learner, flights.popleft(), land)
    finally:
        pool.shutdown(cancel_futures=True)


def _started(learner: Learner, tag: Tag, said: Heard, *, pool: ThreadPoolExecutor) -> _Flight[Tag]:
    flight = _Flight(tag, said, ingest.begin(learner, said))
    if flight.found is None:
        flight.asked = pool.submit(ingest.extract, learner, said)
    return flight


def _advance(learner: Learner, flights: Iterable[_Flight[Tag]], pool: ThreadPoolExecutor) -> None:
    """Take what the model has said, and ask what there is to ask next."""
    ahead: list[Candidate] = []
    unread = False
    for flight in flights:
        if flight.asked and flight.asked.done():
            _take(flight, flight.asked.result())
        candidate = flight.candidate
        if candidate and not (flight.asked or flight.found or unread or any(_alike(candidate, one) for one in ahead)):
            question = ingest.look(learner, candidate)
            if isinstance(question, Question):
                flight.asked = pool.submit(ingest.decide, question)
            else:
                flight.found = question
        ahead += [candidate] if candidate else []
        unread |= candidate is None and flight.found is None


def _take(flight: _Flight[Tag], answer: Candidate | Decided | Outcome) -> None:
    flight.asked = None
    if isinstance(answer, Candidate):
        flight.candidate = answer
    else:
        flight.found = answer


def _alike(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates may be for the same job."""
    mine, its = content(f"{one.name} {one.title}"), content(f"{other.name} {other.title}")
    return 2 * len(mine & its) >= min(len(mine), len(its))


def _landed(learner: Learner, flight: _Flight[Tag], land: Land) -> tuple[Tag, Outcome | Refused]:
    assert flight.found is not None
    try:
        return flight.tag, land(learner, flight.said, flight.found)
    except Refused as err:
        return flight.tag, err
