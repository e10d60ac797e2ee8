"""Proposing a branch with real git to forges on loopback: opened once, brought up, never doubled."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import pytest

from skillgit.errors import NotFound, Refused, SkillgitError, UsageError
from skillgit.git.repo import Repo
from skillgit.share import propose as proposing
from skillgit.share.propose import Proposed
from tests.changes import library as lib
from tests.git.place import git
from tests.share import hub
from tests.share.forge_apis import Pull, Said, says
from tests.share.forges import TOKEN, Asked, Forge, forge

TOPIC = "learn/ada/2026-01-02"
KINDS = pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
VARIABLES = {"GH_ENTERPRISE_TOKEN": TOKEN, "GITLAB_TOKEN": TOKEN, "GITEA_TOKEN": TOKEN}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of skills, for others to be copies of."""
    return lib.library(tmp_path_factory.mktemp("first") / "lib").directory


@pytest.fixture
def server(request: pytest.FixtureRequest, first: Path, tmp_path: Path) -> Iterator[Forge]:
    """A forge of the kind that the test is about, GitHub by default, with one repository of skills."""
    callspec = getattr(request.node, "callspec", None)
    kind = callspec.params.get("kind", "github") if callspec else "github"
    with forge(kind, tmp_path / "srv") as running, patch.dict(os.environ, {**VARIABLES, "SKILLGIT_FORGE": kind}):
        running.repository("team/skills", first)
        yield running
        assert running.faults == []


@pytest.fixture
def repo(server: Forge, tmp_path: Path) -> Repo:
    """A clone with a learned branch that the forge does not have yet; `main` is the current one."""
    return clone(server, "team/skills", tmp_path / "here")


def clone(server: Forge, path: str, top: Path) -> Repo:
    git("clone", "-q", server.root / f"{path}.git", top)
    git("remote", "set-url", "origin", server.at(path), cwd=top)
    git("switch", "-qc", TOPIC, cwd=top)
    hub.learn(Repo.open(top), lib.RELEASE, "Tag the release.", attempt="A" * 26)
    git("switch", "-q", "main", cwd=top)
    return Repo.open(top)


def learn_more(repo: Repo, rule: str) -> None:
    """Another decision on the learned branch."""
    git("switch", "-q", TOPIC, cwd=repo.directory)
    hub.learn(repo, lib.RELEASE, rule)
    git("switch", "-q", "main", cwd=repo.directory)


def propose(repo: Repo, branch: str | None = None, *, base: str | None = None, **said: str | bool) -> Proposed:
    return proposing.propose(repo, proposing.aim(repo, branch, base=base), **said)  # type: ignore[arg-type]


def changes(server: Forge) -> list[str]:
    """The calls that changed something."""
    return [asked.method for asked in server.asked if asked.method != "GET"]


@KINDS
def test_a_branch_is_pushed_and_asked_for_once(server: Forge, repo: Repo, kind: str) -> None:
    done = propose(repo)
    assert (done.fate, done.pull and done.pull.number) == ("opened", 1)
    assert server.tip("team/skills", TOPIC) == repo.tip(f"refs/heads/{TOPIC}")
    pull = server.pulls[0]
    assert (pull.head, pull.base, pull.source, pull.target) == (TOPIC, "main", "team/skills", "team/skills")
    assert pull.title == "merge ada/release 0.1.1"
    assert "+ Tag the release." in pull.body
    assert [propose(repo).fate, propose(repo).fate] == ["unchanged", "unchanged"]
    assert (changes(server), len(server.pulls)) == (["POST"], 1)


@KINDS
def test_what_is_learned_later_comes_into_the_same_request(server: Forge, repo: Repo, kind: str) -> None:
    propose(repo)
    server.pulls[0].body = f"Please look.\n\n{server.pulls[0].body}".replace("\n", "\r\n")
    learn_more(repo, "Write the notes first.")
    assert propose(repo).fate == "updated"
    assert (len(server.pulls), server.pulls[0].title) == (1, "2 decisions about ada/release")
    assert server.pulls[0].body.startswith("Please look.\r\n\r\n")
    assert "+ Write the notes first." in server.pulls[0].body
    assert propose(repo).fate == "unchanged"


def test_a_title_of_a_person_s_stays(server: Forge, repo: Repo) -> None:
    propose(repo, title="My title")
    learn_more(repo, "Write the notes first.")
    assert (propose(repo).fate, server.pulls[0].title) == ("updated", "My title")
    assert (propose(repo, title="Better").fate, server.pulls[0].title) == ("updated", "Better")
    assert changes(server)[0] == "POST" and len(changes(server)) == 3


@KINDS
def test_a_draft_stays_one(server: Forge, repo: Repo, kind: str) -> None:
    propose(repo, draft=True)
    learn_more(repo, "Write the notes first.")
    assert propose(repo).fate == "updated"
    pull = server.pulls[0]
    mark = {"github": "", "gitlab": "Draft: ", "gitea": "WIP: "}[kind]
    assert (pull.title, pull.draft) == (f"{mark}2 decisions about ada/release", kind == "github")


