"""Requests that no honest client sends: from other sites, of no kind, too large, too slow."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from skillgit.serve.api import openapi
from skillgit.serve.api.operation import Operation
from skillgit.serve.api.table import OPERATIONS
from tests.serve.api.place import Closed, closed, skill_md
from tests.serve.place import Place, serving

TAKING = [operation for operation in OPERATIONS if operation.takes]
OTHER_SITES = (
    {"Host": "evil.example"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
)
_MIB = 1 << 20


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("open")) as made:
        yield made


@pytest.fixture(scope="module")
def anybody() -> Iterator[httpx.Client]:
    """A client without a key."""
    with httpx.Client(timeout=20) as client:
        yield client


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    with closed(tmp_path_factory.mktemp("hostile")) as made:
        yield made


def url(place: Place, operation: Operation) -> str:
    """Where an operation is asked of the skill for haiku."""
    return place.url + operation.path.replace("{skill}", "haiku").replace("{extraction}", "none")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_where_no_key_is_needed_no_other_site_is_answered(
    opened: Place, anybody: httpx.Client, operation: Operation
) -> None:
    head = opened.repo.resolve("HEAD")
    for headers in OTHER_SITES:
        sent = anybody.request(
            operation.method, url(opened, operation), headers=headers | {"content-type": "text/plain"}
        )
        assert sent.status_code == 403
        assert "access-control-allow-origin" not in sent.headers
    assert opened.repo.resolve("HEAD") == head


@pytest.mark.parametrize("operation", TAKING, ids=lambda each: each.name)
def test_what_a_form_can_send_is_taken_for_no_body(opened: Place, anybody: httpx.Client, operation: Operation) -> None:
    for media in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain;application/json",
    ):
        headers = {"content-type": media}
        refused = anybody.request(operation.method, url(opened, operation), content=b"{}", headers=headers)
        assert (refused.status_code, refused.json()["error"]["type"]) == (415, "invalid_request_error")


def test_where_no_key_is_needed_the_only_user_is_served(opened: Place, anybody: httpx.Client) -> None:
    listed = anybody.get(f"{opened.url}/v1/skillgit/skills").json()
    assert {each["path"] for each in listed["data"]} == {"Common/haiku", "Users/ada/government-report"}
    assert anybody.get(f"{opened.url}/v1/skillgit/skills", headers={"skillgit-user": "bob"}).status_code == 403
    assert anybody.get(f"{opened.url}/v1/autoskill/skills", params={"user": "bob"}).json()["user"] == "ada"


def test_no_operation_takes_a_path_of_the_server() -> None:
    said = openapi.document(OPERATIONS)
    taken = {name for shape in said["components"]["schemas"].values() for name in given(shape)}
    asked = {each["name"] for path in said["paths"].values() for way in path.values() for each in way["parameters"]}
    assert {
        each for each in taken | asked if any(word in each for word in ("path", "file", "dir", "folder", "url"))
    } == set()


def given(shape: dict[str, Any]) -> set[str]:
    """The members that a request may have; those of answers are not asked for."""
    is_answer = shape["title"] not in {each.takes.__name__ for each in TAKING if isinstance(each.takes, type)}
    return set() if is_answer else set(shape["properties"])


def test_large_bodies_are_read_and_too_large_ones_refused(server: Closed) -> None:
    long = [{"role": "user", "content": "Please read this: " + "word " * (2 * _MIB)}]
    began = time.monotonic()
    assert server.ada.post("/extractions", json={"messages": long}).status_code == 202
    assert server.ada.post("/retrieval/preview", json={"messages": long}).status_code == 200
    assert server.ada.put("/skills/government-report/md", content=b"x" * 10 * _MIB, headers=md()).status_code == 400
    assert time.monotonic() - began < 15
    too_long = json.dumps({"query": "x" * 33 * _MIB}).encode()
    assert server.ada.post("/search", content=too_long, headers={"content-type": "application/json"}).status_code == 413


def test_a_slow_client_keeps_nobody_waiting(server: Closed) -> None:
    address = httpx.URL(server.place.url)
    slow = [socket.create_connection((address.host, address.port or 80)) for _ in range(20)]
    key = server.ada.headers["authorization"]
    for each in slow:
        each.sendall(
            f"POST /v1/skillgit/search HTTP/1.1\r\nHost: {address.netloc.decode()}\r\nAuthorization: {key}\r\n"
            "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{".encode()
        )
    began = time.monotonic()
    assert server.ada.get("/skills").status_code == 200
    assert server.ada.put("/skills/haiku/md", content=skill_md("haiku", "One."), headers=md()).status_code == 403
    assert time.monotonic() - began < 2
    for each in slow:
        each.close()


def test_a_client_that_leaves_a_stream_is_forgotten(server: Closed) -> None:
    made = server.ada.post("/extractions", json={"messages": [{"role": "user", "content": "hi"}]}).json()
    for _ in range(5):
        with server.ada.stream("GET", f"/extractions/{made['id']}/events") as stream:
            assert next(stream.iter_lines()) == "event: state"
    assert server.ada.get("/skills").status_code == 200


def test_what_is_wrong_inside_is_not_told_outside(server: Closed) -> None:
    head = server.repo.common_dir / "HEAD"
    said = head.read_bytes()
    try:
        head.write_bytes(b"garbage\n")
        broken = server.ada.get("/skills")
    finally:
        head.write_bytes(said)
    assert broken.status_code in (500, 503)
    assert str(server.repo.common_dir.parent) not in broken.text
    assert server.ada.get("/skills").status_code == 200


def md() -> dict[str, str]:
    """Headers for a SKILL.md, whatever is there."""
    return {"content-type": "text/markdown", "if-match": "*"}
