"""A conversation in a browser: streamed, stopped, said again, slow, lost, learned from while one types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Locator, Page, Route, expect

from tests.chat.brain import brain
from tests.chat.lifecycle import lives
from tests.chat.place import FEEDBACK, REQUEST
from tests.models.server import Request, Sent, says
from tests.serve.web.browser.look import accessible, fits_a_phone
from tests.serve.web.talk import Place, talking

SLOW = 0.0003  # seconds a byte, of some 90 for a word
HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) \u202eabc " + "名" * 300


@dataclass(frozen=True, slots=True)
class Face:
    """A person at a browser."""

    page: Page

    def say(self, text: str) -> None:
        said(self.page, text)
        expect(self.answers.last).to_contain_text(f"You said: {text}")

    def sees(self, decision: str, skill: str, version: str) -> None:
        lesson = self.page.locator(f".lesson.{decision}")
        expect(lesson).to_contain_text(skill)
        expect(lesson).to_contain_text(version)

    def sees_given(self, skill: str, version: str) -> None:
        expect(self.answers.last.get_by_role("link", name=f"{skill} {version}")).to_be_visible()

    def begin(self) -> None:
        self.page.get_by_role("link", name="New conversation").click()
        expect(self.page.locator(".turn.you")).to_have_count(0)

    @property
    def answers(self) -> Locator:
        return self.page.locator(".answer:not(.coming)")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server for conversations of which nothing is learned."""
    with talking(tmp_path_factory.mktemp("chat"), brain()) as made:
        yield made


@pytest.fixture
def place(shared: Place) -> Place:
    """The same, whose model answers as in all tests."""
    shared.answers(brain())
    return shared


def said(page: Page, text: str) -> None:
    """Send a message, by keyboard."""
    page.get_by_label("Message", exact=True).fill(text)
    page.keyboard.press("Enter")


def quiet(page: Page, url: str) -> None:
    """A new conversation, of which nothing is learned."""
    page.goto(f"{url}/chat")
    page.get_by_text("Settings").click()
    page.get_by_label("Learn", exact=True).select_option("never")
    page.get_by_text("Settings").click()


def words(page: Page) -> int:
    """How many words of the answer are there."""
    return page.locator(".answer").last.inner_text().count("word")


def seldom(text: str) -> Callable[[Request], Sent]:
    """A model that answers at once, and nothing for long where it has to think."""
    return lambda request: says(text, wait=30 if "Think" in request.messages[-1]["content"] else 0)(request)


def test_a_request_teaches_nothing_feedback_makes_a_skill_and_later_feedback_a_version_that_a_new_session_finds(
    page: Page, tmp_path: Path
) -> None:
    with talking(tmp_path, brain()) as place:
        assert place.model
        page.goto(f"{place.url}/chat")
        lives(Face(page), place.repo, place.model)
        expect(page.get_by_role("heading", level=1)).to_have_text("Write the release notes for 2.5.")
        expect(page.locator(".others li")).to_have_count(2)


def test_an_answer_appears_as_it_comes_and_is_markdown_when_it_is_whole(page: Page, place: Place) -> None:
    place.answers(brain(lambda said: "**word** " + "word " * 60 + "**last**", pace=SLOW))
    quiet(page, place.url)
    said(page, "Count.")
    expect(page.locator(".coming")).to_contain_text("**word** word")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.locator(".answer strong").last).to_have_text("last")
    expect(page.locator(".coming")).to_have_count(0)
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    expect(page.get_by_role("link", name="Delete")).to_be_visible()
    accessible(page)


@pytest.mark.parametrize("way", ["button", "key"])
def test_an_answer_is_stopped_and_what_came_of_it_is_kept(page: Page, place: Place, way: str) -> None:
    place.answers(brain(lambda said: "word " * 900 if said == "Talk." else said, pace=SLOW))
    quiet(page, place.url)
    said(page, "Talk.")
    expect(page.locator(".coming")).to_contain_text("word word word")
    if way == "button":
        page.get_by_role("button", name="Stop").click()
    else:
        page.keyboard.press("Escape")
    expect(page.get_by_text("This answer was broken off.")).to_be_visible()
    assert 3 <= words(page) < 900
    said(page, "What was that?")
    expect(page.locator(".answer").last).to_contain_text("What was that?")
    assert place.model
    before, kept, _ = place.model.requests[-1].messages
    assert (before["content"], kept["role"]) == ("Talk.", "assistant")
    assert 3 <= kept["content"].count("word") < 900


