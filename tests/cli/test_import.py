"""`skillgit import`: what it prints, how it ends, and that a failed one leaves no trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.share.libraries import HOSTILE, add, good, skill_text, snapshot


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return good(tmp_path / "lib")


@pytest.fixture
def top(cli: Run, tmp_path: Path) -> Path:
    """A new skill repository."""
    assert cli("init", tmp_path / "repo").code == 0
    return tmp_path / "repo"


def test_each_skill_is_a_line_and_the_sum_is_beside_the_answer(cli: Run, top: Path, library: Path) -> None:
    first, again = (cli("import", library, "--user", "ada", cwd=top) for _ in range(2))
    assert (first.code, first.err) == (0, "2 new\n")
    assert first.out == (
        f"new ada/report 0.1.0: from {library}/deep/er/report\nnew ada/pdf 0.1.0: from {library}/pdf\n"
    )
    assert (again.code, again.err) == (0, "2 unchanged\n")
    add(library, {"pdf/new.md": ""})
    assert cli("import", library, "--user", "ada", cwd=top).out.splitlines()[1] == (
        f"updated ada/pdf 0.1.0 -> 0.1.1: from {library}/pdf"
    )


def test_json_is_an_object_for_each_skill(cli: Run, top: Path, library: Path) -> None:
    answer = cli("import", library / "pdf", "--common", "--library", "tools", "--json", cwd=top)
    row = json.loads(answer.out)
    assert len(row.pop("commit")) == 40
    assert row == {
        "source": str(library / "pdf"),
        "decision": "import",
        "outcome": "new",
        "skill": "Common/tools/pdf",
        "version": "0.1.0",
        "before": None,
    }


def test_a_dry_run_changes_nothing(cli: Run, top: Path, library: Path) -> None:
    before = snapshot(top)
    answer = cli("import", library, "--dry-run", "--user", "ada", cwd=top)
    assert answer.out.count("new ada/") == 2
    assert snapshot(top) == before


def test_a_clone_is_imported_without_its_git_folder(cli: Run, top: Path, library: Path) -> None:
    add(library, {".git/config": ""})
    answer = cli("import", library, cwd=top)
    assert (answer.code, answer.err) == (0, "warning: a repository's own '.git' is not imported\n2 new\n")


@pytest.mark.parametrize(("spoil", "said"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_bad_skill_is_one_line_and_leaves_no_trace(
    spoil: Callable[[Path], object], said: str, cli: Run, top: Path, library: Path
) -> None:
    add(library, {"bad/SKILL.md": skill_text("bad")})
    spoil(library)
    before = snapshot(top)
    answer = cli("import", library, cwd=top)
    assert answer.code in (1, 128)
    word = "error" if answer.code == 1 else "fatal"
    lines = answer.err.splitlines()
    assert lines[0].startswith(f"{word}: cannot import '{library}/")
    assert [line.partition(":")[0] for line in lines[1:]] == ["hint"]
    assert (answer.out, snapshot(top)) == ("", before)


def test_keep_going_leaves_out_what_is_bad_and_says_so(cli: Run, top: Path, library: Path) -> None:
    add(library, {"bad/SKILL.md": "---\nname: x\n", "worse/SKILL.md": skill_text("worse")})
    (library / "worse" / "link").symlink_to("/etc/passwd")
    answer = cli("import", library, "--keep-going", "--user", "ada", cwd=top)
    assert answer.code == 1
    assert answer.out.count("new ada/") == 2
    assert answer.err.splitlines() == [
        "2 new",
        f"error: left out '{library}/bad': the frontmatter is not closed: no line is '---' after the first",
        f"error: left out '{library}/worse': 'link' is a symbolic link",
    ]


USAGE = {
    "a user and common": (["--user", "ada", "--common"], 2, "error: skills are either a user's or common"),
    "a user's library": (["--library", "x"], 2, "error: only common skills stand in a library"),
    "a user that is a way out": (["--user", "../x"], 128, "fatal: unsafe name '../x': it contains a path separator"),
    "an absolute user": (["--user", "/abs"], 128, "fatal: unsafe name '/abs': it contains a path separator"),
    "a user with a folder": (["--user", "a/b"], 128, "fatal: unsafe name 'a/b': it contains a path separator"),
    "a device as user": (["--user", "CON"], 128, "fatal: unsafe name 'CON': Windows reserves it"),
    "a long user": (["--user", "x" * 300], 1, "error: invalid name"),
    "only emoji": (["--user", "😀"], 1, "error: invalid name"),
    "a library that is a way out": (["--common", "--library", ".."], 128, "fatal: unsafe name '..'"),
}


@pytest.mark.parametrize(("words", "code", "said"), USAGE.values(), ids=USAGE.keys())
def test_a_target_that_cannot_be_is_refused(
    words: list[str], code: int, said: str, cli: Run, top: Path, library: Path
) -> None:
    before = snapshot(top)
    answer = cli("import", library, *words, cwd=top)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.startswith(said)
    assert snapshot(top) == before


def test_outside_of_a_repository_it_says_so(cli: Run, library: Path) -> None:
    answer = cli("import", library)
    assert (answer.code, answer.out) == (128, "")
    assert answer.err.startswith("fatal: not a git repository")
