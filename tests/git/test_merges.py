"""git's own commands merge a SKILL.md through the driver, whatever they are, and never lose a side of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from skillgit.git.setup import init
from tests.git.place import git, sound, status

SKILL = "Users/ada/report/SKILL.md"
HEAD = """\
---
name: {name}
description: Writes reports. Use when asked for a report.
metadata:
  id: 00000000-0000-4000-8000-000000000001
  version: "{version}"
---
# Report

## Rules
"""


def text(*rules: str, version: str = "0.1.0", name: str = "report") -> str:
    """A learned skill with these rules."""
    return HEAD.format(name=name, version=version) + "".join(f"- {rule}\n" for rule in rules)


BASE = text("Cite a source.")
OURS = text("Cite a source.", "Use no tables.", version="0.1.1")
THEIRS = text("Cite a source.", "Write in French.", version="0.1.1")
BOTH = text("Cite a source.", "Use no tables.", "Write in French.", version="0.1.2")
SWAPPED = text("Cite a source.", "Write in French.", "Use no tables.", version="0.1.2")
CLASH = text("Cite a source and a page.", version="0.1.1"), text("Cite no source.", version="0.1.1")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A work tree on `main` with the skill, and branches that changed it: `ours` and `theirs`; `main` is current."""
    top = tmp_path / "library"
    init(top)
    save(top, BASE)
    for name, content in {"ours": OURS, "theirs": THEIRS}.items():
        git("switch", "-qc", name, "main", cwd=top)
        save(top, content)
    git("switch", "-q", "main", cwd=top)
    return top


def save(top: Path, content: str | bytes | None, path: str = SKILL) -> None:
    """Commit a file as plain git does; None removes it."""
    file = top / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    git("add", "-A", cwd=top)
    git("commit", "-qm", "by hand", cwd=top)


COMMANDS = {  # what is done on `ours`, and what the skill is then
    "merge": ("git merge -q theirs", BOTH),
    "merge without a commit": ("git merge -q --no-commit theirs", BOTH),
    "merge, theirs preferred": ("git merge -q -X theirs theirs", BOTH),
    "merge from a folder": ("cd Users/ada && git merge -q theirs", BOTH),
    "rebase": ("git rebase -q theirs", SWAPPED),
    "rebase by patches": ("git rebase -q --apply theirs", SWAPPED),
    "cherry-pick": ("git cherry-pick theirs", BOTH),
    "pull": ("git pull -q --no-rebase . theirs", BOTH),
    "pull with a rebase": ("git pull -q --rebase . theirs", SWAPPED),
    "stash pop": (
        "git checkout -q main && git show ours:$S >$S && git stash -q && git checkout -q theirs && git stash pop -q",
        SWAPPED,
    ),
    "squash": ("git merge -q --squash theirs", BOTH),
    "switch with edits": ("git checkout -q main && git show ours:$S >$S && git checkout -q -m theirs", SWAPPED),
    "am": ("git format-patch -q -1 theirs && git am -q -3 0001*", BOTH),
}


@pytest.mark.parametrize(("command", "merged"), COMMANDS.values(), ids=COMMANDS)
def test_a_command_of_gits_keeps_the_rules_of_both_sides(command: str, merged: str, top: Path) -> None:
    git("switch", "-q", "ours", cwd=top)
    assert run(command, top).returncode == 0
    assert (top / SKILL).read_text() == merged
    assert [line for line in status(top) if line[:2] not in ("M ", " M", "A ", "??")] == []
    sound(top)


def run(command: str, top: Path) -> subprocess.CompletedProcess[str]:
    """A line for the shell, in the work tree; $S is the skill's file."""
    env = {**os.environ, "S": SKILL}
    return subprocess.run(["bash", "-ec", command], cwd=top, env=env, capture_output=True, text=True, check=False)


def test_a_revert_takes_out_its_rule_and_leaves_what_came_later(top: Path) -> None:
    git("switch", "-q", "ours", cwd=top)
    save(top, text("Cite a source.", "Use no tables.", "Write in French.", version="0.1.2"))
    assert run("git revert --no-edit HEAD~1", top).returncode == 0
    assert rules(top) == ["Cite a source.", "Write in French."] and version(top) > "0.1.2"


def test_a_skill_that_both_sides_made_is_one_with_the_rules_of_both(top: Path) -> None:
    for name, rule in {"ours": "Be brief.", "theirs": "Sign with the full name."}.items():
        git("switch", "-q", name, cwd=top)
        save(top, text(rule, name="letter"), "Users/ada/letter/SKILL.md")
    assert run("git merge -q ours", top).returncode == 0
    assert rules(top, "Users/ada/letter/SKILL.md") == ["Sign with the full name.", "Be brief."]


