"""The process that learns beside a server: it does one job after the other, so that no answer waits for it.

    python -m skillgit.serve.learning DIRECTORY

A byte on its stdin says that there is something to do; it looks every second anyhow. When stdin ends, so does it, after
the job at hand. With a model it does several jobs at once, of different users, as most of that time is waiting.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

from skillgit.config import setting
from skillgit.errors import SkillgitError
from skillgit.git.repo import Repo
from skillgit.learn import ingest, learner
from skillgit.learn.batch import JOBS
from skillgit.learn.learner import Learner, Outcome
from skillgit.models.choice import configured
from skillgit.search.index import Index
from skillgit.serve import conversation
from skillgit.serve.jobs import LEASE, Jobs, Owner, Result, jobs, owner

_PAUSE = 1.0  # seconds between two looks for what other servers have left


def main(argv: Sequence[str]) -> int:
    """Do jobs until stdin ends."""
    threading.excepthook = _die
    directory = Path(argv[0])
    over, wanted = Event(), Event()
    mine = owner()
    lanes = [Thread(target=_lane, args=(directory, mine, over, wanted)) for _ in range(_lanes(directory))]
    for thread in (*lanes, Thread(target=_beat, args=(directory, mine, over), daemon=True)):
        thread.start()
    while os.read(sys.stdin.fileno(), 64):
        wanted.set()
    over.set()
    wanted.set()
    for lane in lanes:
        lane.join()
    return 0


def work(repo: Repo, queue: Jobs, *, mine: Owner, learning: Learner) -> bool:
    """One job that is due is done, or has failed; whether there was one."""
    leased = queue.lease(mine)
    if leased is None:
        return False
    job, content = leased
    read = conversation.transcript(content)
    digests = conversation.digests([turn for _, turn in read.user_turns()])
    known = queue.heard(job.user, digests) if job.trigger == "turn" else 0
    if known and known >= len(digests):
        queue.finish(job, Result("none", "all of it was learned from before"), digests=digests)
        return True
    own = replace(learning, user=job.user, hint=job.hint or None)
    said = replace(learner.heard(own, read), since=conversation.since(read, known))
    try:
        outcome = ingest.learn(own, said)
    except SkillgitError as err:
        queue.fail(job, err.message)
        return True
    if outcome.decision == "undecided":
        queue.fail(job, outcome.reason)
    else:
        queue.finish(job, _result(outcome), digests=digests)
        queue.prune(days=int(setting(repo, "serve.keep").text))
    return True


def _lanes(directory: Path) -> int:
    """How many jobs are done at once: by rules one, as that is all work and no waiting."""
    return JOBS if configured(Repo.open(directory)) else 1


def _lane(directory: Path, mine: Owner, over: Event, wanted: Event) -> None:
    repo = Repo.open(directory)
    learning = learner.configured(repo, Index.open(repo.private / "index"), "")
    with jobs(repo) as queue:
        while not over.is_set():
            if not work(repo, queue, mine=mine, learning=learning):
                wanted.wait(_PAUSE)
                wanted.clear()


def _beat(directory: Path, mine: Owner, over: Event) -> None:
    with jobs(Repo.open(directory)) as queue:
        while not over.wait(LEASE / 4):
            queue.beat(mine)


def _die(bug: threading.ExceptHookArgs) -> None:
    """A bug in one thread ends the process: the server starts another, which takes up what this one held."""
    sys.__excepthook__(bug.exc_type, bug.exc_value or bug.exc_type(), bug.exc_traceback)
    os._exit(3)


def _result(outcome: Outcome) -> Result:
    return Result(outcome.decision, outcome.reason, outcome.skill or "", outcome.version or "", outcome.commit or "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
