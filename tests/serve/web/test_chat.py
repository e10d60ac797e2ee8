"""Conversations in a browser without scripts, and the events that a script gets."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

import pytest

from skillgit.chat.chats import Said, chats, new_id
from skillgit.chat.options import Options
from skillgit.git.run import git
from skillgit.serve import keys
from tests.chat.brain import brain
from tests.chat.lifecycle import lives, settled
from tests.chat.place import FEEDBACK, MORE, REQUEST
from tests.models.server import Request, Sent, says, status
from tests.serve.place import until
from tests.serve.web.talk import Place, Visitor, events, names, talking, visiting

REPORT = "Write a government report about rivers."
HOSTILE = "<script>alert(1)</script> **x** [y](javascript:alert(1)) \u202e\x1b[31m" + "名" * 300


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with talking(tmp_path_factory.mktemp("chat"), brain()) as place:
        yield place


@pytest.fixture
def ada(place: Place) -> Iterator[Visitor]:
    place.answers(brain())
    with visiting(place) as visitor:
        yield visitor


@dataclass(frozen=True, slots=True)
class Face:
    """A person with a browser that runs no script."""

    visitor: Visitor

    def say(self, text: str) -> None:
        assert escape(f"You said: {text}", quote=False) in self.visitor.say(text).text

    def sees(self, decision: str, skill: str, version: str) -> None:
        settled_page(self.visitor)
        assert f'<div class="turn lesson {decision}"' in self.visitor.page.text
        assert skill in self.visitor.page.text and version in self.visitor.page.text

    def sees_given(self, skill: str, version: str) -> None:
        assert f'">{skill} {version} <span class="score">' in self.visitor.page.text

    def begin(self) -> None:
        self.visitor.go("/chat")


def settled_page(visitor: Visitor) -> None:
    """Load the page until nothing is learned from it any more."""
    deadline = time.monotonic() + 20
    while "data-pending" in visitor.go(f"/chat/{visitor.name}").text:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_request_teaches_nothing_feedback_makes_a_skill_and_later_feedback_a_version_that_a_new_session_finds(
    tmp_path: Path,
) -> None:
    with talking(tmp_path, brain()) as place, visiting(place) as visitor:
        assert place.model
        lives(Face(visitor), place.repo, place.model)


def test_what_is_said_is_shown_as_it_was_and_the_answer_as_markdown_that_does_no_harm(
    place: Place, ada: Visitor
) -> None:
    place.answers(says(HOSTILE))
    page = ada.say(HOSTILE, learn="never").text
    assert "<script>alert" not in page and "javascript:alert(1)&#34;" not in page and 'href="javascript' not in page
    assert "<strong>x</strong>" in page and "**x**" in page
    assert '<span class="unseen">U+202E</span>' in page
    (title,) = [line for line in page.splitlines() if "<title>" in line]
    assert "<script>" not in title and "unseen" not in title


def test_a_script_is_told_what_happens_as_it_happens(ada: Visitor) -> None:
    found = ada.stream("/chat", text=REPORT, learn="never")
    assert names(found) == ["begun", "said", "found", "piece", "answered", "end"]
    told = dict(found)
    assert "government-report 0.1.0" in str(told["found"]["html"])
    assert "".join(str(it["text"]) for name, it in found if name == "piece") == f"You said: {REPORT}"
    assert f"You said: {REPORT}" in str(told["answered"]["html"])
    assert (told["end"]["turns"], told["end"]["pending"]) == (2, False)
    assert f"You said: {REPORT}" in ada.go(str(told["begun"]["to"])).text


def test_what_was_pasted_is_said_as_it_was(place: Place, ada: Visitor) -> None:
    pasted = "\n".join(f"line {number}, ünïcödé: 中文" for number in range(500))
    page = ada.say(pasted.replace("\n", "\r\n"), learn="never").text
    assert place.heard() == pasted
    assert "500 lines" in page and "line 499" in page


def test_without_a_model_it_says_so_and_finds_and_learns_all_the_same_and_a_model_without_a_key_is_named(
    tmp_path: Path,
) -> None:
    with talking(tmp_path) as place, visiting(place) as ada:
        assert "No model is configured" in ada.page.text
        page = ada.say(REPORT).text
        assert "No answer, as no model is configured" in page and ">ada/government-report 0.1.0" in page
        ada.go("/chat")
        ada.say(FEEDBACK)
        settled_page(ada)
        assert '<div class="turn lesson add"' in ada.page.text
        assert settled(place.repo) == ["add"]
        git(["config", "skillgit.model", "openai/gpt-5-mini"], cwd=place.repo.directory)
        page = ada.go("/chat").text
        assert "no key for &#39;openai&#39; is set" in page and REPORT in page
        assert "no key for" in str(dict(ada.stream("/chat", text=REQUEST, learn="never"))["refused"]["html"])


def test_a_model_that_fails_is_named_and_can_be_asked_again(place: Place, ada: Visitor) -> None:
    place.answers(status(401, message="bad key"))
    page = ada.say(REQUEST, learn="never").text
    assert "bad key" in page and 'role="alert"' in page
    place.answers(says("At last."))
    assert "At last." in ada.post(f"/chat/{ada.name}/again").text


def test_another_answer_takes_the_place_of_the_last(place: Place, ada: Visitor) -> None:
    place.answers(says("First."))
    assert "First." in ada.say(REQUEST, learn="never").text
    place.answers(says("Second."))
    page = ada.post(f"/chat/{ada.name}/again").text
    assert "Second." in page and "First." not in page


def test_it_is_learned_from_now_with_a_hint_and_the_page_hears_of_it(tmp_path: Path) -> None:
    with talking(tmp_path, brain()) as place, visiting(place) as ada:
        ada.say(REQUEST, learn="never")
        found = ada.stream(f"/chat/{ada.name}/extract", hint="release notes")
        assert names(found) == ["learned", "end"] and "Nothing learned" in str(found[0][1]["html"])
        ada.say(FEEDBACK)
        found = ada.stream(f"/chat/{ada.name}/say", text="/extract_now release notes")
        assert names(found) == ["learned", "end"]
        assert "ada/release-notes" in str(found[0][1]["html"]) and found[-1][1]["pending"] is False
        news = events(ada.client.get(f"/chat/{ada.name}/events?after=1").text)
        assert names(news) == ["learned", "end"]
        assert names(events(ada.client.get(f"/chat/{ada.name}/events?after=9").text)) == ["end"]


def test_settings_are_kept_and_a_wrong_one_is_named(place: Place, ada: Visitor) -> None:
    ada.say(REQUEST, learn="never", scope="user", limit="3", min_score="0.5", every="4")
    form = {"scope": "common", "rewrite": "never", "learn": "never", "every": "2", "limit": "", "min_score": ""}
    page = ada.post(f"/chat/{ada.name}/settings", **form)
    assert page.url.path == f"/chat/{ada.name}"
    with chats(place.repo) as kept:
        now = kept.get(ada.name).options
    assert (now.scope, now.rewrite, now.every, now.limit, now.min_score) == ("common", "never", 2, None, None)
    wrong = ada.post(f"/chat/{ada.name}/settings", every="0")
    assert wrong.status_code == 400 and "whole number" in wrong.text


def test_a_message_to_what_has_gone_on_elsewhere_is_refused_and_nothing_is_mixed(place: Place, ada: Visitor) -> None:
    ada.say("One.", learn="never")
    with visiting(place) as other:
        other.go(f"/chat/{ada.name}")
        assert "You said: Two." in ada.say("Two.").text
        late = other.say("Three.")
        assert late.status_code == 409 and "gone on elsewhere" in late.text
        other.go(f"/chat/{ada.name}")
        assert "You said: Three." in other.say("Three.").text


def slow(request: Request) -> Sent:
    """To think, it takes for ever."""
    return says("Done.", wait=30 if "Think" in request.messages[-1]["content"] else 0)(request)


def test_a_second_message_while_an_answer_is_under_way_is_refused(place: Place, ada: Visitor) -> None:
    place.answers(slow)
    ada.say("Hello.", learn="never")
    sent = {"token": ada.field("token"), "text": "Think.", "stream": "1"}
    with visiting(place) as other, ada.client.stream("POST", f"/chat/{ada.name}/say", data=sent) as response:
        happening = response.iter_text()
        assert next(happening).startswith("event: said")
        until(lambda: place.heard() == "Think.")
        other.go(f"/chat/{ada.name}")
        assert "data-answering" in other.page.text
        refused = dict(other.stream(f"/chat/{ada.name}/say", text="Me, too."))
        assert "under way" in str(refused["refused"]["html"])
    settled_page(ada)  # who has left has stopped the answer
    assert "Done." in ada.say("And now?").text


def test_an_answer_whose_reader_leaves_is_kept_as_far_as_it_came(place: Place, ada: Visitor) -> None:
    place.answers(brain(lambda said: "word " * 2000, pace=0.0002))
    ada.go(begun(ada, "Talk.", pieces=4))
    settled_page(ada)
    assert "This answer was broken off" in ada.page.text
    assert 3 <= ada.page.text.count("word ") < 2000


def begun(visitor: Visitor, text: str, *, pieces: int) -> str:
    """The path of a conversation whose first answer was left after so many pieces."""
    sent = {"token": visitor.field("token"), "text": text, "stream": "1", "learn": "never"}
    with visitor.client.stream("POST", "/chat", data=sent) as response:
        read = ""
        for more in response.iter_text():
            read += more
            if read.count("event: piece") >= pieces:
                break
    return str(dict(events(read))["begun"]["to"])


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server with keys, on which ada has said something."""
    with talking(tmp_path_factory.mktemp("locked"), brain()) as place:
        keys.add(place.repo, "someone")
        yield place