def test_a_change_follows_a_skill_that_was_renamed(top: Path) -> None:
    git("switch", "-q", "theirs", cwd=top)
    git("mv", "Users/ada/report", "Users/ada/paper", cwd=top)
    save(top, text("Cite a source.", "Write in French.", version="0.2.0", name="paper"), "Users/ada/paper/SKILL.md")
    git("switch", "-q", "ours", cwd=top)
    assert run("git merge -q theirs", top).returncode == 0
    assert rules(top, "Users/ada/paper/SKILL.md") == ["Cite a source.", "Use no tables.", "Write in French."]
    assert "name: paper" in (top / "Users/ada/paper/SKILL.md").read_text() and not (top / SKILL).exists()


def test_a_criss_cross_merge_has_no_markers_in_its_base(top: Path) -> None:
    git("switch", "-qc", "right", "theirs", cwd=top)
    git("switch", "-qc", "left", "ours", cwd=top)
    assert run("git merge -q theirs", top).returncode == 0
    git("switch", "-q", "right", cwd=top)
    assert run("git merge -q ours", top).returncode == 0
    save(top, (top / SKILL).read_text() + "- Sign it.\n")
    git("switch", "-q", "left", cwd=top)
    save(top, (top / SKILL).read_text() + "- Date it.\n")
    assert run("git merge -q right", top).returncode == 0
    assert {*rules(top)} >= {"Cite a source.", "Use no tables.", "Write in French.", "Sign it.", "Date it."}
    sound(top)


def test_a_linked_work_tree_merges_alike(top: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    git("worktree", "add", "-q", linked, "ours", cwd=top)
    assert run("git merge -q theirs", linked).returncode == 0
    assert (linked / SKILL).read_text() == BOTH


CONFLICTS = {
    "merge": ("git merge theirs", "git merge --abort"),
    "rebase": ("git rebase theirs", "git rebase --abort"),
    "cherry-pick": ("git cherry-pick theirs", "git cherry-pick --abort"),
    "pull": ("git pull --no-rebase . theirs", "git merge --abort"),
}


@pytest.mark.parametrize(("command", "undo"), CONFLICTS.values(), ids=CONFLICTS)
def test_a_contradiction_is_left_to_a_person_as_git_leaves_it(command: str, undo: str, top: Path) -> None:
    for name, content in zip(("ours", "theirs"), CLASH, strict=True):
        git("switch", "-q", name, cwd=top)
        save(top, content)
    git("switch", "-q", "ours", cwd=top)
    before = git("rev-parse", "HEAD", cwd=top)
    assert run(command, top).returncode == 1
    left = (top / SKILL).read_text()
    assert "\n<<<<<<< " in left and "- Cite a source and a page.\n" in left and "- Cite no source.\n" in left
    assert status(top) == [f"UU {SKILL}"] and "<<<" not in left.partition("\n---\n")[0]
    git(*undo.split()[1:], cwd=top)
    assert git("rev-parse", "HEAD", cwd=top) == before and status(top) == []


DRIVERS = {  # what is configured, and whether git's own merge has to do, which leaves a conflict here
    "as init wrote it": (None, False),
    "the program is gone, another is on the PATH": ("/nowhere/skillgit", False),
    "no program at all": ("/nowhere/skillgit", True),
    "an interpreter that is gone": ("#!/nowhere/python", True),
}


@pytest.mark.parametrize(("program", "plain"), DRIVERS.values(), ids=DRIVERS)
def test_where_skillgit_cannot_run_git_merges_as_it_would_by_itself(
    program: str | None, plain: bool, top: Path, tmp_path: Path
) -> None:
    if program and program.startswith("#!"):
        (tmp_path / "broken").write_text(f"{program}\n")
        (tmp_path / "broken").chmod(0o755)
        program = str(tmp_path / "broken")
    if program:
        own = git("config", "merge.skillgit.driver", cwd=top)
        git("config", "merge.skillgit.driver", own.replace(own.split()[3], program), cwd=top)
    git("switch", "-q", "ours", cwd=top)
    path = "PATH=/usr/bin:/bin; " if plain else ""
    done = run(f"{path}git merge -q theirs", top)
    assert done.returncode == plain and ("git alone merges Users/ada/report/SKILL.md" in done.stderr) == plain
    assert ("<<<<<<< ours" in (top / SKILL).read_text()) == plain


def test_a_driver_that_fails_loses_no_side(top: Path) -> None:
    git("config", "merge.skillgit.driver", "skillgit merge-driver %O %A %B seven %P", cwd=top)
    git("switch", "-q", "ours", cwd=top)
    done = run("git merge -q theirs", top)
    assert done.returncode > 0 and "fatal: merge-driver:" in done.stderr
    assert status(top) in ([], [f"UU {SKILL}"])  # git 2.42 and newer do not begin the merge


def rules(top: Path, path: str = SKILL) -> list[str]:
    return [line.removeprefix("- ") for line in (top / path).read_text().splitlines() if line.startswith("- ")]


def version(top: Path) -> str:
    return next(line.split('"')[1] for line in (top / SKILL).read_text().splitlines() if "version:" in line)
