"""Sharing as users do it, over everything that git speaks without a network: share, clone, learn, push, pull."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from skillgit.git.setup import init
from tests.conftest import Run
from tests.end_to_end.remotes import SERVED
from tests.git.place import git, sound
from tests.share.hub import decisions, falling

ONE = (
    "User: Write a changelog entry.\nAssistant: Done.\nUser: From now on, write changelog entries in the past tense.\n"
)
TWO = "User: Write a changelog entry.\nAssistant: Done.\nUser: Always end changelog entries with the issue number.\n"
SKILL = "Users/ada/changelog-entry/SKILL.md"


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """The folder of repositories that a server shows: an empty one for skills."""
    folder = tmp_path / "served"
    git("init", "-q", "--bare", "-b", "main", folder / "hub.git")
    return folder


@pytest.fixture(params=SERVED)
def url(request: pytest.FixtureRequest, served: Path) -> Iterator[str]:
    with SERVED[request.param](served) as address:
        yield address


def learned(cli: Run, top: Path, text: str) -> None:
    (top.parent / "session.txt").write_text(text)
    answer = cli("ingest", "--user", "ada", "../session.txt", cwd=top)
    assert answer.code == 0, answer.err


def test_two_who_learn_at_the_same_time_end_with_both_rules(url: str, served: Path, tmp_path: Path, cli: Run) -> None:
    laptop, desktop = init(tmp_path / "laptop").repo.directory, tmp_path / "desktop"
    shared = cli("share", f"{url}/hub.git", cwd=laptop)
    assert (shared.code, shared.out.splitlines()[-1]) == (0, f"others type: skillgit clone {url}/hub.git"), shared.err
    assert cli("clone", f"{url}/hub.git", "desktop", cwd=tmp_path).code == 0
    learned(cli, laptop, ONE)
    learned(cli, desktop, TWO)
    assert "1 sent" in cli("push", cwd=laptop).out
    assert "made again: merge ada/changelog-entry 0.1.1" in cli("push", cwd=desktop).out
    assert "1 received" in cli("pull", cwd=laptop).out
    rules = (laptop / SKILL).read_text()
    assert "past tense" in rules and "issue number" in rules and (desktop / SKILL).read_text() == rules
    assert falling(decisions(served / "hub.git")) == []
    sound(served / "hub.git")
    sound(desktop)
