"""The protocol as a route of `skillgit serve`, behind the same gate as all others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from skillgit.serve import keys
from tests.serve import place as served
from tests.serve.mcp.place import BOBS, HAIKU, REPORT, Place, ask, call
from tests.serve.place import TEACHES

ASK = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
HEADERS = {"accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[served.Place]:
    with served.serving(tmp_path_factory.mktemp("mounted")) as made:
        yield made


@pytest.fixture(scope="module")
def place(server: served.Place) -> Place:
    return Place(f"{server.url}/mcp", server.repo)


@pytest.fixture(scope="module")
def key_of(place: Place) -> dict[str, str]:
    made = {user: keys.add(place.repo, user)[1] for user in ("ada", "bob")}
    return made | {"shop": keys.add(place.repo, "shop", acts=True)[1]}


async def seen(client: Client) -> list[str]:
    return [str(each.uri) for each in (await client.list_resources()).resources]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_finds_what_its_user_has_and_teaches_it(place: Place, key_of: dict[str, str], mode: str) -> None:
    async def talk(client: Client) -> tuple[list[str], str]:
        found = (await call(client, "search_skills", query=served.REPORT))[2]["skills"]
        lesson = (await call(client, "ingest", messages=[{"role": "user", "content": said}]))[2]
        return [hit["skill"] for hit in found], lesson["skill"]

    said = TEACHES if mode == "auto" else TEACHES.replace("figures", "rivers")

    found, taught = place.talk(talk, key=key_of["bob"], mode=mode)
    assert found == ["bob/government-report"]
    assert taught.startswith("bob/")


def test_a_user_sees_nothing_of_another(place: Place, key_of: dict[str, str]) -> None:
    async def talk(client: Client) -> list[str]:
        for method in ("skills/get", "resources/directory/read", "resources/read"):
            with pytest.raises(MCPError):
                await ask(client, method, uri=BOBS)
        done, words, _ = await call(client, "get_skill", skill="bob/government-report")
        assert not done and "Name bob" not in words
        return await seen(client)

    assert place.talk(talk, key=key_of["ada"]) == [HAIKU, REPORT]
    assert place.talk(seen, key=key_of["shop"]) == [HAIKU]
    assert place.talk(talk, key=key_of["shop"], user="ada") == [HAIKU, REPORT]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer skillgit_x_y"}, 401),
        ({"authorization": "Bearer BOB", "skillgit-user": "ada"}, 403),
        ({"authorization": "Bearer BOB"}, 200),
    ],
    ids=str,
)
def test_it_asks_for_the_keys_of_the_server(
    place: Place, key_of: dict[str, str], headers: dict[str, str], status: int
) -> None:
    sent = {name: value.replace("BOB", key_of["bob"]) for name, value in headers.items()}
    assert httpx.post(place.url, json=ASK, headers=HEADERS | sent).status_code == status


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_are_no_sessions(place: Place, method: str) -> None:
    refused = httpx.request(method, place.url)
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


def test_the_server_says_where_it_is_and_counts_it(place: Place, key_of: dict[str, str]) -> None:
    root, headers = place.url.removesuffix("/mcp"), {"authorization": f"Bearer {key_of['shop']}"}
    assert httpx.get(f"{root}/v1/skillgit/capabilities", headers=headers).json()["mcp"] == "/mcp"
    httpx.post(place.url, json=ASK, headers=HEADERS | headers).raise_for_status()
    assert 'route="/mcp",method="POST",status="200"' in httpx.get(f"{root}/metrics", headers=headers).text


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Host": "evil.example"}, 403), ({"Origin": "https://evil.example"}, 403), ({}, 200)],
    ids=str,
)
def test_without_keys_it_is_for_this_machine_and_as_often_as_the_rest(
    tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    with served.serving(tmp_path, lambda rules: replace(rules, rate=2, max_body=1 << 10)) as server:
        url = f"{server.url}/mcp"
        assert httpx.post(url, json=ASK, headers=HEADERS | headers).status_code == status
        if status == 200:
            assert httpx.post(url, content=b" " * 2000, headers=HEADERS).status_code == 413
            assert httpx.get(f"{server.url}/v1/skillgit/capabilities").status_code == 429
            assert httpx.post(url, json=ASK, headers=HEADERS).status_code == 429


def test_without_the_extra_there_is_no_such_route(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)  # as if it were not installed
    with served.serving(tmp_path) as server:
        assert httpx.post(f"{server.url}/mcp", json=ASK, headers=HEADERS).status_code == 404
        assert httpx.get(f"{server.url}/v1/skillgit/capabilities").json()["mcp"] == ""
