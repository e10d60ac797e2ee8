"""Several servers of one repository, servers that are killed, and a database of jobs that is away."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from skillgit.git.repo import Repo
from skillgit.learn import jobs_sqlite
from skillgit.learn.jobs import Job, Jobs, jobs
from skillgit.serve.app import app
from skillgit.serve.server import Server, rules
from tests.conftest import Run
from tests.git.place import git
from tests.postgres import cut, kept_at
from tests.serve.place import REPORT, chat, library, until
from tests.serve.test_run import below, served
from tests.serve.upstream import Up, listening, upstream

KILLED = int(os.environ.get("SKILLGIT_KILLED_JOBS", "10"))
"""Jobs of a server that is killed; `SKILLGIT_KILLED_JOBS=200` is what issue 8 asks for."""


@pytest.fixture(params=["sqlite", "postgres"])
def repo(tmp_path: Path, request: pytest.FixtureRequest) -> Repo:
    """A library that keeps its jobs here or there."""
    made = library(tmp_path / "repo")
    if request.param == "postgres":
        kept_at(request.getfixturevalue("postgres"), made)
    return made


@pytest.fixture
def up() -> Iterator[Up]:
    with upstream() as made:
        yield made


FIRST = [
    "barn",
    "coal",
    "dust",
    "fern",
    "gold",
    "hawk",
    "iron",
    "jade",
    "kite",
    "lamp",
    "moss",
    "nest",
    "pine",
    "reed",
    "salt",
]
SECOND = ["boat", "cart", "desk", "gate", "hall", "jar", "lane", "mill", "pipe", "roof", "sail", "tank", "vase", "well"]


def thing(number: int) -> str:
    """A thing that is like no other: "barncart"."""
    return FIRST[number // len(SECOND)] + SECOND[number % len(SECOND)]


def says(number: int) -> str:
    """A request that teaches something of its own."""
    return f"Describe a {thing(number)}. From now on, when you describe a {thing(number)}, always say how old it is."


def ask(url: str, text: str, **options: object) -> httpx.Response:
    answer = httpx.post(f"{url}/v1/chat/completions", content=chat(text, skillgit=options), timeout=30)
    return answer.raise_for_status()


def counted(repo: Repo) -> dict[str, int]:
    with jobs(repo) as queue:
        return queue.count()


def are_done(repo: Repo, number: int) -> bool:
    return counted(repo).get("done", 0) >= number


def attempts(repo: Repo) -> Counter[str]:
    """How many decisions each attempt has led to."""
    out = git("log", "--format=%(trailers:key=Skill-Attempt,valueonly)", cwd=repo.directory)
    return Counter(out.split())


@pytest.mark.slow
def test_two_servers_of_a_repository_share_jobs_and_answer_alike(repo: Repo, up: Up) -> None:
    servers = [Server(repo.directory, rules(repo, [up.url]), is_local=True) for _ in range(2)]
    with listening(app(servers[0])) as one, listening(app(servers[1])) as other:
        names = [ask((one, other)[number % 2], says(number)).headers["skillgit-job"] for number in range(10)]
        until(partial(are_done, repo, len(names)))
        assert counted(repo) == {"done": len(names)}
        assert set(attempts(repo).values()) == {1}
        until(lambda: len({str(given(url)) for url in (one, other)}) == 1)
        for url in (one, other):
            found = httpx.get(f"{url}/v1/skillgit/extractions/{names[0]}").raise_for_status().json()
            assert found["state"] == "done"


@pytest.mark.slow
def test_two_servers_with_a_clone_each_share_a_database(tmp_path: Path, postgres: str, up: Up, cli: Run) -> None:
    origin = library(tmp_path / "origin")
    git("clone", "-q", "--bare", str(origin.directory), str(tmp_path / "hub.git"), cwd=tmp_path)
    clones, name = list[Repo](), ""
    for place in (tmp_path / "one", tmp_path / "other"):
        assert cli("clone", tmp_path / "hub.git", place, cwd=tmp_path).code == 0
        clones.append(Repo.open(place))
        name = kept_at(postgres, clones[-1], name=name)
        for key, value in {"user": "ada", "embedder": "", "search.vectors": postgres}.items():
            git("config", f"skillgit.{key}", value, cwd=place)
    servers = [Server(clone.directory, rules(clone, [up.url]), is_local=True) for clone in clones]
    with listening(app(servers[0])) as one, listening(app(servers[1])) as other:
        for number in range(6):
            ask((one, other)[number % 2], says(number))
        until(partial(are_done, clones[0], 6))
        assert counted(clones[1]) == {"done": 6}
        assert sum(map(attempts, clones), Counter()) == Counter(
            {attempt: 1 for each in clones for attempt in attempts(each)}
        )
        for clone, words in ((0, "push"), (1, "pull"), (1, "push"), (0, "pull")):
            assert cli(words, cwd=clones[clone].directory).code == 0
        assert lessons(clones[0]) == lessons(clones[1]) == {thing(number) for number in range(6)}
        until(lambda: len({given(url) for url in (one, other)}) == 1)


def given(url: str) -> str:
    """The skills that a server gives for a request that some were learned for by now."""
    return str(ask(url, f"Describe a {thing(7)}.", learn="never").headers.get("skillgit-skills", url))


@pytest.mark.slow
def test_each_job_of_a_server_that_is_killed_is_finished_once(repo: Repo, up: Up) -> None:
    options = {"learn": "always"}
    with served(repo.directory, "--upstream", up.url) as (process, url):
        for number in range(KILLED):
            ask(url, says(number), **options)
        until(lambda: sum(counted(repo).values()) == KILLED)
        kill(process)
    with served(repo.directory, "--upstream", up.url) as (process, _):
        until(partial(are_done, repo, KILLED // 2))
        kill(process)
    with served(repo.directory, "--upstream", up.url):
        until(partial(are_done, repo, KILLED))
    assert counted(repo) == {"done": KILLED}
    assert set(attempts(repo).values()) == {1}
    assert len(attempts(repo)) == KILLED
    assert lessons(repo) == {thing(number) for number in range(KILLED)}
    assert git("fsck", "--strict", "--no-dangling", cwd=repo.directory) == ""


def kill(server: subprocess.Popen[str]) -> None:
    """End a server and all that it has started, as a power cut would."""
    for pid in (*below(server.pid), server.pid):
        os.kill(pid, signal.SIGKILL)


def lessons(repo: Repo) -> set[str]:
    """The things of which some skill says what to say."""
    found = git("grep", "-hoiE", "when you describe a [a-z]+", "HEAD", "--", "Users/ada", cwd=repo.directory)
    return {line.rpartition(" ")[2] for line in found.splitlines()}


@pytest.mark.parametrize("key", ["serve.jobs", "search.vectors"])
def test_a_database_without_a_name_for_the_repository_is_an_error_at_once(tmp_path: Path, cli: Run, key: str) -> None:
    repo = library(tmp_path / "repo")
    git("config", f"skillgit.{key}", "postgresql://ada:secret@db.example/skills", cwd=repo.directory)
    done = cli("serve", "--upstream", "http://127.0.0.1:9", "--port", "0", cwd=repo.directory)
    assert (done.code, done.out) == (2, "")
    assert f"'{key}' names a database, and nothing says which of its repositories this is" in done.err
    assert "secret" not in done.err


def here(repo: Repo) -> list[Job]:
    """The jobs that wait in the file of a repository."""
    with closing(jobs_sqlite.connect(repo)) as database:
        return [job for job, _ in Jobs(database).held()]


@contextmanager
def door(url: str) -> Iterator[tuple[str, Callable[[bool], None]]]:
    """Another address of a database, and what opens and closes it."""
    there = url.partition("host=")[2].partition("&")[0]
    with tempfile.TemporaryDirectory(prefix="door-") as folder:
        way = Path(folder) / "to"

        def turn(is_open: bool) -> None:
            way.unlink(missing_ok=True)
            if is_open:
                way.symlink_to(there)

        yield url.replace(there, str(way)), turn


@pytest.mark.slow
def test_a_database_that_is_away_delays_learning_and_nothing_else(tmp_path: Path, postgres: str, up: Up) -> None:
    repo = library(tmp_path / "repo")
    with door(postgres) as (url, turn):
        kept_at(url, repo)
        with served(repo.directory, "--upstream", up.url) as (process, address):
            name = ask(address, says(7)).headers["skillgit-job"]
            until(lambda: [job.id for job in here(repo)] == [name])
            asked = httpx.post(
                f"{address}/v1/skillgit/extractions", json={"messages": [{"role": "user", "content": REPORT}]}
            )
            assert (asked.status_code, asked.json()["error"]["message"][:14]) == (503, "the repository")
            assert httpx.get(f"{address}/health", timeout=20).json()["checks"]["jobs"] == "they cannot be read"
            turn(True)
            until(lambda: here(repo) == [])
            until(partial(are_done, repo, 1))
            turn(False)
            cut(postgres)
            for number in (8, 9):
                ask(address, says(number))
            until(lambda: len(here(repo)) == 2)
            turn(True)
            until(partial(are_done, repo, 3))
            process.terminate()
            _, said = process.communicate(timeout=30)
    assert "; jobs wait in this repository until it is back" in said
    told = [json.loads(line).get("trouble", "") for line in said.splitlines() if line.startswith("{")]
    assert any(line.startswith(f"job {name} waits in this repository until the database is back") for line in told)
    assert "Traceback" not in said
    assert lessons(repo) == {thing(number) for number in (7, 8, 9)}
