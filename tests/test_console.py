"""Every command as a user sees it: the transcripts of tests/console, of the README and of docs, replayed.

`make golden` writes the files anew from what the commands answer; look at the diff.
"""

from __future__ import annotations

import os
import string
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.console import BLOCK, Step, Transcript, parse, render, replay, stable

TRANSCRIPTS = sorted((ROOT / "tests" / "console").glob("*.txt"))
PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if BLOCK.search(page.read_text(encoding="utf-8"))
]
WRITE = os.environ.get("SKILLGIT_GOLDEN") == "write"


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """An empty directory whose name has nothing of the test's own."""
    room = tmp_path / "room"
    room.mkdir()
    return room


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_console_session_goes_as_written(path: Path, room: Path) -> None:
    written = parse(path.read_text(encoding="utf-8"))
    answered = replay(written, room, os.environ)
    if WRITE:
        path.write_text(render(answered), encoding="utf-8")
    else:
        assert render(answered) == render(stable(written, room))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_shows_what_happens(path: Path, room: Path) -> None:
    blocks = [parse(block) for block in BLOCK.findall(path.read_text(encoding="utf-8"))]
    shown = Transcript((), tuple(step for block in blocks for step in block.steps))
    answered = replay(shown, room, os.environ)
    if WRITE:
        answers = iter(answered.steps)
        anew = [render(Transcript((), tuple(islice(answers, len(block.steps))))) for block in blocks]
        path.write_text(_with_blocks(path.read_text(encoding="utf-8"), anew), encoding="utf-8")
    else:
        assert render(answered) == render(stable(shown, room))


def _with_blocks(page: str, blocks: Sequence[str]) -> str:
    new = iter(blocks)
    return BLOCK.sub(lambda _: f"```console\n{next(new)}```", page)


def test_commands_share_one_shell_and_their_errors_stand_in_order(room: Path) -> None:
    session = "$ cd / && x=1\n$ echo $x; pwd; echo oops >&2; false\n1\n/\noops\n[exit 1]\n$ cat <<E\n> a\n> E\na\n"
    assert render(replay(parse(session), room, os.environ)) == session


def test_what_differs_from_run_to_run_is_compared_by_kind(room: Path) -> None:
    commands = [
        "pwd",
        "git init -q && git commit -q --allow-empty -m x && git log",
        "git log --format='%h %aI'",
        "cat /proc/sys/kernel/random/uuid",
    ]
    answered = replay(Transcript((), tuple(map(Step, commands))), room, os.environ)
    assert [step.output for step in answered.steps] == [
        "<dir>\n",
        "commit <oid>\nAuthor: Ada Lovelace <ada@example.com>\nDate:   <time>\n\n    x\n",
        "<oid> <time>\n",
        "<uuid>\n",
    ]
    assert stable(answered, room) == answered


_line = st.text(alphabet=string.ascii_letters + " .'", min_size=1).filter(str.strip)
_steps = st.builds(
    Step,
    command=st.lists(_line, min_size=1, max_size=3).map("\n".join),
    output=st.lists(_line, max_size=3).map(lambda lines: "".join(f"{line}\n" for line in lines)),
    code=st.integers(0, 255),
)


@given(st.builds(Transcript, head=st.just(("# remark", "# setup: true")), steps=st.lists(_steps).map(tuple)))
def test_a_transcript_reads_back_as_it_was_written(transcript: Transcript) -> None:
    assert parse(render(transcript)) == transcript
