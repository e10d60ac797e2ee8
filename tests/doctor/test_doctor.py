"""Each thing that can be wrong is found, in a line that says what helps, and mended where nobody has to judge."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from skillgit.changes.skill import load
from skillgit.doctor.examine import Answer, examine, mend
from skillgit.errors import RepositoryError
from skillgit.git import graph, intent, ledger
from skillgit.git.intent import Intent
from skillgit.git.message import Decision, encode
from skillgit.git.repo import Repo, folder_oid
from skillgit.git.setup import init
from skillgit.git.transaction import Transaction, write
from skillgit.search.index import Index
from skillgit.share import agent_folders, linking, review
from skillgit.share.picked import pick
from skillgit.share.proposals import Proposal
from tests.changes.library import RELEASE, REPORT
from tests.conftest import Run
from tests.git.place import git, sound
from tests.git.test_locks import running
from tests.share.waiting import only, park

ANCIENT = 10 * 86400


def found(top: Path, *, full: bool = False) -> list[Answer]:
    return list(examine(top, full=full))


def mended(top: Path) -> list[Answer]:
    return list(mend(top, full=False))


def aged(file: Path, seconds: float = ANCIENT) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    os.utime(file, (time.time() - seconds,) * 2)
    return file


def by_hand(top: Path, path: str, old: str, new: str) -> None:
    """Change a SKILL.md and commit it with plain git."""
    file = top / path / "SKILL.md"
    file.write_text(file.read_text().replace(old, new))
    git("commit", "-qam", "by hand", cwd=top)


def said(repo: Repo, decision: Decision, files: dict[str, bytes]) -> None:
    """Land a commit that says one thing and does another."""

    def body(tx: Transaction) -> None:
        tx.commit(encode(decision), {path: tx.file(content) for path, content in files.items()})

    write(repo, body)


def _link(repo: Repo, skill: str) -> Path:
    """The place that a skill was linked into, for Claude."""
    tip = repo.resolve("HEAD")
    picked = [pick(repo, skill, tree=folder_oid(repo, tip, skill))]
    steps = linking.plan(repo, agent_folders.named("claude"), picked, scope="user", project=Path.cwd(), copy=None)
    (done,) = linking.apply(repo, steps)
    return done.link.place


def _break_link(repo: Repo, top: Path) -> None:
    _link(repo, REPORT)
    git("rm", "-qr", REPORT, cwd=top)
    git("commit", "-qm", "gone", cwd=top)


def _replace_link(repo: Repo, top: Path) -> None:
    place = _link(repo, REPORT)
    place.unlink()
    place.write_text("theirs")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What goes wrong, which check says so, in which words, and whether `--fix` mends it."""

    cause: Callable[[Repo, Path], object]
    check: str
    words: str
    mends: bool = False


def _lose_index(repo: Repo, top: Path) -> None:
    index = Index.open(repo.private / "index")
    index.sync(repo.skills(repo.tip("HEAD")), repo.read)
    (segment,) = (repo.private / "index").glob("*.segment")
    segment.write_bytes(segment.read_bytes()[:-9])


def _forge_ledger(repo: Repo, top: Path) -> None:
    ledger.paths(repo, repo.tip("HEAD"))
    with closing(sqlite3.connect(repo.private / "ledger.db")) as kept, kept:
        kept.execute("UPDATE version SET last = '0.0.9'")


def _interrupt(repo: Repo, top: Path) -> None:
    tip = repo.resolve("HEAD")
    intent.record(repo, Intent("refs/heads/main", repo.resolve("HEAD~1"), tip, {str(top): (f"{REPORT}/SKILL.md",)}))


def _park_something(repo: Repo, top: Path) -> None:
    git("commit", "-q", "--allow-empty", "-m", "edit(ada/report): waits", cwd=top)
    git("update-ref", "refs/skillgit/proposals/x", "HEAD", cwd=top)
    git("reset", "-q", "--hard", "HEAD~1", cwd=top)


def _parked_twice(repo: Repo) -> Proposal:
    """A proposal that a process left a ref of when it died."""
    park(repo, REPORT, "Date it.")
    git("update-ref", "refs/skillgit/proposals/x", only(repo).revision.oid, cwd=repo.directory)
    return replace(only(repo), refs=only(repo).refs[:1])


