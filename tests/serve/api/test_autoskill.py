"""AutoSkill's API, as its clients know it."""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Iterator

import httpx
import pytest

from tests.serve.api.place import Closed, closed, skill_md, zipped
from tests.serve.place import REPORT, TEACHES

SAID = [
    {"role": "user", "content": REPORT},
    {"role": "assistant", "content": "Here it is."},
    {"role": "user", "content": TEACHES},
]
SUMMARY = {"id", "name", "description", "version", "owner", "tags", "triggers", "resource_paths", "updated_at"}
DETAIL = SUMMARY | {"instructions", "examples", "metadata", "source", "skill_md"}
USER = {"x-autoskill-user": "ada"}
DIALECT = """---
id: "anything"
name: "Travel plans"
description: "Plan travels"
version: "0.4.0"
tags:
  - travel
triggers:
  - "plan a trip"
---
# Travel plans

## Prompt
Name the {place}.
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    with closed(tmp_path_factory.mktemp("autoskill")) as made:
        yield made


@pytest.fixture(scope="module")
def product(server: Closed) -> Iterator[httpx.Client]:
    """A product that serves ada."""
    headers = dict(server.product.headers) | USER
    with httpx.Client(base_url=f"{server.place.url}/v1/autoskill", headers=headers, timeout=20) as client:
        yield client


def take(client: httpx.Client, files: dict[str, bytes]) -> list[dict[str, object]]:
    """The skills of these files are there."""
    sent = client.post("/skills/import", json={"zip_base64": b64encode(zipped(files)).decode(), "overwrite": True})
    assert sent.status_code == 200
    said: list[dict[str, object]] = sent.json()["data"]
    return said


def test_skills_come_in_that_dialect_and_are_told_in_it(product: httpx.Client) -> None:
    (made,) = take(product, {"travel/SKILL.md": DIALECT.format(place="hotel").encode(), "travel/a.txt": b"hi"})
    assert made.keys() == SUMMARY
    assert (made["name"], made["owner"], made["tags"], made["triggers"], made["resource_paths"]) == (
        "Travel plans",
        "ada",
        ["travel"],
        ["plan a trip"],
        ["a.txt"],
    )
    listed = product.get("/skills").json()
    assert (listed["object"], listed["user"]) == ("list", "ada")
    assert made in listed["data"]
    one = product.get(f"/skills/{made['id']}", params={"include_md": 1}).json()["data"]
    assert one.keys() == DETAIL
    assert "Name the hotel." in one["instructions"] and one["skill_md"].startswith("---\n")
    md = product.get(f"/skills/{made['id']}/md").json()
    assert (md["object"], md["skill_id"], md["skill_md"]) == ("skill_md", made["id"], one["skill_md"])


def test_a_skill_is_written_rolled_back_and_deleted(product: httpx.Client) -> None:
    (made,) = take(product, {"tour/SKILL.md": skill_md("tour", "One.")})
    where = f"/skills/{made['id']}"
    written = product.put(f"{where}/md", json={"skill_md": skill_md("other", "Two.").decode()}).json()
    assert (written["ok"], written["data"]["id"], written["history_count"]) == (True, made["id"], 1)
    told = product.get(f"{where}/versions").json()["data"]
    assert [(each["version"], each["is_current"]) for each in told] == [
        ("0.1.0", False),
        (written["data"]["version"], True),
    ]
    back = product.post(f"{where}/rollback", json={}).json()
    assert back["restored_from"]["version"] == "0.1.0"
    assert "One." in back["data"]["instructions"]
    assert product.put(f"{where}/md", json={"md": ""}).status_code == 400
    gone = product.delete(where).json()
    assert gone == {"ok": True, "deleted": True, "skill_id": made["id"]}
    assert product.get(where).status_code == 404


def test_what_has_no_history_is_not_rolled_back(product: httpx.Client) -> None:
    (made,) = take(product, {"fresh/SKILL.md": skill_md("fresh", "One.")})
    assert product.post(f"/skills/{made['id']}/rollback", json={}).status_code == 400


def test_a_skill_goes_out_as_texts_as_markdown_and_as_a_zip_archive(product: httpx.Client) -> None:
    files = {"pack/SKILL.md": skill_md("pack", "One."), "pack/a.txt": b"hi", "pack/b.bin": b"\0"}
    (made,) = take(product, files)
    where = f"/skills/{made['id']}/export"
    texts = product.get(where).json()
    assert (texts["format"], texts["files"].keys()) == ("files", {"SKILL.md", "a.txt"})
    md = product.get(where, params={"format": "md"}).json()
    assert "One." in md["skill_md"]
    assert (md["skill_id"], md["name"], md["version"]) == (made["id"], "pack", made["version"])
    packed = product.get(where, params={"format": "zip"}).json()
    assert packed == product.get(where, params={"format": "zip_base64"}).json()
    with zipfile.ZipFile(io.BytesIO(b64decode(packed["zip_base64"]))) as archive:
        assert archive.namelist() == ["pack/SKILL.md", "pack/a.txt", "pack/b.bin"]


def test_a_search_and_a_preview_tell_hits(product: httpx.Client) -> None:
    for name in ("query", "q"):
        found = product.post("/skills/search", json={name: REPORT}).json()
        assert [hit["owner"] for hit in found["data"]] == ["ada"]
        assert found["data_user"] == found["data"] and found["data_library"] == []
        assert found["data"][0]["skill"].keys() == SUMMARY
    seen = product.post("/retrieval/preview", json={"messages": SAID[:1], "scope": "all"}).json()
    assert (seen["object"], seen["context_injected"], len(seen["selected_skills"])) == ("retrieval_preview", True, 1)
    assert "Name ada as the author." in seen["context"]
    common = product.post(
        "/skills/search", json={"query": "Write a haiku about the seasons", "scope": "library"}
    ).json()
    assert [hit["source"] for hit in common["data_library"]] == ["library:Common"]


def test_an_extraction_is_followed_to_its_end(product: httpx.Client) -> None:
    made = product.post("/extractions", json={"messages": SAID}).json()
    assert made["object"] == "extraction_event"
    job = made["data"]["job_id"]
    told = product.get(f"/extractions/{job}/events")
    assert told.text.endswith("data: [DONE]\n\n")
    last = json.loads(told.text.split("\n\n")[-3].partition("data: ")[2])
    assert (last["status"], last["error"], last["user_id"]) == ("completed", "", "ada")
    assert [each["owner"] for each in last["upserted"]] == ["ada"]
    assert last["skill_mds"][0]["md"].startswith("---\n")
    assert product.get(f"/extractions/{job}").json()["data"] == last
    assert product.get("/extractions/latest").json()["data"] == last
    assert product.get("/extractions", params={"limit": 1}).json()["data"] == [last]
    assert product.get("/extractions/nothing").status_code == 404
    assert product.get("/extractions/nothing/events").status_code == 404


def test_a_simulation_says_what_and_why(product: httpx.Client) -> None:
    said = [*SAID[:2], {"role": "user", "content": "From now on, always end a government report with a glossary."}]
    told = product.post("/extractions/simulate", json={"messages": said}).json()
    assert (told["object"], told["user"], told["count"]) == ("extraction_simulation", "ada", 1)
    assert "glossary" in told["skills"][0]["instructions"]
    assert told["skills"][0].keys() >= {"resource_paths", "files", "examples", "confidence", "source"}
    assert product.post("/extractions/simulate", json={"query": "hi"}).json()["count"] == 0


@pytest.mark.parametrize("path", ["/skills/search", "/retrieval/preview", "/extractions", "/extractions/simulate"])
def test_a_request_that_says_nothing_is_refused(product: httpx.Client, path: str) -> None:
    refused = product.post(path, json={"hint": "x"})
    assert (refused.status_code, refused.json()["error"]["type"]) == (422, "invalid_request_error")
    assert "needed" in refused.json()["error"]["message"]


def test_the_rest_answers_too(server: Closed, product: httpx.Client) -> None:
    status = product.get("/vectors/status").json()["data"]
    assert status["total_skills"] == status["indexed_skills"] + status["missing_skills"] > 0
    assert (status["scope"], status["pending_skills"]) == ("all", 0)
    made = product.post("/vectors/rebuild", json={"force": True}).json()
    assert (made["ok"], made["data"]["user"], made["data"]["status"]["missing_skills"]) == (True, "ada", 0)
    assert made["data"]["rebuilt"] >= made["data"]["status"]["total_skills"]
    assert product.get("/openapi.json").json()["openapi"].startswith("3.1")
    assert set(product.get("/capabilities").json()["data"]) >= {"skills", "retrieval", "extractions", "vectors"}
    took = product.post("/conversations/import", json={"data": [{"messages": SAID}]}).json()
    assert (took["ok"], took["user"], took["total_conversations"], took["processed"]) == (True, "ada", 1, 1)
    assert len(took["job_ids"]) == 1
    latest = product.get("/extractions/latest", headers={"x-autoskill-user": "nobody"}).json()
    assert latest == {"object": "extraction_event", "data": None}


def test_a_user_counts_from_a_key_that_may_act_for_others_alone(server: Closed, product: httpx.Client) -> None:
    assert product.get("/skills", params={"user": "bob"}).json()["user"] == "bob"
    assert product.post("/skills/search", json={"query": REPORT, "user": "bob"}).json()["user"] == "bob"
    key = {"authorization": server.bob.headers["authorization"]}
    for query in ({"user": "ada"}, {}):
        mine = httpx.get(f"{server.place.url}/v1/autoskill/skills", params=query, headers=USER | key).json()
        assert mine["user"] == "bob"
        assert {each["owner"] for each in mine["data"]} == {"bob"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/skills/import", {"root_dir": "/etc"}),
        ("/skills/import", {"zip_path": "/etc/passwd"}),
        ("/conversations/import", {"file_path": "/etc/passwd"}),
    ],
    ids=["folder", "archive", "file"],
)
def test_no_path_of_the_server_is_read(product: httpx.Client, path: str, body: dict[str, str]) -> None:
    refused = product.post(path, json=body)
    assert refused.status_code == 400
    assert "missing required field" in refused.json()["error"]["message"]
