"""A sync that cannot be decided: left to a person in git's own way, or put to a model; nothing is half done."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.changes.skill import load
from skillgit.errors import RepositoryError
from skillgit.git.message import Note
from skillgit.merge.hunk import Resolution
from skillgit.share.fork import fork
from skillgit.share.sync import preview, sync
from skillgit.share.upstream import fork_at
from tests.changes.library import state
from tests.conftest import Run
from tests.git.place import git, sound, status
from tests.share.copies import COPY, Files, edited, held, here, last, rules, stands, synced, team, upstream, with_rules
from tests.share.test_library import PDF, text

CONFLICTS: dict[str, tuple[Files, Files, str]] = {
    "reworded the same rule": (
        {"SKILL.md": "Always be careful."},
        {"SKILL.md": text("pdf", "Never be hasty.")},
        "both sides changed the same lines: Rules",
    ),
    "changed the same line of a script": (
        {"scripts/fill.py": edited(2, "mine")},
        {"scripts/fill.py": edited(2, "theirs")},
        "CONFLICT (content)",
    ),
    "changed a script that upstream took away": (
        {"scripts/fill.py": edited(2, "mine")},
        {"scripts/fill.py": None},
        "they removed it, and we changed it",
    ),
    "took away a script that upstream changed": (
        {"scripts/fill.py": None},
        {"scripts/fill.py": edited(2, "theirs")},
        "we removed it, and they changed it",
    ),
    "made a binary file of that name": ({"a.bin": "\0mine"}, {"a.bin": "\0theirs"}, "CONFLICT"),
}


@pytest.mark.parametrize(("ours", "theirs", "why"), CONFLICTS.values(), ids=CONFLICTS)
def test_a_conflict_is_left_in_the_work_tree_where_both(ours: Files, theirs: Files, why: str, tmp_path: Path) -> None:
    repo = team(tmp_path)
    here(repo, {name: with_rules(repo, each) if name == "SKILL.md" and each else each for name, each in ours.items()})
    upstream(repo, theirs)
    old = repo.tip("HEAD")
    copies = [fork_at(repo, old, COPY)]
    before = state(repo.directory)
    (foreseen,) = preview(repo, copies)
    assert foreseen.fate == "conflict" and not foreseen.under_way and state(repo.directory) == before
    (done,) = sync(repo, copies)
    assert done.fate == "conflict" and done.under_way and why in next(iter(done.left.values()))
    assert repo.tip("HEAD") == old and (repo.git_dir / "CHERRY_PICK_HEAD").exists()
    with pytest.raises(RepositoryError, match="cherry-pick is in progress"):
        list(sync(repo, copies))
    git("cherry-pick", "--abort", cwd=repo.directory)
    assert state(repo.directory) == before
    sound(repo.directory)


@pytest.mark.parametrize("hooks", [False, True], ids=["without hooks", "with hooks"])
@pytest.mark.parametrize("side", ["--ours", "--theirs"])
def test_a_conflict_that_is_resolved_is_a_decision_like_any_other(
    tmp_path: Path, cli: Run, *, side: str, hooks: bool
) -> None:
    repo = team(tmp_path)
    here(repo, {"SKILL.md": with_rules(repo, "Always be careful.", "Ask first.")})
    upstream(repo, {"SKILL.md": text("pdf", "Never be hasty."), "notes.md": "x\n"})
    if hooks:
        assert cli("hooks", "install", cwd=repo.directory).code == 0
    assert cli("sync", "--user", "ada", cwd=repo.directory).code == 1
    assert cli("resolve", side, cwd=repo.directory).code == 0
    git("cherry-pick", "--continue", cwd=repo.directory)
    assert rules(repo) == (["Always be careful.", "Ask first."] if side == "--ours" else ["Never be hasty."])
    made = load(repo, repo.tip("HEAD"), COPY).document
    assert last(repo).action == "sync" and last(repo).after == made.version and last(repo).id == made.id
    told = {note.text for note in last(repo).notes if note.mark != "|"}  # what the hook sees that it came to
    assert any("hasty" in text for text in told) is (hooks and side == "--theirs") and not told & {"Be careful."}
    assert Note("|", "both sides changed the same: resolved by hand") in last(repo).notes
    assert held(repo)["notes.md"] == "x\n" and status(repo.directory) == []
    assert stands(repo) == ("ahead" if side == "--ours" else "up to date") and synced(repo).fate == "up to date"


def test_a_conflict_that_is_merged_by_hand_is_told_as_what_it_came_to(tmp_path: Path, cli: Run) -> None:
    repo = team(tmp_path)
    here(repo, {"SKILL.md": with_rules(repo, "Always be careful.", "Ask first.")})
    upstream(repo, {"SKILL.md": text("pdf", "Never be hasty.")})
    assert cli("hooks", "install", cwd=repo.directory).code == 0
    assert cli("sync", "--user", "ada", cwd=repo.directory).code == 1
    file = repo.directory / COPY / "SKILL.md"
    head, _, rest = file.read_text().partition("<<<<<<<")
    file.write_text(f"{head}- Take your time.\n{rest.partition('>>>>>>>')[2].partition(chr(10))[2]}")
    git("add", "-A", cwd=repo.directory)
    git("cherry-pick", "--continue", cwd=repo.directory)
    made, said = load(repo, repo.tip("HEAD"), COPY).document, last(repo)
    assert (said.action, said.after, said.bump) == ("sync", made.version, "minor")
    assert {note.mark + note.text for note in said.notes if "Take your time." in note.text or note.mark == "-"}
    assert not any("hasty" in note.text for note in said.notes)


def test_a_conflict_is_put_to_a_model_and_the_answer_is_said(tmp_path: Path) -> None:
    repo = team(tmp_path)
    here(repo, {"SKILL.md": with_rules(repo, "Always be careful.")})
    upstream(repo, {"SKILL.md": text("pdf", "Never be hasty.")})
    copies = [fork_at(repo, repo.tip("HEAD"), COPY)]
    (done,) = sync(repo, copies, answer=lambda conflict: Resolution(conflict.ours + conflict.theirs))
    assert done.fate == "synced" and rules(repo) == ["Always be careful.", "Never be hasty."]
    assert "| Rules: as answered" in git("log", "-1", "--format=%B", cwd=repo.directory)


def test_a_proposal_is_taken_where_that_is_asked_for(tmp_path: Path, cli: Run) -> None:
    repo = team(tmp_path)
    here(repo, {"SKILL.md": with_rules(repo, "Be careful with forms.")})
    upstream(repo, {"SKILL.md": text("pdf", "Always be careful.")})
    assert cli("sync", "ada/pdf", "--dry-run", cwd=repo.directory).code == 1
    assert cli("sync", "ada/pdf", "--accept", cwd=repo.directory).code == 0
    assert rules(repo) == ["Always be careful with forms."]


def test_clean_copies_are_synced_before_the_first_conflict_stops_the_others(tmp_path: Path, cli: Run) -> None:
    repo = team(tmp_path)
    fork(repo, PDF, user="ada", name="forms")
    fork(repo, PDF, user="ada", name="tables")
    for name in ("pdf", "forms"):
        file = repo.directory / f"Users/ada/{name}/SKILL.md"
        file.write_text(file.read_text().replace("Be careful.", "Always be careful."))
    git("commit", "-qam", "by hand", cwd=repo.directory)
    upstream(repo, {"SKILL.md": text("pdf", "Never be hasty.")})
    done = cli("sync", "--user", "ada", cwd=repo.directory)
    assert done.code == 1 and "sync ada/tables 0.1.0 -> " in done.out and "for the others" in done.err
    assert done.out.count("conflict Users/ada/") == 2
    assert git("diff", "--name-only", "--diff-filter=U", cwd=repo.directory) == "Users/ada/forms/SKILL.md"
