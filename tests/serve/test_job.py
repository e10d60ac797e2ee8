"""What is learned by a server goes where the repository's policy says."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from skillgit.errors import SkillgitError
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.learn import learner
from skillgit.learn.jobs import Job, Wanted, jobs, owner
from skillgit.search.index import Index
from skillgit.serve import conversation
from skillgit.serve.learning import work
from skillgit.serve.run import Plan, check
from skillgit.transcripts.model import Turn
from tests.git.place import git
from tests.share.forge_apis import refuses
from tests.share.forges import TOKEN, Forge, forge

RULE = "From now on, always end a release note with the list of contributors."
MORE = "From now on, always begin a bug report with the version."
DAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""When jobs are made, so that no midnight comes between two of them."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Forge]:
    """A forge with one repository of skills."""
    known = {"GH_ENTERPRISE_TOKEN": TOKEN, "SKILLGIT_FORGE": "github"}
    with forge("github", tmp_path / "srv") as running, patch.dict(os.environ, known):
        running.repository("team/skills", init(tmp_path / "first").repo.directory)
        yield running
        assert running.faults == []


@dataclass(frozen=True, slots=True)
class Bench:
    """A server's repository, whose jobs are done when a test says so."""

    repo: Repo

    @property
    def branch(self) -> str:
        """That of the day on which the job was made."""
        return f"learn/ada/{DAY.date()}"

    def add(self, text: str, name: str = "job") -> None:
        with patch("time.time", DAY.timestamp), jobs(self.repo) as queue:
            digests = conversation.digests((Turn("user", text),))
            queue.add(Wanted("ada", json.dumps([{"role": "user", "content": text}]), digests), name=name, due=0)

    def did(self, name: str = "job", *, again: int = 0) -> Job:
        """The job of this name, when it was tried; `again` is how often it was before, and how much later it is."""
        learning = learner.configured(self.repo, Index.open(self.repo.private / "index"), "")
        now = time.time() + 60 * again
        with patch("time.time", lambda: now), jobs(self.repo) as queue:
            assert work(self.repo, queue, mine=owner(), learning=learning)
            found = queue.get(name, user="ada")
        assert found
        return found


def bench(directory: Path, policy: str, url: str = "") -> Bench:
    """A server's repository with this policy, and a remote."""
    init(directory)
    for key, value in {"embedder": "none", "user": "ada", "learn.policy": policy}.items():
        git("config", f"skillgit.{key}", value, cwd=directory)
    if url:
        git("remote", "add", "origin", url, cwd=directory)
        git("fetch", "-q", "origin", cwd=directory)
    return Bench(Repo.open(directory))


def test_by_the_policy_of_branches_the_branch_of_users_stays_as_it_is(tmp_path: Path) -> None:
    place = bench(tmp_path / "repo", "branch")
    before = place.repo.tip("HEAD")
    place.add(RULE)
    done = place.did()
    assert (done.state, done.decision) == ("done", "add")
    assert place.repo.tip("HEAD") == before
    assert place.repo.tip(f"refs/heads/{place.branch}") == done.commit


def test_what_is_in_the_way_of_somebodys_own_changes_is_parked_and_said(tmp_path: Path) -> None:
    place = bench(tmp_path / "repo", "auto")
    place.add(RULE)
    first = place.did()
    (file,) = (place.repo.directory / "Users/ada").glob("*/SKILL.md")
    file.write_text(file.read_text() + "- mine\n")
    place.add(RULE.replace("always end", "never begin"), "second")
    second = place.did("second")
    assert (second.state, second.skill) == ("done", first.skill)
    assert "; parked at 'refs/skillgit/proposals/" in second.reason
    assert "edited and not committed" in second.reason
    assert file.read_text().endswith("- mine\n")


def test_by_the_policy_of_proposals_each_decision_is_in_the_one_pull_request(server: Forge, tmp_path: Path) -> None:
    place = bench(tmp_path / "repo", "pr", server.at("team/skills"))
    for number, said in enumerate((RULE, MORE)):
        place.add(said, f"job{number}")
        done = place.did(f"job{number}")
        assert (done.state, done.error) == ("done", "")
        assert server.tip("team/skills", place.branch) == done.commit
    (pull,) = server.pulls
    assert pull.head == place.branch
    assert "contributors" in pull.body and "bug report" in pull.body


def test_nothing_is_asked_of_the_remote_where_nothing_was_learned(server: Forge, tmp_path: Path) -> None:
    place = bench(tmp_path / "repo", "pr", server.at("team/skills"))
    place.add("What is a release?")
    assert place.did().decision == "none"
    assert server.asked == []


def test_a_proposal_that_fails_is_said_and_made_by_the_next_try(server: Forge, tmp_path: Path) -> None:
    place = bench(tmp_path / "repo", "pr", server.at("team/skills"))
    place.add(RULE)
    server.first.extend([lambda _: refuses(503, "down for maintenance")] * 9)
    failed = place.did()
    assert (failed.state, failed.faults) == ("waiting", 1)
    assert "503" in failed.error or "down for maintenance" in failed.error
    server.first.clear()
    done = place.did(again=1440)  # the next day
    assert (done.state, done.decision, done.version) == ("done", "add", "0.1.0")
    assert done.commit == server.tip("team/skills", place.branch)
    assert len(server.pulls) == 1


def test_a_server_that_could_not_propose_does_not_start(tmp_path: Path) -> None:
    place = bench(tmp_path / "repo", "pr")
    plan = Plan(str(place.repo.directory), "127.0.0.1", 0, ["http://x"], 1)
    with pytest.raises(SkillgitError, match="there is no remote"):
        check(plan)
    git("remote", "add", "origin", "../hub.git", cwd=place.repo.directory)
    assert any("proposed at 'origin'" in note for note in check(plan))
