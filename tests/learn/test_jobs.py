"""Jobs outlive the processes that do them, and are done once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from skillgit.errors import Refused
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.learn import jobs as jobs_
from skillgit.learn import jobs_sqlite
from skillgit.learn.jobs import DEATHS, LEASE, TRIES, Jobs, Result, Wanted, jobs, owner
from skillgit.learn.jobs_sqlite import place
from tests.postgres import kept_at

DONE = Result("add", "new", "ada/x", "0.1.0", "c0ffee")


@pytest.fixture(params=["sqlite", "postgres"])
def repo(tmp_path: Path, request: pytest.FixtureRequest) -> Repo:
    """A repository that keeps its jobs here or there."""
    made = init(tmp_path / "repo").repo
    if request.param == "postgres":
        kept_at(request.getfixturevalue("postgres"), made)
    return made


@pytest.fixture
def queue(repo: Repo) -> Iterator[Jobs]:
    with jobs(repo) as made:
        yield made


def add(
    queue: Jobs, name: str, *, user: str = "ada", digests: tuple[str, ...] = (), trigger: jobs_.Trigger = "turn"
) -> None:
    queue.add(Wanted(user, f"content of {name}", digests or (name,), trigger), name=name, due=0)


def states(queue: Jobs, user: str = "ada") -> dict[str, str]:
    return {job.id: job.state for job in queue.list(user=user, limit=100)}


def test_a_job_is_done_once_and_its_words_are_gone(queue: Jobs) -> None:
    add(queue, "one")
    mine = owner()
    leased = queue.lease(mine)
    assert leased is not None
    job, content = leased
    assert (job.id, job.state, job.tries, content) == ("one", "running", 1, "content of one")
    assert queue.lease(mine) is None
    queue.finish(job, DONE, digests=("one",))
    done = queue.get("one", user="ada")
    assert done is not None
    assert (done.state, done.decision, done.skill, done.commit) == ("done", "add", "ada/x", "c0ffee")
    assert queue.held() == []


def test_one_job_of_a_user_runs_at_a_time(queue: Jobs) -> None:
    for name in ("a1", "a2"):
        add(queue, name)
    add(queue, "b1", user="bob")
    mine = owner()
    first, second = queue.lease(mine), queue.lease(mine)
    assert first and second and queue.lease(mine) is None
    assert (first[0].id, second[0].id) == ("a1", "b1")
    queue.finish(first[0], DONE, digests=())
    third = queue.lease(mine)
    assert third and third[0].id == "a2"


def test_a_longer_request_supersedes_what_waits_of_its_conversation(queue: Jobs) -> None:
    add(queue, "one", digests=("d1",))
    add(queue, "other", digests=("e1",))
    add(queue, "asked", digests=("d1",), trigger="now")
    add(queue, "theirs", user="bob", digests=("d1",))
    add(queue, "two", digests=("d1", "d2"))
    assert states(queue) == {"one": "superseded", "other": "waiting", "asked": "waiting", "two": "waiting"}
    assert states(queue, "bob") == {"theirs": "waiting"}


def test_what_was_heard_of_a_conversation_is_known_in_a_longer_one(queue: Jobs) -> None:
    add(queue, "one", digests=("d1", "d2"))
    leased = queue.lease(owner())
    assert leased
    queue.finish(leased[0], DONE, digests=("d1", "d2"))
    assert queue.heard("ada", ("d1", "d2", "d3")) == 2
    assert queue.heard("ada", ("e1", "d3")) == 0
    assert queue.heard("bob", ("d1", "d2", "d3")) == 0


def test_a_job_that_fails_is_tried_again_later_and_not_for_ever(queue: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    add(queue, "one")
    mine, now = owner(), time.time()
    for tries in range(1, TRIES + 1):
        monkeypatch.setattr(time, "time", lambda tries=tries: now + tries * 10_000)
        leased = queue.lease(mine)
        assert leased and leased[0].faults == tries - 1
        queue.fail(leased[0], "no answer")
        assert queue.lease(mine) is None
    failed = queue.get("one", user="ada")
    assert failed and (failed.state, failed.error) == ("failed", "no answer")


def dead() -> jobs_.Owner:
    """A process of this machine that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return replace(owner(), pid=process.pid)


@pytest.mark.parametrize(
    ("holder", "is_taken"),
    [
        pytest.param(dead(), True, id="dead"),
        pytest.param(owner(), True, id="of-our-number-and-not-us"),
        pytest.param(replace(owner(), pid=os.getppid()), False, id="alive"),
        pytest.param(replace(owner(), host="elsewhere", pid=1), False, id="on-another-machine"),
    ],
)
def test_a_job_is_taken_up_where_its_process_is_dead(queue: Jobs, holder: jobs_.Owner, is_taken: bool) -> None:
    add(queue, "one")
    assert queue.lease(holder)
    leased = queue.lease(owner())
    assert (leased is not None) == is_taken
    assert not leased or leased[0].tries == 2


def test_a_process_that_says_nothing_any_more_loses_its_job(queue: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    add(queue, "one")
    holder = replace(owner(), host="elsewhere")
    assert queue.lease(holder)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LEASE - 1)
    queue.beat(holder)
    monkeypatch.setattr(time, "time", lambda: now + LEASE + 1)
    assert queue.lease(owner()) is None
    monkeypatch.setattr(time, "time", lambda: now + 2 * LEASE)
    assert queue.lease(owner())


