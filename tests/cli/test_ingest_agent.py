"""`skillgit ingest --agent`: sessions found by themselves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.shop import ADA
from tests.conftest import Run
from tests.git.place import git
from tests.learn.talks import ASKED, LESSON, SECOND, SMALL_TALK, session

SUM = "{} added, {} merged, {} discarded, {} nothing, {} failed; {} of {} files unchanged\n"


@pytest.fixture
def top(cli: Run, tmp_path: Path) -> Path:
    cli("init", tmp_path / "lib")
    return tmp_path / "lib"


def test_what_is_new_is_learned_from_and_summed_up(cli: Run, top: Path) -> None:
    session(Path.home(), "one", *ASKED, *LESSON)
    session(Path.home(), "two", *SMALL_TALK)
    first = cli("ingest", "--agent", "claude-code", "--offline", cwd=top, env=ADA)
    assert (first.code, first.out) == (0, "add ada/release-notes 0.1.0: List breaking changes first in release notes\n")
    assert first.err == "learning offline\n" + SUM.format(1, 0, 0, 1, 0, 0, 2)
    session(Path.home(), "one", *ASKED, *LESSON, *SECOND)
    second = cli("ingest", "--agent", "all", "--offline", cwd=top, env=ADA)
    assert second.out.startswith("merge ada/release-notes 0.1.0 -> 0.1.1: ")
    assert second.err == "learning offline\n" + SUM.format(0, 1, 0, 0, 0, 1, 2)


def test_json_has_a_line_for_each_conversation_that_was_read(cli: Run, top: Path) -> None:
    file = session(Path.home(), "two", *SMALL_TALK)
    answer = cli("ingest", "--agent", "claude-code", "--json", cwd=top, env=ADA)
    row = json.loads(answer.out)
    assert (row["source"], row["decision"], row["format"]) == (str(file), "none", "claude-code")


def test_a_session_that_cannot_be_read_is_said_and_counted(cli: Run, top: Path) -> None:
    file = session(Path.home(), "bad")
    file.write_text("{")
    answer = cli("ingest", "--agent", "claude-code", "--offline", cwd=top, env=ADA)
    assert (answer.code, answer.out) == (1, "")
    assert f"error: {file}: " in answer.err
    assert answer.err.endswith(SUM.format(0, 0, 0, 0, 1, 0, 1))


@pytest.mark.parametrize("kept", ["conversations/3f2a/events", "sessions/3f2a/events"])
def test_a_folder_of_events_is_a_session_that_is_read_again_when_it_has_grown(cli: Run, top: Path, kept: str) -> None:
    folder = Path.home() / ".openhands" / kept
    folder.mkdir(parents=True)
    words = ("ingest", "--agent", "openhands", "--offline")
    for number, text in enumerate((*ASKED, *LESSON)):
        said = {"role": ("user", "assistant")[number % 2], "content": [{"type": "text", "text": text}]}
        source = ("user", "agent")[number % 2]
        event = {"kind": "MessageEvent", "id": f"e{number}", "source": source, "llm_message": said}
        (folder / f"event-{number:05}-e{number}.json").write_text(json.dumps(event))
        if number == len(ASKED):
            assert cli(*words, cwd=top, env=ADA).err.endswith(SUM.format(1, 0, 0, 0, 0, 0, 1))
    assert cli(*words, cwd=top, env=ADA).err.endswith(SUM.format(0, 0, 0, 0, 0, 0, 1))
    assert cli(*words, cwd=top, env=ADA).err.endswith(SUM.format(0, 0, 0, 0, 0, 1, 1))


def test_the_time_and_the_project_choose(cli: Run, top: Path) -> None:
    os.utime(session(Path.home(), "old", *ASKED, *LESSON), (1, 1))
    session(Path.home(), "other", *ASKED, *LESSON, cwd="/src/other")
    words = ("ingest", "--agent", "claude-code", "--offline", "--dry-run", "--since")
    assert cli(*words, "7d", "--project", "/src/app", cwd=top).err == "no sessions of 'claude-code' were found\n"
    assert "/other.jsonl " in cli(*words, "2w", cwd=top, env=ADA).out
    assert "/old.jsonl " in cli(*words, "1970-01-01", "--project", "/src/app", cwd=top, env=ADA).out


WRONG = {
    "an agent there is none of": (["--agent", "nope"], "no agent 'nope'"),
    "no time": (["--agent", "codex", "--since", "soon"], "'soon' is no time"),
    "files too": (["--agent", "codex", "a.txt"], "it takes files, or --agent, or --undecided"),
    "nothing": ([], "it takes files, or --agent, or --undecided"),
    "a time without an agent": (["--since", "7d", "a.txt"], "--since goes with --agent only"),
    "a format": (["--agent", "codex", "--format", "plain"], "a format goes without --agent only"),
    "a project of an agent that tells none": (["--agent", "opencode", "--project", "."], "do not tell which project"),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG.keys())
def test_words_that_go_not_together_are_refused(cli: Run, top: Path, words: list[str], said: str) -> None:
    answer = cli("ingest", *words, cwd=top, env=ADA)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_it_can_be_stopped_at_any_time_and_goes_on_there(cli: Run, top: Path) -> None:
    for n in range(40):
        session(Path.home(), f"s{n}", "Write the minutes.", "Done.", f"In minutes, always mention item {n}.", "Noted.")
    words = [sys.executable, "-m", "skillgit", "ingest", "--agent", "claude-code", "--offline"]
    kinds = (signal.SIGINT, signal.SIGKILL)
    for kind in kinds:
        with subprocess.Popen(words, cwd=top, env=os.environ | ADA, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.05)
            process.send_signal(kind)
    answer = cli("ingest", "--agent", "claude-code", "--offline", cwd=top, env=ADA)
    assert answer.code == 0
    attempts = git("log", "--format=%(trailers:key=Skill-Attempt,valueonly)", cwd=top).split()
    assert len(attempts) == len(set(attempts)) == 40
    assert cli("ingest", "--agent", "claude-code", "--offline", cwd=top, env=ADA).err.endswith(
        "40 of 40 files unchanged\n"
    )
