"""The configuration that git merges and shows SKILL.md files by: put in, looked at, taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.git import driver
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from tests.git.place import SKILL, git

SECTIONS = r"^(merge|diff)\.skillgit\."


def test_init_sets_it_up_once(repo: Repo, top: Path) -> None:
    assert driver.missing(repo) == [] and driver.lost_program(repo) is None
    before = (top / ".git/config").read_bytes()
    init(top)
    assert (top / ".git/config").read_bytes() == before
    assert git("check-attr", "merge", "diff", "--", SKILL, cwd=top).split()[2::3] == ["skillgit", "skillgit"]


def test_a_clone_lacks_it_until_init(repo: Repo, top: Path, tmp_path: Path) -> None:
    git("clone", "-q", top, tmp_path / "clone")
    clone = Repo.open(tmp_path / "clone")
    assert set(driver.missing(clone)) >= {"merge.skillgit.driver", "diff.skillgit.xfuncname"}
    assert init(tmp_path / "clone").commit is None
    assert driver.missing(Repo.open(tmp_path / "clone")) == []


def test_what_somebody_has_set_otherwise_stays(repo: Repo, top: Path) -> None:
    git("config", "merge.skillgit.driver", "mine %A", cwd=top)
    git("config", "--unset", "diff.skillgit.wordRegex", cwd=top)
    driver.install(Repo.open(top))
    assert git("config", "merge.skillgit.driver", cwd=top) == "mine %A"
    assert git("config", "diff.skillgit.wordRegex", cwd=top)


@pytest.mark.parametrize("program", ["/nowhere/bin/skillgit", "/no where/it's/100%%/skillgit"])
def test_a_program_that_is_gone_is_named_and_replaced(program: str, repo: Repo, top: Path) -> None:
    quoted = "'" + program.replace("'", "'\"'\"'") + "'"
    line = git("config", "merge.skillgit.driver", cwd=top)
    git("config", "merge.skillgit.driver", line.replace(line.split()[3], quoted), cwd=top)
    assert driver.lost_program(Repo.open(top)) == program.replace("%%", "%")
    driver.install(Repo.open(top))
    assert git("config", "merge.skillgit.driver", cwd=top) == line


def test_it_is_taken_out_whole_and_nothing_else_is(repo: Repo, top: Path) -> None:
    git("config", "merge.other.name", "mine", cwd=top)
    others = git("config", "--local", "--list", cwd=top).splitlines()
    assert driver.uninstall(repo) and not driver.uninstall(Repo.open(top))
    assert git("config", "--local", "--get-regexp", SECTIONS, cwd=top, ok=False) == ""
    left = git("config", "--local", "--list", cwd=top).splitlines()
    assert left == [line for line in others if not line.startswith(("merge.skillgit", "diff.skillgit"))]


def test_a_hunk_says_which_section_it_is_in(repo: Repo, top: Path) -> None:
    text = "---\nname: release\ndescription: d\nlicense: MIT\n---\n# Release\n\n## Rules\n" + "- a\n" * 5 + "- z\n"
    (top / SKILL).write_text(text)
    git("commit", "-qam", "long", cwd=top)
    (top / SKILL).write_text(text.replace("- z", "- y").replace("MIT", "BSD"))
    shown = git("diff", "-U0", cwd=top)
    assert "@@ ## Rules\n" in shown and "@@ name: release\n" in shown
    assert "[-MIT-]{+BSD+}" in git("diff", "--word-diff", cwd=top)


def test_a_diff_one_sentence_a_line_is_there_for_who_wants_it(repo: Repo, top: Path) -> None:
    git("config", "diff.skillgit.textconv", "skillgit diff-driver", cwd=top)
    (top / SKILL).write_text("# Release\n\nRun the tests. Tag it. Push.\n")
    git("commit", "-qam", "one line", cwd=top)
    (top / SKILL).write_text("# Release\n\nRun the tests. Sign it. Push.\n")
    assert git("diff", "-U0", cwd=top).splitlines()[-2:] == ["-Tag it.", "+Sign it."]
