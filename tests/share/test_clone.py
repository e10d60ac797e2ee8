"""A clone: set up as it is made, and whole or not there."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from skillgit.errors import Refused
from skillgit.git import hooks
from skillgit.git.repo import Repo
from skillgit.share.appearing import appearing
from skillgit.share.clone import clone
from tests.conftest import Run
from tests.git.place import git, sound, status
from tests.git.test_crash import killed
from tests.share.libraries import skill_text


@pytest.fixture
def hub(place: Path) -> Path:
    return place / "hub.git"


def test_a_clone_is_set_up(hub: Path, tmp_path: Path) -> None:
    done = clone(str(hub), tmp_path / "mine", user="bob")
    repo = done.repo
    assert done.skills == len(repo.skills(repo.tip("HEAD"))) > 0
    assert [hook.state for hook in hooks.status(repo)].count("installed") == len(hooks.LOCAL)
    wanted = {"skillgit.format": "1", "skillgit.user": "bob", "core.fsync": "committed", "branch.main.remote": "origin"}
    assert {key: repo.config(key) for key in wanted} == wanted and "merge-driver" in (
        repo.config("merge.skillgit.driver") or ""
    )
    assert status(tmp_path / "mine") == [] and not list(tmp_path.glob(".*unfinished"))
    sound(tmp_path / "mine")


def test_a_clone_is_named_as_git_names_it(hub: Path, cli: Run, tmp_path: Path) -> None:
    assert cli("clone", f"{hub}/", cwd=tmp_path).code == 0
    assert cli("clone", hub.parent / "here/.git", cwd=tmp_path).code == 0
    assert (tmp_path / "hub/.git").is_dir() and (tmp_path / "here/.git").is_dir()


def test_a_clone_may_be_made_in_the_empty_folder_that_one_stands_in(hub: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    number = (tmp_path / "mine").stat().st_ino
    assert run("clone", hub, ".", cwd=tmp_path / "mine").code == 0
    assert (tmp_path / "mine").stat().st_ino == number
    assert run("list", cwd=tmp_path / "mine").code == 0 and status(tmp_path / "mine") == []


def test_a_branch_is_what_the_clone_stands_on(hub: Path, tmp_path: Path) -> None:
    git("branch", "draft", cwd=hub)
    assert clone(str(hub), tmp_path / "mine", branch="draft").repo.branch_ref() == "refs/heads/draft"


def test_a_shallow_clone_learns_and_pushes(hub: Path, tmp_path: Path, cli: Run) -> None:
    clone(str(hub), tmp_path / "mine", depth=1)
    assert git("rev-list", "--count", "HEAD", cwd=tmp_path / "mine") == "1"
    (tmp_path / "text").write_text(
        "User: Write a changelog entry.\nAssistant: Done.\nUser: Always end changelog entries with the issue number.\n"
    )
    assert cli("ingest", "--user", "ada", "../text", cwd=tmp_path / "mine").code == 0
    assert "1 sent" in cli("push", cwd=tmp_path / "mine").out


def test_an_empty_repository_is_cloned_and_waits_for_its_first_commit(tmp_path: Path, cli: Run) -> None:
    git("init", "-q", "--bare", "-b", "main", tmp_path / "empty.git")
    answer = cli("clone", "empty.git", cwd=tmp_path)
    assert answer.code == 0 and "Cloned an empty repository" in answer.out and "'skillgit init'" in answer.err
    for words in ("status", "pull", "push"):
        told = cli(words, cwd=tmp_path / "empty")
        assert "'skillgit init' makes the first commit" in told.out + told.err
    assert cli("init", cwd=tmp_path / "empty").code == 0 and "1 sent" in cli("push", cwd=tmp_path / "empty").out


def test_hooks_may_be_left_out_and_those_of_others_stay(hub: Path, tmp_path: Path, cli: Run) -> None:
    repo = clone(str(hub), tmp_path / "bare", hooks=False).repo
    assert {hook.state for hook in hooks.status(repo)} == {"absent"}
    shared = tmp_path / "shared-hooks"
    shared.mkdir()
    git("config", "--global", "core.hooksPath", str(shared))
    answer = cli("clone", hub, "mine", cwd=tmp_path)
    assert answer.code == 0 and "no hooks are installed" in answer.err and list(shared.iterdir()) == []


def test_a_repository_that_was_never_set_up_says_what_it_lacks(tmp_path: Path, cli: Run) -> None:
    git("init", "-q", "-b", "main", tmp_path / "plain")
    (tmp_path / "plain/SKILL.md").write_text(skill_text("plain"))
    git("add", "-A", cwd=tmp_path / "plain")
    git("commit", "-qm", "x", cwd=tmp_path / "plain")
    answer = cli("clone", "plain", "mine", cwd=tmp_path)
    assert answer.code == 0 and ".gitattributes, skillgit.toml" in answer.err
    assert "Adopted" in cli("init", cwd=tmp_path / "mine").out


def test_a_clone_that_git_made_is_set_up_by_init(hub: Path, tmp_path: Path, cli: Run) -> None:
    git("clone", "-q", hub, tmp_path / "plain")
    ours = clone(str(hub), tmp_path / "ours", hooks=False).repo
    assert cli("init", cwd=tmp_path / "plain").code == 0
    for key in ("skillgit.format", "core.fsync", "merge.skillgit.driver", "diff.skillgit.xfuncname"):
        assert Repo.open(tmp_path / "plain").config(key) == ours.config(key)


def test_a_library_is_fetched_as_it_is_pinned_and_one_that_cannot_be_had_later(
    hub: Path, tmp_path: Path, cli: Run
) -> None:
    first, second = (tmp_path / name for name in ("first", "second"))
    for top in (first, second):
        git("init", "-q", "-b", "main", top)
        (top / "SKILL.md").write_text(skill_text(top.name))
        git("add", "-A", cwd=top)
        git("commit", "-qm", "x", cwd=top)
    team = Repo.open(hub.parent / "here")
    for top in (first, second):
        assert cli("library", "add", top, cwd=team.directory).code == 0
    assert cli("push", cwd=team.directory).code == 0
    git("config", "--global", "submodule.Common/first.url", str(first))
    answer = cli("clone", hub, "mine", cwd=tmp_path)
    assert (answer.code, "library first is at" in answer.out, "'second' is not here" in answer.err) == (1, True, True)
    hint = next(line.partition("if you trust it: ")[2] for line in answer.err.splitlines() if "if you trust it" in line)
    subprocess.run(["sh", "-c", hint], cwd=tmp_path / "mine", check=True)
    assert cli("library", "fetch", cwd=tmp_path / "mine").code == 0
    listed = cli("list", "--common", cwd=tmp_path / "mine").out
    assert "Common/first" in listed and "Common/second" in listed


# what stops it, and what is left then


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nothing.git"], 128, "cannot reach"),
        (["ext::sh -c 'touch acted'"], 128, "it names a program to run"),
        (["--", "-utouch acted"], 128, "a program would take it for an option"),
        (["ssh://-oProxyCommand=touch acted/x"], 128, "a program would take it for an option"),
        (["https://ada:secret@example.com/x"], 128, "it holds a password"),
        (["hub.git", "--branch", "nothing"], 1, "no branch or tag 'nothing'"),
        (["hub.git", "--branch=-x"], 1, "no branch or tag '-x'"),
        (["hub.git", "--user", "A B"], 1, "invalid name"),
        (["hub.git", "--depth", "0"], 2, "--depth"),
        (["hub.git", "here"], 1, "is not empty"),
        (["hub.git", "hub.git/HEAD"], 1, "is there already"),
        ([".."], 128, "cannot reach"),
        (["/"], 2, "says no name for a folder"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_cannot_be_cloned_leaves_nothing(words: list[str], code: int, said: str, place: Path, cli: Run) -> None:
    before = sorted(place.iterdir())
    answer = cli("clone", *words, cwd=place)
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert sorted(place.iterdir()) == before and "secret" not in answer.err


def test_a_repository_whose_head_is_at_no_branch_is_cloned_by_naming_one(hub: Path, tmp_path: Path, cli: Run) -> None:
    git("symbolic-ref", "HEAD", "refs/heads/master", cwd=hub)
    answer = cli("clone", hub, "mine", cwd=tmp_path)
    assert (answer.code, "'master', which is not there" in answer.err) == (1, True), answer.err
    assert cli("clone", hub, "mine", "--branch", "main", cwd=tmp_path).code == 0


def test_a_sha256_repository_leaves_nothing(tmp_path: Path, cli: Run) -> None:
    git("init", "-q", "--object-format=sha256", tmp_path / "other")
    git("commit", "-q", "--allow-empty", "-m", "x", cwd=tmp_path / "other")
    answer = cli("clone", "other", "mine", cwd=tmp_path)
    assert answer.code == 128 and "sha256" in answer.err
    assert not (tmp_path / "mine").exists() and not list(tmp_path.glob(".*unfinished"))


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"git://127.0.0.1:{server.getsockname()[1]}/skills.git"


@pytest.fixture
def stuck(silent: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A clone of `silent` into `mine` that waits for the server."""
    words = [sys.executable, "-m", "skillgit", "clone", silent, "mine"]
    process = subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 20
    while not (tmp_path / ".mine.skillgit-unfinished/.git").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    yield process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda sign: sign.name)
