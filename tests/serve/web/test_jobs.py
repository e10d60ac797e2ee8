"""The page of jobs, the index, health and the settings: each visitor's own, and everybody's for those who may."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from skillgit.learn.jobs import TRIES, Job, Jobs, Result, Wanted, jobs, owner
from skillgit.serve import keys
from tests.git.place import git
from tests.serve.place import TEACHES, Place, serving, until
from tests.serve.web.reviews import field, visitor

REASON = "already covered by <b>ada/government-report</b>"
FAULT = "cannot reach 'http://127.0.0.1:9/v1': connection refused"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server with keys, whose own process does no job that is not due."""
    with serving(tmp_path_factory.mktemp("jobs")) as place:
        keys.add(place.repo, "someone")
        yield place


@pytest.fixture
def ada(place: Place) -> Iterator[httpx.Client]:
    with visitor(place) as client:
        yield client


@pytest.fixture
def chief(place: Place) -> Iterator[httpx.Client]:
    """Somebody who may act for others."""
    with visitor(place, "chief", acts=True) as client:
        yield client


def add(queue: Jobs, name: str, *, user: str, due: float = 0, hint: str = "") -> None:
    content = json.dumps([{"role": "user", "content": "Write a report."}])
    queue.add(Wanted(user, content, (name,), "now", hint), name=name, due=due)


def ended(place: Place, name: str, result: Result | None, *, user: str, hint: str = "") -> None:
    """A job that is done, or has failed where nothing came of it; the server's own process is not asked."""
    with jobs(place.repo) as queue:
        mine = begun(queue, name, user=user, hint=hint)
        if result:
            queue.finish(mine, result, digests=())
        else:
            queue.fail(replace(mine, faults=TRIES - 1), FAULT)


def begun(queue: Jobs, name: str, *, user: str, hint: str = "") -> Job:
    """A job that this process has, and the server's own has not."""
    while True:
        add(queue, name, user=user, hint=hint)
        leased = queue.lease(owner())
        if leased and leased[0].id == name:
            return leased[0]
        queue.drop(name)  # the server was quicker


