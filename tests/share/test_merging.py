"""`skillgit merge`: what becomes of each skill, the commit that says so, and what stands in the way of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.errors import NotFound, Refused, RepositoryError
from skillgit.git.message import decode_merge
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.merge.hunk import Conflict, Resolution
from skillgit.share.merging import Merging, merge, preview
from tests.git.place import git, sound, status
from tests.share.skills import BASE, OURS, SKILL, THEIRS, commit, parted, rules, text, version

LETTER = "Users/ada/letter/SKILL.md"
PAPER = "Users/ada/paper/SKILL.md"
LETTERS = text("Be brief.", name="letter", own=2)
CLASH = text("Cite a source and a page.", version="0.1.1"), text("Cite no source.", version="0.1.1")
Files = dict[str, str | None]

MERGES: dict[str, tuple[Files, Files, list[str]]] = {  # what we did, what they did, and what the message lists
    "both changed it": (
        {SKILL: OURS},
        {SKILL: THEIRS},
        ["merge(ada/report): both sides changed it, here and in laptop (0.1.1 -> 0.1.2)"],
    ),
    "they changed it": ({"x": "x"}, {SKILL: THEIRS}, ["edit(ada/report): from laptop (0.1.0 -> 0.1.1)"]),
    "they made one": ({SKILL: OURS}, {LETTER: LETTERS}, ["add(ada/letter): from laptop (0.1.0)"]),
    "they removed it": ({"x": "x"}, {SKILL: None, "y": "y"}, ["remove(ada/report): from laptop (0.1.0 ->)"]),
    "they renamed it, we changed it": (
        {SKILL: OURS},
        {SKILL: None, PAPER: text("Cite a source.", version="0.2.0", name="paper")},
        ["merge(ada/paper): both sides changed it, here and in laptop (0.1.1 -> 0.2.1)"],
    ),
    "they changed a script beside it": (
        {SKILL: OURS},
        {"Users/ada/report/scripts/a.py": "1\n"},
        ["edit(ada/report): from laptop (0.1.1)"],
    ),
    "they changed what is no skill": ({SKILL: OURS}, {"README": "x\n"}, []),
    "both made one": (
        {LETTER: LETTERS},
        {LETTER: text("Sign with the full name.", name="letter", own=2)},
        ["merge(ada/letter): both sides changed it, here and in laptop (0.1.0 -> 0.1.1)"],
    ),
}


@pytest.mark.parametrize(("ours", "theirs", "listed"), MERGES.values(), ids=MERGES)
def test_a_merge_is_a_commit_that_lists_what_became_of_each_skill(
    ours: Files, theirs: Files, listed: list[str], tmp_path: Path
) -> None:
    repo, top = parted(tmp_path / "a", ours, theirs), tmp_path / "a"
    tips = [git("rev-parse", name, cwd=top) for name in ("main", "laptop")]
    done = merge(repo, "laptop")
    assert done.fate == "merged" and git("log", "-1", "--format=%P", cwd=top).split() == tips
    message = git("log", "-1", "--format=%B", cwd=top)
    said = [line for line in message.splitlines() if "(ada/" in line]
    assert message.splitlines()[0] == "Merge branch 'laptop'" and said == listed
    for path, number in decode_merge(message):
        assert version(top, f"{path}/SKILL.md") == number
    assert status(top) == []
    sound(top)


def test_what_both_sides_changed_has_the_rules_of_both_and_says_how(tmp_path: Path) -> None:
    repo = parted(tmp_path / "a", {SKILL: OURS}, {SKILL: THEIRS})
    merge(repo, "laptop")
    assert rules(tmp_path / "a") == ["Cite a source.", "Use no tables.", "Write in French."]
    message = git("log", "-1", "--format=%B", cwd=tmp_path / "a").splitlines()
    assert "+ Write in French." in message and "| Rules: both sides' lines" in message


def test_a_version_is_above_all_that_either_history_had(tmp_path: Path) -> None:
    repo, top = parted(tmp_path / "a", {SKILL: OURS}, {SKILL: THEIRS}), tmp_path / "a"
    git("switch", "-q", "laptop", cwd=top)
    commit(top, {SKILL: THEIRS.replace("0.1.1", "0.5.0")})
    said = "edit(ada/report): x (0.5.0)\n\nSkill-Decision: edit\nSkill-Path: Users/ada/report\nSkill-Version: 0.5.0\n"
    git("commit", "-q", "--allow-empty", "-F", "-", cwd=top, stdin=f"{said}Skill-Bump: minor\n".encode())
    commit(top, {SKILL: THEIRS})
    git("switch", "-q", "main", cwd=top)
    merge(repo, "laptop")
    assert version(top) == "0.5.1"


def test_after_a_merge_no_version_that_it_gave_comes_again(tmp_path: Path) -> None:
    repo, top = parted(tmp_path / "a", {SKILL: OURS}, {SKILL: THEIRS}), tmp_path / "a"
    merge(repo, "laptop")
    git("switch", "-qc", "desk", "main~1", cwd=top)
    commit(top, {SKILL: text("Cite a source.", "Use no tables.", "Sign it.", version="0.1.2")})
    git("switch", "-q", "main", cwd=top)
    merge(repo, "desk")
    assert version(top) == "0.1.3" and rules(top)[-1] == "Sign it."


def test_what_is_no_merge_is_a_plain_step(tmp_path: Path) -> None:
    repo, top = parted(tmp_path / "a", {SKILL: OURS}, {SKILL: THEIRS}), tmp_path / "a"
    assert merge(repo, "main~1").fate == "up to date" and merge(repo, "HEAD").fate == "up to date"
    git("switch", "-q", "-c", "behind", "main~1", cwd=top)
    assert merge(repo, "laptop").fate == "forward"
    assert git("rev-parse", "behind", cwd=top) == git("rev-parse", "laptop", cwd=top)
    assert rules(top) == ["Cite a source.", "Write in French."] and status(top) == []


def test_a_branch_that_is_not_born_begins_with_theirs(tmp_path: Path) -> None:
    parted(tmp_path / "a", {SKILL: OURS}, {SKILL: THEIRS})
    git("clone", "-q", "--no-checkout", tmp_path / "a", tmp_path / "b")
    git("switch", "-q", "--orphan", "new", cwd=tmp_path / "b")
    assert merge(Repo.open(tmp_path / "b"), "origin/laptop").fate == "forward"
    assert rules(tmp_path / "b") == ["Cite a source.", "Write in French."] and status(tmp_path / "b") == []


def test_a_preview_changes_nothing_and_git_finds_what_it_worked_out(tmp_path: Path) -> None:
    repo, top = parted(tmp_path / "a", {SKILL: CLASH[0]}, {SKILL: CLASH[1]}), tmp_path / "a"
    refs = git("for-each-ref", cwd=top)
    done = preview(
        repo, "laptop", answer=lambda conflict: Resolution("- Cite a source and a page.\n- Cite no source.\n")
    )
    assert done.fate == "merged" and git("for-each-ref", cwd=top) == refs and status(top) == []
    git("merge", "-q", "laptop", cwd=top)
    assert rules(top) == ["Cite a source and a page.", "Cite no source."]
    git("reset", "-q", "--hard", "main~1", cwd=top)
    git("rebase", "-q", "laptop", cwd=top)
    assert rules(top) == ["Cite a source and a page.", "Cite no source."]


def test_a_model_is_asked_once_for_each_conflict_and_told_only_of_it(tmp_path: Path) -> None:
    asked: list[Conflict] = []

    def answer(conflict: Conflict) -> Resolution:
        asked.append(conflict)
        return Resolution(conflict.ours + conflict.theirs)

    repo = parted(tmp_path / "a", {SKILL: CLASH[0], LETTER: LETTERS}, {SKILL: CLASH[1]})
    assert merge(repo, "laptop", answer=answer).fate == "merged"
    wanted = Conflict("Rules", "- Cite a source.\n", "- Cite a source and a page.\n", "- Cite no source.\n")
    assert asked == [wanted] and rules(tmp_path / "a") == ["Cite a source and a page.", "Cite no source."]
    assert "| Rules: as answered" in git("log", "-1", "--format=%B", cwd=tmp_path / "a")


def left_over(tmp_path: Path) -> tuple[Repo, Path, Merging]:
    repo = parted(tmp_path / "a", {SKILL: CLASH[0], LETTER: LETTERS}, {SKILL: CLASH[1], "README": "theirs\n"})
    return repo, tmp_path / "a", merge(repo, "laptop")


def test_what_is_left_is_left_as_git_leaves_it(tmp_path: Path) -> None:
    _, top, done = left_over(tmp_path)
    assert done.fate == "conflict" and list(done.plan.left if done.plan else ()) == [SKILL]
    assert status(top) == ["A  README", f"UU {SKILL}"]
    assert "<<<<<<< HEAD\n- Cite a source and a page.\n" in (top / SKILL).read_text()
    (top / SKILL).write_text(CLASH[0])
    git("add", "-A", cwd=top)
    git("commit", "-q", "--no-edit", cwd=top)
    assert len(git("log", "-1", "--format=%P", cwd=top).split()) == 2
    assert git("log", "-1", "--format=%s", cwd=top) == "Merge branch 'laptop'"


def test_it_can_be_given_up(tmp_path: Path) -> None:
    _, top, _ = left_over(tmp_path)
    git("merge", "--abort", cwd=top)
    assert status(top) == [] and (top / SKILL).read_text() == CLASH[0]


def test_one_in_progress_is_ended_first(tmp_path: Path) -> None:
    repo, _, _ = left_over(tmp_path)
    with pytest.raises(RepositoryError, match="a merge is in progress"):
        merge(repo, "laptop")


@pytest.mark.parametrize("clash", [False, True], ids=["a merge", "a conflict"])
def test_an_edit_in_the_way_stops_it_and_stays(clash: bool, tmp_path: Path) -> None:
    sides = CLASH if clash else (OURS, THEIRS)
    repo, top = parted(tmp_path / "a", {SKILL: sides[0]}, {SKILL: sides[1]}), tmp_path / "a"
    (top / SKILL).write_text("mine\n")
    tip = git("rev-parse", "HEAD", cwd=top)
    with pytest.raises(RepositoryError):
        merge(repo, "laptop")
    assert (top / SKILL).read_text() == "mine\n" and git("rev-parse", "HEAD", cwd=top) == tip
    assert status(top) == [f" M {SKILL}"]


def test_histories_with_nothing_in_common_are_refused(tmp_path: Path) -> None:
    repo = parted(tmp_path / "a", {SKILL: OURS}, {SKILL: THEIRS})
    git("init", "-q", "-b", "main", tmp_path / "b")
    commit(tmp_path / "b", {SKILL: BASE})
    other = init(tmp_path / "b").repo
    git("fetch", "-q", tmp_path / "b", "main:other", cwd=tmp_path / "a")
    with pytest.raises(Refused, match="no commit in common"):
        merge(repo, "other")
    with pytest.raises(NotFound, match="no commit 'nowhere'"):
        merge(other, "nowhere")


def test_a_bare_repository_merges_too_and_refuses_what_needs_a_work_tree(tmp_path: Path) -> None:
    parted(tmp_path / "a", {SKILL: OURS}, {SKILL: THEIRS})
    git("clone", "-q", "--bare", tmp_path / "a", tmp_path / "a.git")
    done = merge(Repo.open(tmp_path / "a.git"), "laptop")
    assert done.fate == "merged" and "Write in French" in git("show", f"main:{SKILL}", cwd=tmp_path / "a.git")
    parted(tmp_path / "b", {SKILL: CLASH[0]}, {SKILL: CLASH[1]})
    git("clone", "-q", "--bare", tmp_path / "b", tmp_path / "b.git")
    with pytest.raises(Refused, match="both sides changed the same lines: Rules"):
        merge(Repo.open(tmp_path / "b.git"), "laptop")


def test_a_detached_head_is_moved_and_no_branch_is(tmp_path: Path) -> None:
    repo, top = parted(tmp_path / "a", {SKILL: OURS}, {SKILL: THEIRS}), tmp_path / "a"
    git("switch", "-q", "--detach", cwd=top)
    branches = git("for-each-ref", cwd=top)
    done = merge(repo, "laptop")
    assert done.landed and done.landed.ref == "HEAD" and git("for-each-ref", cwd=top) == branches
    assert git("rev-parse", "HEAD", cwd=top) == done.landed.commits[0] and status(top) == []