def key(place: Place, user: str, *, acts: bool = False) -> dict[str, str]:
    _, secret = keys.add(place.repo, user, acts=acts)
    return {"authorization": f"Bearer {secret}"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/events"),
        ("GET", "/export"),
        ("GET", "/delete"),
        ("POST", "/say"),
        ("POST", "/again"),
        ("POST", "/extract"),
        ("POST", "/settings"),
        ("POST", "/delete"),
    ],
)
def test_the_conversation_of_another_is_not_there(locked: Place, method: str, path: str) -> None:
    with visiting(locked, **key(locked, "ada")) as ada, visiting(locked, **key(locked, "bob")) as bob:
        ada.say("The pelican is at dawn.", learn="never")
        assert "pelican" not in bob.go("/chat").text
        for name in (ada.name, "0" * 32, "x", "%2e%2e", "名"):
            sent = {"token": bob.field("token"), "text": "Hello.", "stream": "1"}
            found = bob.client.request(method, f"/chat/{name}{path}", data=sent if method == "POST" else None)
            assert found.status_code == 404 and "pelican" not in found.text
        assert "pelican" in ada.go(f"/chat/{ada.name}").text
    with visiting(locked, **key(locked, "carol", acts=True)) as carol:
        carol.post("/users", user="ada")
        assert "pelican" in carol.go("/chat").text


