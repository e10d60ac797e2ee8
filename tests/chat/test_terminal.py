"""`skillgit chat` in a real terminal, with a model on loopback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from skillgit.git.repo import Repo
from skillgit.git.run import git
from skillgit.git.setup import init
from tests.chat.brain import brain
from tests.chat.lifecycle import lives
from tests.chat.place import FEEDBACK
from tests.chat.terminal import ALT_ENTER, COLUMNS, CTRL_C, CTRL_D, ENTER, UP, Terminal, terminal
from tests.models.server import Reply, Request, Sent, Server, says, serving

SLOW = 0.0003  # seconds a byte, of some 90 for a word


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    monkeypatch.setenv("SKILLGIT_USER", "ada")
    monkeypatch.setenv("SKILLGIT_EMBEDDER", "none")
    return init(tmp_path / "lib").repo


@contextmanager
def chatting(library: Repo, script: Reply, *words: str) -> Iterator[tuple[Terminal, Server]]:
    """A chat that waits for the first message, and the model that is asked."""
    with serving(script) as server:
        git(["config", "skillgit.model", "openai-compatible/loopback-1"], cwd=library.directory)
        git(["config", "skillgit.model-url", f"{server.url}/v1"], cwd=library.directory)
        with terminal("chat", *words, cwd=library.directory) as screen:
            screen.ready()
            yield screen, server


def counted(said: str) -> str:
    """An answer that tells how many lines were said."""
    return f"{len(said.splitlines())} lines"


def streamed(server: Server) -> list[list[dict[str, str]]]:
    """The messages of each question that was answered to the user."""
    return [request.messages for request in server.requests if request.body.get("stream")]


@dataclass(frozen=True, slots=True)
class Face:
    """A person at a terminal."""

    screen: Terminal

    def say(self, text: str) -> None:
        self.screen.ready()
        self.screen.type(text, ENTER)
        self.screen.wait(lambda lines: f"You said: {text}" in "".join(f"{line:{COLUMNS}}" for line in lines))

    def sees(self, decision: str, skill: str, version: str) -> None:
        self.screen.wait(lambda lines: any(re.match(f"{decision} {skill} .*{version}: ", line) for line in lines))

    def sees_given(self, skill: str, version: str) -> None:
        self.screen.wait(f"skills: {skill} {version} (")

    def begin(self) -> None:
        self.screen.ready()
        self.screen.type("/clear", ENTER)
        self.screen.wait("a new conversation")


def test_a_request_teaches_nothing_feedback_makes_a_skill_and_later_feedback_a_version_that_a_new_session_finds(
    library: Repo,
) -> None:
    with chatting(library, brain()) as (screen, server):
        lives(Face(screen), library, server)
        screen.ready()
        screen.type("/exit", ENTER)
        assert screen.end() == 0


def test_an_answer_appears_as_it_comes(library: Repo) -> None:
    script = brain(lambda said: "first " + "and then " * 9 + "last", pace=SLOW)
    with chatting(library, script, "--learn", "never") as (screen, _):
        screen.type("Count.", ENTER)
        assert "last" not in "\n".join(screen.wait("first and then"))
        screen.wait("and then last")
        screen.ready()


def test_news_appear_above_what_is_being_typed_and_break_no_line(library: Repo) -> None:
    with chatting(library, brain(thinks=1.0)) as (screen, server):
        screen.type(FEEDBACK, ENTER)
        screen.wait("You said: From now on")
        screen.ready()
        screen.type("Write the notes", ALT_ENTER, "for 2.")
        assert "add ada/release-notes" not in "\n".join(screen.wait("for 2."))
        lines = screen.wait("add ada/release-notes 0.1.0")
        lines = screen.wait(lambda lines: lines[-2:] == ["> Write the notes", "  for 2."])
        assert lines[-3].startswith("add ada/release-notes 0.1.0: ")
        screen.type("5", ENTER)
        screen.wait("You said: Write the notes")
        assert streamed(server)[-1][-1]["content"] == "Write the notes\nfor 2.5"


def test_ctrl_c_stops_the_answer_and_nothing_else(library: Repo) -> None:
    script = brain(lambda said: "word " * 400 if said == "Talk." else f"You said: {said}", pace=SLOW)
    with chatting(library, script, "--learn", "never") as (screen, server):
        screen.type("Talk.", ENTER)
        screen.wait("word word word")
        screen.type(CTRL_C)
        screen.wait("stopped")
        screen.ready()
        assert screen.process.poll() is None
        screen.type("What was that?", ENTER)
        screen.wait("You said: What was that?")
        before, said, _ = streamed(server)[-1]
        assert (before["content"], said["role"]) == ("Talk.", "assistant")
        assert 3 <= said["content"].count("word") < 400


def test_ctrl_c_drops_a_line_and_ctrl_d_leaves(library: Repo) -> None:
    with chatting(library, brain()) as (screen, server):
        screen.type("No, wait")
        screen.wait("> No, wait")
        screen.type(CTRL_C)
        screen.ready()
        screen.type(CTRL_D)
        assert screen.end() == 0
        assert server.requests == []
        assert screen.echoes()


def test_what_is_typed_while_an_answer_comes_stands_on_the_next_line(library: Repo) -> None:
    script = brain(lambda said: "and then " * 9 + "last", pace=SLOW)
    with chatting(library, script, "--learn", "never") as (screen, _):
        screen.type("Count.", ENTER)
        screen.wait("and then")
        screen.type("what about")
        lines = screen.wait(lambda lines: lines[-1] == "> what about")
        assert sum("what about" in line for line in lines) == 1


def test_a_line_that_is_being_typed_survives_another_size_of_the_window(library: Repo) -> None:
    with chatting(library, brain(), "--learn", "never") as (screen, _):
        said = "one two three four five six seven eight nine ten eleven twelve"
        screen.type(said)
        screen.wait(said)
        screen.resize(20, 40)
        screen.type(" 13")
        screen.wait(lambda lines: "twelve 13" in "".join(lines[-2:]))
        screen.type(ENTER)
        screen.wait(lambda lines: f"You said: {said} 13" in "".join(f"{line:40}" for line in lines))


def test_chinese_is_typed_answered_and_edited(library: Repo) -> None:
    with chatting(library, brain("收到：{}".format), "--learn", "never") as (screen, server):
        screen.type("写一份发布说吗")
        screen.wait("> 写一份发布说吗")
        screen.type("\x7f", "明", ENTER)
        screen.wait("收到：写一份发布说明")
        assert streamed(server)[-1][-1]["content"] == "写一份发布说明"
        screen.ready()
        screen.type("／scope common", ENTER)
        screen.wait("scope is common")


def test_500_lines_that_are_pasted_are_one_message(library: Repo) -> None:
    pasted = "\n".join(f"line {number} of a log, ünïcödé too" for number in range(500))
    with chatting(library, brain(counted), "--learn", "never") as (
        screen,
        server,
    ):
        screen.paste(pasted)
        screen.wait("line 499")
        assert server.requests == []
        screen.type(ENTER)
        screen.wait("500 lines")
        assert streamed(server)[-1][-1]["content"] == pasted


def test_lines_between_paste_and_end_are_one_message(library: Repo) -> None:
    with chatting(library, brain(counted), "--learn", "never") as (
        screen,
        server,
    ):
        screen.type("/paste", ENTER)
        for line in ("/not a command", "", "two"):
            screen.type(line, ENTER)
        screen.type("/end", ENTER)
        screen.wait("3 lines")
        assert streamed(server)[-1][-1]["content"] == "/not a command\n\ntwo"


def test_what_was_said_before_is_fetched_back(library: Repo) -> None:
    with chatting(library, brain(), "--learn", "never") as (screen, _):
        screen.type("Remember the pelican.", ENTER)
        screen.wait("You said: Remember the pelican.")
        screen.ready()
        screen.type(CTRL_D)
        screen.end()
    with chatting(library, brain(), "--continue", "--learn", "never") as (screen, server):
        screen.type(UP)
        screen.wait("> Remember the pelican.")
        screen.type(ENTER)
        screen.wait("You said: Remember the pelican.")
        assert len(streamed(server)[-1]) == 3


def test_leaving_waits_for_what_is_being_learned_and_ctrl_c_leaves_it_for_the_next_time(library: Repo) -> None:
    with chatting(library, brain(thinks=30)) as (screen, _):
        screen.type(FEEDBACK, ENTER)
        screen.wait("You said: From now on")
        screen.ready()
        screen.type(CTRL_D)
        screen.wait("Ctrl-C leaves it for the next time")
        screen.type(CTRL_C)
        assert screen.end() == 0
    with chatting(library, brain()) as (screen, _):
        screen.wait("add ada/release-notes 0.1.0")


def test_ctrl_c_stops_a_model_that_has_not_said_a_word_yet(library: Repo) -> None:
    def script(request: Request) -> Sent:
        slow = request.messages[-1]["content"] == "Think."
        return says("At last.", wait=30 if slow else 0)(request)

    with chatting(library, script, "--learn", "never") as (screen, server):
        screen.type("Think.", ENTER)
        screen.wait(lambda _: len(server.requests) == 1)
        screen.type(CTRL_C)
        screen.wait("stopped")
        screen.ready()
        screen.type("And now?", ENTER)
        screen.wait("At last.")
        assert [each["content"] for each in streamed(server)[-1]] == ["Think.", "And now?"]


def test_an_answer_goes_on_in_a_window_of_another_size(library: Repo) -> None:
    words = " ".join(f"word{number}" for number in range(40))
    with chatting(library, brain(lambda said: words, pace=SLOW), "--learn", "never") as (screen, _):
        screen.type("Count.", ENTER)
        screen.wait("word3")
        screen.resize(24, 60)
        lines = screen.wait("word39")
        assert "word38 word39" in "".join(f"{line:60}" for line in lines)
        screen.ready()
        screen.type("And you?", ENTER)
        screen.wait("> And you?")


def test_news_appear_above_chinese_that_is_being_typed(library: Repo) -> None:
    with chatting(library, brain("收到：{}".format, thinks=1.0)) as (screen, server):
        screen.type(FEEDBACK, ENTER)
        screen.wait("收到：From now on")
        screen.ready()
        screen.type("写一份发布")
        screen.wait("> 写一份发布")
        screen.wait("add ada/release-notes 0.1.0")
        lines = screen.wait(lambda lines: lines[-1] == "> 写一份发布")
        assert sum("写一份发布" in line for line in lines) == 1
        screen.type("说明", ENTER)
        screen.wait("收到：写一份发布说明")
        assert streamed(server)[-1][-1]["content"] == "写一份发布说明"


def test_500_lines_that_are_pasted_while_an_answer_comes_are_one_message(library: Repo) -> None:
    pasted = "\n".join(f"line {number} of a log" for number in range(500))
    script = brain(lambda said: "and then " * 20 if said == "Count." else counted(said), pace=SLOW)
    with chatting(library, script, "--learn", "never") as (screen, server):
        screen.type("Count.", ENTER)
        screen.wait("and then")
        screen.paste(pasted)
        screen.wait("line 499")
        assert len(server.requests) == 1
        screen.type(ENTER)
        screen.wait("500 lines")
        assert streamed(server)[-1][-1]["content"] == pasted