def job(page: httpx.Response, name: str) -> str:
    """What the page says of a job, without its tags."""
    found = re.search(rf'id="job-{name}">(.*?)</li>', page.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_each_job_says_what_came_of_it(place: Place, ada: httpx.Client) -> None:
    ended(place, "added", Result("add", "new", "ada/government-report", "0.1.0", "c0ffee" * 6), user="ada")
    ended(place, "gone", Result("merge", "same job", "ada/long-gone", "0.2.0", "c0ffee" * 6), user="ada")
    ended(place, "thrown", Result("discard", REASON, "ada/government-report", "0.1.0"), user="ada")
    ended(place, "nothing", Result("none", "nothing durable was said"), user="ada")
    ended(place, "failed", None, user="ada", hint="<i>notes</i>")
    with jobs(place.repo) as queue:
        add(queue, "later", user="ada", due=time.time() + 3600)
    page = ada.get("/jobs")
    assert job(page, "added").startswith("done asked for")
    assert "A new skill ada/government-report 0.1.0 c0ffeec0ff" in job(page, "added")
    assert '<a href="/skills/Users/ada/government-report">ada/government-report</a>' in page.text
    assert "Merged into ada/long-gone" in job(page, "gone")
    assert "long-gone</a>" not in page.text, "what is not there is no link"
    assert "Discarded" in job(page, "thrown")
    assert "<b>" not in page.text
    assert "Nothing to learn" in job(page, "nothing")
    assert "connection refused" in job(page, "failed").replace("&#39;", "'")
    assert "&lt;i&gt;notes&lt;/i&gt;" in job(page, "failed")
    assert "Try again" in job(page, "failed")
    assert "in 3600 seconds" in job(page, "later") or "in 3599 seconds" in job(page, "later")
    assert "One job is under way." in page.text


def test_jobs_of_others_are_nobodys_business(place: Place, ada: httpx.Client) -> None:
    ended(place, "secret", Result("add", "bob's reason", "bob/secret", "0.1.0"), user="bob")
    ended(place, "theirs", None, user="bob")
    page = ada.get("/jobs")
    assert not job(page, "secret") and "bob" not in page.text
    tried = ada.post("/jobs/theirs/again", data={"token": token(ada)})
    assert tried.status_code == 409
    with jobs(place.repo) as queue:
        found = queue.get("theirs", user="bob")
    assert found and found.state == "failed"


def token(client: httpx.Client) -> str:
    return field(client.get("/library"), "token")


def test_what_failed_is_tried_again(place: Place, ada: httpx.Client) -> None:
    ended(place, "once-more", None, user="ada")
    page = ada.get("/jobs")
    assert ada.post("/jobs/once-more/again").status_code == 403, "a form needs its token"
    again = ada.post("/jobs/once-more/again", data={"token": field(page, "token")})
    assert again.url.path == "/jobs" and "It is tried again." in again.text

    def is_done() -> bool:
        with jobs(place.repo) as queue:
            found = queue.get("once-more", user="ada")
        return bool(found and found.state == "done")

    until(is_done)
    assert ada.post("/jobs/once-more/again", data={"token": field(page, "token")}).status_code == 409


def test_the_oldest_are_on_further_pages(place: Place) -> None:
    with visitor(place, "many") as client:
        for number in range(30):
            ended(place, f"many-{number}", Result("none", "-"), user="many")
        first = client.get("/jobs")
        assert [bool(job(first, f"many-{number}")) for number in (29, 5, 4, 0)] == [True, True, False, False]
        older = re.search(r'href="(/jobs\?before=[^"]+)"', first.text)
        assert older
        second = client.get(older[1])
        assert [bool(job(second, f"many-{number}")) for number in (5, 4, 0)] == [False, True, True]
        assert 'data-part="/jobs/rows?before=' in second.text
        for wrong in ("yesterday", "nan", "-1", "9" * 400, "<script>"):
            refused = client.get("/jobs", params={"before": wrong})
            assert refused.status_code == 400
            assert "<script>" not in refused.text


def test_only_who_may_act_for_others_sees_and_does_what_is_everybodys(ada: httpx.Client, chief: httpx.Client) -> None:
    mine, theirs = ada.get("/jobs"), chief.get("/jobs")
    for text in ("Settings in effect", "Make the index anew", "Check the repository"):
        assert (text in mine.text, text in theirs.text) == (False, True)
    assert ada.get("/jobs/doctor").status_code == 403
    assert ada.post("/jobs/index", data={"token": token(ada)}).status_code == 403


def test_the_index_is_made_anew(place: Place, chief: httpx.Client) -> None:
    directory = place.repo.private / "index"
    until(lambda: "all of them are in it" in chief.get("/jobs").text)
    file = next(directory.glob("words-*"))
    file.write_bytes(file.read_bytes()[:-3])
    page = chief.get("/jobs")
    assert "A file of the index is damaged" in page.text
    done = chief.post("/jobs/index", data={"token": field(page, "token")})
    assert "The index was made anew." in done.text
    assert "damaged" not in done.text


def test_health_is_told_in_words(chief: httpx.Client, ada: httpx.Client) -> None:
    page = ada.get("/jobs/health")
    assert [said.split("</span> ")[1] for said in re.findall(r"<li>(.*?)</li>", page.text)] == [
        "Skills can be searched",
        "The model&#39;s server answers",
        "The learning process runs",
        "Jobs can be read",
    ]
    assert "<html" not in ada.get("/jobs/health/rows").text
    assert "<html" not in ada.get("/jobs/rows").text


def test_what_the_doctor_finds_is_told_and_left_alone(place: Place, chief: httpx.Client) -> None:
    before = chief.get("/jobs/doctor")
    assert "changes &#39;Common/haiku/SKILL.md&#39;" in before.text
    assert "skillgit doctor --fix" not in before.text
    git("config", "--unset", "merge.skillgit.driver", cwd=place.repo.directory)
    page = chief.get("/jobs/doctor")
    assert "skillgit doctor --fix" in page.text
    assert git("config", "merge.skillgit.driver", cwd=place.repo.directory, ok=False) == ""


def test_settings_are_told_with_their_source_and_without_passwords(tmp_path: Path) -> None:
    settings = {
        "model": "openai/gpt-5-mini",
        "model-url": "https://me:topsecret@example.org/v1",
        "learn.budget": "lots",
    }
    with serving(tmp_path) as place:
        for key, value in settings.items():
            git("config", f"skillgit.{key}", value, cwd=place.repo.directory)
        page = httpx.get(f"{place.url}/jobs")
    assert "openai/gpt-5-mini" in page.text
    assert "topsecret" not in page.text
    assert "git config" in page.text
    assert re.search(r'learn\.budget</code></th><td>lots<br><span class="chip remove">', page.text)


def test_a_database_that_is_away_is_told_and_the_rest_is_there(tmp_path: Path) -> None:
    with serving(tmp_path) as place:
        nowhere = "postgresql://ada:topsecret@127.0.0.1:1/x"
        git("config", "--unset", "skillgit.embedder", cwd=place.repo.directory)
        for key, value in {"serve.jobs": nowhere, "search.vectors": nowhere, "shared-name": "x"}.items():
            git("config", f"skillgit.{key}", value, cwd=place.repo.directory)
        page = httpx.get(f"{place.url}/jobs", timeout=60)
    assert page.status_code == 200
    assert len(re.findall(r'<p class="problem">[^<]*127.0.0.1', page.text)) == 2
    assert "topsecret" not in page.text
    assert "Settings in effect" in page.text


def test_a_conversation_of_the_proxy_becomes_a_job_that_leads_to_its_skill(tmp_path: Path) -> None:
    with serving(tmp_path) as place:
        said = [{"role": "user", "content": TEACHES}]
        made = httpx.post(f"{place.v1}/skillgit/extractions", json={"messages": said})
        assert made.status_code < 300
        (done,) = place.settled()
        page = httpx.get(f"{place.url}/jobs")
    assert done.decision in ("add", "merge"), done
    assert f'<a href="/skills/Users/{done.skill}">{done.skill}</a>' in page.text


def test_the_page_speaks_chinese(chief: httpx.Client) -> None:
    page = chief.get("/jobs?lang=zh")
    assert "生效的设置" in page.text and "你的任务" in page.text
    assert " style=" not in page.text
