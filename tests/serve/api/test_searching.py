"""Search, and what a request to a model would get, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.serve.api.place import Closed, closed, skill_md
from tests.serve.place import REPORT, chat

OWN = "Users/ada/government-report"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    with closed(tmp_path_factory.mktemp("searching")) as made:
        yield made


def test_a_search_finds_what_answers_it_and_is_counted(server: Closed) -> None:
    found = server.ada.post("/search", json={"query": REPORT}).json()
    assert [hit["path"] for hit in found["data"]] == [OWN]
    hit = found["data"][0]
    assert 0 < hit["score"] <= 1
    assert hit["vectors"] is None
    assert server.ada.get(f"/skills/{hit['id']}").json()["path"] == OWN
    assert [use["path"] for use in counted(server.ada)] == [OWN]


def test_what_was_written_is_found_at_once(server: Closed) -> None:
    for number in range(3):
        content = skill_md(f"varnish-{number}", f"Let coat {number} of varnish dry.")
        server.product.post("/imports", content=content, headers={"content-type": "text/markdown"}).raise_for_status()
        found = server.product.post("/search", json={"query": "varnish", "min_score": 0}).json()["data"]
        assert f"Users/shop/varnish-{number}" in [hit["path"] for hit in found]


@pytest.mark.parametrize(
    ("asked", "paths"),
    [
        ({"query": "quantum chromodynamics"}, []),
        ({"query": REPORT, "scope": "common"}, []),
        ({"query": REPORT, "min_score": 1}, []),
        ({"query": "Write a haiku about the seasons", "limit": 1}, ["Common/haiku"]),
    ],
    ids=["no-answer", "scope", "min-score", "common"],
)
def test_a_search_gives_what_was_asked_for(server: Closed, asked: dict[str, object], paths: list[str]) -> None:
    assert [hit["path"] for hit in server.ada.post("/search", json=asked).json()["data"]] == paths


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"query": ""},
        {"query": REPORT, "limit": 0},
        {"query": REPORT, "limit": "3"},
        {"query": REPORT, "min_score": 2},
        {"query": REPORT, "scope": "bob"},
        {"query": REPORT, "user": "bob"},
    ],
    ids=str,
)
def test_a_search_that_is_none_is_refused(server: Closed, asked: dict[str, object]) -> None:
    refused = server.ada.post("/search", json=asked)
    assert (refused.status_code, refused.json()["error"]["type"]) == (400, "invalid_request_error")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"query": "\\ud800"}', b"[" * 100_000, b"\xff"], ids=len)
def test_a_body_that_is_no_json_is_refused(server: Closed, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    assert server.ada.post("/search", content=content, headers=headers).status_code == 400
    assert server.ada.post("/search", content=b"{}", headers={"content-type": "text/plain"}).status_code == 415


def test_a_preview_is_what_a_request_would_get(server: Closed) -> None:
    before = counted(server.ada)
    messages = [{"role": "user", "content": REPORT}]
    seen = server.ada.post("/retrieval/preview", json={"messages": messages}).json()
    assert seen["injected"] == [hit["path"] for hit in seen["data"]] == [OWN]
    assert "Name ada as the author." in seen["context"]
    assert server.ada.post("/retrieval/preview", json={"query": REPORT}).json() == seen
    assert server.ada.post("/retrieval/preview", json={}).json()["data"] == []
    assert counted(server.ada) == before
    key = server.ada.headers["authorization"]
    answer = httpx.post(
        f"{server.place.v1}/chat/completions",
        content=chat(REPORT),
        headers={"authorization": key, "skillgit-learn": "never"},
    )
    assert answer.headers["skillgit-skills"] == f"{OWN}@0.1.0"


def test_what_was_of_use_is_counted_for_its_user(server: Closed) -> None:
    assert server.ada.post("/usage", json={"skill": "haiku"}).json() == {"path": "Common/haiku", "version": "0.1.0"}
    assert [use["used"] for use in counted(server.ada) if use["path"] == "Common/haiku"] == [1]
    assert counted(server.bob) == []
    assert server.ada.post("/usage", json={"skill": "haiku", "version": "7.0.0"}).status_code == 404


def test_the_index_is_told_of_and_made_anew_by_whom_it_belongs_to(server: Closed) -> None:
    status = server.ada.get("/index").json()
    assert status == {"skills": 2, "unseen_words": 0, "unseen_vectors": 0, "vectors": False, "damaged": False}
    assert server.ada.post("/index/rebuild").status_code == 403
    made = server.product.post("/index/rebuild").json()
    assert made == {"skills": len(server.repo.skills(server.repo.resolve("HEAD"))), "vectors": 0, "graphs": 0}
    assert [hit["path"] for hit in server.ada.post("/search", json={"query": REPORT}).json()["data"]] == [OWN]


def test_a_server_says_what_it_does_and_for_whom(server: Closed) -> None:
    said = server.bob.get("/capabilities").json()
    assert (said["user"], said["acts_for_others"]) == ("bob", False)
    assert "search_skills" in said["operations"]
    named = server.product.get("/capabilities", headers={"skillgit-user": "b%C3%B6b"}).json()
    assert named["user"] == "böb"


def counted(client: httpx.Client) -> list[dict[str, object]]:
    """What was counted for a user."""
    found: list[dict[str, object]] = client.get("/usage").json()["data"]
    return found
