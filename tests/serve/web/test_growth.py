"""The page of growth: it counts what its visitor sees, and draws it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

from skillgit.search import usage
from skillgit.serve import keys
from tests.git.place import git
from tests.serve.place import Place, serving, skill
from tests.serve.web.decisions import BOBS, HAIKU, REPORT, decided, moved
from tests.serve.web.reviews import visitor

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server where ada, bob and the common skills each have decisions, and everybody needs a key."""
    with serving(tmp_path_factory.mktemp("growth")) as place:
        keys.add(place.repo, "someone")
        for path in (REPORT, HAIKU, BOBS):
            decided(place.repo, "edit", path, day="2026-01-05")
        decided(place.repo, "add", "Users/ada/release", day="2026-01-06")
        decided(place.repo, "merge", "Users/ada/release", day="2026-02-07")
        for day in ("2026-02-08", "2026-02-09"):
            decided(place.repo, "discard", REPORT, day=day, reason=f"already covered by {REPORT}")
        for _ in range(3):
            decided(place.repo, "merge", BOBS, day="2026-02-10")
        decided(place.repo, "discard", BOBS, day="2026-02-10", reason="bob's secret plan")
        yield place


@pytest.fixture
def ada(place: Place) -> Iterator[httpx.Client]:
    with visitor(place) as client:
        yield client


def figures(page: httpx.Response) -> dict[str, int]:
    found = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page.text)
    return {name: int(count) for name, count in found}


def drawings(page: httpx.Response) -> list[ElementTree.Element]:
    """The pictures of a page, which have to be XML to be that."""
    found = re.findall(r"<svg.*?</svg>", page.text, re.DOTALL)
    return [
        ElementTree.fromstring(each.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)) for each in found
    ]


def on_map(page: httpx.Response) -> dict[str, str]:
    """The skills of the map: where each link leads, and what is said of it."""
    drawn = next(each for each in drawings(page) if each.get("class") == "map")
    return {spot.attrib["href"]: spot.attrib["aria-label"] for spot in drawn.iter(f"{SVG}a")}


def test_what_the_visitor_sees_is_counted_and_nothing_else(ada: httpx.Client) -> None:
    page = ada.get("/growth")
    assert page.status_code == 200
    wanted = {"skills now": 3, "decisions": 7, "added": 1, "merged": 1, "discarded": 2, "edited": 3}
    assert figures(page) == wanted
    assert "already covered" in page.text
    assert "bob" not in page.text
    assert set(on_map(page)) == {f"/skills/{path}" for path in (REPORT, HAIKU, "Users/ada/release")}
    assert on_map(page)["/skills/Users/ada/release"] == "ada/release: 2 changes, one merge"


@pytest.mark.parametrize(
    ("query", "skills", "decisions"),
    [("", 3, 7), ("scope=user", 2, 6), ("scope=common", 1, 1), ("days=30", 3, 0), ("scope=user&days=all", 2, 6)],
)
def test_whose_skills_and_which_period_are_chosen(ada: httpx.Client, query: str, skills: int, decisions: int) -> None:
    page = ada.get(f"/growth?{query}")
    counted = figures(page)
    assert (counted["skills now"], counted["decisions"]) == (skills, decisions)
    assert ("Nothing was decided here yet" in page.text) == (decisions == 0)
    assert page.text.count('aria-current="true"') >= 2


@pytest.mark.parametrize("query", ["scope=bob", "days=-1", "days=<script>"])
def test_what_cannot_be_chosen_is_said(ada: httpx.Client, query: str) -> None:
    page = ada.get(f"/growth?{query}")
    assert page.status_code == 400
    assert "one of: " in page.text
    assert "<script>" not in page.text


def test_each_picture_has_its_words_and_a_table(ada: httpx.Client) -> None:
    page = ada.get("/growth")
    chart = next(each for each in drawings(page) if each.get("role") == "img")
    assert "7 decisions from 2025-12-29 to 2026-02-09, 3 at most" in "".join(chart.itertext())
    bars = [each.text or "" for each in chart.iter(f"{SVG}title")][1:]
    assert sum(int(text.split()[1]) for text in bars) == 7
    assert page.text.count("<summary>") == 2