@KINDS
def test_one_that_was_closed_is_not_asked_for_again_and_after_a_merge_there_is_another(
    server: Forge, repo: Repo, kind: str
) -> None:
    propose(repo)
    server.pulls[0].state = "closed"
    learn_more(repo, "Write the notes first.")
    before = server.tip("team/skills", TOPIC)
    with pytest.raises(Refused, match=r"(pull|merge) request [#!]1 of this branch was closed: http://127") as caught:
        propose(repo)
    assert caught.value.hint.startswith("reopen it there; or, to ask anew, from another branch: 'git branch -m learn/")
    assert (server.tip("team/skills", TOPIC), changes(server)) == (before, ["POST"])
    server.pulls[0].state = "open"
    assert propose(repo).fate == "updated"
    git("fetch", "-q", ".", f"{TOPIC}:main", cwd=server.root / "team/skills.git")
    server.pulls[0].state = "merged"
    assert propose(repo).fate == "nothing"
    learn_more(repo, "Ask twice.")
    done = propose(repo)
    assert (done.fate, done.pull and done.pull.number, len(changes(server))) == ("opened", 2, 3)
    assert "+ Ask twice." in server.pulls[1].body and "+ Tag the release." not in server.pulls[1].body


@KINDS
def test_who_is_outrun_by_another_brings_that_one_up(server: Forge, repo: Repo, kind: str) -> None:
    theirs = Pull(1, "team/skills", TOPIC, "team/skills", "main", "Theirs", "Theirs.")

    def not_yet(asked: Asked) -> Said:
        server.pulls[:] = [theirs]
        return says([])

    server.first = [not_yet] * (2 if kind == "gitea" else 1)
    assert propose(repo).fate == "updated"
    assert (changes(server)[0], len(server.pulls), server.pulls[0].title) == ("POST", 1, "Theirs")
    assert server.pulls[0].body.startswith("Theirs.\n\n<!-- skillgit ")


@KINDS
def test_a_fork_asks_the_repository_it_is_of(server: Forge, first: Path, tmp_path: Path, kind: str) -> None:
    server.repository("ada/skills", first)
    mine = clone(server, "ada/skills", tmp_path / "mine")
    git("remote", "add", "upstream", server.at("team/skills"), cwd=mine.directory)
    server.pulls = [Pull(1, "team/skills", TOPIC, "team/skills", "main", "Not mine", "Another's.")]
    assert [propose(mine).fate, propose(mine).fate] == ["opened", "unchanged"]
    pull = server.pulls[1]
    assert (pull.source, pull.target, pull.head, pull.base) == ("ada/skills", "team/skills", TOPIC, "main")
    assert server.tip("team/skills", TOPIC) is None


def test_two_at_once_end_in_one_request(server: Forge, repo: Repo, tmp_path: Path) -> None:
    git("push", "-q", "origin", TOPIC, cwd=repo.directory)
    tops = [repo.directory, *(tmp_path / f"clone-{n}" for n in range(3))]
    for top in tops[1:]:
        git("clone", "-q", server.at("team/skills"), top)
        git("branch", "-q", TOPIC, f"origin/{TOPIC}", cwd=top)
    gate = threading.Barrier(len(tops))

    def one(top: Path) -> str:
        gate.wait()
        return propose(Repo.open(top), TOPIC).fate

    with ThreadPoolExecutor(len(tops)) as pool:
        fates = sorted(pool.map(one, tops))
    assert (fates.count("opened"), len(server.pulls)) == (1, 1)
    assert set(fates) <= {"opened", "unchanged", "updated"}


WRONG: dict[str, tuple[str | None, str | None, type[SkillgitError], str]] = {
    "a branch that is not there": ("nope", None, NotFound, "no branch 'nope'"),
    "a base that is not there": (TOPIC, "nope", NotFound, "remote 'origin' has no branch 'nope'"),
    "itself": ("main", "main", Refused, "branch 'main' is what it would be proposed to"),
}


