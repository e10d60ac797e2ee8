"""Sharing for the first time: what leaves, what stays, and what happens where it must not or cannot leave."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.git import hooks
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from tests.changes.library import RELEASE
from tests.conftest import Run
from tests.git.place import git, sound
from tests.share.hub import learn
from tests.share.libraries import skill_text

SECRET = f"ghp_{'a1B2' * 9}"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with one lesson, and no remote."""
    repo = init(tmp_path / "team").repo
    learn(repo, RELEASE, "Tag it.")
    return repo


def by_hand(repo: Repo, files: dict[str, str], message: str = "by hand") -> None:
    """A commit of plain git."""
    top = repo.directory
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    git("add", "--all", cwd=top)
    git("commit", "-q", "-m", message, cwd=top)


def remotes(repo: Repo) -> list[str]:
    return git("remote", cwd=repo.directory).split()


def test_a_bare_repository_is_made_and_a_colleague_clones_it(repo: Repo, tmp_path: Path, cli: Run) -> None:
    answer = cli("share", "--bare", tmp_path / "srv/hub.git", cwd=repo.directory)
    bare = tmp_path / "srv/hub.git"
    assert answer.code == 0 and answer.out.splitlines()[-1] == f"others type: skillgit clone {bare}"
    assert git("rev-parse", "HEAD", cwd=bare) == repo.tip("HEAD")
    settings = git("config", "--list", cwd=bare)
    assert "receive.fsckobjects=true" in settings and "receive.denynonfastforwards=true" in settings
    assert cli("clone", bare, "mine", cwd=tmp_path).code == 0
    sound(bare)


def test_the_hooks_that_it_offers_check_what_is_pushed(repo: Repo, tmp_path: Path, cli: Run) -> None:
    said = cli("share", "--bare", "../hub.git", cwd=repo.directory).err
    words = said.partition("pushed to it: skillgit ")[2].split()
    assert cli(*words, cwd=repo.directory).code == 0
    assert "pre-receive" in {
        hook.name for hook in hooks.status(Repo.open(tmp_path / "hub.git")) if hook.state == "installed"
    }
    by_hand(repo, {f"{RELEASE}/SKILL.md": "no skill\n"})
    answer = cli("push", cwd=repo.directory)
    assert (answer.code, "pre-receive hook declined" in answer.err) == (1, True)


def test_the_branch_follows_what_it_was_shared_to(repo: Repo, tmp_path: Path, cli: Run) -> None:
    cli("share", "--bare", "../hub.git", "--remote", "team", cwd=repo.directory)
    learn(repo, RELEASE, "Sign it.")
    assert "1 sent to team/main" in cli("push", cwd=repo.directory).out
    assert git("status", "-sb", cwd=repo.directory).splitlines()[0] == "## main...team/main"
    cli("share", "--bare", "../backup.git", "--remote", "backup", cwd=repo.directory)
    assert git("config", "branch.main.remote", cwd=repo.directory) == "team"


def test_a_second_time_sends_what_is_new_to_the_same_place(repo: Repo, tmp_path: Path, cli: Run) -> None:
    cli("share", "--bare", "../hub.git", cwd=repo.directory)
    learn(repo, RELEASE, "Sign it.")
    for words in (["--bare", "../hub.git"], ["../hub.git"], []):
        answer = cli("share", *words, cwd=repo.directory)
        assert answer.code == 0 and "Initialized" not in answer.out
    assert git("rev-list", "--count", "main", cwd=tmp_path / "hub.git") == "3" and remotes(repo) == ["origin"]


def test_what_is_private_stays(repo: Repo, tmp_path: Path, cli: Run) -> None:
    (tmp_path / "text").write_text(
        "User: Write a changelog entry.\nAssistant: Done.\nUser: Always end changelog entries with the issue number.\n"
    )
    assert cli("ingest", "--user", "ada", "../text", cwd=repo.directory).code == 0
    tip = str(repo.tip("HEAD"))
    for ref in ("refs/skillgit/proposals/one", "refs/heads/learn/ada/2026-01-02"):
        git("update-ref", ref, tip, cwd=repo.directory)
    answer = cli("share", "--bare", "../hub.git", cwd=repo.directory)
    assert "stays here: the turns that decisions quote, 1 proposal, 1 branch\n" in answer.out
    assert git("for-each-ref", "--format=%(refname)", cwd=tmp_path / "hub.git") == "refs/heads/main"


