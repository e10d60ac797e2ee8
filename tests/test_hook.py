"""The merge driver as git calls it: what it leaves in the file, what it says, how it exits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from skillgit import hook
from skillgit.git import prepared
from skillgit.git.prepared import Prepared
from skillgit.git.setup import init
from tests.git.place import git

BASE, OURS, THEIRS = b"# X\n\n- a\n", b"# X\n\n- b\n", b"# X\n\n- c\n"
FAR = b"# X\n\n- a\n\n## Y\n\n- y\n", b"# X\n\n- b\n\n## Y\n\n- y\n", b"# X\n\n- a\n\n## Y\n\n- z\n"


def drive(*sides: bytes, words: tuple[str, ...] = ("7", "SKILL.md")) -> int:
    """Merge three versions in the current directory; the result is in the file `ours`."""
    for name, content in zip(("base", "ours", "theirs"), sides, strict=True):
        Path(name).write_bytes(content)
    return hook.main(["merge-driver", "base", "ours", "theirs", *words])


def result() -> bytes:
    """What the driver left, having left nothing else."""
    assert sorted(path.name for path in Path().iterdir() if path.is_file()) == ["base", "ours", "theirs"]
    return Path("ours").read_bytes()


def test_what_git_merges_comes_out_as_git_has_it() -> None:
    assert drive(*FAR) == 0
    assert result() == b"# X\n\n- b\n\n## Y\n\n- z\n"


def test_what_cannot_be_decided_stands_between_markers() -> None:
    assert drive(BASE, OURS, THEIRS) == 1
    assert result().startswith(b"# X\n\n<<<<<<< ours\n- b\n||||||| base\n- a\n") and b"=======\n- c\n>>>" in result()


def test_markers_are_as_long_as_git_asks(capsys: pytest.CaptureFixture[str]) -> None:
    assert drive(BASE, OURS, THEIRS, words=("9", "SKILL.md")) == 1
    assert b"\n<<<<<<<<< ours\n" in result()


LABELS = {  # the words behind the path, what git tells by its environment, and the labels
    "an old git": (("%S", "%X", "%Y"), {}, (b"ours", b"theirs")),
    "an old git that merges a branch": (("%S", "%X", "%Y"), {"GITHEAD_" + "1" * 40: "laptop"}, (b"ours", b"laptop")),
    "a new git": (("abc123", "HEAD", "laptop"), {}, (b"HEAD", b"laptop")),
}


@pytest.mark.parametrize(("said", "env", "labels"), LABELS.values(), ids=LABELS)
def test_markers_say_whose_side_it_is(
    said: tuple[str, ...], env: dict[str, str], labels: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert drive(BASE, OURS, THEIRS, words=("7", "SKILL.md", *said)) == 1
    assert b"<<<<<<< %s\n" % labels[0] in result() and b">>>>>>> %s\n" % labels[1] in result()


def test_what_was_worked_out_before_is_taken_whichever_side_is_ours() -> None:
    Path(".git").mkdir()
    prepared.keep(Path(".git/skillgit"), (BASE, THEIRS, OURS), Prepared(b"# X\n\n- b, then c\n", clean=True))
    assert drive(BASE, OURS, THEIRS) == 0
    assert result() == b"# X\n\n- b, then c\n"


def test_what_was_worked_out_in_part_is_still_a_conflict() -> None:
    Path(".git").mkdir()
    prepared.keep(Path(".git/skillgit"), (BASE, OURS, THEIRS), Prepared(b"half\n", clean=True))
    prepared.keep(Path(".git/skillgit"), (BASE, OURS, THEIRS), Prepared(b"<<<<<<< half\n", clean=False))
    assert drive(BASE, OURS, THEIRS) == 1
    assert result() == b"<<<<<<< half\n"


def test_the_private_folder_is_that_of_the_main_work_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init(tmp_path / "a")
    git("worktree", "add", "-q", tmp_path / "b", "-b", "b", cwd=tmp_path / "a")
    for place, home in {"a": None, "b": None, "a/.git": "."}.items():
        monkeypatch.chdir(tmp_path / place)
        monkeypatch.setenv("GIT_DIR", home) if home else monkeypatch.delenv("GIT_DIR", raising=False)
        assert prepared.private_folder().resolve() == tmp_path / "a/.git/skillgit"


def test_a_binary_file_is_ours_and_a_conflict(capfd: pytest.CaptureFixture[str]) -> None:
    assert drive(b"a\0", b"b\0", b"c\0") == 1
    assert result() == b"b\0" and "SKILL.md: git cannot merge its lines" in capfd.readouterr().err


def test_a_clean_merge_of_one_section_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    section = b"## Rules\n\n" + b"".join(b"- rule %d\n" % number for number in range(9))
    assert drive(section, section.replace(b"rule 0", b"first"), section.replace(b"rule 8", b"last")) == 0
    assert "warning: SKILL.md: " in capsys.readouterr().err


def test_what_a_skill_says_cannot_reach_the_terminal_as_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    section = "## \x1b[2J\u202eevil\n\n".encode() + b"".join(b"- rule %d\n" % number for number in range(9))
    drive(section, section.replace(b"rule 0", b"first"), section.replace(b"rule 8", b"last"))
    said = capsys.readouterr().err
    assert "evil" in said and "\x1b" not in said and "\u202e" not in said


FAILURES = {
    "too few words": ("base",),
    "a size that is none": ("base", "ours", "theirs", "x", "SKILL.md"),
    "a file that is not there": ("nowhere", "ours", "theirs", "7", "SKILL.md"),
}


@pytest.mark.parametrize("words", FAILURES.values(), ids=FAILURES)
def test_whatever_fails_exits_with_what_git_takes_for_no_conflict(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("ours").write_bytes(OURS)
    assert hook.main(["merge-driver", *words]) == 129
    assert capsys.readouterr().err.startswith("fatal: merge-driver: ") and Path("ours").read_bytes() == OURS


def test_both_sides_are_in_the_file_though_the_installation_is_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr("skillgit.merge.ladder", raising=False)
    monkeypatch.setitem(sys.modules, "skillgit.merge.ladder", None)  # as where its file is gone
    assert drive(BASE, OURS, THEIRS) == 129
    assert b"- b\n" in result() and b"- c\n" in result() and "Traceback" in capsys.readouterr().err


def test_a_driver_is_a_light_process() -> None:
    drive(BASE, OURS, THEIRS)
    Path("ours").write_bytes(OURS)
    words = [sys.executable, "-X", "importtime", "-m", "skillgit", "merge-driver", "base", "ours", "theirs", "7", "x"]
    told = subprocess.run(words, capture_output=True, text=True, check=False).stderr
    names = {line.rpartition("|")[2].strip() for line in told.splitlines() if line.startswith("import time:")}
    assert "skillgit.merge.ladder" in names
    assert names & {"typer", "pygit2", "rich", "httpx", "numpy", "ruamel", "ruamel.yaml", "subprocess"} == set()