@pytest.mark.parametrize(("branch", "base", "error", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_proposed_is_said_before_anything_is_pushed(
    server: Forge, repo: Repo, branch: str | None, base: str | None, error: type[SkillgitError], words: str
) -> None:
    with pytest.raises(error, match=words):
        propose(repo, branch, base=base)
    assert (server.tip("team/skills", TOPIC), server.asked) == (None, [])


def test_that_nothing_was_learned_is_nothing_to_propose(server: Forge, repo: Repo) -> None:
    git("switch", "-qc", "mine", "main", cwd=repo.directory)
    hub.learn(repo, lib.RELEASE, discard=True)
    assert (propose(repo).fate, server.tip("team/skills", "mine"), server.asked) == ("nothing", None, [])


def test_a_branch_of_one_s_own_comes_before_what_was_learned(server: Forge, repo: Repo) -> None:
    git("switch", "-qc", "mine", cwd=repo.directory)
    assert proposing.aim(repo).shared.name == "mine"
    git("switch", "-q", "main", cwd=repo.directory)
    assert proposing.aim(repo).shared.name == TOPIC
    git("branch", "-qD", TOPIC, cwd=repo.directory)
    with pytest.raises(Refused, match="there is no branch to propose"):
        proposing.aim(repo)


def test_a_branch_that_follows_main_is_not_pushed_over_it(server: Forge, repo: Repo) -> None:
    git("switch", "-qc", "mine", "--track", "origin/main", cwd=repo.directory)
    hub.learn(repo, lib.RELEASE, "Tag it.")
    before = server.tip("team/skills", "main")
    assert propose(repo).fate == "opened"
    assert (server.tip("team/skills", "main"), server.pulls[0].head) == (before, "mine")


def test_the_branch_one_is_on_is_the_base_of_what_was_learned_on_it(server: Forge, repo: Repo) -> None:
    git("push", "-q", "origin", "main:dev", cwd=repo.directory)
    git("fetch", "-q", cwd=repo.directory)
    git("switch", "-q", "dev", cwd=repo.directory)
    assert proposing.aim(repo, TOPIC).base.name == "dev"


def test_what_others_pushed_to_the_branch_is_under_ours(server: Forge, repo: Repo, tmp_path: Path) -> None:
    git("push", "-q", "origin", TOPIC, cwd=repo.directory)
    git("clone", "-q", server.at("team/skills"), tmp_path / "there")
    git("switch", "-q", TOPIC, cwd=tmp_path / "there")
    hub.learn(Repo.open(tmp_path / "there"), lib.RELEASE, "Ask twice.")
    git("push", "-q", cwd=tmp_path / "there")
    learn_more(repo, "Write the notes first.")
    done = propose(repo)
    assert [one.fate for one in done.pushed.reapplied] == ["again"]
    assert [decision.summary for decision in done.request.decisions][-2:] == ["Ask twice.", "Write the notes first."]


def test_without_a_token_nothing_is_pushed(server: Forge, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GH_ENTERPRISE_TOKEN")
    with pytest.raises(UsageError, match=r"no token for '127.0.0.1:\d+' was found") as caught:
        propose(repo)
    assert caught.value.hint.startswith("set GH_ENTERPRISE_TOKEN or GITHUB_ENTERPRISE_TOKEN, or let git keep one")
    assert (server.asked, server.tip("team/skills", TOPIC)) == ([], None)


def test_the_token_is_sent_with_every_call_and_stands_nowhere_else(server: Forge, repo: Repo) -> None:
    propose(repo)
    assert {asked.headers["authorization"] for asked in server.asked} == {f"Bearer {TOKEN}"}
    kept = [path for path in repo.git_dir.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert kept == []


def test_another_remote_gets_a_text_to_send(server: Forge, repo: Repo, tmp_path: Path) -> None:
    git("remote", "set-url", "origin", tmp_path / "srv/team/skills.git", cwd=repo.directory)
    done = propose(repo)
    assert (done.fate, done.pull, server.asked) == ("written", None, [])
    assert "are available in the Git repository at:" in done.text.body
    assert "Users/ada/release/SKILL.md" in done.text.body
    assert server.tip("team/skills", TOPIC) == repo.tip(f"refs/heads/{TOPIC}")
    assert proposing.send(repo, proposing.aim(repo)).pushed.sent == 0


def test_a_password_in_the_address_is_not_in_the_text(server: Forge, repo: Repo) -> None:
    git("remote", "set-url", "origin", server.at("team/skills").replace("//", "//ada:pw@"), cwd=repo.directory)
    said = proposing.send(repo, proposing.aim(repo)).text.body
    assert (server.at("team/skills") in said, "pw@" in said) == (True, False)


def test_the_commits_are_mails_that_git_takes(server: Forge, repo: Repo, tmp_path: Path) -> None:
    learn_more(repo, "Write the notes first.")
    mails = proposing.patches(repo, proposing.aim(repo), tmp_path / "mails")
    assert [path.name[:5] for path in mails] == ["0000-", "0001-", "0002-"]
    cover = mails[0].read_text()
    assert "Subject: [PATCH 0/2] 2 decisions about ada/release\n" in cover and "+ Tag the release." in cover
    assert proposing.patches(repo, proposing.aim(repo), tmp_path / "mails") == mails
    git("am", "-q", *mails[1:], cwd=repo.directory)
    assert git("rev-parse", "HEAD^{tree}", cwd=repo.directory) == git(
        "rev-parse", f"{TOPIC}^{{tree}}", cwd=repo.directory
    )
    assert [decision.summary for decision in hub.decisions(repo.directory, "HEAD")][-1] == "Write the notes first."
    assert server.tip("team/skills", TOPIC) is None


@KINDS
def test_a_comment_is_made_once_and_brought_up(server: Forge, repo: Repo, kind: str) -> None:
    propose(repo)
    aim = proposing.aim(repo, TOPIC)

    def remark() -> str:
        return proposing.remark(repo, aim, 1, proposing.look(repo, aim))

    assert [remark(), remark()] == ["made", "unchanged"]
    learn_more(repo, "Write the notes first.")
    assert (remark(), len(server.comments)) == ("updated", 1)
    assert "+ Write the notes first." in server.comments[0].body