def test_who_has_lost_a_job_changes_nothing_of_it(queue: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    add(queue, "one")
    late = queue.lease(replace(owner(), host="elsewhere"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 2 * LEASE)
    leased = queue.lease(owner())
    assert late and leased
    queue.fail(late[0], "no answer")
    assert states(queue) == {"one": "running"}
    queue.finish(leased[0], DONE, digests=())
    queue.fail(late[0], "no answer")
    queue.finish(late[0], Result("discard", "covered"), digests=())
    done = queue.get("one", user="ada")
    assert done and (done.state, done.decision, done.error) == ("done", "add", "")


def test_a_job_that_is_added_twice_is_there_once(queue: Jobs) -> None:
    for _ in range(2):
        add(queue, "one", digests=("d1",))
    assert states(queue) == {"one": "waiting"}


def test_a_job_whose_processes_die_again_and_again_has_failed(queue: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    add(queue, "poison")
    now = time.time()
    for death in range(DEATHS):
        monkeypatch.setattr(time, "time", lambda death=death: now + 1_400 * death)
        assert (queue.lease(owner()) is None) == (death > 1)  # each a process of our number that is gone
        monkeypatch.setattr(time, "time", lambda death=death: now + 1_400 * death + 700)
        assert death < 2 or queue.lease(owner())
    monkeypatch.setattr(time, "time", lambda: now + 1_000_000)
    assert queue.lease(owner()) is None
    assert states(queue) == {"poison": "failed"}


def test_others_go_first_where_processes_die_over_a_job(queue: Jobs) -> None:
    add(queue, "poison")
    assert queue.lease(owner())
    add(queue, "theirs", user="bob")
    leased = [found[0].id for _ in range(4) if (found := queue.lease(owner()))]
    assert leased == ["theirs", "poison", "theirs"]


def test_a_user_cannot_fill_the_queue(queue: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_, "_MOST", 3)
    for number in range(3):
        add(queue, f"job{number}")
    add(queue, "longer", digests=("job1", "more"))
    with pytest.raises(Refused):
        add(queue, "job4")
    add(queue, "theirs", user="bob")


def test_a_job_that_failed_is_tried_again_where_its_user_says_so(queue: Jobs, repo: Repo) -> None:
    for name in ("one", "two"):
        add(queue, name)
    leased = queue.lease(owner())
    assert leased
    queue.fail(replace(leased[0], faults=TRIES - 1), "no answer")
    assert states(queue) == {"one": "failed", "two": "waiting"}
    assert [jobs_.retry(repo, name, user=user) for name, user in (("one", "bob"), ("two", "ada"), ("none", "ada"))] == [
        False
    ] * 3
    assert jobs_.retry(repo, "one", user="ada")
    assert not jobs_.retry(repo, "one", user="ada"), "it waits already"
    again = queue.get("one", user="ada")
    assert again and (again.state, again.faults, again.error) == ("waiting", 0, "no answer")


def test_what_ended_long_ago_is_pruned_and_what_waits_is_not(queue: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    add(queue, "done")
    leased = queue.lease(owner())
    assert leased
    queue.finish(leased[0], DONE, digests=("d1",))
    add(queue, "waits")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 8 * 86_400)
    queue.prune(days=7)
    assert states(queue) == {"waits": "waiting"}
    assert queue.heard("ada", ("d1",)) == 1
    monkeypatch.setattr(time, "time", lambda: now + 71 * 86_400)
    queue.prune(days=7)
    assert queue.heard("ada", ("d1",)) == 0


def test_a_job_is_nobody_elses_to_see(queue: Jobs) -> None:
    add(queue, "one")
    assert queue.get("one", user="bob") is None
    assert queue.list(user="bob", limit=9) == ()


def test_the_file_is_private_and_has_no_word_of_what_is_done(tmp_path: Path) -> None:
    repo = init(tmp_path / "repo").repo
    with jobs(repo) as queue:
        add(queue, "one")
        leased = queue.lease(owner())
        assert leased
        queue.finish(leased[0], DONE, digests=())
    assert place(repo).stat().st_mode & 0o777 == 0o600
    assert b"content of" not in place(repo).read_bytes()


def test_to_add_a_job_looks_at_none_that_it_does_not_concern(tmp_path: Path) -> None:
    """A user has thousands of jobs in a month: no statement may read through them."""
    made = jobs_sqlite.connect(init(tmp_path / "repo").repo)
    asked: list[str] = []
    with closing(sqlite3.connect(place(Repo.open(tmp_path / "repo")))) as beside, closing(made):
        made._connection.set_trace_callback(asked.append)
        Jobs(made).heard("ada", ("a", "b"))
        Jobs(made).add(Wanted("ada", "content", ("a", "b"), "turn"), name="one", due=0)
        statements = [text for text in asked if text.startswith(("SELECT", "UPDATE", "INSERT"))]
        plans = [step for text in statements for *_, step in beside.execute(f"EXPLAIN QUERY PLAN {text}")]
    assert len(statements) == 4
    assert not [step for step in plans if "SCAN" in step or "job_state" in step or "job_user" in step]
    assert any("COVERING INDEX job_waiting" in step for step in plans)