def test_who_may_not_act_for_others_does_not_hear_where_the_model_is(locked: Place) -> None:
    locked.answers(status(401, message="bad key"))
    with visiting(locked, **key(locked, "bob")) as bob:
        told = [bob.say(REQUEST).text]
        settled_page(bob)
        told += [bob.page.text, bob.client.get(f"/chat/{bob.name}/export?as=json").text]
        with visiting(locked, **key(locked, "erin", acts=True)) as erin:
            erin.post("/users", user="bob")
            assert "bad key" in erin.go(f"/chat/{bob.name}").text
    locked.answers(brain())
    assert "the model has not answered" in told[0] and "Not learned yet" in told[1] and "undecided" in told[2]
    for text in told:
        assert "127.0.0.1" not in text and "bad key" not in text


@pytest.mark.parametrize("path", ["", "/{}/say", "/{}/again", "/{}/extract", "/{}/settings", "/{}/delete"])
def test_a_form_without_its_token_does_nothing(place: Place, ada: Visitor, path: str) -> None:
    ada.say(REQUEST, learn="never")
    sent = {"text": "Hello.", "stream": "1"}
    assert ada.client.post(f"/chat{path.format(ada.name)}", data=sent).status_code == 403
    with chats(place.repo) as kept:
        assert len(kept.turns(ada.name)) == 2