def test_an_answer_is_said_again_in_place_of_the_last(page: Page, place: Place) -> None:
    answers = iter(["First.", "Second.", "Third."])
    place.answers(lambda request: says(next(answers))(request))
    quiet(page, place.url)
    said(page, REQUEST)
    expect(page.locator(".answer")).to_contain_text("First.")
    for text in ("Second.", "Third."):
        page.get_by_role("button", name="Answer again").click()
        expect(page.locator(".answer")).to_contain_text(text)
    expect(page.locator(".answer")).to_have_count(1)
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)


def test_a_model_that_is_slow_can_be_stopped_and_keeps_no_other_tab_waiting(page: Page, place: Place) -> None:
    place.answers(seldom("Done."))
    quiet(page, place.url)
    said(page, "Think.")
    expect(page.locator(".thinking")).to_be_visible()
    other = page.context.new_page()
    quiet(other, place.url)
    said(other, "Hello.")
    expect(other.locator(".answer")).to_contain_text("Done.")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    said(page, "And now?")
    expect(page.locator(".answer")).to_contain_text("Done.")


def test_two_tabs_in_one_conversation_do_not_mix(page: Page, place: Place) -> None:
    place.answers(seldom("Done."))
    quiet(page, place.url)
    said(page, "One.")
    expect(page.locator(".answer")).to_have_count(1)
    other = page.context.new_page()
    other.goto(page.url)
    said(other, "Think.")
    expect(other.locator(".thinking")).to_be_visible()
    said(page, "Me, too.")
    expect(page.get_by_role("alert")).to_contain_text("gone on elsewhere")
    expect(page.get_by_label("Message", exact=True)).to_have_value("Me, too.")
    page.reload()
    expect(page.get_by_text("An answer is under way elsewhere")).to_be_visible()
    other.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("An answer is under way elsewhere")).to_be_hidden()
    said(page, "Now?")
    expect(page.locator(".turn.you .text")).to_have_text(["One.", "Think.", "Now?"])
    expect(page.locator(".answer")).to_have_count(2)


def test_a_connection_that_is_lost_is_said_and_the_answer_can_be_had_again(page: Page, place: Place) -> None:
    place.answers(brain(lambda said: "word " * 30))
    quiet(page, place.url)
    said(page, "One.")
    expect(page.locator(".answer")).to_have_count(1)
    page.route("**/say", _break_off)
    said(page, "Two.")
    expect(page.locator(".lost")).to_contain_text("The connection was lost")
    page.unroute("**/say")
    page.locator(".lost").get_by_role("button", name="Answer again").click()
    expect(page.locator(".answer .prose:not(.raw)")).to_have_count(2)
    expect(page.locator(".answer, .lost")).to_have_count(2)
    page.reload()
    expect(page.locator(".turn.you .text")).to_have_text(["One.", "Two."])
    expect(page.locator(".answer")).to_have_count(2)


def _break_off(route: Route) -> None:
    """The answer comes without its end."""
    response = route.fetch()
    route.fulfill(response=response, body=response.text().partition("event: answered")[0])


def test_what_cannot_be_sent_stays_in_the_composer(page: Page, place: Place) -> None:
    quiet(page, place.url)
    page.context.set_offline(True)
    said(page, "Are you there?")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent")
    expect(page.get_by_label("Message", exact=True)).to_have_value("Are you there?")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("You said: Are you there?")


