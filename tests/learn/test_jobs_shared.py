"""What is particular about jobs in PostgreSQL: servers of several machines, and a database that is away."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from skillgit import config, postgres
from skillgit.config import Value
from skillgit.errors import DatabaseError, UsageError
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.learn import jobs_sqlite
from skillgit.learn.jobs import Jobs, Owner, Result, Wanted, added, jobs, move, owner
from tests.git.place import git
from tests.postgres import cut, kept_at

NOWHERE = "postgresql://ada:secret@127.0.0.1:1/skills"
"""A database that is away, and an address with a password in it."""


@pytest.fixture
def repo(tmp_path: Path, postgres: str) -> Repo:
    made = init(tmp_path / "repo").repo
    kept_at(postgres, made)
    return made


@pytest.fixture
def queue(repo: Repo) -> Iterator[Jobs]:
    with jobs(repo) as made:
        yield made


def add(queue: Jobs, name: str, *, user: str = "ada", content: str = "[]") -> None:
    queue.add(Wanted(user, content, (name,)), name=name, due=0)


def elsewhere(tmp_path: Path, postgres: str, *, name: str) -> Repo:
    """A repository on what may be another machine, with this name in the database."""
    made = init(tmp_path / "elsewhere").repo
    kept_at(postgres, made, name=name)
    return made


def machine(number: int) -> Owner:
    """A process of some machine."""
    return replace(owner(), host=f"machine {number}")


def name_of(repo: Repo) -> str:
    return str(repo.config("skillgit.shared-name"))


def test_servers_of_one_name_share_their_jobs(tmp_path: Path, postgres: str, repo: Repo, queue: Jobs) -> None:
    add(queue, "one")
    with jobs(elsewhere(tmp_path, postgres, name=name_of(repo))) as other:
        leased = other.lease(machine(1))
        assert leased and leased[0].id == "one"
        assert queue.lease(machine(2)) is None
        other.finish(leased[0], Result("add", "new"), digests=("one",))
    assert queue.heard("ada", ("one",)) == 1


def test_servers_of_another_name_see_nothing(tmp_path: Path, postgres: str, queue: Jobs) -> None:
    add(queue, "one")
    with jobs(elsewhere(tmp_path, postgres, name="others")) as other:
        assert (other.get("one", user="ada"), other.lease(owner()), other.count()) == (None, None, {})


def test_of_many_who_lease_at_once_each_job_has_one_and_no_user_two(repo: Repo, queue: Jobs) -> None:
    for job in range(60):
        add(queue, f"job{job}", user=f"user{job % 5}")
    running, most = dict[str, int](), list[int]()
    guard = threading.Lock()

    def work(number: int) -> list[str]:
        mine, did = machine(number), list[str]()
        with jobs(repo) as own:
            while leased := own.lease(mine):
                job, _ = leased
                with guard:
                    running[job.user] = running.get(job.user, 0) + 1
                    most.append(running[job.user])
                with guard:
                    running[job.user] -= 1
                own.finish(job, Result("none", ""), digests=())
                did.append(job.id)
        return did

    with ThreadPoolExecutor(6) as threads:
        done = [name for did in threads.map(work, range(6)) for name in did]
    done += work(6)  # what they gave up, as others of its user ran
    assert sorted(done) == sorted(f"job{number}" for number in range(60))
    assert set(most) == {1}


def test_a_job_that_is_added_is_told_of(repo: Repo, queue: Jobs) -> None:
    add(queue, "before")
    told = added(repo)
    with ThreadPoolExecutor(1) as heard:
        waiting = heard.submit(next, told)
        while not waiting.done():
            add(queue, "one")  # until somebody listens; it is there once
    assert queue.count() == {"waiting": 2}


def test_a_text_that_no_database_keeps_is_no_reason_to_lose_a_job(queue: Jobs) -> None:
    queue.add(Wanted("ada", '["\\u0000"]', ("d",), "now", "a\0b"), name="one", due=0)
    found = queue.get("one", user="ada")
    assert found and found.hint == "a\ufffdb"


def test_tables_of_another_version_are_left_alone(postgres: str, repo: Repo, queue: Jobs) -> None:
    add(queue, "one")
    with psycopg.connect(postgres) as connection:
        connection.execute(f'UPDATE "skillgit_{name_of(repo)}".format SET version = 9'.encode())
    with jobs(repo) as other, pytest.raises(DatabaseError, match=r"the jobs at .* are in version 9"):
        other.count()


def test_a_connection_that_was_cut_is_made_anew(postgres: str, queue: Jobs) -> None:
    add(queue, "one")
    cut(postgres)
    with pytest.raises(DatabaseError):
        queue.count()
    assert queue.count() == {"waiting": 1}


def use(queue: Jobs) -> None:
    queue.count()


@pytest.mark.parametrize("ask", [use, lambda queue: add(queue, "one"), lambda queue: queue.lease(owner())])
def test_a_database_that_is_away_is_said_and_its_password_is_not(tmp_path: Path, ask: Callable[[Jobs], object]) -> None:
    repo = init(tmp_path / "repo").repo
    kept_at(NOWHERE, repo)
    with jobs(repo) as queue, pytest.raises(DatabaseError, match=r"the database at 127\.0\.0\.1/skills fails") as said:
        ask(queue)
    assert "secret" not in str(said.value)
    with pytest.raises(DatabaseError, match="was away a moment ago"):  # as each try may take seconds
        ask(queue)


def test_what_waits_in_the_file_of_a_repository_moves_once(repo: Repo, queue: Jobs) -> None:
    with closing(jobs_sqlite.connect(repo)) as database:
        here = Jobs(database)
        for name in ("one", "two", "done"):
            add(here, name, user=name)
        leased = here.lease(owner())
        assert leased
        here.finish(leased[0], Result("none", ""), digests=())
        add(queue, "two", user="two")  # as if it had been moved by somebody who was killed over it
        move(repo, queue)
        assert here.held() == []
    assert queue.count() == {"waiting": 2}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"serve.jobs": "mysql://x/y", "shared-name": "a"}, "must be an address: postgresql://"),
        ({"serve.jobs": "postgresql://x/y"}, "nothing says which of its repositories this is"),
        ({"serve.jobs": "postgresql://x/y", "shared-name": "A team"}, "must be 1 to 40 of a-z"),
        ({"serve.jobs": "postgresql://ada:secret@[::1/y", "shared-name": "a"}, "the address of the database cannot be"),
    ],
)
def test_a_setting_that_names_no_database_is_an_error(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    repo = init(tmp_path / "repo").repo
    for key, value in settings.items():
        git("config", f"skillgit.{key}", value, cwd=repo.directory)
    with pytest.raises(UsageError, match=said) as error, jobs(repo):
        pass
    assert "secret" not in str(error.value)


def test_an_extra_that_is_not_installed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = init(tmp_path / "repo").repo
    kept_at(NOWHERE, repo)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match="cannot use PostgreSQL") as error, jobs(repo):
        pass
    assert error.value.hint == "pip install 'skillgit[postgres]'"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ada:secret@db.example/skills", "postgresql://***@db.example/skills"),
        ("postgresql://ada:sec/r@t@db.example/skills", "postgresql://***@db.example/skills"),
        ("postgresql://db/skills?user=ada&password=secret&x=1", "postgresql://db/skills?user=ada&password=***&x=1"),
        ("postgresql://db.example/skills", "postgresql://db.example/skills"),
        ("https://models.example/v1", "https://models.example/v1"),
    ],
)
def test_the_password_of_an_address_is_not_shown(url: str, shown: str) -> None:
    assert config.shown(url) == shown
    assert "sec" not in config.complaint(config.row("model-timeout"), Value(url, "x"))


def test_an_address_is_told_by_its_host_and_database() -> None:
    assert postgres.where(NOWHERE) == "127.0.0.1/skills"