def test_a_clone_that_is_stopped_leaves_no_half_and_the_next_one_takes_its_rest_away(
    sign: signal.Signals, stuck: subprocess.Popen[bytes], hub: Path, tmp_path: Path, cli: Run
) -> None:
    os.killpg(stuck.pid, sign)
    stuck.wait(20)
    left = list(tmp_path.glob("*mine*"))
    assert [path.name for path in left] == ([] if sign == signal.SIGINT else [".mine.skillgit-unfinished"])
    assert cli("clone", hub, "mine", cwd=tmp_path).code == 0
    assert status(tmp_path / "mine") == [] and len(list(tmp_path.glob("*mine*"))) == 1


def test_a_clone_that_is_killed_at_any_moment_is_whole_or_not_there(hub: Path, tmp_path: Path) -> None:
    place = tmp_path / "mine"
    for _ in range(15):
        killed(lambda: clone(str(hub), place), after=random.uniform(0.01, 0.25))
        if place.exists():
            repo = Repo.open(place)
            assert status(place) == [] and hooks.status(repo)[-2].state == "installed" and repo.config("core.fsync")
            shutil.rmtree(place)
    clone(str(hub), place)
    assert [path.name for path in tmp_path.glob("*mine*")] == ["mine"]


def test_two_do_not_clone_into_one_folder_also_not_where_one_has_died_and_its_git_has_not(
    stuck: subprocess.Popen[bytes], hub: Path, tmp_path: Path, cli: Run
) -> None:
    first = cli("clone", hub, "mine", cwd=tmp_path)
    stuck.kill()
    stuck.wait(20)
    second = cli("clone", hub, "mine", cwd=tmp_path)
    assert [answer.code for answer in (first, second)] == [128, 128] and "another process is at work" in second.err
    os.killpg(stuck.pid, signal.SIGKILL)
    time.sleep(0.1)
    assert cli("clone", hub, "mine", cwd=tmp_path).code == 0


def test_what_comes_into_the_place_meanwhile_stays(tmp_path: Path) -> None:
    place = tmp_path / "mine"
    with pytest.raises(Refused), appearing(place) as unfinished:
        (unfinished.folder / "new").write_text("ours")
        place.mkdir()
        (place / "precious").write_text("theirs")
    assert [file.read_text() for file in place.iterdir()] == ["theirs"] and not unfinished.folder.exists()
