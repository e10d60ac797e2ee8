"""`skillgit export`: which skills, and where to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.share.libraries import good


@pytest.fixture
def top(cli: Run, tmp_path: Path) -> Path:
    """A skill repository: `pdf` and `report` of ada, `pdf` of bob."""
    top, library = tmp_path / "repo", good(tmp_path / "lib")
    assert cli("init", top).code == 0
    assert cli("import", library, "--user", "ada", cwd=top).code == 0
    assert cli("import", library / "pdf", "--user", "bob", cwd=top).code == 0
    return top


def test_skills_are_named_or_all_of_a_user(cli: Run, top: Path) -> None:
    assert cli("export", "report", "bob/pdf", "out", cwd=top).out == "ada/report -> out/report\nbob/pdf -> out/pdf\n"
    assert cli("export", "--all", "--user", "ada", "ada", cwd=top).out == (
        "ada/pdf -> ada/pdf\nada/report -> ada/report\n"
    )
    rows = cli("export", "pdf", "--user", "bob", "--zip", "x.zip", "--json", cwd=top).out
    assert json.loads(rows) == {"skill": "bob/pdf", "form": "agentskills", "target": "x.zip", "files": 3}


REFUSED = {
    "no skill": (["out"], 2, "error: name the skills to export, or say --all"),
    "nothing": ([], 2, "error: nowhere to export to"),
    "all and one": (["--all", "pdf", "out"], 2, "error: name the skills to export, or say --all"),
    "all without a place": (["--all"], 2, "error: nowhere to export to"),
    "an unknown form": (["ada/pdf", "out", "--as", "word"], 2, "error: unknown form 'word'"),
    "an unknown skill": (["pfd", "out"], 1, "error: no skill 'pfd'\nhint: did you mean 'pdf'?"),
    "two of one name": (["--all", "out"], 1, "error: 'ada/pdf' and 'bob/pdf' would both become 'pdf'"),
    "what is there": (["ada/pdf", "Users/ada"], 1, "error: 'Users/ada/pdf' is there already"),
}


@pytest.mark.parametrize(("words", "code", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_exported_is_said(words: list[str], code: int, said: str, cli: Run, top: Path) -> None:
    answer = cli("export", *words, cwd=top)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.startswith(said)
    assert not (top / "out").exists()


def test_in_a_repository_without_commits_there_is_nothing_to_export(cli: Run, tmp_path: Path) -> None:
    assert cli("export", "--all", "out", cwd=tmp_path).code == 128
