"""`skillgit validate`: any path, no repository, one line a problem."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.share.libraries import HOSTILE, add, good, skill_text, zipped


def test_valid_skills_are_counted(cli: Run, tmp_path: Path) -> None:
    library = good(tmp_path / "lib")
    assert cli("validate", library).err == "2 skills, all valid\n"
    assert cli("validate", library / "pdf", library / "pdf" / "SKILL.md").err == "2 skills, all valid\n"
    assert cli("validate", "SKILL.md", cwd=library / "pdf").err == "1 skill, valid\n"
    assert cli("validate", ".", cwd=library / "pdf").err == "1 skill, valid\n"
    assert cli("validate", zipped(tmp_path / "x.zip", {"pdf/SKILL.md": skill_text("pdf")})).code == 0


def test_a_problem_is_a_place_a_line_and_a_message(cli: Run, tmp_path: Path) -> None:
    add(tmp_path, {"lib/pdf/SKILL.md": skill_text("PDF", model="opus")})
    answer = cli("validate", "lib")
    assert answer.code == 1
    assert answer.err == "1 skill, 1 invalid\n"
    assert answer.out.splitlines() == [
        "lib/pdf/SKILL.md:2: the name 'PDF' is not lower case",
        "lib/pdf/SKILL.md:2: the name 'PDF' is not that of its directory 'pdf'",
        "lib/pdf/SKILL.md:4: unknown field 'model': move it under metadata",
    ]
    row = json.loads(cli("validate", "lib", "--json").out)
    assert (row["path"], row["valid"], len(row["problems"])) == ("lib/pdf/SKILL.md", False, 3)


@pytest.mark.parametrize(("spoil", "said"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_import_refuses_is_a_problem(spoil: Callable[[Path], object], said: str, cli: Run, tmp_path: Path) -> None:
    library = add(good(tmp_path / "lib"), {"bad/SKILL.md": skill_text("bad")})
    spoil(library)
    answer = cli("validate", library)
    assert answer.code == 1
    assert said.replace("\x1b", "\\u001b") in answer.out
    assert all(line.startswith(str(library)) for line in answer.out.splitlines())


MISSING = {
    "nothing there": ("nope", 128, "fatal: 'nope': no such file or directory"),
    "an empty folder": ("empty", 1, "error: no SKILL.md in 'empty'"),
    "a text": ("text.txt", 128, "fatal: 'text.txt' is no zip archive"),
}


@pytest.mark.parametrize(("path", "code", "said"), MISSING.values(), ids=MISSING.keys())
def test_where_there_is_nothing_to_validate_it_says_so(
    path: str, code: int, said: str, cli: Run, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.txt").write_text("words")
    answer = cli("validate", path)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.startswith(said)
