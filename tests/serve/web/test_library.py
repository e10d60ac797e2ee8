"""The library as a visitor sees it: found, narrowed down, in parts, and in no time."""

from __future__ import annotations

import re
import resource
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Final

import httpx
import pytest

from skillgit.git.repo import Repo
from skillgit.search import usage
from skillgit.share import library
from tests.git.place import put
from tests.serve.place import Place, serving, skill
from tests.share.test_library import published

LONG: Final = "l" * 64
HOSTILE = b"""---
name: hostile
description: <script>alert("d")</script> Use when \xe2\x80\xae asked about weather.
metadata:
  version: "0.1.0<b>"
  tags: "<i>x</i>, weather"
---
# <img src=x onerror=alert(1)>

Say how hot the weather is.
"""


def filed(name: str, about: str, *tags: str) -> bytes:
    return (
        skill("Be brief.", about)
        .replace(b"NAME", name.encode())
        .replace(b"metadata:\n", f"metadata:\n  tags: {', '.join(tags)}\n".encode())
    )


def fill(repo: Repo) -> None:
    """Some skills beside those that are there: with tags, of a library, hostile, Chinese, Arabic, and a broken one."""
    files = {
        "Users/ada/weekly-report": filed("weekly-report", "Write the weekly report of a team", "Writing", "reports"),
        "Users/ada/minutes": filed("minutes", "Write the minutes of a meeting", "writing"),
        "Users/ada/周报": filed("周报", "为团队写每周工作周报", "写作"),
        "Users/ada/تقرير": filed("تقرير", "اكتب تقريرا عن الطقس", "تقارير"),
        f"Users/ada/{LONG}": filed(LONG, "x" * 1000, "y" * 300),
        "Users/ada/hostile": HOSTILE,
        "Users/ada/broken": b"---\nname: [\n",
        "Common/team/pdf-forms": filed("pdf-forms", "Fill in the forms of a PDF", "pdf"),
        "Common/team/pdf-merge": filed("pdf-merge", "Merge the pages of PDF documents", "pdf"),
    }
    put(repo, {f"{path}/SKILL.md": content for path, content in files.items()})


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("library")) as place:
        fill(place.repo)
        usage.record(place.repo, [("Users/ada/minutes", "0.1.0")], user="ada")
        usage.record(place.repo, [("Users/ada/weekly-report", "0.1.0")], user="bob")
        yield place


@pytest.fixture(scope="module")
def client(place: Place) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=place.url, follow_redirects=True, timeout=60) as client:
        yield client


def names(page: httpx.Response) -> list[str]:
    """The skills that are listed, in their order."""
    assert page.status_code == 200, page.text
    return [unescape(each) for each in re.findall(r'<h2 dir="auto"><a [^>]*>(.*?)</a></h2>', page.text)]


def test_all_that_the_visitor_sees_is_listed_by_name(client: httpx.Client) -> None:
    listed = names(client.get("/"))
    assert listed == sorted(listed)
    assert {"haiku", "pdf-forms", "周报", "تقرير", LONG, "hostile", "broken"} <= {*listed}
    assert listed.count("government-report") == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("shelf=common", ["haiku", "pdf-forms", "pdf-merge"]),
        ("shelf=Common/team", ["pdf-forms", "pdf-merge"]),
        ("shelf=Common/none", []),
        ("tag=writing", ["minutes", "weekly-report"]),
        ("tag=WRITING&shelf=common", []),
        ("tag=%3Ci%3Ex%3C%2Fi%3E", ["hostile"]),
        ("use=given", ["minutes"]),
        ("use=stale", []),
        ("use=never&shelf=Common/team", ["pdf-forms", "pdf-merge"]),
        ("age=quiet", ["government-report", "weekly-report"]),  # the others have no decision of their own
        ("age=month", []),
        ("q=%20&tag=pdf", ["pdf-forms", "pdf-merge"]),
        ("q=weekly+report&tag=writing", ["weekly-report"]),
    ],
)
def test_it_is_narrowed_down(client: httpx.Client, query: str, expected: list[str]) -> None:
    assert names(client.get(f"/library?{query}")) == expected


def test_the_most_used_come_first_where_that_is_asked_for(client: httpx.Client) -> None:
    assert names(client.get("/library?order=given"))[0] == "minutes"


