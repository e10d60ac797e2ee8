"""A skill's past in a browser: looked through, compared, explained and brought back, by keyboard and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from skillgit.changes.move import remove
from tests.serve.place import Place, serving
from tests.serve.web.browser.look import accessible, fits_a_phone
from tests.serve.web.pasts import NOTES, learn, rewrite


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server with a skill that has some versions, some of them hostile, and one that is gone."""
    with serving(tmp_path_factory.mktemp("past")) as place:
        repo = place.repo
        learn(repo, NOTES, *(f"Mind the matter of number {n}." for n in range(12)), said="mind them all")
        learn(repo, NOTES, "<script>alert(1)</script>", "x" * 300, "不要使用表格。", said='"no" <tables>')
        rewrite(repo, NOTES, "number 2.", "number two, always.")
        rewrite(repo, NOTES, "- Mind the matter of number 7.\n", "")
        learn(repo, "Users/ada/short-lived", "Be quick.", said="اكتب بسرعة")
        remove(repo, "Users/ada/short-lived")
        yield place


def test_one_goes_from_a_card_to_its_difference_and_through_the_changes(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/history/{NOTES}")
    accessible(page)
    expect(page.get_by_role("article")).to_have_count(4)
    page.get_by_role("article").nth(1).get_by_role("link", name="Difference").click()
    expect(page.locator("del")).to_have_text(["1", "2"])
    accessible(page)
    page.get_by_role("link", name="The change after").click()
    expect(page.locator(".removed .old")).to_contain_text("Mind the matter of number 7.")
    page.get_by_role("link", name="Inline").click()
    expect(page.locator(".diff.inline .removed")).to_have_count(1)
    accessible(page)


def test_one_compares_any_two_versions_by_keyboard(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/diff/{NOTES}")
    page.get_by_label("From").focus()
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".added .new").filter(has_text="<script>alert(1)</script>")).to_be_visible()
    assert "since=0.1.0&to=0.2.0" in page.url


def test_what_is_folded_away_opens_alone_and_all_at_once(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/diff/{NOTES}")
    first = page.locator(".fold .line").first
    expect(first).to_be_hidden()
    page.get_by_text("lines as they were").first.click()
    expect(first).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Show every line").click()
    expect(page.locator(".fold .line").last).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Show the changes only").click()
    expect(page.locator(".fold .line").last).to_be_hidden()


def test_a_rule_says_why_it_is_there(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/blame/{NOTES}")
    quote = page.get_by_role("listitem").filter(has_text="不要使用表格。")
    expect(quote.locator("blockquote")).to_have_text('"no" <tables>')
    quote.get_by_text("The whole turn 3").click()
    expect(quote.get_by_text('Well. "no" <tables> Thank you.')).to_be_visible()
    accessible(page)


def test_a_version_is_brought_back_in_two_clicks(page: Page, place: Place) -> None:
    path = "Users/ada/brought-back"
    learn(place.repo, path, "Be brief.", said="be brief")
    rewrite(place.repo, path, "Be brief.", "Be long.")
    page.goto(f"{place.url}/history/{path}")
    page.get_by_role("link", name="Bring 0.1.0 back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bring back brought-back 0.1.0?")
    expect(page.locator("ins")).to_have_text(["3", "brief"])
    accessible(page)
    page.get_by_role("button", name="Bring 0.1.0 back").click()
    expect(page.get_by_role("status")).to_have_text("It is back, as version 0.3.0.")


def test_two_who_bring_it_back_at_once_do_it_once(page: Page, place: Place) -> None:
    path = "Users/ada/two-tabs"
    learn(place.repo, path, "Be brief.", said="be brief")
    learn(place.repo, path, "Be kind.", said="be kind")
    learn(place.repo, path, "Be quick.", said="be quick")
    other = page.context.new_page()
    page.goto(f"{place.url}/revert/{path}?to=0.1.1")
    other.goto(f"{place.url}/revert/{path}?to=0.1.0")
    page.get_by_role("button", name="Bring 0.1.1 back").click()
    expect(page.get_by_role("status")).to_be_visible()
    other.get_by_role("button", name="Bring 0.1.0 back").click()
    expect(other.get_by_role("alert")).to_contain_text("has changed since you looked")
    accessible(other)
    other.get_by_role("button", name="Bring 0.1.0 back").click()
    expect(other.get_by_role("status")).to_have_text("It is back, as version 0.3.0.")


def test_what_is_gone_is_found_and_comes_back(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/gone")
    accessible(page)
    page.get_by_role("link", name="short-lived").click()
    accessible(page)
    page.get_by_role("link", name="Bring it back").click()
    page.get_by_role("button", name="Bring 0.1.0 back").click()
    expect(page.get_by_role("status")).to_have_text("It is back, as version 0.1.1.")


@pytest.mark.parametrize(
    "address", ["history", "diff", "diff?since=0.1.0", "diff?view=inline&since=0.1.0", "blame", "revert?to=0.1.1"]
)
def test_it_fits_a_phone(page: Page, place: Place, address: str) -> None:
    name, _, query = address.partition("?")
    page.goto(f"{place.url}/{name}/{NOTES}?{query}")
    fits_a_phone(page)
    page.goto(f"{place.url}/{name}/{NOTES}?{query}&lang=zh")
    fits_a_phone(page)


def test_side_by_side_is_one_below_the_other_on_a_phone(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/diff/{NOTES}?since=0.1.1&to=0.1.2")
    old, new = page.locator(".changed .old").last, page.locator(".changed .new").last
    assert top(old) == top(new)
    fits_a_phone(page)
    assert top(old) < top(new)
    expect(page.locator(".same .old").first).to_be_hidden()


def top(found: Locator) -> float:
    """How far down the page something begins."""
    return float(found.evaluate("each => each.getBoundingClientRect().top + scrollY"))
