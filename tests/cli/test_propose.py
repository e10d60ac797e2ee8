"""`skillgit propose` as it is typed, and the policy that proposes what is learned."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.cli import shop
from tests.cli.shop import ADA, FRIDAY, MONDAY
from tests.cli.test_work import ends
from tests.conftest import Run
from tests.git.place import git
from tests.learn.talks import ASKED, LESSON, session
from tests.share.forge_apis import refuses
from tests.share.forges import TOKEN, Forge, forge

TOPIC = "learn/ada/2026-01-02"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Forge]:
    """A GitLab that has one empty project."""
    with (
        forge("gitlab", tmp_path / "srv") as running,
        patch.dict(os.environ, {"SKILLGIT_FORGE": "gitlab", "GITLAB_TOKEN": TOKEN}),
    ):
        running.repository("team/skills")
        yield running
        assert running.faults == []


@pytest.fixture
def top(server: Forge, cli: Run, tmp_path: Path) -> Path:
    """A repository whose main branch is at the forge."""
    assert cli("init", tmp_path / "lib").code == 0
    git("remote", "add", "origin", server.at("team/skills"), cwd=tmp_path / "lib")
    git("push", "-q", "origin", "main", cwd=tmp_path / "lib")
    return tmp_path / "lib"


def learn(cli: Run, top: Path, said: str, policy: str = "branch") -> str:
    """What `ingest` says of a conversation on stderr."""
    answer = cli("ingest", "--offline", "--policy", policy, "-", cwd=top, stdin=said, env=ADA)
    assert answer.code == 0, answer.err
    return answer.err


def test_it_says_what_became_of_it_and_where(cli: Run, server: Forge, top: Path) -> None:
    url = f"{server.url}/team/skills/-/merge_requests/1"
    assert cli("propose", cwd=top).err.startswith("error: there is no branch to propose\n")
    learn(cli, top, MONDAY)
    assert cli("propose", cwd=top).out == f"opened: merge request !1 {url}\n"
    assert cli("propose", cwd=top).out == f"as it was: merge request !1 {url}\n"
    learn(cli, top, FRIDAY)
    assert cli("propose", "--title", "Notes", cwd=top).out == f"updated: merge request !1 {url}\n"
    assert server.pulls[0].title == "Notes"


def test_json_says_the_same(cli: Run, server: Forge, top: Path) -> None:
    learn(cli, top, MONDAY)
    row = json.loads(cli("propose", "--json", cwd=top).out)
    assert (row["fate"], row["number"], row["branch"], row["base"]) == ("opened", 1, TOPIC, "origin/main")
    assert row["skills"] == [{"skill": "ada/release-notes", "change": "added", "before": None, "version": "0.1.0"}]
    assert (row["commits"], row["faults"]) == ([git("rev-parse", TOPIC, cwd=top)], [])
    assert row["text"].startswith("<!-- skillgit ")


def test_what_is_only_looked_at_is_not_pushed(cli: Run, server: Forge, top: Path, tmp_path: Path) -> None:
    learn(cli, top, MONDAY)
    answer = cli("propose", "--dry-run", cwd=top)
    assert (answer.code, answer.out.splitlines()[0]) == (0, "# add ada/release-notes 0.1.0")
    files = cli("propose", "--patch", tmp_path / "mails", cwd=top).out.splitlines()
    assert [Path(name).name[:5] for name in files] == ["0000-", "0001-"]
    assert (server.tip("team/skills", TOPIC), server.asked) == (None, [])


def test_a_text_can_be_had_from_a_forge_s_remote_too(cli: Run, server: Forge, top: Path) -> None:
    learn(cli, top, MONDAY)
    answer = cli("propose", "--print", cwd=top)
    assert f"  {server.at('team/skills')} {TOPIC}\n" in answer.out
    assert (server.tip("team/skills", TOPIC), server.asked) == (git("rev-parse", TOPIC, cwd=top), [])


def test_faults_are_told_and_are_the_answer_of_a_look(cli: Run, server: Forge, top: Path) -> None:
    learn(cli, top, MONDAY)
    git("switch", "-q", TOPIC, cwd=top)
    file = top / shop.NOTES / "SKILL.md"
    file.write_text(file.read_text().replace("description:", "descripton:"))
    git("commit", "--no-verify", "-qam", "by hand", cwd=top)
    looked = cli("propose", "--dry-run", cwd=top)
    assert looked.code == 1 and looked.err.startswith("error: ")
    git("config", "core.hooksPath", "/dev/null", cwd=top)  # our pre-push hook would not let it out
    opened = cli("propose", cwd=top)
    assert (opened.code, opened.out[:9]) == (0, "opened: m")
    assert opened.err == looked.err.replace("error: ", "warning: ")
    assert cli("propose", "--comment", "1", cwd=top).code == 1
    assert "- [ ] " in server.comments[0].body


def test_what_is_learned_is_proposed_where_that_is_the_policy(cli: Run, server: Forge, top: Path) -> None:
    url = f"{server.url}/team/skills/-/merge_requests/1"
    assert learn(cli, top, MONDAY, "pr") == f"opened: merge request !1 {url}\n"
    assert learn(cli, top, MONDAY, "pr") == ""
    assert learn(cli, top, FRIDAY, "pr") == f"updated: merge request !1 {url}\n"
    git("fetch", "-q", ".", f"{TOPIC}:main", cwd=server.root / "team/skills.git")
    assert learn(cli, top, FRIDAY, "pr") == ""


def test_what_work_learns_is_proposed_too_and_trouble_with_that_is_only_said(
    cli: Run, server: Forge, top: Path
) -> None:
    git("config", "skillgit.learn.policy", "pr", cwd=top)
    ends(cli, top, session(Path.home(), "one", *ASKED, *LESSON))
    server.first = [lambda asked: refuses(401, "no")]
    answer = cli("work", "--offline", cwd=top, env=ADA)
    assert (answer.code, answer.out[:21]) == (1, "add ada/release-notes")
    assert f"error: '{server.url}/api/v4' answered 401 Unauthorized: no\n" in answer.err
    ends(cli, top, session(Path.home(), "two", "Write a letter.", "Done.", "In letters, always name the sender."))
    answer = cli("work", "--offline", cwd=top, env=ADA)
    assert answer.code == 0
    assert answer.err.startswith(f"opened: merge request !1 {server.url}/team/skills/-/merge_requests/1\n")


def test_a_forge_that_fails_loses_nothing_that_was_learned(cli: Run, server: Forge, top: Path) -> None:
    env = {**ADA, "GITLAB_TOKEN": "wrong"}
    answer = cli("ingest", "--offline", "--policy", "pr", "-", cwd=top, stdin=MONDAY, env=env)
    assert answer.code == 128
    assert answer.err.startswith(f"fatal: '{server.url}/api/v4' answered 401 Unauthorized: Bad credentials\n")
    assert "hint: the token from environment (GITLAB_TOKEN) is not valid" in answer.err
    assert git("log", "-1", "--format=%s", TOPIC, cwd=top).startswith("add(ada/release-notes)")
    assert learn(cli, top, MONDAY, "pr").startswith("opened: ")
