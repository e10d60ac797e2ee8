"""Jobs in a browser: what changes is shown by itself and without a flicker, and where all is done nobody asks."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from skillgit.learn.jobs import Result, Wanted, jobs, owner
from tests.serve.place import Place, serving
from tests.serve.web.browser.look import accessible, fits_a_phone
from tests.serve.web.test_jobs import add, ended

DONE = Result("add", "new", "ada/government-report", "0.1.0", "c0ffee" * 6)


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("jobs")) as place:
        yield place


def test_all_can_read_it_on_every_screen(page: Page, place: Place) -> None:
    for name in ("one", "two"):
        ended(place, name, DONE if name == "one" else None, user="ada")
    with jobs(place.repo) as queue:
        add(queue, "later", user="ada", due=time.time() + 3600)
    page.goto(f"{place.url}/jobs")
    expect(page.get_by_text("Skills can be searched")).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()
    accessible(page)
    fits_a_phone(page)
    for other in ("/jobs/health", "/jobs/doctor", "/jobs?lang=zh"):
        page.goto(f"{place.url}{other}")
        accessible(page)
        fits_a_phone(page)


def test_a_job_that_ends_is_shown_by_itself_and_then_nobody_asks_any_more(page: Page, place: Place) -> None:
    ended(place, "failed", None, user="ada")
    with jobs(place.repo) as queue:
        queue.add(Wanted("ada", "[]", ("d1",)), name="slow", due=time.time() + 3600)
    asked: list[float] = []
    page.on("request", lambda request: asked.append(time.monotonic()) if "/jobs/rows" in request.url else None)
    page.goto(f"{place.url}/jobs")
    expect(page.get_by_role("status")).to_have_text("One job is under way.")
    page.get_by_role("button", name="Try again").focus()
    with jobs(place.repo) as queue:
        queue.drop("slow")
        mine = owner()
        queue.add(Wanted("ada", "[]", ("d2",)), name="quick", due=0)
        leased = queue.lease(mine)
        if leased:
            queue.finish(leased[0], DONE, digests=())
    expect(page.get_by_role("status")).to_have_text("Nothing is under way.")
    expect(page.locator("#job-quick")).to_contain_text("done")
    expect(page.get_by_role("button", name="Try again")).to_be_focused()
    count = len(asked)
    page.wait_for_timeout(2600)
    assert len(asked) == count


def test_what_is_the_same_stays_the_same_element(page: Page, place: Place) -> None:
    with jobs(place.repo) as queue:
        queue.add(Wanted("ada", "[]", ("d1",)), name="slow", due=time.time() - 1)
        leased = queue.lease(owner())
        assert leased
        page.goto(f"{place.url}/jobs")
        with page.expect_response(lambda answer: "/jobs/rows" in answer.url):
            pass
        page.evaluate("document.querySelector('#job-slow').dataset.mark = 'here'")
        with page.expect_response(lambda answer: "/jobs/rows" in answer.url):
            pass
        assert page.evaluate("document.querySelector('#job-slow').dataset.mark") == "here"
        queue.finish(leased[0], DONE, digests=())


def test_one_tries_again_and_makes_the_index_anew(page: Page, place: Place) -> None:
    ended(place, "failed", None, user="ada")
    page.goto(f"{place.url}/jobs")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("It is tried again.")).to_be_visible()
    expect(page.locator("#job-failed")).to_contain_text("done")
    page.get_by_role("button", name="Make the index anew").click()
    expect(page.get_by_text("The index was made anew.")).to_be_visible()
