"""What users were given is counted soon, together, and at the latest when the server ends."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree
from threading import Thread

import pytest

from skillgit.git.repo import Repo
from skillgit.search import usage
from skillgit.search.hit import Hit
from skillgit.serve import audit
from skillgit.serve.counting import Counting
from skillgit.serve.retrieval import Found
from tests.serve.place import library

HIT = Hit("Users/ada/notes", "notes", "0.1.0", "What and when.", (), "", 0.5, 0.5)
FOUND = Found("text", (HIT,), (HIT,))


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return library(tmp_path / "library")


def test_all_that_was_given_is_counted_when_the_server_ends(repo: Repo) -> None:
    counting = Counting(repo.directory)

    def give(user: str) -> None:
        for _ in range(200):
            counting.add(FOUND, user=user)

    givers = [Thread(target=give, args=(user,)) for user in "ab"]
    for giver in givers:
        giver.start()
    for giver in givers:
        giver.join()
    counting.settle()
    assert sum(use.injected for use in usage.read(repo)) == 400
    counting.add(FOUND, user="a")
    counting.add(Found(), user="c")
    counting.close()
    assert [(use.user, use.path, use.retrieved, use.injected) for use in usage.read(repo)] == [
        ("a", HIT.path, 201, 201),
        ("b", HIT.path, 200, 200),
    ]


def test_what_cannot_be_counted_is_told_once(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(audit, "trouble", told.append)
    (repo.private / "usage.db").mkdir(parents=True)
    counting = Counting(repo.directory)
    for _ in range(3):
        counting.add(FOUND, user="a")
        counting.settle()
    counting.close()
    assert ["usage is not counted" in line for line in told] == [True]


def test_what_cannot_be_counted_without_anybody_waiting_is_told_too(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(audit, "trouble", told.append)
    counting = Counting(repo.directory)
    rmtree(repo.directory)
    counting.add(FOUND, user="a")
    counting.close()
    assert [line.partition(": ")[0] for line in told] == ["usage is not counted"]
