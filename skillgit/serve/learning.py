"""The process that learns beside a server: it does one job after the other, so that no answer waits for it.

    python -m skillgit.serve.learning DIRECTORY

A byte on its stdin says that there is something to do; it looks every second anyhow. When stdin ends, so does it, after
the job at hand. With a model it does several jobs at once, of different users, as most of that time is waiting.

Where the jobs are in a database, it is told of those that other servers add, and brings there what had to wait in the
repository. It ends when the database goes away, and is started again by its server.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from skillgit.config import setting
from skillgit.errors import DatabaseError, SkillgitError
from skillgit.git.repo import Repo
from skillgit.learn.batch import JOBS
from skillgit.learn.jobs import LEASE, Jobs, Owner, Result, added, is_shared, jobs, move, owner, transcript
from skillgit.learn.learner import Learner
from skillgit.models.budget import DailyBudget
from skillgit.models.choice import configured
from skillgit.search.index import Index
from skillgit.serve import audit, conversation
from skillgit.serve.job import learned
from skillgit.serve.model import budget, learner_of

_PAUSE = 1.0  # seconds between two looks for what is due by now, or was left by others
_NICE = 10  # where there is not enough CPU for both, answers go first
_LONGEST = 1800.0  # seconds that a job may take: two questions to a slow model, each asked again
_STUCK = 120  # seconds after which the process is ended where no thread of it can run, as in a loop of a C library


@dataclass(frozen=True, slots=True)
class Shift:
    """What the threads of the process share: `busy` says since when each has been at a job.

    `rests` is set while the model may not be asked any more.
    """

    directory: Path
    mine: Owner = field(default_factory=owner)
    over: Event = field(default_factory=Event)
    wanted: Event = field(default_factory=Event)
    rests: Event = field(default_factory=Event)
    busy: dict[int, float] = field(default_factory=dict)


def main(argv: Sequence[str]) -> int:
    """Do jobs until stdin ends."""
    threading.excepthook = _die
    audit.to_stderr()
    shift = Shift(Path(argv[0]))
    os.nice(_NICE)
    signal.alarm(_STUCK)
    lanes = [Thread(target=_lane, args=(shift,)) for _ in range(_lanes(shift.directory))]
    beside = [_beat, _listen] if is_shared(Repo.open(shift.directory)) else [_beat]
    for thread in (*lanes, *(Thread(target=each, args=(shift,), daemon=True) for each in beside)):
        thread.start()
    while os.read(sys.stdin.fileno(), 64):
        shift.wanted.set()
    shift.over.set()
    shift.wanted.set()
    for lane in lanes:
        lane.join()
    return 0


def work(repo: Repo, queue: Jobs, *, mine: Owner, learning: Learner) -> bool:
    """One job that is due is done, or has failed; whether there was one."""
    leased = queue.lease(mine)
    if leased is None:
        return False
    job, content = leased
    read = transcript(content)
    digests = conversation.digests([turn for _, turn in read.user_turns()])
    known = queue.heard(job.user, digests) if job.trigger == "turn" else 0
    if known and known >= len(digests):
        queue.finish(job, Result("none", "all of it was learned from before"), digests=digests)
        return True
    try:
        result = learned(learning, job, read, since=conversation.since(read, known))
    except SkillgitError as err:
        queue.fail(job, err.message)
    else:
        queue.finish(job, result, digests=digests)
        queue.prune(days=int(setting(repo, "serve.keep").text))
    return True


def _lanes(directory: Path) -> int:
    """How many jobs are done at once: by rules one, as that is all work and no waiting."""
    return JOBS if configured(Repo.open(directory)) else 1


def _lane(shift: Shift) -> None:
    repo = Repo.open(shift.directory)
    learning, tokens = learner_of(repo, Index.open(repo.private / "index"), ""), budget(repo)
    me = threading.get_ident()
    with jobs(repo) as queue:
        while not shift.over.is_set():
            shift.busy[me] = time.monotonic()
            rests = learning.chat is not None and _is_used_up(shift, tokens)
            if rests or not work(repo, queue, mine=shift.mine, learning=learning):
                del shift.busy[me]
                shift.wanted.wait(_PAUSE)
                shift.wanted.clear()


def _is_used_up(shift: Shift, tokens: DailyBudget) -> bool:
    """Whether the model may not be asked any more today: what is to be learned waits, and that is said once."""
    if not tokens.is_used_up:
        shift.rests.clear()
        return False
    if not shift.rests.is_set():
        shift.rests.set()
        audit.trouble(f"the {tokens.limit:,} tokens of today are used up; what is to be learned waits for tomorrow")
    return True


def _beat(shift: Shift) -> None:
    """Say again and again that this process lives, and put off the alarm that ends it, while no job takes for ever."""
    repo = Repo.open(shift.directory)
    with jobs(repo) as queue:
        while True:
            move(repo, queue)
            if shift.over.wait(LEASE / 4):
                return
            if all(time.monotonic() - began < _LONGEST for began in tuple(shift.busy.values())):
                signal.alarm(_STUCK)
                queue.beat(shift.mine)


def _listen(shift: Shift) -> None:
    """Look for jobs whenever any server has added one."""
    for _ in added(Repo.open(shift.directory)):
        shift.wanted.set()


def _die(fault: threading.ExceptHookArgs) -> None:
    """A fault in one thread ends the process: the server starts another, which takes up what this one held."""
    if isinstance(fault.exc_value, DatabaseError):
        audit.trouble(fault.exc_value.message)
        os._exit(DatabaseError.exit_code)
    sys.__excepthook__(fault.exc_type, fault.exc_value or fault.exc_type(), fault.exc_traceback)
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
