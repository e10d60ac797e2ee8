"""What agents' hooks say is kept, done once, and never lost."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from skillgit.errors import NotFound
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.learn import append, spool
from skillgit.learn.learner import Learner
from skillgit.learn.work import Failed, drain
from skillgit.search.index import Index
from tests.git.place import git, sound
from tests.learn.talks import ASKED, LESSON, SMALL_TALK, session

IMPORTS = """
from pathlib import Path
from signal import pause as wait
from skillgit.git.repo import Repo
from skillgit.learn import spool
repo = Repo.open(Path.cwd())
"""
HOOK = [sys.executable, "-I", "-S", append.__file__]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return init(tmp_path / "lib").repo


def hook(place: Path, said: str, *, agent: str = "claude-code") -> int:
    return subprocess.run([*HOOK, str(place), agent], input=said.encode(), check=False).returncode


def ended(file: Path, event: str = "SessionEnd") -> str:
    return json.dumps({"session_id": "x", "transcript_path": str(file), "hook_event_name": event, "prompt": "hush"})


def work(repo: Repo) -> list[str]:
    learner = Learner(repo, Index.open(repo.private / "index"), "ada")
    with spool.queue(repo) as jobs:
        done = list(drain(learner, jobs))
    return [each.error if isinstance(each, Failed) else getattr(each.outcome, "decision", "error") for each in done]


def test_a_hook_leaves_a_private_line_that_holds_no_word_of_the_conversation(repo: Repo) -> None:
    place = spool.inbox(repo)
    assert hook(place, ended(Path("/s.jsonl"))) == 0
    row = json.loads(place.read_text())
    known = {"agent": "claude-code", "path": "/s.jsonl", "session": "x", "event": "SessionEnd", "at": 0}
    assert {**row, "at": 0} == known
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


BAD = {"nothing": "", "no JSON": "{", "another value": "[1]", "a path that is none": '{"transcript_path": 3}'}


@pytest.mark.parametrize("said", BAD.values(), ids=BAD.keys())
def test_an_agent_that_names_no_file_has_all_that_is_new_of_it_read(repo: Repo, said: str) -> None:
    session(Path.home(), "one", *ASKED, *LESSON)
    assert hook(spool.inbox(repo), said) == 0
    assert work(repo) == ["add"]


def test_a_hook_ends_well_where_the_repository_has_gone_or_the_spool_is_a_link(tmp_path: Path) -> None:
    assert hook(tmp_path / "gone/inbox", "{}") == 0
    assert not (tmp_path / "gone").exists()
    (tmp_path / "inbox").symlink_to(tmp_path / "elsewhere")
    assert hook(tmp_path / "inbox", "{}") == 0
    assert not (tmp_path / "elsewhere").exists()


def test_a_hook_ends_well_where_the_disk_is_full() -> None:
    assert hook(Path("/dev/full"), "{}") == 0


def test_lines_of_many_hooks_at_once_are_whole(repo: Repo) -> None:
    place = str(spool.inbox(repo))
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda n: append.append(place, append.line("codex", ended(Path(f"/{n}")).encode(), at=n)), range(80)
            )
        )
    rows = [json.loads(row)["path"] for row in Path(place).read_text().splitlines()]
    assert sorted(rows) == sorted(f"/{n}" for n in range(80))


def test_a_torn_line_costs_no_other(repo: Repo) -> None:
    place = spool.inbox(repo)
    place.write_bytes(b'{"agent": "cla')
    file = session(Path.home(), "one", *ASKED, *LESSON)
    hook(place, ended(file))
    assert work(repo) == ["add"]


def test_a_full_spool_has_all_sessions_of_its_agents_read(repo: Repo) -> None:
    session(Path.home(), "one", *ASKED, *LESSON)
    line = append.line("claude-code", ended(Path.home() / "gone.jsonl").encode(), at=0.0)
    place = spool.inbox(repo)
    place.write_bytes(line * (append.LIMIT // len(line) + 1))
    size = place.stat().st_size
    hook(place, "{}")
    assert place.stat().st_size == size
    assert "add" in work(repo)
    assert place.stat().st_size == 0


def test_a_session_that_goes_on_is_left_alone_for_a_while(repo: Repo) -> None:
    file = session(Path.home(), "one", *ASKED, *LESSON)
    hook(spool.inbox(repo), ended(file, "Stop"))
    assert work(repo) == []
    hook(spool.inbox(repo), ended(file, "SessionEnd"))
    assert work(repo) == ["add"]


def test_what_fails_is_tried_again_later_and_in_the_end_put_aside_until_somebody_retries_it(repo: Repo) -> None:
    hook(spool.inbox(repo), ended(Path.home() / "gone.jsonl"))
    for _ in range(spool.TRIES):
        assert work(repo) == [f"no file '{Path.home() / 'gone.jsonl'}'"]
        assert work(repo) == []
        _make_due(repo)
    assert work(repo) == []
    with spool.queue(repo) as jobs:
        [job] = jobs.aside()
        assert (job.agent, job.error) == ("claude-code", f"no file '{Path.home() / 'gone.jsonl'}'")
        with pytest.raises(NotFound):
            jobs.retry(job.id + 1)
        assert (jobs.retry(job.id), jobs.aside()) == (1, ())
    session(Path.home(), "one", *SMALL_TALK).rename(Path.home() / "gone.jsonl")
    assert work(repo) == ["none"]


def _make_due(repo: Repo) -> None:
    """As if an hour had gone by."""
    with closing(sqlite3.connect(repo.private / "jobs.db")) as database, database:
        database.execute("UPDATE job SET due = 0")


def test_a_job_is_leased_to_one_worker_and_is_free_when_that_has_died(repo: Repo) -> None:
    hook(spool.inbox(repo), ended(Path("/s")))
    lines = "with spool.queue(repo) as jobs: spool.collect(repo, jobs); print(jobs.lease().path, flush=True); wait()"
    with subprocess.Popen([sys.executable, "-c", IMPORTS + lines], cwd=repo.directory, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"/s\n"
        with spool.queue(repo) as jobs:
            assert jobs.lease() is None
            other.kill()
            other.wait()
            assert jobs.lease() is not None


def test_a_line_that_comes_while_its_job_is_done_has_it_done_again(repo: Repo) -> None:
    with spool.queue(repo) as jobs:
        jobs.add([("codex", "/s", 0.0)])
        job = jobs.lease()
        assert job is not None
        jobs.add([("codex", "/s", 0.0)])
        jobs.finish(job)
        assert jobs.lease() is not None


@pytest.mark.slow
def test_killed_thirty_times_nothing_is_lost_and_nothing_doubled(repo: Repo) -> None:
    count = 150
    for n in range(count):
        said = ("Write the minutes.", "Done.", f"In minutes, always mention item {n}.", "Noted.")
        append.append(
            str(spool.inbox(repo)),
            append.line("claude-code", ended(session(Path.home(), f"s{n}", *said)).encode(), at=0),
        )
    words = [sys.executable, "-m", "skillgit", "work", "--offline", "--user", "ada", "--json"]
    chance = random.Random(7)
    for kill in range(30):
        with subprocess.Popen(words, cwd=repo.directory, stdout=subprocess.PIPE) as worker:
            assert worker.stdout is not None
            if kill % 5:  # every fifth dies before its first decision, or about then
                worker.stdout.readline()
            time.sleep(chance.uniform(0, 0.05) if kill % 5 else chance.uniform(0, 0.5))
            worker.kill()
    killed = int(git("rev-list", "--count", "HEAD", cwd=repo.directory))
    assert 20 < killed < count
    assert subprocess.run(words, cwd=repo.directory, capture_output=True, check=False).returncode == 0
    attempts = git("log", "--format=%(trailers:key=Skill-Attempt,valueonly)", cwd=repo.directory).split()
    assert len(attempts) == len(set(attempts)) == count
    with spool.queue(repo) as jobs:
        assert (jobs.waiting(), jobs.aside()) == (0, ())
    sound(repo.directory)


def test_a_hook_is_quick() -> None:
    before = os.times()
    for _ in range(5):
        hook(Path("/dev/null"), ended(Path("/s")))
    after = os.times()
    spent = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    assert spent / 5 < 0.05


STORED = {
    "a file's name": ("cursor", ".cursor/projects/-src-app/agent-transcripts/9ac1dc4f-27.jsonl"),
    "a folder's name": ("copilot", ".copilot/session-state/9ac1dc4f-27/events.jsonl"),
    "a part of a name": ("codex", ".codex/sessions/2026/11/22/rollout-2026-11-22T10-00-00-9ac1dc4f-27.jsonl"),
}


@pytest.mark.parametrize(("agent", "stored"), STORED.values(), ids=STORED)
def test_a_session_that_is_named_by_its_id_is_found(repo: Repo, agent: str, stored: str) -> None:
    file = Path.home() / stored
    file.parent.mkdir(parents=True)
    file.write_text("{}\n")
    hook(spool.inbox(repo), json.dumps({"conversation_id": "9ac1dc4f-27", "transcript_path": None}), agent=agent)
    with spool.queue(repo) as jobs:
        spool.collect(repo, jobs)
        job = jobs.lease()
    assert job is not None and (job.agent, job.path) == (agent, str(file))


@pytest.mark.parametrize("name", ["9ac1dc4f-28", "jsonl", ""])
def test_a_session_of_an_id_that_no_file_has_is_any_session(repo: Repo, name: str) -> None:
    session(Path.home(), "one", *ASKED)
    hook(spool.inbox(repo), json.dumps({"session_id": name}))
    with spool.queue(repo) as jobs:
        spool.collect(repo, jobs)
        job = jobs.lease()
    assert job is not None and job.path == ""


def test_a_file_that_another_agent_keeps_is_read_as_that_agents(repo: Repo) -> None:
    place = Path.home() / ".cursor/projects/-src-app/agent-transcripts/9ac1dc4f-27.jsonl"
    hook(spool.inbox(repo), ended(place))
    with spool.queue(repo) as jobs:
        spool.collect(repo, jobs)
        job = jobs.lease()
    assert job is not None and (job.agent, job.path) == ("cursor", str(place))


def test_a_line_of_an_agent_that_is_not_known_is_a_job_that_fails_and_holds_up_no_other(repo: Repo) -> None:
    hook(spool.inbox(repo), json.dumps({"session_id": "9ac1dc4f-27"}), agent="an-agent-of-tomorrow")
    hook(spool.inbox(repo), ended(session(Path.home(), "one", *ASKED, *LESSON)))
    assert sorted(work(repo)) == ["add", "no agent 'an-agent-of-tomorrow'"]
