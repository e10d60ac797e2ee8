"""The login in a browser, and the frame that all pages have."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from skillgit.serve import keys
from tests.serve.place import Place, serving
from tests.serve.web.browser.look import accessible, fits_a_phone


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("locked")) as place:
        keys.add(place.repo, "someone")
        yield place


def login(page: Page, place: Place, *, acts: bool = False) -> None:
    _, secret = keys.add(place.repo, "ada", acts=acts)
    page.goto(f"{place.url}/library")
    expect(page.get_by_label("Your key")).to_be_focused()  # on its own, but maybe not before the first letter
    page.keyboard.type(secret)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Library")


def test_one_logs_in_by_keyboard_and_out_again(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/library")
    accessible(page)
    expect(page.get_by_label("Your key")).to_be_focused()
    page.keyboard.type("skillgit_not_it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not valid")
    accessible(page)
    login(page, place)
    fits_a_phone(page)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Your key")).to_be_focused()


def test_one_chooses_whose_library_it_is(page: Page, place: Place) -> None:
    login(page, place, acts=True)
    page.get_by_role("link", name="Library of ada").click()
    accessible(page)
    page.get_by_role("button", name="bob 1 skill").click()
    expect(page.get_by_role("link", name="Library of bob")).to_be_visible()


def test_a_link_of_another_site_leads_to_the_page_where_one_is_logged_in(page: Page, place: Place) -> None:
    login(page, place)
    page.goto("about:blank")
    page.set_content(f'<a href="{place.url}/library?shelf=common">a link</a>')
    page.get_by_role("link").click()
    expect(page).to_have_url(f"{place.url}/library?shelf=common")
    expect(page.get_by_role("heading", name="haiku")).to_be_visible()


def test_one_gets_to_the_content_at_once(page: Page, place: Place) -> None:
    login(page, place)
    page.reload()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    accessible(page)


def test_the_language_is_a_click_away(page: Page, place: Place) -> None:
    login(page, place)
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("技能库")
    accessible(page)
    page.goto(f"{place.url}/skills/none")
    accessible(page)
