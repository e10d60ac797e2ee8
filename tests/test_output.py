"""What commands print, to a pipe and to a terminal."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.cli import output
from skillgit.errors import UsageError

VISIBLE = {
    "plain text": ("a b\tc\nd", "a b\tc\nd"),
    "Chinese, and a family of joined emoji": (
        "\u4e2d\u6587 \U0001f468\u200d\U0001f469",
        "\u4e2d\u6587 \U0001f468\u200d\U0001f469",
    ),
    "a colour": ("\x1b[31mred", "\\x1b[31mred"),
    "an 8-bit control": ("\x9b2J", "\\x9b2J"),
    "a title bar and its bell": ("\x1b]0;x\x07", "\\x1b]0;x\\x07"),
    "a line rewritten": ("safe\rrm", "safe\\x0drm"),
    "right to left": ("a\u202eb", "a\\u202eb"),
    "zero width": ("a\u200bb", "a\\u200bb"),
    "a tag character": ("a\U000e0041", "a\\U000e0041"),
    "half a character": ("\ud83d", "\\ud83d"),
}


@pytest.mark.parametrize(("text", "shown"), VISIBLE.values(), ids=VISIBLE.keys())
def test_what_a_terminal_would_obey_or_hide_is_spelled_out(text: str, shown: str) -> None:
    assert output.visible(text) == shown


@given(st.text())
def test_visible_text_stays_as_it_is(text: str) -> None:
    assert output.visible(output.visible(text)) == output.visible(text)


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.lists(st.booleans())))
def test_a_json_line_is_one_line_safe_to_show_and_reads_back(value: dict[str, object]) -> None:
    with redirect_stdout(io.StringIO()) as out:
        output.json_line(value)
    line = out.getvalue().removesuffix("\n")
    assert json.loads(line) == value
    assert "\n" not in line
    assert output.visible(line) == line


def test_a_table_in_a_pipe_is_aligned_by_columns_and_has_no_heading(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(
        [["a", "1.0", "x"], ["\u4e2d\u6587", "0.10.0", ""], ["e\u0301\n", "2", "y"]],
        headers=["name", "version", "note"],
    )
    assert capsys.readouterr().out == "a     1.0     x\n\u4e2d\u6587  0.10.0\ne\u0301\\n   2       y\n"


def test_an_empty_table_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    output.table([], headers=["name"])
    assert capsys.readouterr().out == ""


def test_a_question_without_a_terminal_is_a_wrong_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(UsageError, match="no terminal to ask"):
        output.confirm("remove 3 skills?")


def on_terminal(body: str, *, typed: str = "", env: Mapping[str, str] | None = None) -> str:
    """What a terminal shows while a program that prints through `output` runs on it."""
    master, slave = pty.openpty()
    program = f"from skillgit.cli import output\noutput.prepare_streams()\n{body}"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "xterm", "GIT_PAGER": "cat", "COLUMNS": "80", **(env or {})},
    ):
        os.close(slave)
        os.write(master, typed.encode())
        shown = b"".join(iter(lambda: _read(master), b""))
    os.close(master)
    return shown.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux's word for: the last program on this terminal has ended
        return b""


RED = "output.say('x', style='red')"
NO_COLOUR = {
    "NO_COLOR": {"NO_COLOR": "1"},
    "a dumb terminal": {"TERM": "dumb"},
    "git's color.ui": {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "color.ui", "GIT_CONFIG_VALUE_0": "never"},
}


def test_a_terminal_has_colours() -> None:
    assert on_terminal(RED) == "\x1b[31mx\x1b[m\n"


@pytest.mark.parametrize("env", NO_COLOUR.values(), ids=NO_COLOUR.keys())
def test_colours_stay_away_as_git_would_keep_them_away(env: Mapping[str, str]) -> None:
    assert on_terminal(RED, env=env) == "x\n"


def test_a_patch_is_coloured_as_git_colours_it() -> None:
    assert on_terminal("output.patch('--- a\\n+++ b\\n@@ -1 +1 @@\\n-x\\n+y\\n z\\n')") == (
        "\x1b[1m--- a\x1b[m\n\x1b[1m+++ b\x1b[m\n\x1b[36m@@ -1 +1 @@\x1b[m\n\x1b[31m-x\x1b[m\n\x1b[32m+y\x1b[m\n z\n"
    )


def test_a_table_on_a_terminal_has_a_heading_and_takes_no_markup_from_its_cells() -> None:
    shown = on_terminal("output.table([['[red]a', '\\x1b[2J']], headers=['name', 'note'])", env={"NO_COLOR": "1"})
    assert [line.rstrip() for line in shown.splitlines()] == ["name    note", "[red]a  \\x1b[2J"]


PAGED = "import os\nwith output.paged():\n output.say('x', style='red')\n os.system('echo child')\nprint('after')"


@pytest.mark.parametrize(
    "env",
    [{"GIT_PAGER": "sed s/^/page:/"}, {"GIT_PAGER": "sed -e s/^/page:/ -e q; exit 3"}],
    ids=["reads to the end", "quits early"],
)
def test_the_pager_shows_our_lines_and_our_childrens_with_their_colours(env: Mapping[str, str]) -> None:
    lines = on_terminal(PAGED, env=env).splitlines()
    assert lines[0] == "page:\x1b[31mx\x1b[m"
    assert lines[-1] == "after"


def test_what_is_left_for_a_pager_that_was_quit_is_dropped() -> None:
    flood = "with output.paged():\n  for _ in range(50_000):\n   output.say('x' * 20)"
    told = f"try:\n {flood}\nexcept BrokenPipeError:\n print('gone')"
    assert on_terminal(told, env={"GIT_PAGER": "true"}) == "gone\n"


def test_no_pager_starts_for_cat_or_an_empty_name() -> None:
    assert on_terminal(PAGED, env={"GIT_PAGER": "", "NO_COLOR": "1"}) == "x\nchild\nafter\n"


def test_progress_is_told_only_where_the_work_drags_on() -> None:
    quick = "list(output.progress(range(3), total=3, label='reading'))"
    assert on_terminal(quick) == ""
    slow = "import time\nfor _ in output.progress(range(2), total=2, label='reading'):\n time.sleep(1.1)"
    assert on_terminal(slow) == "reading: 100% (2/2)\rreading: 100% (2/2), done.\n"


@pytest.mark.parametrize(("typed", "answer"), [("y\n", True), ("Yes\n", True), ("\n", False), ("no\n", False)])
def test_only_a_clear_yes_is_a_yes(typed: str, answer: bool) -> None:
    assert on_terminal("print(output.confirm('go on?'))", typed=typed).endswith(f"{answer}\n")
