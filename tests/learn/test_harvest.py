"""What is new in agents' sessions is learned from, once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from skillgit.errors import Unreadable, UsageError
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.learn.harvest import Taken, harvest
from skillgit.learn.ingest import foresee, land
from skillgit.learn.learner import Learner, Outcome
from skillgit.learn.sessions import find, ledger, machine, of_project
from skillgit.search.index import Index
from skillgit.transcripts.sources import named
from tests.git.place import git
from tests.learn.talks import ASKED, LESSON, SECOND, SMALL_TALK, session

CLAUDE = named("claude-code")


@pytest.fixture
def home() -> Path:
    return Path.home()


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return init(tmp_path / "lib").repo


def run(repo: Repo, *, user: str = "ada", dry: bool = False) -> list[str]:
    """One pass over all sessions: what became of each conversation that was read."""
    return [_word(each) for each in _pass(repo, user=user, dry=dry)]


def _pass(repo: Repo, *, user: str = "ada", dry: bool = False) -> Iterator[Taken]:
    learner = Learner(repo, Index.open(repo.private / "index"), user)
    with ledger(repo, user) as kept:
        unread = [each for each in find(CLAUDE, machine(Path())) if not kept.is_read(each)]
        yield from harvest(learner, unread, kept, land=foresee if dry else land)


def _word(taken: Taken) -> str:
    return taken.outcome.decision if isinstance(taken.outcome, Outcome) else type(taken.outcome).__name__


def commits(repo: Repo) -> int:
    return int(git("rev-list", "--count", "HEAD", cwd=repo.directory)) - 1


def test_each_session_is_learned_from_once(repo: Repo, home: Path) -> None:
    session(home, "one", *ASKED, *LESSON)
    session(home, "two", *SMALL_TALK)
    assert sorted(run(repo)) == ["add", "none"]
    assert (run(repo), commits(repo)) == ([], 1)


def test_a_file_that_was_touched_only_is_read_and_teaches_nothing_again(repo: Repo, home: Path) -> None:
    file = session(home, "one", *ASKED, *LESSON)
    run(repo)
    os.utime(file, (1, 1))
    assert (run(repo), commits(repo)) == ([], 1)


def test_a_session_that_has_grown_teaches_what_was_said_since(repo: Repo, home: Path) -> None:
    session(home, "one", *ASKED, *LESSON)
    run(repo)
    session(home, "one", *ASKED, *LESSON, *SECOND)
    assert (run(repo), commits(repo)) == (["merge"], 2)
    assert "+ In release notes, always mention the issue number" in git("log", "-1", "--format=%B", cwd=repo.directory)


def test_what_a_grown_session_taught_before_is_not_minted_again_where_people_took_it_out(
    repo: Repo, home: Path
) -> None:
    session(home, "one", *ASKED, *LESSON)
    run(repo)
    git("rm", "-rq", "Users", cwd=repo.directory)
    git("commit", "-qm", "by hand", cwd=repo.directory)
    session(home, "one", *ASKED, *LESSON, "Thanks.", "You are welcome.")
    assert run(repo) == ["none"]


def test_a_session_that_was_changed_further_up_is_a_new_one(repo: Repo, home: Path) -> None:
    session(home, "one", *SMALL_TALK)
    run(repo)
    session(home, "one", *ASKED, *LESSON)
    assert run(repo) == ["add"]


def test_a_session_that_moved_is_the_same(repo: Repo, home: Path) -> None:
    file = session(home, "one", *ASKED, *LESSON)
    run(repo)
    (file.parent.parent / "-src-web").mkdir()
    file.rename(file.parent.parent / "-src-web" / file.name)
    assert run(repo) == []


def test_whoever_stops_in_between_goes_on_there(repo: Repo, home: Path) -> None:
    for name, said in {"a": LESSON, "b": SECOND, "c": SMALL_TALK}.items():
        os.utime(session(home, name, *ASKED, *said), (ord(name), ord(name)))
    assert [_word(each) for each in islice(_pass(repo), 1)] == ["add"]
    assert (run(repo), commits(repo)) == (["merge", "none"], 2)


def test_without_the_ledger_everything_is_read_and_nothing_recorded_twice(repo: Repo, home: Path) -> None:
    session(home, "one", *ASKED, *LESSON)
    run(repo)
    (repo.private / "sessions.db").write_bytes(b"torn" * 4096)
    assert (run(repo), commits(repo)) == (["none"], 1)


def test_a_dry_run_marks_nothing(repo: Repo, home: Path) -> None:
    session(home, "one", *ASKED, *LESSON)
    assert (run(repo, dry=True), commits(repo)) == (["add"], 0)
    assert run(repo) == ["add"]


def test_each_user_has_a_ledger(repo: Repo, home: Path) -> None:
    session(home, "one", *ASKED, *LESSON)
    assert (run(repo), run(repo, user="bob")) == (["add"], ["add"])


def test_a_file_that_cannot_be_read_is_said_each_time_and_the_others_go_on(repo: Repo, home: Path) -> None:
    session(home, "bad").write_text("{")
    session(home, "one", *ASKED, *LESSON)
    assert sorted(run(repo)) == ["Unreadable", "add"]
    assert run(repo) == [Unreadable.__name__]


def test_sessions_are_chosen_by_time_and_by_project(home: Path) -> None:
    os.utime(session(home, "old", *SMALL_TALK), (1, 1))
    session(home, "app", *SMALL_TALK)
    session(home, "deep", *SMALL_TALK, cwd="/src/app/web")
    session(home, "other", *SMALL_TALK, cwd="/src/application")
    found = find(CLAUDE, machine(Path()), since=2.0)
    assert {each.path.stem for each in found} == {"app", "deep", "other"}
    assert {each.path.stem for each in of_project(found, [CLAUDE], Path("/src/app"))} == {"app", "deep"}


def test_an_agent_whose_sessions_do_not_tell_their_project_is_refused() -> None:
    with pytest.raises(UsageError, match="do not tell which project"):
        of_project((), [named("opencode")], Path("/src"))