@pytest.mark.parametrize("query", ["weekly report of the team", "团队周报", "الطقس"])
def test_a_search_finds_what_answers_it_with_a_score(client: httpx.Client, query: str) -> None:
    page = client.get("/library", params={"q": query})
    first = {"w": "weekly-report", "团": "周报", "ا": "تقرير"}[query[0]]
    assert names(page)[0] == first
    scores = [float(each) for each in re.findall(r"score ([\d.]+)", page.text)]
    assert scores == sorted(scores, reverse=True) and all(0 < each <= 1 for each in scores)


def test_a_search_finds_nothing_of_another_user(client: httpx.Client) -> None:
    page = client.get("/library", params={"q": "government report about rivers", "shelf": "all"})
    assert names(page) == ["government-report"]
    assert "bob" not in page.text


def test_the_part_that_changes_while_one_types_is_the_pages_own(client: httpx.Client) -> None:
    part = client.get("/library/search?q=weekly+report")
    assert "<html" not in part.text
    assert part.text in client.get("/library?q=weekly+report").text


@pytest.mark.parametrize(
    ("query", "said"), [("q=zxqv+qqqq", "No skill answers that"), ("tag=none", "Nothing on this shelf")]
)
def test_where_there_is_nothing_it_says_what_to_do(client: httpx.Client, query: str, said: str) -> None:
    assert said in client.get(f"/library?{query}").text


def test_a_library_that_is_not_fetched_is_named(tmp_path: Path) -> None:
    with serving(tmp_path / "served") as place, httpx.Client(base_url=place.url) as client:
        library.take(place.repo, library.offer_new(place.repo, str(published(tmp_path / "team"))))
        page = client.get("/library")
        assert "pdf" in names(page) and "Not here yet" not in page.text
    with serving(tmp_path / "cloned") as place, httpx.Client(base_url=place.url) as client:
        library.take(place.repo, library.offer_new(place.repo, str(tmp_path / "team")))
        shutil.rmtree(place.repo.common_dir / "modules")
        assert "has to bring it: team" in client.get("/library").text


def test_a_page_can_be_asked_for_without_its_text(client: httpx.Client) -> None:
    assert client.head("/library").status_code == 200 and client.head("/library").content == b""


def test_an_empty_library_says_how_skills_come_about(tmp_path: Path) -> None:
    with serving(tmp_path) as place, httpx.Client(base_url=place.url) as client:
        put(place.repo, {f"{path}/SKILL.md": None for path in place.repo.skills(place.repo.tip("HEAD"))})
        said = client.get("/library").text
    assert "No skill yet" in said and "<code>skillgit ingest FILE</code>" in said


@pytest.mark.parametrize(
    "query", ["shelf=x", "shelf=..%2F..", "age=x", "use=%3Cscript%3E", "order=", "age=week&use=no"]
)
def test_what_there_is_not_to_ask_for_is_said(client: httpx.Client, query: str) -> None:
    page = client.get(f"/library?{query}")
    assert page.status_code == 400 and "one of:" in page.text and "<script>" not in page.text


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x", "٣", "9999"])
def test_a_page_that_is_none_is_the_nearest(client: httpx.Client, page: str) -> None:
    assert names(client.get("/library", params={"page": page}))


def test_names_and_texts_of_strangers_stay_texts(client: httpx.Client) -> None:
    said = client.get("/library").text
    assert "<script>alert" not in said and "<i>x</i>" not in said and "<b>" not in said
    assert "&lt;script&gt;alert" in said and "cannot be read" in said


def test_a_search_of_20000_characters_is_one(client: httpx.Client) -> None:
    assert client.get("/library", params={"q": "weather " * 2500}).status_code == 200


@pytest.mark.slow
def test_a_thousand_skills_come_in_parts_and_soon(tmp_path: Path) -> None:
    with serving(tmp_path) as place, httpx.Client(base_url=place.url, timeout=60) as client:
        many = {
            f"Users/ada/skill-{number:04}/SKILL.md": filed(f"skill-{number:04}", f"Do {number}", f"t{number % 7}")
            for number in range(1000)
        }
        put(place.repo, many)
        first = client.get("/library")
        assert len(names(first)) == 50 and "1002 skills" in first.text
        seen = [name for page in range(1, 22) for name in names(client.get("/library", params={"page": page}))]
        assert len(seen) == len(set(seen)) == 1002
        before = resource.getrusage(resource.RUSAGE_SELF)
        for _ in range(10):
            client.get("/library")
        after = resource.getrusage(resource.RUSAGE_SELF)
    took = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 10
    assert took < 0.3, took
