"""Pushing and pulling: what happens to the branch, the remote and the work tree, and what is said."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.errors import Locked, NotFound, Refused, RepositoryError, SkillgitError, StaleRef
from skillgit.git import lock, remote
from skillgit.git.repo import Repo
from skillgit.share import exchange
from tests.changes.library import RELEASE, REPORT, head
from tests.conftest import Run
from tests.git.place import git, sound, status
from tests.share.hub import by, decisions, falling, learn, pull, push

HOOK = """#!/bin/sh
printf 'skills are frozen \\033[31mtoday\\033[0m\\n' >&2
exit 1
"""


@pytest.fixture
def here(place: Path) -> Repo:
    return Repo.open(place / "here")


@pytest.fixture
def there(place: Path) -> Repo:
    return Repo.open(place / "there")


def test_a_push_sends_what_is_new_and_then_nothing(here: Repo, place: Path) -> None:
    learn(here, RELEASE, "Tag it.")
    assert (push(here).sent, push(here).sent) == (1, 0)
    assert git("rev-parse", "main", cwd=place / "hub.git") == head(here)


def test_a_pull_goes_forwards_with_the_work_tree(here: Repo, there: Repo) -> None:
    learn(there, RELEASE, "Tag it.")
    push(there)
    (here.directory / "mine.txt").write_text("mine\n")
    done = pull(here)
    assert (done.received, done.reapplied, head(here)) == (1, (), head(there))
    assert "Tag it." in (here.directory / RELEASE / "SKILL.md").read_text()
    assert status(here.directory) == ["?? mine.txt"]
    assert pull(here).received == 0


def test_a_push_from_behind_goes_forwards(here: Repo, there: Repo) -> None:
    learn(there, RELEASE, "Tag it.")
    push(there)
    assert (push(here).received, head(here)) == (1, head(there))


def test_an_empty_clone_pulls_its_first_commits(place: Path, there: Repo) -> None:
    git("init", "-q", "-b", "main", place / "empty")
    git("remote", "add", "origin", "../hub.git", cwd=place / "empty")
    empty = Repo.open(place / "empty")
    pull(empty)
    assert head(empty) == head(there) and status(place / "empty") == []


def test_a_new_branch_is_made_at_the_remote(here: Repo, place: Path) -> None:
    git("switch", "-q", "-c", "draft", cwd=here.directory)
    learn(here, RELEASE, "Tag it.")
    push(here)
    assert git("rev-parse", "draft", cwd=place / "hub.git") == head(here)


def test_an_upstream_of_another_name_is_where_the_branch_goes(here: Repo, place: Path) -> None:
    git("switch", "-q", "-c", "draft", "--track", "origin/main", cwd=here.directory)
    learn(here, RELEASE, "Tag it.")
    push(here)
    assert git("rev-parse", "main", cwd=place / "hub.git") == head(here)


def test_a_bare_store_pushes_and_pulls(place: Path, there: Repo) -> None:
    git("clone", "-q", "--bare", place / "hub.git", place / "store.git")
    store = Repo.open(place / "store.git")
    learn(store, RELEASE, "Tag it.")
    learn(there, RELEASE, "Sign it.")
    push(there)
    push(store)
    assert falling(decisions(place / "hub.git")) == [] and head(store) == git(
        "rev-parse", "main", cwd=place / "hub.git"
    )


def test_a_branch_that_is_not_checked_out_is_brought_up(here: Repo, there: Repo, place: Path) -> None:
    git("branch", "draft", cwd=here.directory)
    git("push", "-q", "origin", "draft", cwd=here.directory)
    git("fetch", "-q", cwd=there.directory)
    git("switch", "-q", "draft", cwd=there.directory)
    learn(there, RELEASE, "Tag it.")
    push(there)
    exchange.pull(here, remote.branch(here, "origin", "draft"))
    assert here.tip("refs/heads/draft") == head(there)
    assert status(here.directory) == []


def test_what_waits_for_review_at_the_remote_comes_with_a_pull_and_goes_with_one(here: Repo, place: Path) -> None:
    hub, asked = place / "hub.git", ["for-each-ref", "--format=%(refname)", "refs/remotes/origin/learn"]
    git("branch", "learn/bob", "main", cwd=hub)
    pull(here)
    assert git(*asked, cwd=here.directory) == "refs/remotes/origin/learn/bob"
    git("branch", "-m", "learn/bob", "learn/bob/2026-01-02", cwd=hub)
    pull(here)
    assert git(*asked, cwd=here.directory) == "refs/remotes/origin/learn/bob/2026-01-02"


# what stops it

Fault = Callable[[Repo, Path], object]


def behind(here: Repo, place: Path) -> None:
    """Others have changed what we have changed too."""
    there = Repo.open(place / "there")
    learn(there, RELEASE, "Sign it.")
    push(there)
    learn(here, RELEASE, "Tag it.")


def _no_remote(here: Repo, place: Path) -> None:
    git("remote", "remove", "origin", cwd=here.directory)


def _gone(here: Repo, place: Path) -> None:
    shutil.rmtree(place / "hub.git")


def _no_branch(here: Repo, place: Path) -> None:
    git("update-ref", "-d", "refs/heads/main", cwd=place / "hub.git")


def _unrelated(here: Repo, place: Path) -> None:
    tree = git("rev-parse", "main^{tree}", cwd=place / "hub.git")
    other = git("commit-tree", "-m", "another root", tree, cwd=place / "hub.git")
    git("update-ref", "refs/heads/main", other, cwd=place / "hub.git")
    git("update-ref", "-d", "refs/remotes/origin/main", cwd=here.directory)


def _forced(here: Repo, place: Path) -> None:
    learn(here, REPORT, "Date it.")
    push(here)
    git("update-ref", "refs/heads/main", "main~1", cwd=place / "hub.git")
    behind_again = Repo.open(place / "there")
    learn(behind_again, RELEASE, "Sign it.")
    push(behind_again)


def _detached(here: Repo, place: Path) -> None:
    git("switch", "-q", "--detach", cwd=here.directory)


def _dirty(here: Repo, place: Path) -> None:
    behind(here, place)
    with (here.directory / RELEASE / "SKILL.md").open("a") as out:
        out.write("- typed just now\n")


def _mid_merge(here: Repo, place: Path) -> None:
    behind(here, place)
    (here.git_dir / "MERGE_HEAD").write_text(f"{head(here)}\n")


def _hook(here: Repo, place: Path) -> None:
    learn(here, RELEASE, "Tag it.")
    hook = place / "hub.git" / "hooks" / "pre-receive"
    hook.write_text(HOOK)
    hook.chmod(0o755)


def _own_hook(here: Repo, place: Path) -> None:
    learn(here, RELEASE, "Tag it.")
    hook = here.git_dir / "hooks" / "pre-push"
    hook.write_text(HOOK)
    hook.chmod(0o755)


def _unborn(here: Repo, place: Path) -> None:
    git("symbolic-ref", "HEAD", "refs/heads/unborn", cwd=here.directory)


def _no_entry(here: Repo, place: Path) -> None:
    git("config", "remote.origin.url", "ssh://me:secret@nowhere.invalid/hub.git", cwd=here.directory)
    script = here.git_dir / "ssh"
    script.write_text("#!/bin/sh\necho 'me@nowhere.invalid: Permission denied (publickey).' >&2\nexit 255\n")
    script.chmod(0o755)
    git("config", "core.sshCommand", script, cwd=here.directory)


STOPS: list[tuple[str, Fault, Callable[[Repo], object], type[SkillgitError], str]] = [
    ("no remote", _no_remote, push, RepositoryError, "there is no remote"),
    ("the remote is gone", _gone, push, RepositoryError, "cannot reach remote 'origin': '../hub.git' does not appear"),
    ("the remote is gone for a pull", _gone, pull, RepositoryError, "cannot reach remote 'origin'"),
    ("no such branch there", _no_branch, pull, NotFound, "remote 'origin' has no branch 'main'"),
    ("unrelated histories", _unrelated, pull, Refused, "no commit in common"),
    ("a forced branch", _forced, pull, Refused, "was forced"),
    ("detached", _detached, push, Refused, "HEAD is detached"),
    ("dirty", _dirty, push, RepositoryError, f"your changes to '{RELEASE}/SKILL.md' are in the way"),
    ("in a merge", _mid_merge, push, RepositoryError, "a merge is in progress"),
    ("a hook there", _hook, push, Refused, "not taken by 'origin': pre-receive hook declined"),
    ("a hook here", _own_hook, push, Refused, "the pre-push hook here said no"),
    ("no commits", _unborn, push, Refused, "no commits yet"),
    ("no entry", _no_entry, push, RepositoryError, "did not let us in: .*Permission denied"),
]


@pytest.mark.parametrize(("fault", "act", "error", "words"), [row[1:] for row in STOPS], ids=[row[0] for row in STOPS])
def test_what_stops_it_is_said_and_nothing_changes(
    here: Repo,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    act: Callable[[Repo], object],
    error: type[SkillgitError],
    words: str,
) -> None:
    monkeypatch.delenv("GIT_SSH_COMMAND")
    with by("Grace Hopper"):
        fault(here, place)
    before = (here.tip("refs/heads/main"), status(here.directory), (here.directory / RELEASE / "SKILL.md").read_bytes())
    with pytest.raises(error, match=words) as caught:
        act(here)
    assert caught.value.hint or words == "the pre-push hook here said no"
    assert "secret" not in caught.value.message + caught.value.hint
    assert "\x1b" not in caught.value.message + caught.value.hint
    assert before == (
        here.tip("refs/heads/main"),
        status(here.directory),
        (here.directory / RELEASE / "SKILL.md").read_bytes(),
    )


def test_the_words_of_a_hook_are_shown(here: Repo, place: Path) -> None:
    _hook(here, place)
    with pytest.raises(Refused) as caught:
        push(here)
    assert "skills are frozen" in caught.value.hint


def test_a_shallow_clone_pulls_and_pushes(place: Path, there: Repo) -> None:
    git("clone", "-q", "--depth", "1", f"file://{place / 'hub.git'}", place / "thin")
    thin = Repo.open(place / "thin")
    learn(thin, RELEASE, "Tag it.")
    learn(there, RELEASE, "Sign it.")
    push(there)
    push(thin)
    assert falling(decisions(place / "hub.git")) == []


def test_a_shallow_clone_with_nothing_in_common_is_told_how_to_get_more(place: Path, here: Repo) -> None:
    git("clone", "-q", "--depth", "1", f"file://{place / 'hub.git'}", place / "thin")
    thin = Repo.open(place / "thin")
    git("checkout", "-q", "--orphan", "other", cwd=place / "thin")
    git("commit", "-q", "-m", "another root", cwd=place / "thin")
    git("branch", "-f", "main", "other", cwd=place / "thin")
    git("switch", "-q", "main", cwd=place / "thin")
    git("update-ref", "-d", "refs/remotes/origin/main", cwd=place / "thin")
    with pytest.raises(Refused, match="no commit in common") as caught:
        pull(thin)
    assert "unshallow" in caught.value.hint


def test_a_push_that_is_always_outrun_ends_and_loses_nothing(here: Repo, there: Repo, place: Path) -> None:
    learn(here, RELEASE, "Tag it.", attempt="A" * 26)
    pauses: list[float] = []
    hook = here.git_dir / "hooks" / "pre-push"
    hook.write_text(f"#!/bin/sh\ncd {there.directory} && git commit -q --allow-empty -m x && git push -q\n")
    hook.chmod(0o755)
    with pytest.raises(StaleRef, match="moved on before each of 10 pushes"):
        exchange.push(here, remote.branch(here), pause=pauses.append)
    assert len(pauses) == 9 and all(0 <= pause <= 15 for pause in pauses)
    hook.unlink()
    assert push(here).sent == 1
    assert [one.attempt for one in decisions(place / "hub.git")].count("A" * 26) == 1


def test_one_process_of_a_repository_pushes_at_a_time(here: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "LOCK_SECONDS", 0.0)
    with lock.hold(here.private / "push.lock", seconds=0), pytest.raises(Locked, match=r"push\.lock"):
        push(here)


def test_the_commands_say_what_became_of_our_decisions(cli: Run, here: Repo, there: Repo) -> None:
    with by("Grace Hopper"):
        learn(there, RELEASE, "Sign it.", attempt="B" * 26)
        learn(there, REPORT, "Do not use tables.")
    push(there)
    learn(here, RELEASE, "Sign it.", attempt="B" * 26)
    learn(here, RELEASE, "Tag it.")
    learn(here, REPORT, "Use tables.", attempt="C" * 26)
    done = cli("push", cwd=here.directory)
    assert done.code == 0
    assert done.out.splitlines() == [
        "main: 2 received from origin/main, 1 sent to origin/main",
        "  left out: merge ada/release: the same conversation was learned from there",
        "  made again: merge ada/release 0.1.2",
        "  set aside: merge ada/report: the same words were changed there",
    ]
    assert f"refs/skillgit/proposals/{'c' * 26}" in done.err
    learn(here, REPORT, "Date it.")
    answer = json.loads(cli("push", "--json", cwd=here.directory).out)
    assert (answer["sent"], answer["received"], answer["reapplied"]) == (1, 0, [])
    assert cli("pull", "nowhere", cwd=here.directory).err.startswith("error: no remote 'nowhere'")
    assert cli("pull", "origin", "nothing", cwd=here.directory).err.startswith("error: no branch 'nothing'")


@pytest.mark.slow
def test_a_push_killed_at_any_moment_loses_and_doubles_nothing(place: Path) -> None:
    with by("Grace Hopper"):
        for number in range(12):
            here, there = Repo.open(place / "here"), Repo.open(place / "there")
            learn(there, REPORT, f"Paragraph {number} is theirs.", attempt=f"{number:02}" + "T" * 24)
            push(there)
            learn(here, RELEASE, f"Chapter {number} is ours.", attempt=f"{number:02}" + "H" * 24)
            words = [sys.executable, "-m", "skillgit", "push"]
            child = subprocess.Popen(words, cwd=here.directory, start_new_session=True, stderr=subprocess.DEVNULL)
            time.sleep(0.25 + 0.06 * number)
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            for repo in (here, Repo.open(place / "hub.git")):
                _put_away_locks(repo)
    push(here)
    found = [one.attempt for one in decisions(place / "hub.git") if one.attempt]
    assert len(found) == len(set(found)) == 24
    assert falling(decisions(place / "hub.git")) == []
    assert status(here.directory) == []
    sound(here.directory)
    sound(place / "hub.git")


def _put_away_locks(repo: Repo) -> None:
    """What a killed git leaves, and the next one would wait for."""
    for stale in [file for file in repo.git_dir.rglob("*.lock") if file.parent != repo.private]:
        stale.unlink()
