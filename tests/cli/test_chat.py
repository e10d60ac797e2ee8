"""`skillgit chat` in a pipe: each line is a message or a command, answers go to stdout, all else to stderr."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chat.brain import brain
from tests.chat.place import FEEDBACK, MORE, REQUEST
from tests.conftest import Result, Run
from tests.models.server import Reply, says, serving, status

NO_MODEL = "no model is configured"


@pytest.fixture
def top(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SKILLGIT_USER", "ada")
    monkeypatch.setenv("SKILLGIT_EMBEDDER", "none")
    cli("init", tmp_path / "a lib")
    return tmp_path / "a lib"


@pytest.fixture
def taught(cli: Run, top: Path) -> Path:
    """A library in which a conversation has left a skill, in two versions."""
    done = cli("chat", cwd=top, stdin=f"{REQUEST}\n{FEEDBACK}\n{MORE}\n")
    assert "add ada/release-notes 0.1.0" in done.err
    assert "merge ada/release-notes 0.1.0 -> 0.1.1" in done.err
    return top


def asked(cli: Run, top: Path, script: Reply, *lines: str, options: tuple[str, ...] = ()) -> Result:
    """What lines are answered by a model, which nothing is learned with."""
    with serving(script) as server:
        model = {"SKILLGIT_MODEL": "openai-compatible/loopback-1", "SKILLGIT_MODEL_URL": f"{server.url}/v1"}
        return cli("chat", "--learn", "never", *options, cwd=top, stdin="\n".join((*lines, "")), env=model)


def test_answers_are_all_that_stands_on_stdout(cli: Run, top: Path) -> None:
    done = asked(cli, top, brain(), "Hello.", "", "Bye.")
    assert (done.code, done.out, done.err) == (0, "You said: Hello.\nYou said: Bye.\n", "")


def test_what_a_model_says_cannot_command_the_terminal(cli: Run, top: Path) -> None:
    done = asked(cli, top, says("\x1b]0;owned\x07 and \u202edesrever"), "Hello.")
    assert done.out == "\\x1b]0;owned\\x07 and \\u202edesrever\n"


def test_a_model_that_fails_is_named_and_the_exit_code_is_1(cli: Run, top: Path) -> None:
    done = asked(cli, top, status(404, message="no such model"), "Hello.")
    assert done.code == 1
    assert "error: " in done.err and "no such model" in done.err


def test_without_a_model_it_says_so_once_and_finds_what_was_learned(cli: Run, taught: Path) -> None:
    done = cli("chat", cwd=taught, stdin="Write the release notes for 2.5.\nWrite the release notes for 2.6.\n")
    assert (done.code, done.out) == (0, "")
    assert done.err.count(NO_MODEL) == 1
    assert done.err.count("skills: ada/release-notes 0.1.1 (") == 2


def test_offline_asks_no_model_where_one_is_configured(cli: Run, top: Path) -> None:
    done = asked(cli, top, status(500), "Hello.", options=("--offline",))
    assert (done.code, done.out) == (0, "")
    assert NO_MODEL in done.err


COMMANDS = {
    "skills": ("/skills", "ada/release-notes  0.1.1  How to write release notes"),
    "search": ("/search release notes", "ada/release-notes  0.1.1  0."),
    "export": ("/export release-notes@0.1.0", 'version: "0.1.0"'),
    "export, the last": ("/export release-notes", "- Always link every fix"),
    "log": ("/log release-notes -n 1", "merge(ada/release-notes)"),
    "diff": ("/diff", "+- Always link every fix"),
    "why": ("/why", '"Always link every fix in release notes to its issue."'),
    "undo": ("/undo", "revert ada/release-notes 0.1.1 -> 0.2.0: back to 0.1.0"),
    "review": ("/review list", "nothing waits for review"),
    "help": ("/help", "/extract_every N"),
    "options": ("/extract_every 3", "every is 3"),
    "learning": ("/extract never", "learn is never"),
    "rewriting": ("/rewrite always", "rewrite is model"),
    "learning now": ("/extract_now", "nothing learned: this conversation is in the history already"),
    "again": ("/again", "skills: ada/release-notes"),
    "a wrong option": ("/scope mine", "error: 'mine' is no value of 'scope'"),
    "no skill of that name": ("/diff penguin", "error: no skill"),
    "a broken quotation": ("/log 'x", "error: cannot read"),
    "no command": ("/skils", "hint: did you mean '/skills'?"),
}


@pytest.mark.parametrize(("line", "shown"), COMMANDS.values(), ids=COMMANDS.keys())
def test_a_command_does_what_it_says(cli: Run, taught: Path, line: str, shown: str) -> None:
    done = cli("chat", "--continue", cwd=taught, stdin=f"{line}\n")
    assert done.code == 0
    assert shown in done.out + done.err


def test_skills_are_written_to_a_folder(cli: Run, taught: Path, tmp_path: Path) -> None:
    cli("chat", cwd=taught, stdin=f"/write {tmp_path / 'my skills'}\n")
    assert (tmp_path / "my skills" / "release-notes" / "SKILL.md").is_file()


def test_a_command_about_the_last_skill_wants_one(cli: Run, taught: Path) -> None:
    done = cli("chat", cwd=taught, stdin="/undo\n/again\n/extract_now\n")
    assert "error: nothing was learned here yet\nhint: name a skill: /undo SKILL\n" in done.err
    assert done.err.count("error: nothing was said yet") == 2


def test_a_file_is_said_and_what_is_none_is_named(cli: Run, top: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("/one\ntwo\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    (tmp_path / "large.txt").write_bytes(b"a" * ((2 << 20) + 1))
    (tmp_path / "empty.txt").touch()
    names = ("notes.txt", "picture.png", "large.txt", "empty.txt", "none.txt")
    done = asked(cli, top, brain(), *(f"/file {tmp_path / name}" for name in names))
    assert done.out == "You said: /one\ntwo\n"
    told = ("picture.png' is no text", "large.txt' has more than 2 MiB", "empty.txt' is empty", "no such file")
    assert [words for words in told if words not in done.err] == []


def test_lines_up_to_end_are_one_message_and_cancel_drops_them(cli: Run, top: Path) -> None:
    done = asked(cli, top, brain(), "/paste", "one", "/two", "/end", "/paste", "three", "/cancel", "/paste", "four")
    assert done.out == "You said: one\n/two\n"


def test_conversations_are_listed_continued_and_deleted(cli: Run, top: Path) -> None:
    asked(cli, top, brain(), "The first.", "/clear", "The second.")
    rows = [json.loads(line) for line in cli("chat", "--list", "--json", cwd=top).out.splitlines()]
    assert [row["title"] for row in rows] == ["The second.", "The first."]
    first = rows[1]["id"]
    done = asked(cli, top, brain(), "More.", options=("--resume", first[:6]))
    assert done.err == "goes on: The first.\n"
    assert cli("chat", "--delete", first, cwd=top).code == 0
    assert "The first." not in cli("chat", "--list", cwd=top).out
    assert cli("chat", "--resume", first, cwd=top).code == 1


REFUSED = {
    "two ways to begin": (("--continue", "--list"), 2),
    "json of nothing": (("--json",), 2),
    "a model and none": (("--model", "openai/x", "--offline"), 2),
    "no conversation yet": (("--continue",), 1),
    "a provider that is none": (("--model", "pelican/x"), 2),
    "no scope": (("--scope", "mine"), 2),
    "no count": (("--every", "often"), 2),
    "no share": (("--min-score", "2"), 2),
}


@pytest.mark.parametrize(("words", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_makes_no_sense_is_refused(cli: Run, top: Path, words: tuple[str, ...], code: int) -> None:
    assert cli("chat", *words, cwd=top, stdin="Hello.\n").code == code


def test_another_user_sees_none_of_it(cli: Run, taught: Path) -> None:
    assert cli("chat", "--list", "--user", "bob", cwd=taught).out == ""
    done = cli("chat", "--user", "bob", cwd=taught, stdin=f"{REQUEST}\n/skills\n")
    assert "release-notes" not in done.out + done.err


def test_where_the_policy_is_branch_it_is_learned_there(cli: Run, top: Path) -> None:
    done = cli("chat", cwd=top, stdin=f"{REQUEST}\n{FEEDBACK}\n", env={"SKILLGIT_LEARN_POLICY": "branch"})
    assert "add ada/release-notes 0.1.0" in done.err
    assert "note: it waits on 'learn/ada/" in done.err
    assert cli("list", cwd=top).out == ""


FORGOTTEN = {
    "a skill": ("ada/release-notes",),
    "a text": ("--text", "link every fix"),
    "a text of a chat alone": ("--text", "notes for 2.4"),
}


@pytest.mark.parametrize("words", FORGOTTEN.values(), ids=FORGOTTEN.keys())
def test_a_chat_that_holds_what_is_to_be_forgotten_is_deleted(cli: Run, taught: Path, words: tuple[str, ...]) -> None:
    cli("chat", cwd=taught, stdin="What is the capital of France?\n")
    assert "chats: 1 conversation" in cli("forget", *words, "--dry-run", cwd=taught).out
    assert len(cli("chat", "--list", cwd=taught).out.splitlines()) == 2
    assert "chats: 1 conversation" in cli("forget", *words, cwd=taught).out
    assert cli("chat", "--list", cwd=taught).out.endswith("What is the capital of France?\n")


@pytest.fixture(autouse=True)
def no_threads_are_left() -> Iterator[None]:
    yield
    assert [thread.name for thread in threading.enumerate() if thread.name == "learning"] == []
