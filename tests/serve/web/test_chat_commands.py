"""The commands of a conversation that is held in a browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import unescape

import pytest

from skillgit.chat.commands import COMMANDS
from skillgit.serve.web import words
from skillgit.serve.web.chat_say import LARGEST
from tests.chat.brain import brain
from tests.serve.web.talk import Place, Visitor, names, talking, visiting


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with talking(tmp_path_factory.mktemp("commands"), brain()) as place:
        yield place


@pytest.fixture
def ada(place: Place) -> Iterator[Visitor]:
    with visiting(place) as visitor:
        yield visitor


SETTINGS: Mapping[str, tuple[str, str]] = {
    "/scope library": ("scope", "common"),
    "／rewrite never": ("rewrite", "never"),
    "/extract always": ("learn", "always"),
    "/extract_every 3": ("every", "3"),
}


@pytest.mark.parametrize(("typed", "setting"), SETTINGS.items(), ids=SETTINGS)
def test_a_command_changes_a_setting_and_the_form_shows_it(ada: Visitor, typed: str, setting: tuple[str, str]) -> None:
    found = dict(ada.stream("/chat", text=typed))
    assert "told" in found
    options = found["end"]["options"]
    assert isinstance(options, dict) and str(options[setting[0]]) == setting[1]


GOES = {
    "/skills": "/library",
    "/export government-report": "/skills/Users/ada/government-report",
    "/log": "/growth",
    "/log ada/government-report": "/history/Users/ada/government-report",
    "/diff government-report 0.1.0..0.1.1": "/diff/Users/ada/government-report?since=0.1.0&to=0.1.1",
    "／why government-report:7": "/blame/Users/ada/government-report",
    "/undo government-report": "/revert/Users/ada/government-report",
    "/review": "/review",
    "clear": "/chat",
    "/exit": "/chat",
}


@pytest.mark.parametrize(("typed", "to"), GOES.items(), ids=GOES)
def test_a_command_leads_to_the_page_that_answers_it(ada: Visitor, typed: str, to: str) -> None:
    assert dict(ada.stream("/chat", text=typed))["go"] == {"to": to}
    ada.client.follow_redirects = False
    gone = ada.say(typed)
    assert (gone.status_code, gone.headers["location"]) == (303, to)


NONE = {
    "/etc/hosts": "no command",
    "/scope": "takes user|common|all",
    " \r\n ": "nothing was said",
    "x" * (LARGEST + 1): "at most",
}


@pytest.mark.parametrize(("typed", "why"), NONE.items(), ids=[repr(typed)[:20] for typed in NONE])
def test_what_is_neither_a_message_nor_a_command_begins_no_conversation(ada: Visitor, typed: str, why: str) -> None:
    for more in ({}, {"stream": "1"}):
        refused = ada.post("/chat", text=typed, **more)
        assert refused.status_code == 400 and why in unescape(refused.text)


REFUSED = {
    "/scope everything": (400, "no value"),
    "/export bob/government-report": (404, "no skill"),
    "/diff": (400, "nothing was learned here yet"),
    "/file notes.txt": (400, "for the terminal"),
    "/why 'x": (400, "closing quotation"),
}


@pytest.mark.parametrize(("typed", "why"), REFUSED.items(), ids=map(repr, REFUSED))
def test_a_command_that_cannot_be_done_says_why(ada: Visitor, typed: str, why: tuple[int, str]) -> None:
    found = ada.stream("/chat", text=typed)
    assert names(found) == ["begun", "refused", "end"]
    assert why[1] in str(found[1][1]["html"])
    refused = ada.say(typed)
    assert refused.status_code == why[0] and why[1] in refused.text


def test_a_space_in_front_makes_it_a_message(ada: Visitor) -> None:
    assert "You said: /etc/hosts: why?" in ada.say(" /etc/hosts: why?", learn="never").text


def test_commands_are_listed_and_a_search_answers_in_the_conversation(ada: Visitor) -> None:
    assert "<code>/extract_now [HINT]</code>" in ada.say("／help").text
    assert "/clip" not in ada.page.text
    assert "Use when asked to." in ada.say("/search haiku about the seasons").text
    assert "No skill answers this" in ada.say("/search quantum chromodynamics").text


def test_the_commands_are_told_as_in_the_terminal() -> None:
    told = {row.name: row.help for row in COMMANDS}
    known = {key.removeprefix("chat.do_"): text for key, text in words.texts().items() if key.startswith("chat.do_")}
    assert {name: text["en"] for name, text in known.items()} == {name: told[name] for name in known}
