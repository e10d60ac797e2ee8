"""What the history says of a skill, through its moves, and whatever the user has configured."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.errors import NotFound
from skillgit.git.history import log, log_of
from skillgit.git.message import Decision, encode
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from tests.git.place import FIRST, OTHER, SECOND, SKILL, git, put, status

RELEASE = "Users/ada/release"


def move(repo: Repo, was: str, path: str) -> None:
    def body(tx: Transaction) -> None:
        edits = {f"{path}/{name}": entry for name, entry in repo.files(tx.tip, was).items()}
        decision = Decision("move", path, "moved", was=was, before="0.1.0", after="0.2.0", bump="minor")
        tx.commit(encode(decision), {was: None, **edits})

    write(repo, body)


@pytest.fixture
def travelled(repo: Repo) -> Repo:
    """A skill changed, moved, changed, moved on, while another took its first place."""
    put(repo, {SKILL: SECOND})
    move(repo, RELEASE, "Users/ada/ship")
    put(repo, {"Users/ada/ship/SKILL.md": b"# Ship\n", OTHER: b"# Report 2\n"})
    put(repo, {SKILL: b"# Another\n"})
    move(repo, "Users/ada/ship", "Common/ship")
    put(repo, {"Common/ship/scripts/run.sh": b"true\n"})
    return repo


def said(repo: Repo, path: str, limit: int | None = None) -> list[str]:
    return [revision.subject.partition(":")[0] for revision in log_of(repo, "main", path, limit=limit)]


def test_the_log_of_a_skill_goes_on_before_its_moves(travelled: Repo, top: Path) -> None:
    whole = [
        "edit(Common/ship/scripts)",
        "move(Common/ship)",
        "edit(ada/ship)",
        "move(ada/ship)",
        "edit(ada/release)",
        "edit(ada/release)",
    ]
    assert said(travelled, "Common/ship") == whole
    for limit in range(8):
        assert said(travelled, "Common/ship", limit) == whole[:limit]
    assert [revision.path for revision in log_of(travelled, "main", "Common/ship")] == [
        "Common/ship",
        "Common/ship",
        "Users/ada/ship",
        "Users/ada/ship",
        RELEASE,
        RELEASE,
    ]
    assert status(top) == []


def test_the_log_of_a_place_tells_what_left_it(travelled: Repo) -> None:
    assert said(travelled, RELEASE)[:2] == ["edit(ada/release)", "move(ada/ship)"]
    assert said(travelled, "Users/ada/no") == []


def test_a_skill_that_moved_there_and_back_is_told_whole(repo: Repo) -> None:
    move(repo, RELEASE, "Users/ada/ship")
    move(repo, "Users/ada/ship", RELEASE)
    assert said(repo, RELEASE) == ["move(ada/release)", "move(ada/ship)", "edit(ada/release)"]


def test_a_path_is_no_pattern(repo: Repo) -> None:
    put(repo, {"Users/ada/[a-z]*/SKILL.md": b"x"})
    assert said(repo, "Users/ada/[a-z]*") == ["edit(ada/[a-z]*)"]


@pytest.mark.parametrize(
    "setting",
    [
        "log.showSignature=true",
        "log.follow=true",
        "log.decorate=full",
        "color.ui=always",
        "format.pretty=oneline",
        "i18n.logOutputEncoding=latin1",
        "log.date=relative",
        "log.mailmap=true",
        "log.diffMerges=first-parent",
        "diff.renames=copies",
    ],
)
def test_a_log_is_the_same_whatever_is_configured(travelled: Repo, top: Path, setting: str) -> None:
    put(travelled, {SKILL: "每个 é".encode()})
    git("commit", "-q", "--allow-empty", "-m", "每个 é\n\nBody é.", cwd=top)
    expected = [*log(travelled, "main")], [*log_of(travelled, "main", "Common/ship")]
    key, _, value = setting.partition("=")
    git("config", key, value, cwd=top)
    assert ([*log(travelled, "main")], [*log_of(travelled, "main", "Common/ship")]) == expected
    assert expected[0][0].message == "每个 é\n\nBody é.\n"


def test_hostile_names_and_messages_shift_nothing(repo: Repo, top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Eve\x01\x02\x1b[31m")
    git("commit", "-q", "--allow-empty", "-m", "subject\x01\x02\n\nSkill-Decision: remove\x01x", cwd=top)
    found = next(log(repo, "main"))
    assert (found.subject, found.author) == ("subject\x01\x02", "Eve\x01\x02\x1b[31m")
    assert found.date == "2026-01-02T03:04:05+00:00" and found.parents == (git("rev-parse", "HEAD~", cwd=top),)
    assert found.decision is None


@pytest.mark.parametrize("header", [b"", b"encoding latin1\n", b"encoding no-such\n"])
def test_a_message_in_any_encoding_is_read(repo: Repo, top: Path, header: bytes) -> None:
    tree, who = git("rev-parse", "HEAD^{tree}", cwd=top).encode(), b"A <a@b> 1 +0000\n"
    raw = b"tree " + tree + b"\nauthor " + who + b"committer " + who + header + b"\ncaf\xe9\n"
    oid = git("hash-object", "-t", "commit", "-w", "--stdin", cwd=top, stdin=raw)
    assert next(log(repo, oid)).subject.startswith("caf")


@pytest.mark.parametrize("rev", ["no-such", "--output=x", "-1", "", "HEAD~99", "main..side", "HEAD:skillgit.toml"])
def test_what_names_no_commit_is_not_found(repo: Repo, top: Path, rev: str) -> None:
    with pytest.raises(NotFound, match="no commit"):
        list(log(repo, rev))
    assert not (top / "x").exists()


def test_an_empty_history_has_no_commit(tmp_path: Path) -> None:
    git("init", "-q", "empty")
    with pytest.raises(NotFound):
        list(log(Repo.open(tmp_path / "empty"), "HEAD"))


def test_a_merge_keeps_the_decisions_of_both_sides(repo: Repo, top: Path) -> None:
    git("switch", "-q", "-c", "side", cwd=top)
    put(repo, {OTHER: b"# Side\n"})
    git("switch", "-q", "main", cwd=top)
    put(repo, {SKILL: SECOND})
    git("merge", "-q", "--no-edit", "side", cwd=top)
    decided = [revision.decision.path for revision in log(repo, "main") if revision.decision]
    assert sorted(decided[:2]) == ["Users/ada/release", "Users/ada/report"]
    assert len([*log_of(repo, "main", RELEASE)]) == 2
    assert FIRST != SECOND
