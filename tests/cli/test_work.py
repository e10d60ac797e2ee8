"""`skillgit work`: what agents' hooks have named is learned from."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from skillgit.git.repo import Repo
from skillgit.learn import spool, undecided
from tests.cli.shop import ADA
from tests.conftest import Run
from tests.git.place import git
from tests.learn.answers import EXTRACTED, SAID, answer
from tests.learn.talks import ASKED, LESSON, session
from tests.models.server import Server, says, serving, status


@pytest.fixture
def top(cli: Run, tmp_path: Path) -> Path:
    cli("init", tmp_path / "a lib")
    return tmp_path / "a lib"


def ends(cli: Run, top: Path, file: Path) -> None:
    """Have a shell run the hook's command as an agent does when a session has ended."""
    command = cli("work", "--hook", "claude-code", cwd=top).out.strip()
    said = json.dumps({"transcript_path": str(file), "hook_event_name": "SessionEnd"})
    done = subprocess.run(["sh", "-c", command], input=said, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_session_that_has_ended_is_learned_from_once(cli: Run, top: Path) -> None:
    ends(cli, top, session(Path.home(), "one", *ASKED, *LESSON))
    answer = cli("work", "--offline", cwd=top, env=ADA)
    assert answer.out == "add ada/release-notes 0.1.0: List breaking changes first in release notes\n"
    assert (answer.code, answer.err) == (0, "1 added, 0 merged, 0 discarded, 0 nothing, 0 failed\n")
    assert cli("work", "--offline", cwd=top, env=ADA).err == "0 added, 0 merged, 0 discarded, 0 nothing, 0 failed\n"


def test_what_fails_is_said_and_waits(cli: Run, top: Path) -> None:
    gone = Path.home() / "gone.jsonl"
    ends(cli, top, gone)
    answer = cli("work", "--offline", cwd=top, env=ADA)
    assert answer.code == 1
    total = "0 added, 0 merged, 0 discarded, 0 nothing, 1 failed; 1 waiting"
    assert answer.err == f"warning: {gone}: no file '{gone}'; try 1 of 5\n{total}\n"
    assert cli("work", "--failed", cwd=top).out == ""
    assert cli("work", "--retry", "all", cwd=top).out == "0 to be tried again\n"


def test_a_list_of_jobs_that_is_torn_is_said_and_can_be_begun_anew(cli: Run, top: Path) -> None:
    file = top / ".git/skillgit/jobs.db"
    file.write_bytes(b"torn" * 1000)
    answer = cli("work", "--offline", cwd=top, env=ADA)
    assert (answer.code, answer.err.split(":")[0]) == (128, "fatal")
    assert "hint: remove it; 'skillgit ingest --agent all'" in answer.err
    file.unlink()
    assert cli("work", "--offline", cwd=top, env=ADA).code == 0


def not_answered(cli: Run, top: Path) -> Path:
    """Have a conversation kept that a model gave no answer about; its file."""
    told = json.dumps([{"role": turn.role, "content": turn.text} for turn in SAID.turns])
    with serving(says("no")) as server:
        assert cli("ingest", "-", cwd=top, stdin=told, env=modelled(server)).code == 1
    [file] = (top / ".git/skillgit/undecided").iterdir()
    return file


def modelled(server: Server) -> dict[str, str]:
    return {**ADA, "SKILLGIT_MODEL": "openai-compatible/loopback-1", "SKILLGIT_MODEL_URL": server.url}


def is_due(file: Path) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), "due": 0.0}))


def test_a_model_is_asked_again_about_what_it_gave_no_answer_about(cli: Run, top: Path) -> None:
    file = not_answered(cli, top)
    with serving(answer(EXTRACTED)) as server:
        assert cli("work", cwd=top, env=modelled(server)).out == ""
        is_due(file)
        assert cli("work", "--offline", cwd=top, env=ADA).out == ""
        done = cli("work", cwd=top, env=modelled(server))
    assert (done.code, done.out.split()[:2]) == (0, ["add", "ada/release-notes"])
    assert not file.exists()


def test_after_five_tries_only_a_person_has_it_asked_about(cli: Run, top: Path) -> None:
    file = not_answered(cli, top)
    with serving(says("no")) as server:
        for _ in range(spool.TRIES):
            is_due(file)
            done = cli("work", cwd=top, env=modelled(server))
        asked = len(server.requests)
    assert asked == 2 * (spool.TRIES - 1)  # each time once more, with the error
    assert "hint: 1 undecided, as no answer came: 'skillgit ingest --undecided' asks again" in done.err
    with serving(answer(EXTRACTED)) as server:
        assert cli("ingest", "--undecided", cwd=top, env=modelled(server)).code == 0


@pytest.mark.parametrize("words", [["work"], ["ingest", "--undecided"]], ids=" ".join)
def test_what_another_worker_asks_about_is_not_asked_about(cli: Run, top: Path, words: list[str]) -> None:
    is_due(not_answered(cli, top))
    repo = Repo.open(top)
    [kept] = undecided.kept(repo)
    with serving(says("no")) as server:
        with undecided.claimed(repo, kept):
            assert cli(*words, cwd=top, env=modelled(server)).code == 0
        assert server.requests == []
        assert cli(*words, cwd=top, env=modelled(server)).code == 1
        assert len(server.requests) == 2
    with undecided.claimed(repo, kept) as is_mine:
        assert not is_mine, "another worker has asked meanwhile"


WRONG = {
    "no id": (["--retry", "x"], 2, "'x' is no id"),
    "an id there is none of": (["--retry", "7"], 1, "no failed job '7'"),
    "an agent there is none of": (["--hook", "nope"], 2, "no agent 'nope'"),
    "two things at once": (["--daemon", "--failed"], 2, "do not go together"),
}


@pytest.mark.parametrize(("words", "code", "said"), WRONG.values(), ids=WRONG.keys())
def test_words_that_make_no_sense_are_refused(cli: Run, top: Path, words: list[str], code: int, said: str) -> None:
    answer = cli("work", *words, cwd=top, env=ADA)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_a_daemon_goes_on_until_it_is_stopped(cli: Run, top: Path) -> None:
    ends(cli, top, session(Path.home(), "one", *ASKED, *LESSON))
    words = [sys.executable, "-m", "skillgit", "work", "--daemon", "--offline", "--json"]
    with subprocess.Popen(words, cwd=top, env=os.environ | ADA, stdout=subprocess.PIPE) as daemon:
        assert daemon.stdout is not None
        assert json.loads(daemon.stdout.readline())["decision"] == "add"
        time.sleep(0.2)
        daemon.send_signal(signal.SIGTERM)
    assert daemon.returncode == 130
    assert git("rev-list", "--count", "HEAD", cwd=top) == "2"


def test_a_daemon_outlives_a_model_that_gives_no_answers(cli: Run, top: Path) -> None:
    for number in range(6):
        ends(cli, top, session(Path.home(), f"number {number}", *ASKED, *LESSON))
    words = [sys.executable, "-m", "skillgit", "work", "--daemon"]
    with serving(status(401)) as server:
        env = os.environ | modelled(server)
        with subprocess.Popen(words, cwd=top, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as daemon:
            assert daemon.stderr is not None
            assert any(b"no answer about 5 conversations in a row" in line for line in daemon.stderr)
            time.sleep(0.2)
            assert daemon.poll() is None
            daemon.send_signal(signal.SIGTERM)
