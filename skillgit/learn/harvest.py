"""What is new in agents' sessions, learned from: every conversation that was not heard, or has grown since.

What was landed is marked as heard at once, so that whoever stops in between goes on there the next time. A file counts
as read when all its conversations are heard, and none was refused or left undecided.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from skillgit.errors import Refused, Unreadable
from skillgit.learn import ingest, reading
from skillgit.learn.batch import Land, ingest_all
from skillgit.learn.learner import Heard, Learner, Outcome, heard
from skillgit.learn.sessions import Ledger, Session
from skillgit.transcripts.model import Diagnostic, Transcript


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a conversation of a session, or of a file or a line that could not be read."""

    session: Session
    outcome: Outcome | Refused | Unreadable | Diagnostic
    transcript: Transcript | None = None


@dataclass(slots=True)
class _Progress:
    """How far it is: files that were read to the end with the conversations handed on till then, and those landed."""

    ended: deque[tuple[Session, int]] = field(default_factory=deque)
    troubles: deque[Taken] = field(default_factory=deque)
    left: set[Path] = field(default_factory=set)
    handed: int = 0
    landed: int = 0


def harvest(
    learner: Learner, sessions: Iterable[Session], ledger: Ledger, *, jobs: int = 1, land: Land = ingest.land
) -> Iterator[Taken]:
    """What becomes of all that is new in the sessions, in order. Where `land` is `foresee`, nothing is marked."""
    now = _Progress()
    marks = land is not ingest.foresee
    for (session, transcript), outcome in ingest_all(
        learner, _new(learner, sessions, ledger, now), jobs=jobs, land=land
    ):
        now.landed += 1
        if isinstance(outcome, Refused) or outcome.decision == "undecided":
            now.left.add(session.path)
        elif marks:
            ledger.hear(session, transcript)
        yield from _told(now)
        yield Taken(session, outcome, transcript)
        if marks:
            _finish(ledger, now)
    yield from _told(now)
    if marks:
        _finish(ledger, now)


def _new(
    learner: Learner, sessions: Iterable[Session], ledger: Ledger, now: _Progress
) -> Iterator[tuple[tuple[Session, Transcript], Heard]]:
    for session in sessions:
        for transcript in _conversations(session, now):
            known = ledger.heard(session, transcript)
            if not known or any(turn >= known for turn, _ in transcript.user_turns()):
                now.handed += 1
                yield (session, transcript), replace(heard(learner, transcript), since=known)
        now.ended.append((session, now.handed))


def _conversations(session: Session, now: _Progress) -> Iterator[Transcript]:
    try:
        for item in reading.items(session.path, format=session.format):
            if isinstance(item, Transcript):
                yield item
            else:
                now.troubles.append(Taken(session, item))
    except Unreadable as err:
        now.left.add(session.path)
        now.troubles.append(Taken(session, err))


def _told(now: _Progress) -> Iterator[Taken]:
    while now.troubles:
        yield now.troubles.popleft()


def _finish(ledger: Ledger, now: _Progress) -> None:
    """Mark the files of which nothing is on its way any more."""
    while now.ended and now.ended[0][1] <= now.landed:
        session, _ = now.ended.popleft()
        if session.path not in now.left:
            ledger.finish(session)
