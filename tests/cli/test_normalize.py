"""`skillgit normalize`: what hand-made skills become."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from skillgit.share.checkup import check
from tests.conftest import Run
from tests.share.libraries import add, skill_text, snapshot, with_id

AUTOSKILL = skill_text("report", id='"9ac1dc4f-6a3e-4a54-8d0e-0d5f2a6f0c11"', version='"0.3.0"', tags="[a, b]")


@pytest.fixture
def top(cli: Run, tmp_path: Path) -> Path:
    """A repository with skills that people committed with git."""
    top = tmp_path / "repo"
    assert cli("init", top).code == 0
    files = {
        "Users/ada/fine/SKILL.md": with_id("fine", "0a2b97cc-a68d-4608-8be8-ff43417cc3fb"),
        "Users/ada/report/SKILL.md": AUTOSKILL,
        "Users/ada/My Tools/SKILL.md": skill_text("My Tools"),
        "Users/ada/My Tools/run.sh": "#!/bin/sh\n",
        "Common/lib/plain/SKILL.md": skill_text("other"),
    }
    commit(add(top, files))
    return top


def commit(top: Path) -> None:
    for words in (["add", "."], ["commit", "-qm", "by hand"]):
        subprocess.run(["git", *words], cwd=top, check=True)


def test_skills_become_valid_one_decision_each(cli: Run, top: Path) -> None:
    answer = cli("normalize", cwd=top)
    assert (answer.code, answer.err) == (0, "")
    assert [line.partition(":")[0] for line in answer.out.splitlines()] == [
        "tidy Common/lib/plain 0.2.0",
        "tidy ada/my-tools 0.2.0",
        "tidy ada/report 0.3.0 -> 0.3.1",
    ]
    assert all(not skill.problems for skill in check(top))
    assert (top / "Users/ada/my-tools/run.sh").stat().st_mode & 0o100
    assert not (top / "Users/ada/My Tools").exists()
    assert cli("normalize", cwd=top).err == "nothing to do: every skill is as it should be\n"


def test_a_dry_run_shows_the_diffs_and_changes_nothing(cli: Run, top: Path) -> None:
    before = snapshot(top)
    answer = cli("normalize", "--dry-run", "report", cwd=top)
    assert snapshot(top) == before
    assert "--- a/Users/ada/report/SKILL.md\n+++ b/Users/ada/report/SKILL.md\n" in answer.out
    assert '+  tags: "a, b"\n' in answer.out
    row = json.loads(cli("normalize", "--dry-run", "--json", "report", cwd=top).out)
    assert (row["decision"], row["before"], row["version"], row["commit"]) == ("tidy", "0.3.0", "0.3.1", None)


def test_what_needs_judgement_is_named_and_the_rest_is_done(cli: Run, top: Path) -> None:
    add(top, {"Users/ada/twice/SKILL.md": "---\nname: a\nname: b\n---\n"})
    commit(top)
    answer = cli("normalize", cwd=top)
    assert answer.code == 1
    assert answer.err == ("error: cannot normalize 'ada/twice': the frontmatter has the field 'name' twice, line 3\n")
    assert len(answer.out.splitlines()) == 3