def test_a_move_tells_nobody_where_others_had_it(place: Place) -> None:
    with visitor(place, "carol") as client:
        decided(place.repo, "add", "Users/dave/veiled-name")
        moved(place.repo, "Users/dave/veiled-name", "Users/carol/given")
        page = client.get("/growth")
    assert "given" in page.text
    assert "veiled" not in page.text
    assert "dave" not in page.text


def test_use_is_counted_for_the_visitor_alone(place: Place, ada: httpx.Client) -> None:
    usage.record(place.repo, [(REPORT, "0.1.0"), (REPORT, "0.1.1"), (HAIKU, "0.1.0")], user="ada")
    usage.record(place.repo, [(HAIKU, "0.1.0")] * 70, user="bob")
    page = ada.get("/growth")
    rows = re.findall(r'<th scope="row"><a href="/skills/([^"]+)">.*?<td class="number">(\d+)</td><td>', page.text)
    assert rows == [(REPORT, "2"), (HAIKU, "1")]


def test_a_torn_count_is_told_and_the_rest_is_there(tmp_path: Path) -> None:
    with serving(tmp_path) as place:
        (place.repo.private / "usage.db").write_bytes(b"no database, " * 500)
        page = httpx.get(f"{place.url}/growth")
    assert page.status_code == 200
    assert "is torn" in page.text
    assert len(on_map(page)) == 2


def test_a_database_of_vectors_that_is_away_is_told_and_the_map_is_by_words(tmp_path: Path) -> None:
    settings = {"search.vectors": "postgresql://ada:topsecret@127.0.0.1:1/x", "shared-name": "x"}
    with serving(tmp_path) as place:
        git("config", "--unset", "skillgit.embedder", cwd=place.repo.directory)
        for key, value in settings.items():
            git("config", f"skillgit.{key}", value, cwd=place.repo.directory)
        page = httpx.get(f"{place.url}/growth", timeout=60)
    assert page.status_code == 200
    assert "By words alone: " in page.text
    assert "topsecret" not in page.text
    assert len(on_map(page)) == 2


def test_a_library_that_has_nothing_says_what_to_do(tmp_path: Path) -> None:
    with serving(tmp_path) as place, httpx.Client(base_url=place.url) as client:
        client.cookies.set("skillgit-user", "nobody")
        page = client.get("/growth?scope=user")
    assert figures(page)["skills now"] == 0
    assert "skillgit ingest" in page.text
    assert 'class="map"' not in page.text


def test_names_that_would_be_markup_are_names(tmp_path: Path) -> None:
    name = "a&b<img src=x onerror=alert(1)>\u202e"
    with serving(tmp_path) as place:
        folder = place.repo.directory / "Users" / "ada" / name
        folder.mkdir(parents=True)
        (folder / "SKILL.md").write_bytes(skill("Be kind.", "Be kind").replace(b"NAME", b"x"))
        git("add", "-A", cwd=place.repo.directory)
        git("commit", "-qm", "by hand", cwd=place.repo.directory)
        page = httpx.get(f"{place.url}/growth")
    assert "<img src=x" not in page.text
    assert any(said.startswith("ada/a&b<img") for said in on_map(page).values())


def test_the_page_speaks_chinese_and_needs_no_style_of_its_own(ada: httpx.Client) -> None:
    page = ada.get("/growth?lang=zh")
    assert "决定随时间的变化" in page.text
    assert "已有技能涵盖" in page.text
    assert " style=" not in page.text
    assert not re.search(r"<script(?! type=\"module\" src=)", page.text)
    ada.cookies.delete("skillgit-language")


def test_what_is_decided_now_is_there_at_once(place: Place, ada: httpx.Client) -> None:
    before = figures(ada.get("/growth"))["merged"]
    decided(place.repo, "merge", "Users/ada/release", day="2026-02-11")
    assert figures(ada.get("/growth"))["merged"] == before + 1