def test_a_dry_run_says_what_would_leave_and_changes_nothing(repo: Repo, tmp_path: Path, cli: Run) -> None:
    by_hand(repo, {"Users/ada/mail/SKILL.md": skill_text("mail") + "Write to ada.byron@analytical.org.\n"})
    answer = cli("share", "--bare", "../hub.git", "--dry-run", cwd=repo.directory)
    assert (
        answer.out == f"main: 3 commits with 2 skills would be sent to {tmp_path}/hub.git\n"
        and "line 9: email" in answer.err
    )
    row = json.loads(cli("share", "--bare", "../hub.git", "--dry-run", "--json", cwd=repo.directory).out)
    assert (row["commits"], row["skills"], len(row["personal"])) == (3, ["ada/mail", "ada/release"], 1)
    assert remotes(repo) == [] and not (tmp_path / "hub.git").exists()


def _secret(repo: Repo) -> None:
    """A secret that a later commit has taken out."""
    by_hand(repo, {"Users/ada/key/SKILL.md": skill_text("key") + SECRET})
    by_hand(repo, {"Users/ada/key/SKILL.md": skill_text("key")})


def _personal(repo: Repo) -> None:
    by_hand(repo, {"Users/ada/mail/SKILL.md": skill_text("mail") + "Call +41 44 668 18 00.\n"})


def _personal_since(repo: Repo) -> None:
    _personal(repo)
    by_hand(repo, {"Users/ada/mail/SKILL.md": skill_text("mail") + "Call +41 44 668 18 00.\nBe brief.\n"})
    by_hand(repo, {"Users/ada/mail/SKILL.md": skill_text("mail")})


MUST_STAY: dict[str, tuple[Callable[[Repo], None], str]] = {
    "a secret in the history": (_secret, "looks like a secret"),
    "a secret in a message": (lambda repo: by_hand(repo, {"x": "x"}, f"use {SECRET}"), "looks like a secret"),
    "an invalid skill": (lambda repo: by_hand(repo, {"Users/ada/bad/SKILL.md": "bad\n"}), "ada/bad"),
    "a telephone number": (_personal, "line 9: phone"),
    "a telephone number of an earlier version": (_personal_since, "line 9: phone"),
    "an address in a message": (
        lambda repo: by_hand(repo, {"x": "x"}, "for ada.byron@analytical.org"),
        "its message, line 1: email",
    ),
}


@pytest.mark.parametrize(("prepare", "said"), MUST_STAY.values(), ids=MUST_STAY)
def test_what_must_not_leave_stops_it_before_anything_is_changed(
    prepare: Callable[[Repo], None], said: str, repo: Repo, tmp_path: Path, cli: Run
) -> None:
    prepare(repo)
    answer = cli("share", "--bare", "../hub.git", cwd=repo.directory)
    assert (answer.code, said in answer.err, "nothing is sent" in answer.err) == (1, True, True), answer.err
    assert SECRET not in answer.err and "668 18" not in answer.err and "byron" not in answer.err
    assert remotes(repo) == [] and not (tmp_path / "hub.git").exists()


def test_what_says_who_somebody_is_leaves_when_a_person_says_so(repo: Repo, cli: Run) -> None:
    _personal(repo)
    assert cli("share", "--bare", "../hub.git", "--yes", cwd=repo.directory).code == 0


def test_what_is_there_already_is_not_asked_about_again(repo: Repo, cli: Run) -> None:
    _personal(repo)
    assert cli("share", "--bare", "../hub.git", "--yes", cwd=repo.directory).code == 0
    by_hand(repo, {"Users/ada/mail/SKILL.md": skill_text("mail") + "Call +41 44 668 18 00.\nBe brief.\n"})
    assert cli("share", cwd=repo.directory).code == 0