def test_what_is_learned_appears_while_one_types_and_leaves_the_line_alone(page: Page, tmp_path: Path) -> None:
    with talking(tmp_path, brain(thinks=1.0)) as place:
        page.goto(f"{place.url}/chat")
        Face(page).say(FEEDBACK)
        expect(page.get_by_text("Learning from this conversation")).to_be_visible()
        page.get_by_label("Message", exact=True).press_sequentially("Write the notes for 2.")
        expect(page.locator(".lesson.add")).to_contain_text("ada/release-notes 0.1.0")
        page.keyboard.type("5")
        expect(page.get_by_label("Message", exact=True)).to_have_value("Write the notes for 2.5")
        expect(page.get_by_text("Learning from this conversation")).to_be_hidden()
        page.keyboard.press("Enter")
        expect(page.locator(".answer").last).to_contain_text("You said: Write the notes for 2.5")


def test_chinese_is_composed_and_the_enter_that_ends_a_composition_sends_nothing(page: Page, place: Place) -> None:
    place.answers(brain("收到：{}".format))
    quiet(page, place.url)
    page.get_by_label("Message", exact=True).focus()
    keyboard: CDPSession = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "fabu", "selectionStart": 4, "selectionEnd": 4})
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    keyboard.send("Input.insertText", {"text": "写一份发布说明"})
    expect(page.get_by_label("Message", exact=True)).to_have_value("写一份发布说明")
    assert place.model and place.model.requests == []
    page.keyboard.press("Shift+Enter")
    page.keyboard.insert_text("要简短")
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("收到：写一份发布说明")
    assert place.heard() == "写一份发布说明\n要简短"


def test_500_lines_that_are_pasted_are_one_message_that_folds(page: Page, place: Place) -> None:
    pasted = "\n".join(f"line {number} of a log, ünïcödé too" for number in range(500))
    place.answers(brain(lambda said: f"{len(said.splitlines())} lines"))
    quiet(page, place.url)
    page.get_by_label("Message", exact=True).focus()
    page.keyboard.insert_text(pasted)
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("500 lines")
    assert place.heard() == pasted
    expect(page.get_by_text("line 499")).to_be_hidden()
    page.locator(".you summary").click()
    expect(page.get_by_text("line 499")).to_be_visible()


def test_commands_settings_and_learning_by_hand(page: Page, tmp_path: Path) -> None:
    with talking(tmp_path, brain()) as place:
        quiet(page, place.url)
        Face(page).say(FEEDBACK)
        said(page, "／scope common")
        expect(page.get_by_text("Skills: the common ones")).to_be_visible()
        page.get_by_text("Settings").click()
        expect(page.get_by_label("Skills", exact=True)).to_have_value("common")
        page.get_by_label("Skills", exact=True).select_option("all")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved")).to_be_visible()
        page.get_by_text("Learn from it now").click()
        page.get_by_label("What is there to learn?").fill("release notes")
        page.get_by_role("button", name="Learn", exact=True).click()
        expect(page.locator(".lesson.add")).to_contain_text("ada/release-notes 0.1.0")
        said(page, "/search release notes")
        expect(page.locator(".hits").last).to_contain_text("How to write release notes")
        said(page, "/help")
        expect(page.get_by_text("/extract_now [HINT]")).to_be_visible()
        accessible(page)
        said(page, "/nothing")
        expect(page.get_by_role("alert")).to_contain_text("no command '/nothing'")
        page.get_by_label("Message", exact=True).fill("")
        said(page, "/diff")
        page.wait_for_url("**/diff/Users/ada/release-notes")
        page.go_back()
        expect(page.get_by_label("Skills", exact=True)).to_have_value("all")


def test_hostile_words_do_no_harm_and_fit_a_phone(page: Page, place: Place) -> None:
    place.answers(says(HOSTILE))
    quiet(page, place.url)
    fits_a_phone(page)
    said(page, HOSTILE)
    expect(page.locator(".answer:not(.coming)")).to_be_visible()
    assert page.locator("img[src=x], a[href^=javascript]").count() == 0
    fits_a_phone(page)
    page.reload()
    fits_a_phone(page)
    accessible(page)
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport()


def test_a_conversation_is_deleted_when_that_is_confirmed(page: Page, place: Place) -> None:
    quiet(page, place.url)
    accessible(page)
    said(page, "The pelican is at dawn.")
    expect(page.locator(".others")).to_contain_text("The pelican is at dawn.")
    page.get_by_role("link", name="Delete").click()
    accessible(page)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New conversation")
    expect(page.locator(".others")).not_to_contain_text("pelican")
