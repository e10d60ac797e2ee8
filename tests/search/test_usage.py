"""Usage is counted by whoever comes, and never in the way of a search."""

from __future__ import annotations

import multiprocessing
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from skillgit.errors import Locked, RepositoryError
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.search import usage
from skillgit.search.hit import Hit
from skillgit.search.usage import Use, by_skill, count, read, record

NOTES = ("Users/ada/notes", "0.1.0")


def a_hit(path: str = NOTES[0], version: str = NOTES[1]) -> Hit:
    return Hit(path, "notes", version, "What and when.", (), "", 0.5, 0.5)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return init(tmp_path / "lib").repo


def counted(repo: Repo) -> list[tuple[str, str, str, int, int, int]]:
    return [(use.user, use.path, use.version, use.retrieved, use.injected, use.used) for use in read(repo)]


def test_nothing_is_counted_at_first(repo: Repo) -> None:
    assert read(repo) == ()


def test_what_was_found_put_into_a_prompt_and_used_is_counted_by_user_and_version(repo: Repo) -> None:
    newer = a_hit(version="0.2.0")
    assert count(repo, [a_hit(), newer], user="ada", injected=[newer]) == ()
    assert count(repo, [newer], user="bob") == ()
    record(repo, [NOTES, NOTES], user="ada")
    assert [use.user for use in read(repo, user="bob")] == ["bob"] and read(repo, user="carol") == ()
    assert counted(repo) == [
        ("ada", *NOTES, 1, 0, 2),
        ("ada", NOTES[0], "0.2.0", 1, 1, 0),
        ("bob", NOTES[0], "0.2.0", 1, 0, 0),
    ]
    assert all(abs(time.time() - use.last) < 60 and use.first <= use.last for use in read(repo))


def test_all_versions_of_a_skill_are_counted_together(repo: Repo) -> None:
    count(repo, [a_hit(), a_hit(version="0.2.0")], user="ada")
    record(repo, [NOTES], user="ada")
    (path, use), *more = by_skill(read(repo, user="ada")).items()
    assert (path, use.version, use.retrieved, use.used, more) == (NOTES[0], "", 2, 1, [])
    assert use.last >= use.first > 0


def test_no_hits_make_no_file(repo: Repo) -> None:
    assert count(repo, [], user="ada") == ()
    assert not (repo.private / "usage.db").exists()


def test_the_counts_stand_beside_git_and_in_no_work_tree(repo: Repo) -> None:
    count(repo, [a_hit()], user="ada")
    assert (repo.git_dir / "skillgit" / "usage.db").exists()


TORN: dict[str, Callable[[bytes], bytes]] = {
    "no database": lambda content: b"torn" * 5000,
    "cut short": lambda content: content[:5000],
    "overwritten": lambda content: content[:100] + b"\xff" * (len(content) - 100),
}


@pytest.mark.parametrize("tear", TORN.values(), ids=TORN.keys())
def test_a_torn_file_is_told_and_no_count_is_made_up(repo: Repo, tear: Callable[[bytes], bytes]) -> None:
    count(repo, [a_hit()], user="ada")
    file = repo.private / "usage.db"
    file.write_bytes(tear(file.read_bytes()))
    with pytest.raises(RepositoryError, match=r"usage\.db' is torn") as raised:
        read(repo)
    assert raised.value.hint == "remove it, and counting begins anew"
    assert count(repo, [a_hit()], user="ada") == ()


def another_format(file: Path) -> None:
    with closing(sqlite3.connect(file)) as counts:
        counts.execute("PRAGMA user_version = 99")


ANEW: dict[str, Callable[[Path], object]] = {
    "no database": lambda file: file.write_bytes(b"torn" * 5000),
    "empty": lambda file: file.write_bytes(b""),
    "of another format": another_format,
}


@pytest.mark.parametrize("replace", ANEW.values(), ids=ANEW.keys())
def test_a_file_that_is_none_of_ours_is_begun_anew(repo: Repo, replace: Callable[[Path], object]) -> None:
    count(repo, [a_hit(), a_hit("Users/ada/tea")], user="ada")
    replace(repo.private / "usage.db")
    assert count(repo, [a_hit()], user="ada") == ()
    assert counted(repo) == [("ada", *NOTES, 1, 0, 0)]


def test_a_search_does_not_wait_for_another_writer(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    count(repo, [a_hit()], user="ada")
    with closing(sqlite3.connect(repo.private / "usage.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        assert count(repo, [a_hit()], user="ada") == ()
        assert time.monotonic() - begun < 2
        monkeypatch.setattr(usage, "_SECONDS", 0.05)
        with pytest.raises(Locked, match="another process has been writing"):
            record(repo, [NOTES], user="ada")
    assert counted(repo) == [("ada", *NOTES, 1, 0, 0)]


def test_where_nothing_can_be_written_a_search_says_so_and_goes_on(repo: Repo) -> None:
    (repo.private / "usage.db").mkdir(parents=True)
    assert count(repo, [a_hit()], user="ada") == ("usage is not counted: unable to open database file",)
    with pytest.raises(RepositoryError, match=r"cannot use '.*usage\.db': unable to open database file"):
        record(repo, [NOTES], user="ada")


def test_what_was_counted_longest_ago_goes_where_the_file_is_full(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    count(repo, [a_hit(f"Users/ada/old-{number}") for number in range(2000)], user="ada")
    with closing(sqlite3.connect(repo.private / "usage.db")) as counts, counts:
        counts.execute("UPDATE given SET last = 5 WHERE path < 'Users/ada/old-2'")
    monkeypatch.setattr(usage, "_PAGES", 8)
    count(repo, [a_hit()], user="ada")
    left = {use.path for use in read(repo)}
    assert NOTES[0] in left
    assert "Users/ada/old-1000" not in left and "Users/ada/old-999" in left


def _search(directory: Path, times: int) -> None:
    repo = Repo.open(directory)
    for _ in range(times):
        usage._add(repo, [Use("ada", *NOTES, retrieved=1)], seconds=30)


def test_processes_count_at_once(repo: Repo) -> None:
    spawn = multiprocessing.get_context("spawn")
    others = [spawn.Process(target=_search, args=(repo.directory, 50)) for _ in range(2)]
    for other in others:
        other.start()
    _search(repo.directory, 50)
    for other in others:
        other.join()
        assert other.exitcode == 0
    assert counted(repo) == [("ada", *NOTES, 150, 0, 0)]
