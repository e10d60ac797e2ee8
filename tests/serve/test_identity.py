"""Who is let in, as whom, and what nobody gets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from skillgit.models.upstream import Upstream
from skillgit.serve import keys
from skillgit.serve.server import Rules
from skillgit.skills.naming import user_segment
from tests.serve.place import REPORT, Place, chat, serving
from tests.serve.upstream import upstream

ROUTES = (
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/responses"),
    ("POST", "/v1/messages"),
    ("POST", "/v1/messages/count_tokens"),
    ("POST", "/v1/completions"),
    ("POST", "/v1/embeddings"),
    ("GET", "/v1/models"),
    ("GET", "/v1/models/x"),
)
ADA = "Users/ada/government-report@0.1.0"
BOB = "Users/bob/government-report@0.1.0"


@dataclass(frozen=True, slots=True)
class Closed:
    """A server with keys: ada's, bob's, that of a product which acts for its users, and one that was revoked."""

    place: Place
    ada: str
    bob: str
    product: str
    revoked: str

    def ask(self, key: str, *, path: str = "chat/completions", body: bytes = b"", **headers: str) -> httpx.Response:
        named = {"authorization": f"Bearer {key}"} | {name.replace("_", "-"): text for name, text in headers.items()}
        return httpx.post(f"{self.place.v1}/{path}", content=body or chat(REPORT), headers=named)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("open")) as made:
        yield made


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    with serving(tmp_path_factory.mktemp("closed")) as place:
        product = keys.add(place.repo, "shop", acts=True)[1]
        made, revoked = keys.add(place.repo, "ada")
        keys.revoke(place.repo, made.name)
        yield Closed(place, keys.add(place.repo, "ada")[1], keys.add(place.repo, "bob")[1], product, revoked)


@contextmanager
def ruled(directory: Path, **changed: object) -> Iterator[Place]:
    def change(rules: Rules) -> Rules:
        return replace(rules, **changed)  # type: ignore[arg-type]

    with serving(directory, change) as place:
        yield place


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "[::1]:9000"}, 200),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "localhost.evil.example:9000"}, 403),
        ({"Host": "[:"}, 403),
        ({"Host": ""}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[:"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
    ids=str,
)
def test_without_keys_only_this_machine_is_served(opened: Place, headers: dict[str, str], status: int) -> None:
    for method, path in ROUTES:
        asked = httpx.request(method, f"{opened.url}{path}", content=chat("hi"), headers=headers)
        assert asked.status_code == status, path


def test_without_keys_nobody_says_whom_it_is_for(opened: Place) -> None:
    answer = httpx.post(f"{opened.v1}/chat/completions", content=chat(REPORT, user="bob"))
    assert answer.headers["skillgit-skills"] == ADA
    answer = httpx.post(f"{opened.v1}/chat/completions", content=chat(REPORT), headers={"skillgit-user": "bob"})
    assert answer.status_code == 403


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_with_keys_every_route_needs_one(closed: Closed, method: str, path: str) -> None:
    wrong = ["", "skillgit_", "skillgit_x_y", "sk-theirs", closed.ada[:-1], closed.revoked]
    before = len(closed.place.up.requests)
    for key in wrong:
        headers = {"authorization": f"Bearer {key}".strip()}
        asked = httpx.request(method, f"{closed.place.url}{path}", content=chat(REPORT), headers=headers)
        assert (asked.status_code, asked.headers["www-authenticate"]) == (401, "Bearer")
        assert "skillgit" not in asked.headers
    assert len(closed.place.up.requests) == before


@pytest.mark.parametrize("name", ["authorization", "x-api-key", "skillgit-key"])
def test_a_key_is_taken_wherever_a_client_can_put_it_and_goes_no_further(closed: Closed, name: str) -> None:
    value = f"Bearer {closed.bob}" if name == "authorization" else closed.bob
    headers = {"authorization": "Bearer sk-theirs", "x-api-key": "sk-theirs"} | {name: value}
    asked = httpx.post(f"{closed.place.v1}/chat/completions", content=chat(REPORT), headers=headers)
    assert asked.headers["skillgit-skills"] == BOB
    received = closed.place.up.last
    assert closed.bob not in str(received.headers)
    theirs = {"authorization": "Bearer sk-theirs", "x-api-key": "sk-theirs"}
    assert {each: received.header(each) for each in theirs} == {**theirs, **({name: None} if name in theirs else {})}


def test_a_user_has_the_users_own_skills_and_the_common_ones(closed: Closed) -> None:
    assert closed.ask(closed.ada).headers["skillgit-skills"] == ADA
    assert closed.ask(closed.bob).headers["skillgit-skills"] == BOB
    assert closed.ask(closed.bob, body=chat("Write a haiku about the seasons")).headers["skillgit-skills"] == (
        "Common/haiku@0.1.0"
    )
    own = chat("Write a haiku about the seasons", skillgit={"scope": "user"})
    assert "skillgit-skills" not in closed.ask(closed.bob, body=own).headers


def test_a_users_key_acts_for_nobody_else(closed: Closed) -> None:
    assert closed.ask(closed.bob, body=chat(REPORT, user="ada")).headers["skillgit-skills"] == BOB
    for body in (chat(REPORT, skillgit={"user": "ada"}), chat(REPORT, skillgit={"user": "../ada"})):
        refused = closed.ask(closed.bob, body=body)
        assert refused.status_code == 403
        assert "government" not in refused.text
    assert closed.ask(closed.bob, skillgit_user="ada").status_code == 403
    assert closed.ask(closed.bob, skillgit_user="bob").status_code == 200


def test_a_products_key_acts_for_the_user_it_names(closed: Closed) -> None:
    assert closed.ask(closed.product, body=chat(REPORT, user="ada")).headers["skillgit-skills"] == ADA
    assert closed.ask(closed.product, skillgit_user="bob").headers["skillgit-skills"] == BOB
    assert (
        closed.ask(closed.product, skillgit_user="bob", body=chat(REPORT, user="ada")).headers["skillgit-skills"] == BOB
    )
    body = chat(REPORT, metadata={"user_id": "bob"}, max_tokens=1)
    assert closed.ask(closed.product, path="messages", body=body).headers["skillgit-skills"] == BOB
    assert "skillgit-skills" not in closed.ask(closed.product).headers


@pytest.mark.parametrize(
    "name",
    [
        "../ada",
        "ada/",
        "Ada",
        "ADA",
        "./ada",
        "Users/ada",
        "ada\x00",
        "ada ",
        "..",
        "/",
        "a" * 300,
        "ada%2f",
        "𝒶𝒹𝒶",
        "*",
    ],
)
def test_no_other_name_is_taken_for_a_user(closed: Closed, name: str) -> None:
    answer = closed.ask(closed.product, body=chat(REPORT, user=name))
    assert answer.status_code == 200
    assert "skillgit-skills" not in answer.headers
    assert "Name ada" not in closed.place.up.last.content.decode()


def test_what_a_user_says_is_learned_for_that_user(closed: Closed) -> None:
    answer = closed.ask(closed.product, body=chat("From now on, always sign my emails with 'Best, C'.", user="Carla C"))
    job = answer.headers["skillgit-job"]
    (done,) = closed.place.settled(user_segment("Carla C"))
    assert done.id == job
    assert not [each for each in closed.place.jobs("ada") if each.id == job]


def test_the_upstreams_key_is_the_servers_where_it_has_one(tmp_path: Path) -> None:
    with upstream() as other:
        own = Upstream(other.url, ((b"authorization", b"Bearer sk-ours"),))
        with ruled(tmp_path, upstreams=(own,)) as place:
            headers = {"authorization": "Bearer whatever", "x-api-key": "whatever"}
            httpx.post(f"{place.v1}/chat/completions", content=chat("hi"), headers=headers).raise_for_status()
        received = other.last
    assert [value for name, value in received.headers if name in ("authorization", "x-api-key")] == ["Bearer sk-ours"]


def test_each_format_goes_to_the_upstream_that_speaks_it(tmp_path: Path) -> None:
    with upstream() as claude, upstream() as openai:
        both = (Upstream(claude.url, anthropic=True), Upstream(openai.url))
        with ruled(tmp_path, upstreams=both) as place:
            httpx.post(f"{place.v1}/messages", content=chat("hi"))
            httpx.get(f"{place.v1}/models", headers={"anthropic-version": "2023-06-01"})
            httpx.post(f"{place.v1}/chat/completions", content=chat("hi"))
        paths = [[each.path for each in up.requests] for up in (claude, openai)]
    assert paths == [["/v1/messages", "/v1/models"], ["/v1/chat/completions"]]


def test_what_is_too_long_or_too_often_is_refused_in_the_format_of_the_route(tmp_path: Path) -> None:
    with ruled(tmp_path, max_body=1 << 20, rate=3) as place:
        long = httpx.post(f"{place.v1}/messages", content=b"x" * ((1 << 20) + 1))
        assert (long.status_code, long.json()["error"]["type"]) == (413, "request_too_large")
        assert long.json()["type"] == "error"
        assert long.headers["x-content-type-options"] == "nosniff"
        statuses = [httpx.post(f"{place.v1}/chat/completions", content=chat("hi")) for _ in range(3)]
    assert [each.status_code for each in statuses] == [200, 200, 429]
    assert 1 <= int(statuses[-1].headers["retry-after"]) <= 20
    assert statuses[-1].json()["error"]["type"] == "rate_limit_error"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"top": 1}, "'skillgit' has no 'top'"),
        ({"top_k": 0}, "'top_k' has to be"),
        ({"top_k": True}, "'top_k' has to be"),
        ({"min_score": 2}, "'min_score' has to be"),
        ({"scope": "everybody"}, "'scope' has to be one of"),
        ({"skills": "maybe"}, "'skills' has to be true or false"),
        ({"hint": ["x"]}, "'hint' has to be"),
        ([], "has to be an object"),
    ],
    ids=str,
)
def test_an_option_that_is_none_is_said(opened: Place, given: object, said: str) -> None:
    refused = httpx.post(f"{opened.v1}/chat/completions", content=chat("hi", skillgit=given))
    assert refused.status_code == 400
    assert said in refused.json()["error"]["message"]


def test_options_stay_here(opened: Place) -> None:
    options = {"top_k": 1, "min_score": 0.1, "skills": False, "learn": "never", "hint": None}
    answer = httpx.post(f"{opened.v1}/chat/completions", content=chat(REPORT, skillgit=options))
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("skillgit")]
    assert "skillgit" not in opened.up.last.body
    assert len(opened.up.last.body["messages"]) == 1


def test_what_is_not_served_is_said(opened: Place) -> None:
    for method, path, status in (("GET", "/v1/files", 404), ("GET", "/v1/chat/completions", 405), ("POST", "/v2", 404)):
        refused = httpx.request(method, f"{opened.url}{path}")
        assert refused.status_code == status
        assert json.loads(refused.content)["error"]["message"] == f"no route {method} {path}"


def test_health_is_told_to_everybody_and_names_nothing(closed: Closed) -> None:
    answer = httpx.get(f"{closed.place.url}/health", headers={"Host": "lb.example"})
    checks = {"repository": "ok", "upstream": "ok", "learning": "ok", "jobs": "ok"}
    assert (answer.status_code, answer.json()["checks"]) == (200, checks)
    assert str(closed.place.repo.directory) not in answer.text
