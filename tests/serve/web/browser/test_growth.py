"""The map of skills in a browser: by mouse, by keyboard, on a phone, by day and by night."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.serve.place import Place, serving, until
from tests.serve.web.browser.look import accessible, fits_a_phone
from tests.serve.web.decisions import HAIKU, REPORT, decided

SKILLS = tuple(f"Users/ada/report-{number}" for number in range(6))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("growth")) as place:
        for path in (*SKILLS, f"Users/ada/{'a-very-long-name-' * 3}of-a-skill"):
            decided(place.repo, "add", path, day="2026-01-05")
            decided(place.repo, "merge", path, day="2026-04-09")
        decided(place.repo, "discard", REPORT, reason=f"already covered by {HAIKU}")
        until(lambda: "<line" in httpx.get(f"{place.url}/growth").text)
        yield place


def scale(page: Page) -> float:
    """How much of the map is seen at once."""
    wide = page.locator("svg.map").get_attribute("viewBox")
    assert wide
    return float(wide.split()[2])


def test_all_can_read_it_on_every_screen(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/growth")
    for summary in page.locator("summary").all():
        summary.click()
    accessible(page)
    page.goto(f"{place.url}/growth?scope=common&days=30&lang=zh")
    accessible(page)
    fits_a_phone(page)
    page.goto(f"{place.url}/growth?lang=en")
    fits_a_phone(page)


def test_one_comes_closer_and_moves_the_map(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/growth")
    whole = scale(page)
    page.get_by_role("button", name="Closer").click()
    page.get_by_role("button", name="Closer").click()
    assert scale(page) < whole / 2
    before = page.locator("svg.map").get_attribute("viewBox")
    box = page.locator("svg.map").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2 + 30, steps=4)
    page.mouse.up()
    assert page.locator("svg.map").get_attribute("viewBox") != before
    expect(page).to_have_url(f"{place.url}/growth")
    page.get_by_role("button", name="The whole map").click()
    assert scale(page) == whole


def test_one_walks_through_it_by_keyboard(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/growth")
    spots = page.locator("svg.map a")
    assert [spot.get_attribute("tabindex") for spot in spots.all()].count("0") == 1
    page.get_by_role("button", name="The whole map").focus()
    page.keyboard.press("Tab")
    expect(spots.first).to_be_focused()
    one = page.locator(".links line").first.get_attribute("data-one")
    spots.nth(int(one or 0)).focus()
    assert page.locator(".links .lit").count() == page.locator(f"[data-one='{one}'], [data-other='{one}']").count() > 0
    names = set()
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown") * 5:
        page.keyboard.press(key)
        names.add(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert len(names) > 2
    whole = scale(page)
    page.keyboard.press("+")
    assert scale(page) < whole
    page.keyboard.press("0")
    assert scale(page) == whole
    wanted = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(wanted)))


def test_a_spot_says_its_name_and_leads_to_its_skill(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/growth")
    spot = page.get_by_role("link", name="ada/report-0: 2 changes, one merge")
    spot.locator(".dot").hover()
    expect(spot.locator("text")).to_be_visible()
    spot.locator(".dot").click()
    expect(page).to_have_url(f"{place.url}/skills/{SKILLS[0]}")


def test_one_skips_it(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/growth")
    page.get_by_role("link", name="Skip the map").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("summary").last).to_be_focused()


def test_without_scripts_every_spot_is_a_link(page: Page, place: Place) -> None:
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{place.url}/growth")
    assert page.locator("svg.map a").count() == len(SKILLS) + 3
    expect(page.get_by_role("button", name="Closer")).to_be_hidden()
