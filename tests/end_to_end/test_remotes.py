"""Sharing as users do it, over everything that git speaks without a network: share, clone, learn, push, pull."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from skillgit.git import hooks
from skillgit.git.address import is_local
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from tests.conftest import Run
from tests.end_to_end.remotes import SERVED, Serving, over_daemon, over_http
from tests.git.place import git, sound
from tests.share.hub import decisions, falling
from tests.share.libraries import skill_text

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


def test_what_a_hook_of_the_remote_says_is_heard(url: str, served: Path, tmp_path: Path, cli: Run) -> None:
    hooks.install(Repo.open(served / "hub.git"), hooks.SERVER)
    top = init(tmp_path / "laptop").repo.directory
    assert cli("share", f"{url}/hub.git", cwd=top).code == 0
    (top / "Users/ada/bad").mkdir(parents=True)
    (top / "Users/ada/bad/SKILL.md").write_text("no skill\n")
    git("add", "-A", cwd=top)
    git("commit", "-qm", "by hand", cwd=top)
    answer = cli("push", cwd=top)
    assert (answer.code, "pre-receive hook declined" in answer.err) == (1, True), answer.err
    assert (
        "hint: Users/ada/bad/SKILL.md: no frontmatter" in answer.err
        and git("rev-list", "--count", "main", cwd=served / "hub.git") == "1"
    )


def test_a_clone_brings_the_libraries_of_servers_and_none_of_this_machine(
    url: str, served: Path, tmp_path: Path, cli: Run
) -> None:
    acme = tmp_path / "acme"
    git("init", "-q", "-b", "main", acme)
    (acme / "SKILL.md").write_text(skill_text("acme"))
    git("add", "-A", cwd=acme)
    git("commit", "-qm", "x", cwd=acme)
    git("clone", "-q", "--bare", acme, served / "acme.git")
    top = init(tmp_path / "laptop").repo.directory
    assert cli("library", "add", f"{url}/acme.git", cwd=top).code == 0
    assert cli("share", f"{url}/hub.git", cwd=top).code == 0
    answer = cli("clone", f"{url}/hub.git", "desktop", cwd=tmp_path)
    listed = cli("list", "--common", cwd=tmp_path / "desktop").out
    if is_local(url):
        assert (answer.code, "a place on this machine" in answer.err, listed) == (1, True, "")
    else:
        assert (answer.code, "library acme is at" in answer.out, "Common/acme" in listed) == (0, True, True), answer.err


# who is let in


@pytest.fixture
def people(served: Path) -> Iterator[str]:
    """The address of a web server that knows two people."""
    with over_http(served, people={"ada": "lace", "bob": "tool"}) as url:
        yield f"{url}/hub.git"


def signed_in(user: str, password: str) -> None:
    """git's credential helper knows this user from now on."""
    helper = f"!f() {{ echo username={user}; echo password={password}; }}; f"
    git("config", "--global", "--replace-all", "credential.helper", helper)


def test_users_push_to_their_own_folder_where_the_server_says_who_they_are(
    people: str, served: Path, tmp_path: Path, cli: Run
) -> None:
    shared = Repo.open(served / "hub.git")
    git("config", "skillgit.maintainers", "ada", cwd=served / "hub.git")
    hooks.install(shared, hooks.SERVER)
    signed_in("ada", "lace")
    top = init(tmp_path / "laptop").repo.directory
    assert cli("share", people, cwd=top).code == 0
    signed_in("bob", "tool")
    assert cli("clone", people, "desktop", "--user", "bob", cwd=tmp_path).code == 0
    (tmp_path / "text").write_text(ONE)
    assert cli("ingest", "../text", cwd=tmp_path / "desktop").code == 0
    assert "1 sent" in cli("push", cwd=tmp_path / "desktop").out
    learned(cli, tmp_path / "desktop", TWO)
    answer = cli("push", cwd=tmp_path / "desktop")
    assert (answer.code, "is not below 'Users/bob/'" in answer.err) == (1, True), answer.err


@pytest.mark.parametrize("known", [False, True], ids=["no password", "a wrong password"])
@pytest.mark.parametrize("words", [["clone"], ["share"]], ids=" ".join)
def test_who_is_not_let_in_hears_so_and_is_asked_nothing(
    words: list[str], known: bool, people: str, tmp_path: Path, cli: Run
) -> None:
    if known:
        signed_in("ada", "wrong")
    top = init(tmp_path / "laptop").repo.directory
    answer = cli(*words, people, cwd=top)
    assert (answer.code, "did not let us in" in answer.err) == (128, True), answer.err
    assert "wrong" not in answer.err and git("remote", cwd=top) == "" and not (top / "hub").exists()


@pytest.mark.parametrize("served_by", [over_daemon, over_http], ids=["git daemon", "http-backend"])
def test_a_server_that_is_gone_loses_nothing(served_by: Serving, served: Path, tmp_path: Path, cli: Run) -> None:
    top = init(tmp_path / "laptop").repo.directory
    with served_by(served) as url:
        assert cli("share", f"{url}/hub.git", cwd=top).code == 0
        missing = cli("clone", f"{url}/nothing.git", cwd=tmp_path)
    learned(cli, top, ONE)
    tip = git("rev-parse", "HEAD", cwd=top)
    for words in (["push"], ["pull"], ["share"], ["clone", f"{url}/hub.git", "desktop"]):
        answer = cli(*words, cwd=top)
        assert (answer.code, "cannot reach" in answer.err) == (128, True), answer.err
    assert (missing.code, git("rev-parse", "HEAD", cwd=top), git("remote", cwd=top)) == (128, tip, "origin")
