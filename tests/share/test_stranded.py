"""Files that a merge leaves where a skill was: found by its id, and brought to where it is."""

from __future__ import annotations

from pathlib import Path

from skillgit.git.repo import Repo
from skillgit.share.merging import merge
from skillgit.share.stranded import stranded
from tests.conftest import Run
from tests.git.place import git, sound, status
from tests.share.skills import BASE, OURS, SKILL, parted, text

PAPER = {SKILL: None, "Users/ada/paper/SKILL.md": text("Cite a source.", version="0.2.0", name="paper")}
NOTE = "Users/ada/report/references/note.md"
HOME = "Users/ada/paper/references/note.md"


def left_behind(top: Path, *, home: str = "") -> Repo:
    """A merge of git's that left a file in the folder of a skill that had been renamed."""
    theirs = {NOTE: "theirs\n"}
    repo = parted(top, PAPER | ({HOME: home} if home else {}), theirs)
    git("-c", "merge.directoryRenames=false", "merge", "-q", "--no-edit", "laptop", cwd=top)
    assert (top / NOTE).exists()
    return Repo.open(repo.directory)


def test_a_merge_of_ours_brings_a_new_file_to_where_the_skill_went(tmp_path: Path) -> None:
    repo, top = parted(tmp_path / "a", PAPER, {NOTE: "theirs\n"}), tmp_path / "a"
    assert merge(repo, "laptop").fate == "merged"
    assert (top / HOME).read_text() == "theirs\n" and not (top / NOTE).exists()
    assert status(top) == []
    sound(top)


def test_a_file_that_is_stranded_is_known_by_the_id_of_its_skill(tmp_path: Path) -> None:
    repo = left_behind(tmp_path / "a")
    found = stranded(repo, repo.resolve("HEAD"), before=[repo.resolve("HEAD~2")])
    assert found == {NOTE: HOME}


def test_one_that_would_be_in_the_way_is_left(tmp_path: Path) -> None:
    repo = left_behind(tmp_path / "a", home="ours\n")
    assert stranded(repo, repo.resolve("HEAD"), before=[repo.resolve("HEAD~2")]) == {}


def test_what_stands_beside_skills_is_nobodys_business(tmp_path: Path) -> None:
    repo = parted(tmp_path / "a", {SKILL: OURS, "Users/ada/notes/todo.md": "x\n"}, {SKILL: BASE + "\n"})
    assert stranded(repo, repo.resolve("HEAD"), before=[repo.resolve("HEAD~1")]) == {}


def test_doctor_finds_it_and_brings_it_home(tmp_path: Path, cli: Run) -> None:
    left_behind(tmp_path / "a")
    found = cli("doctor", cwd=tmp_path / "a")
    assert found.code == 1 and f"strays: '{NOTE}' was left behind when its skill moved" in found.out
    assert cli("doctor", "--fix", cwd=tmp_path / "a").code == 0 and cli("doctor", cwd=tmp_path / "a").code == 0
    assert (tmp_path / "a" / HOME).exists() and status(tmp_path / "a") == []
    assert git("log", "-1", "--format=%s", cwd=tmp_path / "a").startswith("tidy(ada/paper): ")