def test_conversations_are_listed_twenty_a_page_and_deleted_when_that_is_confirmed(locked: Place) -> None:
    with visiting(locked, **key(locked, "dora")) as dora:
        with chats(locked.repo) as kept:
            for number in range(45):
                kept.begin(f"{number:032x}", "dora", options=Options(learn="never"))
                kept.add(f"{number:032x}", Said("user", f"Number {number:02}. {HOSTILE}"))
        assert [f"Number {number:02}." in dora.go("/chat").text for number in (44, 25, 24)] == [True, True, False]
        assert "Number 00." in dora.go("/chat?page=99").text
        for odd in ("0", "-1", "x", "9" * 5000, "²"):
            assert "Number" in dora.go(f"/chat?page={odd}").text
        asked = dora.go(f"/chat/{7:032x}/delete")
        assert "Number 07." in asked.text and "<script>alert" not in asked.text
        gone = dora.client.post(f"/chat/{7:032x}/delete", data={"token": dora.field("token")})
        assert gone.url.path == "/chat"
        assert dora.go(f"/chat/{7:032x}").status_code == 404


def test_a_conversation_is_taken_along_as_a_file(ada: Visitor) -> None:
    ada.say(REPORT, learn="never")
    told = ada.client.get(f"/chat/{ada.name}/export?as=markdown")
    assert told.headers["content-type"] == "text/markdown; charset=utf-8"
    assert told.headers["content-disposition"] == f'attachment; filename="chat-{ada.name[:8]}.md"'
    assert f"## You\n\n{REPORT}" in told.text
    as_json = json.loads(ada.client.get(f"/chat/{ada.name}/export?as=json").text)
    assert [each["role"] for each in as_json["messages"]] == ["user", "assistant"]
    assert ada.client.get(f"/chat/{ada.name}/export?as=pdf").status_code == 400


def test_what_was_learned_leads_to_what_changed_and_back_and_what_waits_to_the_review(tmp_path: Path) -> None:
    with talking(tmp_path, brain()) as place, visiting(place) as ada:
        ada.say(FEEDBACK)
        settled_page(ada)
        git(["config", "skillgit.learn.policy", "branch"], cwd=place.repo.directory)
        ada.say(MORE)
        settled_page(ada)
        assert ada.page.text.count('<a href="/review">It waits for review</a>') == 1
        links = {link for link in re.findall(r'href="([^"]+)"', ada.page.text) if "release-notes" in link}
        assert "/history/Users/ada/release-notes" in links
        for link in links:
            assert ada.client.get(unescape(link)).status_code == 200, link


def test_of_a_long_conversation_the_last_is_shown_and_all_of_it_where_that_is_asked_for(place: Place) -> None:
    name = new_id()
    with chats(place.repo) as kept:
        kept.begin(name, "ada", options=Options(learn="never"))
        for number in range(200):
            kept.add(name, Said("assistant" if number % 2 else "user", f"Turn {number:03}."))
    with visiting(place) as ada:
        page = ada.go(f"/chat/{name}").text
        assert "Turn 199." in page and "Turn 140." in page and "Turn 139." not in page
        assert "140 earlier messages" in page and ada.field("seen") == "200"
        assert ada.go(f"/chat/{name}?last=all").text.count("Turn ") == 203  # with titles and the list


def test_an_answer_that_is_longer_than_people_read_is_shown_as_text(place: Place, ada: Visitor) -> None:
    place.answers(says("<b>**x**" * 30_000))
    page = ada.say(REQUEST, learn="never").text
    assert "&lt;b&gt;**x**" in page and "<b>" not in page


def test_the_page_speaks_chinese(place: Place) -> None:
    place.answers(says("好的。"))
    with visiting(place, **{"accept-language": "zh-CN"}) as ada:
        assert "新对话" in ada.page.text
        page = ada.say("以后写发布说明都先写破坏性变更。", learn="never").text
        assert "好的。" in page and "重新回答" in page and "2 条消息" in page
