"""What is left of a merge, decided: whatever git was doing, whatever markers it wrote, and no word lost on the way."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from skillgit.errors import NotFound
from skillgit.git.join import OURS, THEIRS
from skillgit.git.repo import Repo
from skillgit.git.unmerged import conclusion
from skillgit.share.resolving import Decided, conflicts, decide, take
from tests.git.place import git, status
from tests.share.skills import SKILL, commit, parted, rules, text, version

MINE, THEIR = text("Cite a page.", "Sign it.", version="0.1.1"), text("Cite no source.", "Sign it.", version="0.1.1")
SCRIPT = "Users/ada/report/scripts/a.sh"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """`main` and `laptop` have changed the same rule, and the same script."""
    start = {SCRIPT: "echo 1\n", SKILL: text("Cite a source.", "Sign it.")}
    repo = parted(tmp_path / "a", {}, {})
    git("switch", "-q", "laptop", cwd=tmp_path / "a")
    git("reset", "-q", "--hard", "main", cwd=tmp_path / "a")
    commit(tmp_path / "a", start)
    git("switch", "-q", "main", cwd=tmp_path / "a")
    git("merge", "-q", "laptop", cwd=tmp_path / "a")
    commit(tmp_path / "a", {SKILL: MINE, SCRIPT: "echo 2\n"})
    git("switch", "-q", "laptop", cwd=tmp_path / "a")
    commit(tmp_path / "a", {SKILL: THEIR, SCRIPT: "echo 3\n"})
    git("switch", "-q", "main", cwd=tmp_path / "a")
    return repo


@pytest.fixture
def top(repo: Repo) -> Path:
    assert repo.worktree is not None
    return repo.worktree


DOING = {  # a command that meets the conflict, whose rule is ours then, and what concludes it
    "merge": ("git merge laptop", "Cite a page.", "git commit --no-edit"),
    "rebase": ("git rebase laptop", "Cite no source.", "git rebase --continue"),
    "cherry-pick": ("git cherry-pick laptop", "Cite a page.", "git cherry-pick --continue"),
    "revert": ("git revert --no-edit HEAD~1", "Cite a page and a line.", "git revert --continue"),
    "stash": (
        "git checkout -q laptop~1; git show main:$S >$S; git stash -q; git checkout -q laptop; git stash pop",
        "",
        "",
    ),
}


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_hunks_are_read_in_every_style_of_markers_and_put_back_as_they_were(style: str, repo: Repo, top: Path) -> None:
    git("config", "merge.conflictStyle", style, cwd=top)
    git("config", "merge.skillgit.driver", "git merge-file %A %O %B", cwd=top)
    git("merge", "laptop", cwd=top, ok=False)
    before = {path: (top / path).read_bytes() for path in (SKILL, SCRIPT)}
    files = conflicts(repo)
    assert [file.path for file in files] == [SKILL, SCRIPT]
    for file in files:
        assert decide(repo, file, [None] * len(file.hunks)) == Decided(file.path, len(file.hunks))
    assert {path: (top / path).read_bytes() for path in (SKILL, SCRIPT)} == before
    assert [hunk.conflict.ours for hunk in files[1].hunks] == ["echo 2\n"]


def test_a_hunk_knows_its_section_and_what_is_proposed(repo: Repo, top: Path) -> None:
    git("merge", "laptop", cwd=top, ok=False)
    (hunk,) = conflicts(repo)[0].hunks
    assert hunk.conflict.section == "Rules" and hunk.both == "- Cite a page.\n- Cite no source.\n"


CHOICES = {
    "ours": ("- Cite a page.\n", ["Cite a page.", "Sign it."]),
    "theirs": ("- Cite no source.\n", ["Cite no source.", "Sign it."]),
    "both": ("- Cite a page.\n- Cite no source.\n", ["Cite a page.", "Cite no source.", "Sign it."]),
    "neither": ("", ["Sign it."]),
}


@pytest.mark.parametrize(("chosen", "left"), CHOICES.values(), ids=CHOICES)
def test_a_file_without_conflicts_is_staged_with_a_version_above_both(
    chosen: str, left: list[str], repo: Repo, top: Path
) -> None:
    git("merge", "laptop", cwd=top, ok=False)
    skill, _ = conflicts(repo)
    assert decide(repo, skill, [chosen]).staged
    assert rules(top) == left and version(top) > "0.1.1"
    assert f"M  {SKILL}" in status(top) and [file.path for file in conflicts(repo)] == [SCRIPT]


def test_what_was_edited_around_the_markers_stays(repo: Repo, top: Path) -> None:
    git("merge", "laptop", cwd=top, ok=False)
    (top / SKILL).write_text((top / SKILL).read_text() + "- Date it.\n")
    assert decide(repo, conflicts(repo)[0], ["- Cite a page.\n"]).staged
    assert rules(top) == ["Cite a page.", "Sign it.", "Date it."]


def test_a_file_that_a_person_has_resolved_is_staged_as_it_is(repo: Repo, top: Path) -> None:
    git("merge", "laptop", cwd=top, ok=False)
    (top / SKILL).write_text(text("Cite both.", version="0.3.0"))
    (file, _) = conflicts(repo)
    assert file.hunks == () and decide(repo, file, []).staged and rules(top) == ["Cite both."]


BROKEN = {
    "markers": ("<<<<<<< x\n- a\n=======\n- b\n>>>>>>> y\n", "there are conflict markers in it"),
    "no frontmatter": (None, "frontmatter"),
}


@pytest.mark.parametrize(("chosen", "why"), BROKEN.values(), ids=BROKEN)
def test_what_is_not_fit_to_be_committed_is_not_staged(chosen: str | None, why: str, repo: Repo, top: Path) -> None:
    git("merge", "laptop", cwd=top, ok=False)
    if chosen is None:
        (top / SKILL).write_text("# Report\n")
    file = conflicts(repo)[0]
    done = decide(repo, file, [chosen] if chosen else [])
    assert not done.staged and why in done.problem and f"UU {SKILL}" in status(top)


def test_the_conflict_can_be_had_back_until_the_commit(repo: Repo, top: Path) -> None:
    git("merge", "laptop", cwd=top, ok=False)
    decide(repo, conflicts(repo)[0], ["- Cite a page.\n"])
    git("checkout", "-m", "--", SKILL, cwd=top)
    assert len(conflicts(repo)[0].hunks) == 1 and f"UU {SKILL}" in status(top)


def test_a_side_that_a_driver_left_without_markers_is_not_taken_for_a_choice(repo: Repo, top: Path) -> None:
    git("config", "merge.skillgit.driver", "false", cwd=top)
    git("merge", "laptop", cwd=top, ok=False)
    assert (top / SKILL).read_text() == MINE
    assert [hunk.conflict.theirs for hunk in conflicts(repo)[0].hunks] == ["- Cite no source.\n"]


@pytest.mark.parametrize(("side", "kept"), [(OURS, True), (THEIRS, False)], ids=["ours", "theirs"])
def test_a_removal_against_a_change_is_taken_whole(side: int, kept: bool, repo: Repo, top: Path) -> None:
    git("switch", "-q", "laptop", cwd=top)
    commit(top, {SKILL: None})
    git("switch", "-q", "main", cwd=top)
    git("merge", "laptop", cwd=top, ok=False)
    (file, _) = conflicts(repo)
    assert file.pieces is None and take(repo, file, side).staged
    assert (top / SKILL).exists() == kept and SKILL not in [each.path for each in conflicts(repo)]


def test_skills_are_chosen_by_name(repo: Repo, top: Path) -> None:
    git("merge", "laptop", cwd=top, ok=False)
    assert [file.path for file in conflicts(repo, ["ada/report"])] == [SKILL]
    assert [file.path for file in conflicts(repo, ["a.sh"])] == [SCRIPT]
    with pytest.raises(NotFound, match="no conflict in 'letter'"):
        conflicts(repo, ["letter"])


@pytest.mark.parametrize(("command", "ours", "conclude"), DOING.values(), ids=DOING)
def test_it_goes_on_in_whatever_git_was_doing(
    command: str, ours: str, conclude: str, repo: Repo, top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_EDITOR", "true")
    if "revert" in command:
        commit(top, {SKILL: text("Cite a page and a line.", "Sign it.", version="0.1.2")})
    done = subprocess.run(["bash", "-c", f"S={SKILL}; {command}"], cwd=top, capture_output=True, check=False)
    assert done.returncode and conflicts(repo)
    for file in conflicts(repo):
        assert ours in file.hunks[0].conflict.ours or file.path == SCRIPT
        assert decide(repo, file, [hunk.both for hunk in file.hunks]).staged
    assert conclusion(repo) == conclude.replace(" --no-edit", "")
    if conclude:
        git(*conclude.split()[1:], cwd=top)
    assert conflicts(repo) == [] and conclusion(repo) == ""
