"""`skillgit work`."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, NoReturn

import typer

from skillgit.cli import ingest, output, propose, sessions
from skillgit.cli.context import open_skill_repo
from skillgit.errors import SkillgitError, UsageError
from skillgit.learn import spool, undecided
from skillgit.learn.harvest import Taken
from skillgit.learn.learner import Learner
from skillgit.learn.spool import Queue
from skillgit.learn.work import Failed, drain
from skillgit.transcripts import sources

_PAUSE = 5.0  # seconds between two looks at the spool


def work(
    daemon: Annotated[bool, typer.Option("--daemon", help="Go on until stopped; look every five seconds.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="List the sessions that failed too often, and why.")] = False,
    hook: Annotated[
        str | None, typer.Option("--hook", metavar="A", help="Print the command for the hooks of an agent.")
    ] = None,
    retry: Annotated[
        str | None, typer.Option("--retry", metavar="ID", help="Try one of these again, or 'all'.")
    ] = None,
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose skills; the default is you.")] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="PROVIDER/MODEL", help="Learn with it, in place of skillgit.model.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Learn by rules; ask no model.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Learn from the sessions that agents' hooks have named.

    A session is read when its agent has been quiet for two minutes, or has ended it. One that fails is tried again
    later, five times, and so is what a model gave no answer about. Stopped at any moment it loses nothing, and records
    nothing twice.
    """
    if [daemon, failed, hook is not None, retry is not None].count(True) > 1:
        raise UsageError("--daemon, --failed, --hook and --retry do not go together")
    repo = open_skill_repo()
    if hook is not None:
        output.say(spool.command(repo, sources.named(hook).name))
        return
    with spool.queue(repo) as jobs:
        if failed:
            _list(jobs, as_json=as_json)
        elif retry is not None:
            output.say(f"{jobs.retry(_number(retry))} to be tried again")
        else:
            learner = ingest.configured_learner(repo, user, model=model, offline=offline)
            (_go_on if daemon else _once)(learner, jobs, as_json=as_json)


def _go_on(learner: Learner, jobs: Queue, *, as_json: bool) -> NoReturn:
    """Learn from what is due, again and again until a signal comes; what is in the way is said, and may end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    while True:
        try:
            _work(learner, jobs, Counter(), as_json=as_json)
        except SkillgitError as err:
            output.complain(err.message, hint=err.hint)
        time.sleep(_PAUSE)


def _once(learner: Learner, jobs: Queue, *, as_json: bool) -> None:
    """Learn from what is due; exit with 1 where something failed."""
    counts = Counter[str]()
    _work(learner, jobs, counts, as_json=as_json)
    waiting = jobs.waiting()
    output.note(sessions.total(counts) + (f"; {waiting} waiting" if waiting else ""))
    given_up = sum(each.is_given_up for each in undecided.kept(learner.repo))
    if given_up:
        output.note(f"hint: {given_up} undecided, as no answer came: 'skillgit ingest --undecided' asks again")
    if counts["failed"] or counts["not proposed"]:
        raise typer.Exit(1)


def _work(learner: Learner, jobs: Queue, counts: Counter[str], *, as_json: bool) -> None:
    before = learner.repo.tip(learner.ref)
    sessions.show(_conversations(learner, jobs, counts), counts, as_json=as_json)
    if learner.repo.tip(learner.ref) != before:
        _propose(learner, counts)


def _propose(learner: Learner, counts: Counter[str]) -> None:
    """Ask for review where that is the policy; what goes wrong with that is said, and the work goes on."""
    try:
        propose.ask_for_review(learner)
    except SkillgitError as err:
        counts["not proposed"] += 1
        output.complain(err.message, hint=err.hint)


def _conversations(learner: Learner, jobs: Queue, counts: Counter[str]) -> Iterator[Taken]:
    """What becomes of each conversation; jobs that failed are said and counted on the way."""
    for each in drain(learner, jobs):
        if isinstance(each, Failed):
            counts["failed"] += each.whole
            output.warn(f"{each.job.path or each.job.agent}: {each.error}; try {each.job.tries + 1} of {spool.TRIES}")
        else:
            yield each


def _list(jobs: Queue, *, as_json: bool) -> None:
    found = jobs.aside()
    if as_json:
        for job in found:
            output.json_line(asdict(job))
        return
    rows = [(str(job.id), job.agent, job.path, job.error) for job in found]
    output.table(rows, headers=("Id", "Agent", "Session", "Why"))
    if found:
        output.note("hint: 'skillgit work --retry ID' tries one again, 'skillgit work --retry all' each")


def _number(text: str) -> int | None:
    if text == "all":
        return None
    if not text.isascii() or not text.isdigit():
        raise UsageError(f"'{text}' is no id", hint="'skillgit work --failed' lists them")
    return int(text)
