"""What a client that means ill can send, and what a page makes of it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest

from skillgit.serve import keys
from skillgit.serve.web.unseen import visible
from tests.git.place import git, put
from tests.serve.place import REPORT, Place, serving
from tests.serve.web.test_door import visitor

HUGE = "9" * 5_000
"""A number with more digits than Python reads."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("hostile"), lambda rules: replace(rules, upstreams=())) as place:
        yield place


@pytest.fixture
def client(place: Place) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=place.url, follow_redirects=True, timeout=60) as client:
        yield client


@pytest.fixture
def chat(client: httpx.Client) -> str:
    """The path of a conversation."""
    said = client.post("/chat", data={"token": token(client), "text": "hello", "stream": "1"}).text
    found = re.search(r"/chat/[0-9a-f]{32}", said)
    assert found
    return found[0]


def token(client: httpx.Client) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/chat").text)
    assert found
    return unescape(found[1])


@pytest.mark.parametrize("path", ["//evil.example/x", "/%2fevil.example/x", "///evil.example"])
def test_no_link_of_a_page_that_is_not_there_leads_to_another_host(client: httpx.Client, path: str) -> None:
    page = client.get(f"{str(client.base_url).rstrip('/')}{path}", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert not re.findall(r'(?:href|action|src|url)="?/[/\\]', page.text)


def test_a_number_that_is_too_long_is_none(client: httpx.Client, chat: str) -> None:
    heard = client.get(f"{chat}/events", params={"after": HUGE})
    assert heard.status_code == 200 and "event: end" in heard.text
    said = client.post(f"{chat}/say", data={"token": token(client), "text": "/help", "seen": HUGE, "stream": "1"})
    assert "event: end" in said.text


@pytest.mark.parametrize("name", ["limit", "every", "min_score"])
def test_an_option_that_is_too_long_is_refused(client: httpx.Client, chat: str, name: str) -> None:
    refused = client.post(f"{chat}/settings", data={"token": token(client), name: HUGE})
    assert refused.status_code == 400


def test_a_text_full_of_what_cannot_be_seen_is_shown_as_soon_as_any_other() -> None:
    began = time.process_time()
    shown = visible("\u202ea" * 100_000)
    assert shown.count('<span class="unseen">U+202E</span>a') == 100_000
    assert time.process_time() - began < 2


def test_who_has_one_users_key_hears_nothing_of_our_files_and_databases(tmp_path: Path) -> None:
    away = "postgresql://ada@127.0.0.1:1/x"
    with serving(tmp_path, lambda rules: replace(rules, upstreams=())) as place, visitor(place) as ada:
        (place.repo.private / "usage.db").write_bytes(b"no database, " * 500)
        git("config", "--unset", "skillgit.embedder", cwd=place.repo.directory)
        for key, value in {"serve.jobs": away, "search.vectors": away, "shared-name": "x"}.items():
            git("config", f"skillgit.{key}", value, cwd=place.repo.directory)
        told = [ada.get(path, timeout=60) for path in ("/library", "/growth", "/jobs")]
        put(place.repo, {"skillgit.toml": b"user = 1\n"})
        told.append(_called(place, "ingest", messages=[{"role": "user", "content": REPORT}]))
    assert [each.status_code for each in told] == [200] * 4
    for each in told:
        assert "cannot be used now" in each.text
        assert not re.search("127[.]0|skillgit[.]toml|" + re.escape(str(tmp_path)), each.text)


def _called(place: Place, tool: str, **arguments: object) -> httpx.Response:
    """What a tool of the protocol answers to ada."""
    _, secret = keys.add(place.repo, "ada")
    headers = {"authorization": f"Bearer {secret}", "accept": "application/json, text/event-stream"}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    return httpx.post(f"{place.url}/mcp", json=asked, headers=headers, timeout=60)
