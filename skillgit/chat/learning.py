"""Learning in the background: conversations are learned from one after the other, while people go on talking.

What is to be learned from is written down first (`Chats.ask`), so that what a process leaves over is not lost. There
is a thread while there is something to do, with a repository of its own; it reads a conversation when its turn comes,
so that one that waits twice is learned from once.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock, Thread

from skillgit.chat.chats import Chats, Lesson, Said, chats, transcript
from skillgit.chat.event import Learned, Learning, News
from skillgit.errors import Refused, SkillgitError
from skillgit.git.repo import Repo
from skillgit.learn import ingest, learner, undecided
from skillgit.learn.learner import Learner, Outcome
from skillgit.models.ports import Chat
from skillgit.search.index import Index

_LOOK = 0.1  # seconds: a Ctrl-C right before an endless wait would be seen only after it

Tell = Callable[[News], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A user's conversation to be learned from: what is new, or all of it where somebody has asked, with a hint."""

    chat: str
    user: str
    asked: bool = False
    hint: str | None = None


class Background:
    """The thread that learns. `tell` hears of it, on that thread; `made` gives the learner of a repository's user."""

    def __init__(self, directory: Path, made: Callable[[Repo, str], Learner], tell: Tell) -> None:
        self._directory = directory
        self._made = made
        self._tell = tell
        self._lock = Lock()
        self._waiting: list[Wanted] = []
        self._at: Wanted | None = None
        self._thread: Thread | None = None

    def add(self, wanted: Wanted) -> None:
        """A conversation is learned from soon."""
        with self._lock:
            if wanted not in self._waiting:
                self._waiting.append(wanted)
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._work, name="learning", daemon=True)
                self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether something is being learned from."""
        thread = self._thread
        return thread is not None and thread.is_alive()

    def is_at(self, chat: str) -> bool:
        """Whether this conversation is being learned from, or waits for it."""
        with self._lock:
            return self.busy and any(
                wanted.chat == chat for wanted in (*self._waiting, *([self._at] if self._at else []))
            )

    def wait(self, seconds: float = math.inf) -> None:
        """All that waits was learned from, or the time is up."""
        until = time.monotonic() + seconds
        while (thread := self._thread) and time.monotonic() < until:
            thread.join(_LOOK)
            if not thread.is_alive():
                return

    def _work(self) -> None:
        repo = Repo.open(self._directory)
        with chats(repo) as kept:
            while wanted := self._next():
                self._tell(Learning(wanted.chat))
                self._tell(self._learned(repo, kept, wanted))

    def _learned(self, repo: Repo, kept: Chats, wanted: Wanted) -> Learned:
        try:
            learning = self._made(repo, wanted.user)
        except SkillgitError as err:  # such as a model whose key is gone
            lesson = Lesson(time.time(), len(kept.turns(wanted.chat)), "undecided", err.message)
            kept.hear(wanted.chat, lesson)
            return Learned(wanted.chat, lesson, wanted.asked, tuple(err.hint.splitlines()))
        return learn(kept, wanted, learning=learning)

    def _next(self) -> Wanted | None:
        with self._lock:
            self._at = self._waiting.pop(0) if self._waiting else None
            if self._at is None:
                self._thread = None
            return self._at


def learner_of(repo: Repo, user: str, *, chat: Chat | None) -> Learner:
    """Who learns what a user says, for a thread of its own; the model is the one that answers, as is its budget."""
    index = Index.open(repo.private / "index")
    return replace(learner.configured(repo, index, user, offline=True), chat=chat)


def learn(kept: Chats, wanted: Wanted, *, learning: Learner) -> Learned:
    """What becomes of a conversation, committed and written down."""
    turns = kept.turns(wanted.chat)
    own = replace(learning, hint=wanted.hint)
    said = learner.heard(own, transcript(wanted.chat, turns))
    said = replace(said, since=0 if wanted.asked or not turns else kept.get(wanted.chat).heard)
    lesson = Lesson(time.time(), len(turns), "none", "")
    try:
        outcome = ingest.learn(own, said)
        lesson, remarks = _lesson(lesson, outcome), _remarks(outcome)
    except SkillgitError as err:
        decision = "refused" if isinstance(err, Refused) else "undecided"  # a refusal would be one the next time, too
        lesson, remarks = replace(lesson, decision=decision, reason=err.message), tuple(err.hint.splitlines())
    if lesson.decision != "undecided":
        _drop_undecided(kept, wanted.chat, turns, learning=learning)
    kept.hear(wanted.chat, lesson)
    return Learned(wanted.chat, lesson, wanted.asked, remarks)


def _drop_undecided(kept: Chats, name: str, turns: Sequence[Said], *, learning: Learner) -> None:
    """What is kept of a conversation since no answer came, when it was shorter, is not asked about again."""
    for lesson in kept.lessons(name):
        if lesson.decision == "undecided":
            shorter = transcript(name, turns[: lesson.through])
            undecided.drop(learning.repo, learner.attempt_key(learning, shorter))


def _lesson(lesson: Lesson, outcome: Outcome) -> Lesson:
    said = outcome.recorded
    if said is None:
        return replace(lesson, decision=outcome.decision, reason=outcome.reason)
    return replace(
        lesson,
        decision=outcome.decision,
        reason=said.summary,
        skill=said.skill,
        before=said.before or "",
        version=said.after or "",
        commit=outcome.commit or "",
    )


def _remarks(outcome: Outcome) -> tuple[str, ...]:
    landed = outcome.landed
    if landed is None:
        return outcome.remarks
    told = [*outcome.remarks, *([landed.mended] if landed.mended else [])]
    if landed.blocked:
        told.append(f"your changes are in the way ({landed.blocked.words}): it waits in 'skillgit review'")
    elif landed.commits and landed.ref.startswith("refs/heads/learn/"):
        told.append(f"it waits on '{landed.ref.removeprefix('refs/heads/')}' for 'skillgit review'")
    return tuple(told)
