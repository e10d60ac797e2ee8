"""Jobs in a browser: what changes is shown by itself and without a flicker, and where all is done nobody asks."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from skillgit.learn.jobs import Result, Wanted, jobs
from tests.serve.place import Place, serving
from tests.serve.web.browser.look import accessible, fits_a_phone
from tests.serve.web.test_jobs import add, begun, ended

DONE = Result("add", "new", "ada/government-report", "0.1.0", "c0ffee" * 6)
A_WHILE = 2_100  # milliseconds after which the page looks again


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("jobs")) as place:
        yield place


def look(page: Page, place: Place, user: str) -> None:
    """Open the page of a user's jobs; each test has a user of its own, as each user has jobs of their own."""
    page.context.add_cookies([{"name": "skillgit-user", "value": user, "url": place.url}])
    page.clock.install()
    page.goto(f"{place.url}/jobs")


def test_all_can_read_it_on_every_screen(page: Page, place: Place) -> None:
    for name in ("one", "two"):
        ended(place, name, DONE if name == "one" else None, user="reader")
    with jobs(place.repo) as queue:
        add(queue, "later", user="reader", due=time.time() + 3600)
    look(page, place, "reader")
    expect(page.get_by_text("Skills can be searched")).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()
    accessible(page)
    fits_a_phone(page)
    for other in ("/jobs/health", "/jobs/doctor"):
        page.goto(f"{place.url}{other}?lang=zh")
        accessible(page)
        fits_a_phone(page)


def test_a_job_that_ends_is_shown_by_itself_and_then_nobody_asks_any_more(page: Page, place: Place) -> None:
    ended(place, "failed", None, user="watcher")
    with jobs(place.repo) as queue:
        queue.add(Wanted("watcher", "[]", ("d1",)), name="slow", due=time.time() + 3600)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/jobs/rows" in request.url else None)
    look(page, place, "watcher")
    expect(page.get_by_role("status")).to_have_text("One job is under way.")
    page.get_by_role("button", name="Try again").focus()
    with jobs(place.repo) as queue:
        queue.drop("slow")
    ended(place, "quick", DONE, user="watcher")
    page.clock.fast_forward(A_WHILE)
    expect(page.get_by_role("status")).to_have_text("Nothing is under way.")
    expect(page.locator("#job-quick")).to_contain_text("done")
    expect(page.get_by_role("button", name="Try again")).to_be_focused()
    count = len(asked)
    page.clock.fast_forward(10 * A_WHILE)
    page.wait_for_timeout(100)
    assert len(asked) == count > 0


def test_what_is_the_same_stays_the_same_element(page: Page, place: Place) -> None:
    with jobs(place.repo) as queue:
        queue.add(Wanted("patient", "[]", ("d1",)), name="same", due=time.time() + 3600)
    look(page, place, "patient")
    with jobs(place.repo) as queue:  # no more seconds are told from now on
        queue.drop("same")
        mine = begun(queue, "same", user="patient")
        for mark in ("", "here"):
            page.evaluate(f"document.querySelector('#job-same').dataset.mark = '{mark}'")
            with page.expect_response(lambda answer: "/jobs/rows" in answer.url):
                page.clock.fast_forward(A_WHILE)
            expect(page.locator("#job-same")).to_contain_text("learning")
        assert page.evaluate("document.querySelector('#job-same').dataset.mark") == "here"
        queue.finish(mine, DONE, digests=())


def test_one_tries_again_and_makes_the_index_anew(page: Page, place: Place) -> None:
    ended(place, "again", None, user="doer")
    look(page, place, "doer")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("It is tried again.")).to_be_visible()
    page.clock.fast_forward(A_WHILE)
    expect(page.locator("#job-again")).to_contain_text("done")
    page.get_by_role("button", name="Make the index anew").click()
    expect(page.get_by_text("The index was made anew.")).to_be_visible()