def test_a_library_that_others_cannot_fetch_is_told_of(repo: Repo, tmp_path: Path, cli: Run) -> None:
    git("init", "-q", "-b", "main", tmp_path / "acme")
    (tmp_path / "acme/SKILL.md").write_text(skill_text("acme"))
    git("add", "-A", cwd=tmp_path / "acme")
    git("commit", "-qm", "x", cwd=tmp_path / "acme")
    assert cli("library", "add", "../acme", cwd=repo.directory).code == 0
    assert (
        "library 'acme' is at a place on this machine" in cli("share", "--bare", "../hub.git", cwd=repo.directory).err
    )


# what stops it


def _elsewhere(repo: Repo) -> None:
    git("remote", "add", "origin", "https://example.com/x", cwd=repo.directory)


def _detached(repo: Repo) -> None:
    git("checkout", "-q", "--detach", cwd=repo.directory)


def _folder(repo: Repo) -> None:
    (repo.directory.parent / "hub.git").mkdir()
    (repo.directory.parent / "hub.git/mine").write_text("mine")


def _nothing(repo: Repo) -> None:
    pass


@pytest.mark.parametrize(
    ("prepare", "words", "code", "said"),
    [
        (_nothing, [], 128, "'skillgit share URL' adds one"),
        (_nothing, ["x", "--bare", "y"], 2, "do not go together"),
        (_nothing, ["--bare", "https://example.com/x.git"], 2, "no folder of this machine"),
        (_nothing, ["--bare", "example.com:x.git"], 2, "no folder of this machine"),
        (_nothing, ["../nothing.git"], 1, "'skillgit share --bare PATH' makes it"),
        (_nothing, ["file:///nothing/here.git"], 128, "cannot reach '"),
        (_nothing, ["ext::sh -c id"], 128, "it names a program"),
        (_nothing, ["--", "-x"], 128, "take it for an option"),
        (_nothing, ["--bare", "../hub.git", "--remote", "-x"], 2, "is no name for a remote"),
        (_elsewhere, ["--bare", "../hub.git"], 1, "is at 'https://example.com/x' already"),
        (_detached, ["--bare", "../hub.git"], 1, "no branch to share"),
        (_folder, ["--bare", "../hub.git"], 1, "is not empty"),
        (_nothing, ["--bare", "hub.git"], 1, "is within this repository"),
    ],
    ids=[
        "no address",
        "two",
        "an address as a folder",
        "an ssh address as a folder",
        "not there",
        "unreachable",
        "a program",
        "an option",
        "a bad name",
        "elsewhere",
        "detached",
        "a folder",
        "within",
    ],
)
def test_what_stops_it_is_said_and_changes_nothing(
    prepare: Callable[[Repo], None], words: list[str], code: int, said: str, repo: Repo, cli: Run
) -> None:
    prepare(repo)
    before = remotes(repo), git("config", "--local", "--list", cwd=repo.directory)
    answer = cli("share", *words, cwd=repo.directory)
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert (remotes(repo), git("config", "--local", "--list", cwd=repo.directory)) == before


def test_a_repository_without_commits_has_nothing_to_share(tmp_path: Path, cli: Run) -> None:
    git("init", "-q", tmp_path / "new")
    assert cli("share", "--bare", "../hub.git", cwd=tmp_path / "new").code == 1


def test_a_remote_that_holds_something_else_is_kept_and_not_forced(repo: Repo, tmp_path: Path, cli: Run) -> None:
    git("init", "-q", "-b", "main", tmp_path / "other")
    git("commit", "-q", "--allow-empty", "-m", "a README of the forge's", cwd=tmp_path / "other")
    git("clone", "-q", "--bare", "other", "hub.git", cwd=tmp_path)
    answer = cli("share", "../hub.git", cwd=repo.directory)
    assert answer.code == 1 and "have no commit in common" in answer.err and remotes(repo) == ["origin"]
    assert git("rev-parse", "main", cwd=tmp_path / "hub.git") == git("rev-parse", "main", cwd=tmp_path / "other")
