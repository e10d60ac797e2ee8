"""Reviewing with a keyboard, in a real browser: what the keys do, and when they do nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Page, expect

from skillgit.git.repo import Repo
from tests.changes.library import document
from tests.serve.place import Place, serving
from tests.serve.web.browser.look import accessible, fits_a_phone
from tests.serve.web.reviews import HAIKU, REPORT, borrowed, change, change_words
from tests.share.hub import by
from tests.share.waiting import key, propose, reword, waiting

FRESH = "Users/ada/fresh"
HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) שלום 你好 " + "w" * 300


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("review")) as place:
        yield place


@pytest.fixture
def repo(place: Place) -> Iterator[Repo]:
    """A library where three things wait."""
    with borrowed(place) as repo:
        with by("Grace Hopper"):
            propose(repo, REPORT, "Tag it.", attempt="A")
            propose(repo, HAIKU, "Smile.", attempt="B", ref="refs/heads/learn/x/B")
            propose(repo, FRESH, "Bake bread.", attempt="C", ref="refs/heads/learn/x/C")
        yield repo


def at(page: Page) -> str:
    """Which proposal is open: A, B or C."""
    return page.url.partition("?")[0].rpartition("/")[2][:1]


def test_a_review_needs_no_mouse(page: Page, place: Place, repo: Repo) -> None:
    page.goto(f"{place.url}/review")
    order = [link.get_attribute("href") or "" for link in page.locator(".wait").all()]
    first, second, third = (each[-1] for each in order)
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".wait").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{place.url}/review/{key(first)}")
    page.keyboard.press("j")
    page.wait_for_url(f"**/review/{key(second)}")
    page.keyboard.press("k")
    page.wait_for_url(f"**/review/{key(first)}")
    page.keyboard.press("a")
    page.wait_for_url(f"**/review/{key(second)}?done=*")
    expect(page.get_by_role("status")).to_contain_text("Accepted")
    page.keyboard.press("u")
    page.wait_for_url(f"**/review/{key(first)}?back=1")
    page.keyboard.press("r")
    expect(page.get_by_label("Why is it not wanted?")).to_be_focused()
    page.keyboard.type("rude, and just a joke")
    page.keyboard.press("Enter")
    page.wait_for_url("**?done=*")
    expect(page.get_by_role("status")).to_contain_text("rude, and just a joke")
    page.keyboard.press("e")
    page.wait_for_url("**/edit")
    assert len(waiting(repo)) == 2 and third in order[2]


def test_keys_do_nothing_while_one_types(page: Page, place: Place, repo: Repo) -> None:
    page.goto(f"{place.url}/review/{key('A')}")
    page.keyboard.press("r")
    page.keyboard.type("aejku?")
    expect(page.get_by_label("Why is it not wanted?")).to_have_value("aejku?")
    accessible(page)
    fits_a_phone(page)
    page.keyboard.press("Escape")
    expect(page.locator("details.reject")).not_to_have_attribute("open", "")
    for chord in ("Control+a", "Alt+a", "Meta+a"):
        page.keyboard.press(chord)
    assert at(page) == "A" and len(waiting(repo)) == 3


def test_the_keys_are_told_and_can_be_turned_off(page: Page, place: Place, repo: Repo) -> None:
    page.goto(f"{place.url}/review/{key('A')}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("a")
    accessible(page)
    page.get_by_label("Use single keys").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_label("Use single keys").check()
    page.get_by_role("button", name="Close").click()
    assert len(waiting(repo)) == 3
    page.keyboard.press("a")
    page.wait_for_url("**?done=*")


def test_buttons_do_the_same(page: Page, place: Place, repo: Repo) -> None:
    page.goto(f"{place.url}/review")
    page.get_by_role("link", name="Tag it.").click()
    page.get_by_role("button", name="Accept").dblclick()
    page.wait_for_url("**?done=*")
    assert len(waiting(repo)) == 2
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**/review/{key('A')}?back=1")
    page.get_by_text("Reject r").click()
    page.get_by_label("Why is it not wanted?").fill("no")
    page.get_by_role("button", name="Reject", exact=True).click()
    page.wait_for_url("**?done=*")
    assert len(waiting(repo)) == 2


def test_it_works_without_scripts(page: Page, place: Place, repo: Repo) -> None:
    browser = page.context.browser
    assert browser
    with browser.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(f"{place.url}/review/{key('A')}")
        plain.locator("summary.danger").click()
        plain.locator("#reason").fill("no")
        plain.locator(".reject form button").click()
        expect(plain.get_by_role("status")).to_contain_text("Rejected")
        plain.goto(f"{place.url}/review/{key('C')}/edit")
        text = plain.locator("#text")
        text.fill(text.input_value().replace("Bake bread.", "Bake good bread."))
        plain.get_by_role("button", name="Save and accept").click()
        expect(plain.get_by_role("status")).to_contain_text("Accepted")
    assert "Bake good bread." in document(repo, FRESH).body


def test_a_second_tab_hears_what_the_first_decided(page: Page, place: Place, repo: Repo) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{place.url}/review/{key('A')}")
    page.keyboard.press("a")
    page.wait_for_url("**?done=*")
    other.keyboard.press("a")
    expect(other.get_by_role("alert")).to_contain_text("decided already")
    accessible(other)
    other.keyboard.press("j")
    other.wait_for_url("**/review/*")
    assert at(other) in "BC" and len(waiting(repo)) == 2


def test_what_changed_meanwhile_is_shown_first(page: Page, place: Place, repo: Repo) -> None:
    page.goto(f"{place.url}/review/{key('A')}")
    change(repo, REPORT, "Sign it.")
    page.keyboard.press("a")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was decided")
    expect(page.locator(".diff")).to_contain_text("Sign it.")
    page.keyboard.press("a")
    page.wait_for_url("**?done=*")
    assert "Tag it." in document(repo, REPORT).body


def test_a_text_in_work_is_not_lost(page: Page, place: Place, repo: Repo) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"{place.url}/review/{key('C')}/edit")
    text = page.get_by_label("The SKILL.md as it will be")
    mine = text.input_value().replace("metadata:", "color: red\nmetadata:").replace("Bake bread.", "Bake it well.")
    text.fill(mine)
    page.get_by_role("link", name="Cancel").click(no_wait_after=True)
    expect(text).to_have_value(mine)
    page.get_by_role("button", name="Save and accept").click()
    expect(page.get_by_role("alert")).to_contain_text("color")
    expect(text).to_have_value(mine)
    accessible(page)
    page.get_by_role("link", name="Line 4:").click()
    assert page.evaluate("getSelection().toString()") == "color: red"
    page.keyboard.press("Delete")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**?done=*")
    assert "Bake it well." in document(repo, FRESH).body and asked == ["beforeunload"]


def test_everybody_can_use_the_pages(page: Page, place: Place, repo: Repo) -> None:
    change_words(repo, document(repo, REPORT).body.replace("Name ada", "Name no one"))
    reword(repo, HAIKU, "Count the syllables.", "Count.")
    change_words(repo, document(repo, HAIKU).body.replace("Count the syllables.", "Never count."), path=HAIKU)
    propose(repo, "Users/ada/hostile", HOSTILE, attempt="H", ref="refs/heads/learn/x/H")
    for path in (
        "?lang=zh",
        f"/{key('A')}?lang=en",
        f"/{key('B')}",
        f"/{key('H')}",
        f"/{key('H')}/edit",
        "-request/learn/x/C",
    ):
        page.set_viewport_size({"width": 1200, "height": 800})
        page.goto(f"{place.url}/review{path}")
        accessible(page)
        fits_a_phone(page)
