"""What is said to a model is learned from, after it was answered, and once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx
import pytest

from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.learn.jobs import Job, Jobs, Wanted, jobs, transcript
from skillgit.serve import conversation
from skillgit.serve.model import budget
from skillgit.transcripts.model import Turn
from tests.git.place import git
from tests.serve.place import Place, awaited, chat, serving, until
from tests.serve.upstream import upstream

RULE = "From now on, always end a release note with the list of contributors."
MORE = "And never use emoji in release notes."
ASK = "Write the release notes of 2.4."


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("learning")) as made:
        yield made


def say(place: Place, *said: str, **options: object) -> httpx.Response:
    content = chat(*said, skillgit=options) if options else chat(*said)
    return httpx.post(f"{place.v1}/chat/completions", content=content).raise_for_status()


def became(place: Place, answer: httpx.Response) -> Job:
    """The job of an answer, once it is done or superseded."""
    name = answer.headers["skillgit-job"]
    (found,) = awaited(lambda: _ended([job for job in place.jobs() if job.id == name]))
    return found


def _ended(found: list[Job]) -> tuple[bool, tuple[Job, ...]]:
    return bool(found) and found[0].state not in ("waiting", "running"), tuple(found)


def test_what_is_said_once_is_in_the_prompt_the_next_time(place: Place) -> None:
    job = became(place, say(place, f"{ASK} {RULE}"))
    assert (job.state, job.decision, job.user, job.skill[:4]) == ("done", "add", "ada", "ada/")
    assert place.repo.tip("HEAD") == job.commit
    until(lambda: job.skill in say(place, "Write the release notes of 2.5.").headers.get("skillgit-skills", ""))
    assert "list of contributors" in place.up.last.content.decode()


def test_a_conversation_that_goes_on_teaches_only_what_is_new(place: Place) -> None:
    first = f"{ASK} Please always sort them by date."
    became(place, say(place, first, learn="always"))
    before = place.repo.tip("HEAD")
    again = became(place, say(place, first, learn="always"))
    assert (again.decision, again.reason) == ("none", "all of it was learned from before")
    assert place.repo.tip("HEAD") == before
    longer = became(place, say(place, first, "Here they are.", MORE, learn="always"))
    assert longer.decision == "merge"
    assert "sort" not in git("show", "-s", "--format=%B", "HEAD", cwd=place.repo.directory)


def test_what_a_conversation_teaches_is_the_policys_to_say(place: Place) -> None:
    assert "skillgit-job" not in say(place, RULE, learn="never").headers
    asked = became(place, say(place, RULE, learn="never", extract_now=True, hint="how to write release notes"))
    assert (asked.trigger, asked.hint, asked.state) == ("now", "how to write release notes", "done")


def test_a_turn_is_learned_from_when_there_were_enough_of_them(tmp_path: Path) -> None:
    with serving(tmp_path, lambda rules: replace(rules, every=3)) as place:
        said = ["What is a release?", "It is.", "And a tag?", "It is.", f"Fine. {RULE}"]
        waits = [say(place, *said[:1]), say(place, *said[:3])]
        until(lambda: len(place.jobs()) == 2)
        states = {job.id: job.state for job in place.jobs()}
        assert [states[each.headers["skillgit-job"]] for each in waits] == ["superseded", "waiting"]
        assert became(place, say(place, *said)).decision == "add"
        assert became(place, waits[1]).state == "superseded"


def test_a_server_that_ends_leaves_its_jobs_to_the_next(tmp_path: Path) -> None:
    with serving(tmp_path, lambda rules: replace(rules, every=9)) as place:
        say(place, RULE)
    with jobs(place.repo) as queue:
        (job,) = queue.list(user="ada", limit=9)
        assert job.state == "waiting"


def test_a_learning_process_that_dies_is_followed_by_another(place: Place) -> None:
    dead = place.server.worker.pid
    assert dead
    os.kill(dead, signal.SIGKILL)
    assert became(place, say(place, "From now on, greet me in Latin when you write a poem.")).state == "done"
    assert place.server.worker.pid not in (None, dead)


def test_what_is_to_be_learned_waits_for_the_next_day_when_the_tokens_of_this_one_are_used_up(tmp_path: Path) -> None:
    with upstream() as model:
        settings = {"model": "openai-compatible/answers", "model-url": f"{model.url}/v1", "model-budget": "100"}
        with serving(tmp_path, settings=settings) as place:
            tokens = budget(place.repo)
            tokens.spend(100)
            name = say(place, RULE).headers["skillgit-job"]
            time.sleep(2)
            (job,) = place.jobs()
            assert (job.id, job.state, job.tries, len(model.requests)) == (name, "waiting", 0, 0)
            tokens.spend(-100)  # as if it were another day
            until(lambda: place.jobs()[0].tries > 0)
            until(lambda: tokens.spent > 0)


def test_no_module_of_a_library_is_run_where_a_server_is_started_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pygit2.py").write_text("raise SystemExit('it was')")
    monkeypatch.chdir(tmp_path)
    with serving(tmp_path / "place") as place:
        assert became(place, say(place, RULE, learn="always")).state == "done"


TURNS = tuple(Turn("user", text) for text in ("a", "b", "c"))


def test_a_conversation_is_known_by_what_the_user_said() -> None:
    all_of_it = conversation.digests(TURNS)
    assert conversation.digests(TURNS[:2]) == all_of_it[:2]
    assert len(set(all_of_it)) == 3
    assert conversation.digests(TURNS[1:])[-1] != all_of_it[-1]


@pytest.mark.parametrize(("known", "place"), [(0, 0), (1, 1), (2, 3), (3, 4)])
def test_what_is_new_begins_behind_the_last_known_turn(known: int, place: int) -> None:
    roles = ("user", "assistant", "user", "user", "assistant")
    read = transcript(json.dumps([{"role": role, "content": f"{n}"} for n, role in enumerate(roles)]))
    assert conversation.since(read, known) == place


@contextmanager
def learner(repo: Repo) -> Iterator[subprocess.Popen[bytes]]:
    """A learning process, which is killed at the end."""
    command = [sys.executable, "-m", "skillgit.serve.learning", str(repo.directory)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def _are_done(queue: Jobs, count: int) -> bool:
    return queue.count().get("done", 0) >= count


@pytest.mark.slow
def test_jobs_of_processes_that_are_killed_are_each_done_once(tmp_path: Path) -> None:
    repo = init(tmp_path / "repo").repo
    with jobs(repo) as queue:
        for number in range(16):
            lesson = f"From now on always name the number {number} in such poems." if number % 2 else "Keep it short."
            text = f"Write a poem about the number {number}. {lesson}"
            messages = [{"role": "user", "content": text}]
            digests = conversation.digests((Turn("user", text),))
            queue.add(Wanted(f"user{number % 7}", json.dumps(messages), digests), name=f"job{number}", due=0)
        for share in (4, 8, 16):
            with learner(repo), learner(repo):  # as two servers of one repository have them
                until(partial(_are_done, queue, share))
        assert queue.count() == {"done": 16}
    assert repo.tip("HEAD")
    attempts = git("log", "--format=%(trailers:key=Skill-Attempt,valueonly)", cwd=repo.directory).split()
    assert [count for count in Counter(attempts).values() if count > 1] == []
    assert len(attempts) == 8  # what is said of one poem is no lesson
    assert git("fsck", "--strict", "--no-dangling", cwd=repo.directory) == ""


def test_the_learning_process_ends_when_nobody_is_at_its_stdin_any_more(tmp_path: Path) -> None:
    repo = init(tmp_path / "repo").repo
    with learner(repo) as process:
        time.sleep(0.1)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 0
