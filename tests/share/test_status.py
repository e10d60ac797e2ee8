"""`skillgit status`: what there is to do, in a line each, without a word from the network."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.share import library
from tests.changes.library import add
from tests.conftest import Run
from tests.git.place import git
from tests.share.copies import Files, here, team, upstream, with_rules
from tests.share.hub import learn
from tests.share.test_library import published, text

COPIES: dict[str, tuple[bool, Files, str]] = {  # whether the copy was changed, what upstream did, and what is said
    "up to date": (False, {}, "ada/pdf  up to date: as Common/acme/skills/pdf"),
    "ahead": (True, {}, "ada/pdf  ahead: changed since it was copied from Common/acme/skills/pdf"),
    "behind": (
        False,
        {"SKILL.md": text("pdf", "Use qpdf.")},
        "ada/pdf  behind: 'skillgit sync ada/pdf' brings Common/acme/skills/pdf",
    ),
    "diverged": (
        True,
        {"notes.md": "x\n"},
        "ada/pdf  diverged: 'skillgit sync ada/pdf' merges Common/acme/skills/pdf",
    ),
    "renamed": (
        False,
        {"SKILL.md": None, "scripts/fill.py": None, "../forms/SKILL.md": text("pdf")},
        "ada/pdf  behind: 'skillgit sync ada/pdf' brings Common/acme/skills/forms, as it is called now",
    ),
    "gone": (
        False,
        {"SKILL.md": None, "scripts/fill.py": None, "../xls/SKILL.md": text("xls", "Use openpyxl.")},
        "ada/pdf  gone: library 'acme' has 'Common/acme/skills/pdf' no more",
    ),
}


@pytest.mark.parametrize(("is_edited", "theirs", "line"), COPIES.values(), ids=COPIES)
def test_a_copy_is_told_beside_its_upstream(
    is_edited: bool, theirs: Files, line: str, tmp_path: Path, cli: Run
) -> None:
    repo = team(tmp_path)
    if is_edited:
        here(repo, {"SKILL.md": with_rules(repo, "Be careful.", "Keep a copy.")})
    if theirs:
        upstream(repo, theirs)
    said = cli("status", cwd=repo.directory, env={"SKILLGIT_USER": "ada"})
    assert said.code == 0 and f"  {line}\n" in said.out and said.err == ""
    assert f"  {line}\n" in cli("status", "ada/pdf", cwd=repo.directory).out


def test_the_branch_is_told_beside_its_remote_as_it_was_last_seen(place: Path, cli: Run) -> None:
    here_, there = place / "here", place / "there"
    assert cli("status", cwd=here_).out == "branch main: as origin/main\n"
    learn(Repo.open(here_), "Users/ada/report", "Cite a source.")
    assert "1 ahead of origin/main, 'skillgit push' sends them" in cli("status", cwd=here_).out
    learn(Repo.open(there), "Users/bo/letter", "Sign it.")
    git("push", "-q", cwd=there)
    assert "behind" not in cli("status", cwd=here_).out
    git("fetch", "-q", cwd=here_)
    assert "1 ahead of origin/main and 1 behind, 'skillgit push' sends them" in cli("status", cwd=here_).out
    git("switch", "-qc", "trial", cwd=here_)
    assert "not at origin/trial yet" in cli("status", cwd=here_).out
    git("switch", "-q", "--detach", cwd=here_)
    assert cli("status", cwd=here_).out.startswith("no branch: HEAD is detached")


def test_a_hand_edit_is_told_with_the_version_that_it_would_get_or_its_fault(tmp_path: Path, cli: Run) -> None:
    repo = init(tmp_path / "own").repo
    for name in ("letter", "paper", "report"):
        add(repo, f"Users/ada/{name}", "Be careful.")
    folder = repo.directory / "Users/ada"
    with (folder / "letter/SKILL.md").open("a") as file:
        file.write("- Sign it.\n")
    (folder / "paper/SKILL.md").write_text("---\nname: paper\n---\n")
    (folder / "report/SKILL.md").unlink()
    said = cli("status", cwd=repo.directory).out.splitlines()
    assert said[1:3] == [
        "edited, not committed ('skillgit commit' records it):",
        "  ada/letter 0.1.0 -> 0.1.1: Sign it.",
    ]
    assert "invalid skill 'ada/paper'" in said[3] and said[4] == "  ada/report removed: deleted by hand"
    assert cli("status", "letter", cwd=repo.directory).out.splitlines()[1:] == said[1:3]


def test_a_conflict_is_told_with_what_ends_it(tmp_path: Path, cli: Run) -> None:
    repo = team(tmp_path)
    here(repo, {"SKILL.md": with_rules(repo, "Always be careful.")})
    upstream(repo, {"SKILL.md": text("pdf", "Never be hasty.")})
    assert cli("sync", "ada/pdf", cwd=repo.directory).code == 1
    told = "in conflict ('skillgit resolve', then 'git cherry-pick --continue'):\n  Users/ada/pdf/SKILL.md\n"
    assert told in cli("status", cwd=repo.directory).out
    cli("resolve", "--ours", cwd=repo.directory)
    assert "not concluded yet: 'git cherry-pick --continue'\n" in cli("status", cwd=repo.directory).out


def test_a_library_is_told_as_it_was_last_fetched(tmp_path: Path, cli: Run) -> None:
    repo = team(tmp_path)
    assert "  acme  up to date, as last fetched\n" in cli("status", cwd=repo.directory).out
    published(tmp_path / "acme", {"more.md": "x\n"})
    library.offer_update(repo, "acme")
    assert "  acme  1 behind: 'skillgit library update acme'\n" in cli("status", cwd=repo.directory).out
    git("clone", "-q", repo.directory, tmp_path / "clone")
    assert "  acme  not fetched: 'skillgit library fetch acme'\n" in cli("status", cwd=tmp_path / "clone").out


def test_decisions_that_wait_are_counted(tmp_path: Path, cli: Run) -> None:
    repo = init(tmp_path / "own").repo
    add(repo, "Users/ada/report")
    git("switch", "-qc", "learn/ada/2026-01-02", cwd=repo.directory)
    add(repo, "Users/ada/letter")
    git("switch", "-q", "main", cwd=repo.directory)
    assert "1 decision to review: 'skillgit review'\n" in cli("status", cwd=repo.directory).out


def test_json_says_the_same(tmp_path: Path, cli: Run) -> None:
    repo = team(tmp_path)
    upstream(repo, {"notes.md": "x\n"})
    row = json.loads(cli("status", "--json", cwd=repo.directory, env={"SKILLGIT_USER": "ada"}).out)
    copy = {"skill": "ada/pdf", "state": "behind", "upstream": "Common/acme/skills/pdf", "reason": None}
    assert row["branch"] == "main" and row["remote"] is None and row["copies"] == [copy]
    assert row["libraries"] == [{"library": "acme", "fetched": True, "behind": 0}]
    assert (row["edited"], row["conflicts"], row["proposals"], row["undecided"]) == ([], [], 0, 0)


def test_nothing_moves_in_a_bare_or_an_empty_repository_either(tmp_path: Path, cli: Run) -> None:
    assert cli("status", cwd=init(tmp_path / "bare", bare=True).repo.git_dir).out.startswith("branch main:")
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path / "empty"], check=True)
    assert cli("status", cwd=tmp_path / "empty").out.startswith("branch main:")