def _copy_id(repo: Repo, top: Path) -> None:
    ids = [load(repo, repo.tip("HEAD"), path).id for path in (RELEASE, REPORT)]
    by_hand(top, REPORT, ids[1], ids[0])


def _lose_library(repo: Repo, top: Path) -> None:
    git("init", "-q", "-b", "main", top.parent / "shared")
    git("commit", "-q", "--allow-empty", "-m", "x", cwd=top.parent / "shared")
    git("-c", "protocol.file.allow=always", "submodule", "add", "-q", top.parent / "shared", "Common/shared", cwd=top)
    git("commit", "-qm", "a library", cwd=top)


def _unpushed_library(repo: Repo, top: Path) -> None:
    _lose_library(repo, top)
    git("commit", "-q", "--allow-empty", "-m", "ours", cwd=top / "Common/shared")
    git("commit", "-qam", "pin", cwd=top)


def _lost_library(repo: Repo, top: Path) -> None:
    _lose_library(repo, top)
    git("submodule", "-q", "deinit", "-f", "--all", cwd=top)
    shutil.rmtree(top / ".git/modules")


def _strange_library(repo: Repo, top: Path) -> None:
    git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},Common/strange", cwd=top)
    git("commit", "-qm", "a gitlink", cwd=top)


WRONG = {
    "no settings": Wrong(
        lambda repo, top: git("config", "--unset", "core.fsync", cwd=top), "setup", "core.fsync", True
    ),
    "no attributes": Wrong(
        lambda repo, top: git("commit", "-qam", "x", cwd=top) if (top / ".gitattributes").write_text("") == 0 else "",
        "setup",
        ".gitattributes lacks",
        True,
    ),
    "a setting that means nothing": Wrong(
        lambda repo, top: git("config", "skillgit.learn.policy", "later", cwd=top), "settings", "invalid value 'later'"
    ),
    "an index.lock": Wrong(lambda repo, top: aged(top / ".git/index.lock"), "locks", "'index.lock' was left", True),
    "an intent": Wrong(_interrupt, "intent", "was interrupted", True),
    "a torn intent": Wrong(lambda repo, top: (repo.private / "intent").write_text("{"), "intent", "cannot read"),
    "scratch files": Wrong(
        lambda repo, top: [aged(top / ".git/objects/pack/tmp_pack_x"), aged(top / RELEASE / ".SKILL.md.skillgit")],
        "leftovers",
        "2 scratch files",
        True,
    ),
    "a proposal": Wrong(
        lambda repo, top: park(repo, REPORT, "Date it."), "proposals", "a decision waits for review: merge(ada/report):"
    ),
    "a proposal that was decided": Wrong(
        lambda repo, top: review.reject(repo, _parked_twice(repo), reason="no"), "proposals", "has been decided", True
    ),
    "a proposal that is none": Wrong(_park_something, "proposals", "'refs/skillgit/proposals/x' holds no decision"),
    "a proposal that was merged": Wrong(
        lambda repo, top: git("update-ref", "refs/skillgit/proposals/x", "HEAD~1", cwd=top),
        "proposals",
        "has been decided",
        True,
    ),
    "a graph without changed paths": Wrong(
        lambda repo, top: git("commit-graph", "write", "--reachable", cwd=top),
        "commit-graph",
        "lacks the changed",
        True,
    ),
    "an invalid skill": Wrong(
        lambda repo, top: by_hand(top, REPORT, "name: ", "color: red\nname: "), "skills", "unknown field 'color'"
    ),
    "an unreadable skill": Wrong(lambda repo, top: by_hand(top, REPORT, "---", "+++"), "skills", "'ada/report': "),
    "an id twice": Wrong(_copy_id, "ids", "have the same metadata.id"),
    "a version that fell": Wrong(
        lambda repo, top: by_hand(top, REPORT, "0.1.0", "0.0.1"), "versions", "has version 0.0.1, and had 0.1.0"
    ),
    "a version given twice": Wrong(
        lambda repo, top: said(repo, Decision("merge", REPORT, "again", before="0.0.9", after="0.1.0"), {}),
        "numbers",
        "got version 0.1.0 after 0.1.0",
    ),
    "a decision that changes another skill": Wrong(
        lambda repo, top: said(
            repo, Decision("discard", REPORT, "x", before="0.1.0", after="0.1.0"), {"Users/bob/x": b""}
        ),
        "trailers",
        "is about 'ada/report' and changes 'Users/bob/x'",
    ),
    "a discard that changes something": Wrong(
        lambda repo, top: said(
            repo, Decision("discard", REPORT, "x", before="0.1.0", after="0.1.0"), {f"{REPORT}/notes": b""}
        ),
        "trailers",
        "is a discard and changes",
    ),
    "a forged ledger": Wrong(_forge_ledger, "ledger", "differs from the history", True),
    "a damaged index": Wrong(_lose_index, "index", "is damaged", True),
    "a library that is not there": Wrong(_lost_library, "libraries", "'Common/shared' is not there"),
    "a library nobody can fetch": Wrong(_unpushed_library, "libraries", "is on no branch of its remote"),
    "a link to a skill that is gone": Wrong(
        _break_link, "links", "/report', for ada/report, shows a skill that is not"
    ),
    "a link that is gone": Wrong(lambda repo, top: _link(repo, REPORT).unlink(), "links", "was removed by somebody"),
    "a link that was replaced": Wrong(_replace_link, "links", "was replaced by somebody"),
    "a record of links that is torn": Wrong(
        lambda repo, top: (repo.private / "links.json").write_text("{"), "links", "cannot read"
    ),
    "a gitlink of no library": Wrong(_strange_library, "libraries", "is in no .gitmodules"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_found_and_mended_where_nobody_has_to_judge(repo: Repo, top: Path, case: str) -> None:
    wrong = WRONG[case]
    assert found(top) == []
    wrong.cause(repo, top)
    answers = found(top)
    assert [answer.check for answer in answers if wrong.words in answer.finding.words] == [wrong.check], answers
    assert all(answer.finding.helps and answer.mended is None for answer in answers)
    assert any(answer.mended for answer in mended(top)) == wrong.mends
    assert (found(top) == []) == wrong.mends
    if wrong.mends:
        sound(top)


def test_an_empty_repository_is_healthy(tmp_path: Path) -> None:
    for bare in (False, True):
        assert found(init(tmp_path / f"new-{bare}", bare=bare).repo.directory, full=True) == []


def test_what_is_healthy_is_so_from_anywhere_in_it_and_from_linked_work_trees(
    repo: Repo, top: Path, tmp_path: Path
) -> None:
    git("worktree", "add", "-q", "-b", "other", tmp_path / "linked", cwd=top)
    assert found(top / RELEASE, full=True) == found(tmp_path / "linked", full=True) == []


def test_a_repository_that_is_none_of_ours_is_not_adopted(tmp_path: Path) -> None:
    git("init", "-q", tmp_path / "theirs")
    (answer,) = mended(tmp_path / "theirs")[:1]
    assert answer.mended is None and answer.finding.helps == "skillgit init"


def test_a_clone_gets_the_settings_that_git_does_not_carry(repo: Repo, top: Path, tmp_path: Path) -> None:
    git("clone", "-q", top, tmp_path / "clone")
    assert [answer.check for answer in found(tmp_path / "clone")] == ["setup", "drivers"]
    assert {answer.finding.helps for answer in mended(tmp_path / "clone") if answer.mended} == {"skillgit init"}
    assert found(tmp_path / "clone") == []


def test_a_repository_of_someone_else_is_said_to_be(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "true")
    (answer,) = found(top)
    assert "owned by someone else" in answer.finding.words and "safe.directory" in answer.finding.helps


def test_a_git_that_is_too_old_is_said_to_be(top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.run(["sh", "-c", "command -v git"], capture_output=True, check=True).stdout.decode().strip()
    for version, words in {"2.30.2": "too old", "2.45.1": "refuses to clone"}.items():
        script = f'#!/bin/sh\ncase "$*" in *" version") echo git version {version};; *) exec {real} "$@";; esac\n'
        fake = tmp_path / version / "git"
        fake.parent.mkdir()
        fake.write_text(script)
        fake.chmod(0o755)
        with monkeypatch.context() as patched:
            patched.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
            assert words in found(top)[0].finding.words


def test_what_cannot_be_mended_is_said_and_left(repo: Repo, top: Path) -> None:
    git("update-ref", "refs/skillgit/proposals/x", "HEAD~1", cwd=top)
    (top / ".git/packed-refs.lock").touch()
    (answer,) = (answer for answer in mended(top) if answer.check == "proposals")
    assert answer.mended is None and "mending it failed" in answer.finding.words


def test_the_command_answers_in_lines_and_in_json(cli: Run, repo: Repo, top: Path) -> None:
    assert (cli("doctor", cwd=top).code, cli("doctor", cwd=top).err) == (0, "healthy\n")
    lock = aged(top / ".git/index.lock", 720)
    answer = cli("doctor", cwd=top)
    assert answer.code == 1 and answer.out == (
        f"locks: 'index.lock' was left by a git that died, 12 minutes ago (skillgit doctor --fix, or: rm '{lock}')\n"
    )
    row = json.loads(cli("doctor", "--json", cwd=top).out)
    assert (row["check"], row["fixable"], row["fixed"]) == ("locks", True, None)
    answer = cli("doctor", "--fix", cwd=top)
    assert answer.code == 0 and "; mended: moved to" in answer.out and answer.err == "1 found, 1 mended, 0 left\n"
    assert cli("doctor", "--full", cwd=top).code == 0


def test_where_there_is_no_repository_it_says_so(cli: Run, tmp_path: Path) -> None:
    answer = cli("doctor", cwd=tmp_path)
    assert answer.code == 128 and "not a git repository" in answer.err


def test_a_long_history_wants_a_commit_graph(repo: Repo, top: Path) -> None:
    stream = "".join(
        f"commit refs/heads/main\ncommitter A <a@example.com> {number + 1} +0000\ndata 1\nx\n"
        + ("from refs/heads/main^0\n" if number == 0 else "")
        for number in range(1100)
    )
    git("fast-import", "--quiet", cwd=top, stdin=stream.encode())
    assert [answer.check for answer in found(top)] == ["commit-graph"]
    assert all(answer.mended for answer in mended(top)) and found(top) == []
    assert graph.state(repo.common_dir).commits == int(git("rev-list", "--count", "--all", cwd=top))


@pytest.mark.parametrize("state", ["unborn", "detached", "sparse", "a merge"])
def test_a_work_tree_may_be_in_any_state(repo: Repo, top: Path, tmp_path: Path, state: str) -> None:
    match state:
        case "unborn":
            git("checkout", "-q", "--orphan", "new", cwd=top)
        case "detached":
            git("checkout", "-q", "--detach", cwd=top)
        case "sparse":
            git("sparse-checkout", "set", "Users", cwd=top)
        case "a merge":
            git("update-ref", "MERGE_HEAD", "HEAD~1", cwd=top)
    words = [answer.finding.words for answer in found(top, full=True)]
    assert [line for line in words if not (state == "unborn" and ".gitattributes" in line)] == []


def test_a_git_that_runs_in_a_submodule_keeps_its_locks(repo: Repo, top: Path, tmp_path: Path) -> None:
    git("init", "-q", tmp_path / "all")
    git("-c", "protocol.file.allow=always", "submodule", "add", "-q", top, "skills", cwd=tmp_path / "all")
    inside = init(tmp_path / "all/skills").repo.directory
    aged(tmp_path / "all/.git/modules/skills/index.lock")
    with running(cwd=inside / "Users"):
        assert ["runs there" in answer.finding.words for answer in found(inside)] == [True]
    assert [bool(answer.mended) for answer in mended(inside)] == [True]


def test_a_repository_that_libgit2_cannot_read_is_left_alone(tmp_path: Path) -> None:
    git("init", "-q", "--object-format=sha256", tmp_path / "sha256")
    git("commit", "-q", "--allow-empty", "-m", "x", cwd=tmp_path / "sha256")
    with pytest.raises(RepositoryError, match="sha256"):
        mended(tmp_path / "sha256")
    assert git("log", "--format=%s", cwd=tmp_path / "sha256") == "x"


def test_what_is_odd_and_not_gone_keeps_nothing_from_being_checked(repo: Repo, top: Path) -> None:
    content = git("cat-file", "commit", "HEAD", cwd=top).replace("> 17", "> 017")
    odd = git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", cwd=top, stdin=content.encode())
    git("update-ref", "refs/heads/odd", odd, cwd=top)
    answers = found(top, full=True)
    assert [answer.check for answer in answers] == ["fsck"] and not answers[0].finding.grave
