"""The table of commands, and how errors become words and exit codes."""

from __future__ import annotations

import errno
from importlib import import_module
from pathlib import Path

import pytest

from skillgit import __version__
from skillgit.cli import app
from skillgit.errors import Invalid, Locked, SkillgitError, Unsafe, UsageError
from tests.conftest import Run


@pytest.mark.parametrize("row", app.COMMANDS, ids=lambda row: row.name)
def test_every_row_of_the_table_is_a_module_with_a_documented_function_of_its_name(row: app.Row) -> None:
    command = getattr(import_module(f"skillgit.cli.{row.module}"), row.module)
    assert command.__doc__


def test_no_words_at_all_show_the_table(cli: Run) -> None:
    answer = cli()
    assert (answer.code, answer.err) == (0, "")
    assert all(f"  {row.name} " in answer.out and row.help in answer.out for row in app.COMMANDS)


USAGE = {
    "a near miss": (["ingst"], "error: 'ingst' is not a skillgit command\nhint: did you mean 'ingest'?\n"),
    "no command of ours": (["xyzzy"], "error: 'xyzzy' is not a skillgit command\nhint: see 'skillgit --help'\n"),
    "an unknown option": (["--frobnicate"], "error: no such option: --frobnicate\nhint: see 'skillgit --help'\n"),
    "an option without its value": (["-C"], "error: option '-C' requires an argument\n"),
    "options and no command": (["--no-pager"], "error: missing command\nhint: see 'skillgit --help'\n"),
    "an escape in the name": (
        ["\x1b[31m"],
        "error: '\\x1b[31m' is not a skillgit command\nhint: see 'skillgit --help'\n",
    ),
}


@pytest.mark.parametrize(("words", "told"), USAGE.values(), ids=USAGE.keys())
def test_a_wrong_call_is_told_in_one_line_and_exits_2(words: list[str], told: str, cli: Run) -> None:
    answer = cli(*words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(told)


@pytest.mark.parametrize("words", [["--version"], ["--no-pager", "--version"]], ids=" ".join)
def test_the_version_is_told_as_git_tells_its_own(words: list[str], run: Run) -> None:
    assert run(*words).out == f"skillgit version {__version__}\n"


ERRORS = {
    "the answer no": (Invalid("no"), 1, "error: no\n"),
    "usage": (UsageError("what"), 2, "error: what\n"),
    "fatal": (Locked("held", hint="wait"), 128, "fatal: held\nhint: wait\n"),
    "a hint of two lines": (SkillgitError("a", hint="b\nc"), 128, "fatal: a\nhint: b\nhint: c\n"),
    "a forged hint": (Unsafe("'x\nhint: run rm'"), 128, "fatal: 'x\\nhint: run rm'\n"),
    "a full disk": (OSError(errno.ENOSPC, "", "/x/index"), 128, "fatal: '/x/index': no space left on device\n"),
    "a read-only disk": (OSError(errno.EROFS, ""), 128, "fatal: read-only file system\n"),
    "interrupted": (KeyboardInterrupt(), 130, ""),
    "the reader has gone": (BrokenPipeError(), 141, ""),
}


@pytest.mark.parametrize(("error", "code", "told"), ERRORS.values(), ids=ERRORS.keys())
def test_each_error_has_its_words_and_its_exit_code(
    error: BaseException, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.tell(error) == code
    assert capsys.readouterr() == ("", told)


@pytest.mark.parametrize("error", [KeyError("x"), OSError("no errno")], ids=["KeyError", "OSError without errno"])
def test_a_bug_shows_its_traceback_and_exits_3(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.tell(error) == 3
    assert type(error).__name__ in capsys.readouterr().err


def test_directories_are_entered_one_after_the_other_as_git_does(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert cli("-C", "a", "-C", "b", "-C", "missing", "list").err == ("fatal: 'missing': no such file or directory\n")
