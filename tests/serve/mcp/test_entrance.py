"""Who is let in to the protocol over HTTP, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from mcp import Client

from skillgit.serve import keys
from tests.conftest import Run
from tests.git.place import git
from tests.serve.mcp.place import BOBS, HAIKU, REPORT, Place, call, serving
from tests.serve.place import TEACHES

ASK = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
HEADERS = {"accept": "application/json, text/event-stream"}


@dataclass(frozen=True, slots=True)
class Closed:
    """A server with keys."""

    place: Place
    ada: str
    bob: str
    shop: str


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("open")) as made:
        yield made


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    with serving(tmp_path_factory.mktemp("closed")) as place:
        ada, bob = (keys.add(place.repo, user)[1] for user in ("ada", "bob"))
        yield Closed(place, ada, bob, keys.add(place.repo, "shop", acts=True)[1])


async def seen(client: Client) -> list[str]:
    return [str(each.uri) for each in (await client.list_resources()).resources]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"skillgit-user": "bob"}, 403),
    ],
    ids=str,
)
def test_without_keys_only_this_machine_is_served(opened: Place, headers: dict[str, str], status: int) -> None:
    assert httpx.post(opened.url, json=ASK, headers=HEADERS | headers).status_code == status


def test_without_keys_it_is_for_the_user_whose_server_it_is(opened: Place) -> None:
    assert opened.talk(seen) == [HAIKU, REPORT]


@pytest.mark.parametrize("key", ["", "skillgit_", "skillgit_x_y", "sk-theirs"])
def test_with_keys_every_request_needs_one(closed: Closed, key: str) -> None:
    headers = HEADERS | ({"authorization": f"Bearer {key}"} if key else {})
    refused = httpx.post(closed.place.url, json=ASK, headers=headers)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")


def test_a_user_sees_the_users_own_skills_and_the_common_ones(closed: Closed) -> None:
    assert closed.place.talk(seen, key=closed.ada) == [HAIKU, REPORT]
    assert closed.place.talk(seen, key=closed.bob) == [HAIKU, BOBS]


def test_a_products_key_acts_for_the_user_it_names(closed: Closed) -> None:
    assert closed.place.talk(seen, key=closed.shop) == [HAIKU]
    assert closed.place.talk(seen, key=closed.shop, user="bob") == [HAIKU, BOBS]


def test_what_is_taught_is_the_users(closed: Closed) -> None:
    async def talk(client: Client) -> str:
        return str((await call(client, "ingest", messages=[{"role": "user", "content": TEACHES}]))[2]["skill"])

    assert closed.place.talk(talk, key=closed.bob).startswith("bob/")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_are_no_sessions(closed: Closed, method: str) -> None:
    assert httpx.request(method, closed.place.url, headers={"authorization": f"Bearer {closed.ada}"}).status_code == 405


def test_a_long_request_is_refused(opened: Place) -> None:
    git("config", "skillgit.serve.max-body", "32", cwd=opened.repo.directory)
    assert httpx.post(opened.url, content=b" " * (33 << 20), headers=HEADERS).status_code == 413


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--host", "0.0.0.0"), "'--host' goes with '--port'"),
        (("--port", "0", "--user", "ada"), "'--user' does not go with '--port'"),
        (("--port", "0", "--host", "0.0.0.0"), "without a key only this machine is served"),
    ],
)
def test_odd_options_are_refused(opened: Place, cli: Run, words: tuple[str, ...], said: str) -> None:
    answer = cli("mcp", *words, cwd=opened.repo.directory)
    assert answer.code == 2
    assert said in answer.err


def test_when_stdin_is_closed_it_ends(opened: Place, run: Run) -> None:
    assert run("mcp", cwd=opened.repo.directory).code == 0
