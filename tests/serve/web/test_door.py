"""Who is let in to the pages, and what others can make a visitor's browser do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest

from skillgit.serve import keys
from tests.serve.place import Place, serving


@pytest.fixture(scope="module")
def open_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("open")) as place:
        yield place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server with keys."""
    with serving(tmp_path_factory.mktemp("locked")) as place:
        keys.add(place.repo, "someone")
        yield place


@contextmanager
def visitor(place: Place, user: str = "ada", *, acts: bool = False) -> Iterator[httpx.Client]:
    """A browser whose user has logged in."""
    _, secret = keys.add(place.repo, user, acts=acts)
    with httpx.Client(base_url=place.url, follow_redirects=True) as client:
        assert client.post("/login", data={"key": secret}).status_code == 200
        yield client


def token(page: httpx.Response) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found
    return unescape(found[1])


def test_without_keys_this_machine_needs_no_login(open_place: Place) -> None:
    with httpx.Client(base_url=open_place.url, follow_redirects=True) as client:
        found = client.get("/login?next=/library")
    assert (found.status_code, found.url.path) == (200, "/library")
    assert "/skills/Users/ada/government-report" in found.text and "bob" not in found.text


def test_with_keys_a_page_leads_to_the_login_and_back(place: Place) -> None:
    _, secret = keys.add(place.repo, "ada")
    with httpx.Client(base_url=place.url, follow_redirects=True) as client:
        asked = client.get("/library?tag=a%26b")
        assert (asked.status_code, asked.url.path) == (200, "/login")
        wanted = re.search(r'name="next" value="([^"]+)"', asked.text)
        assert wanted
        inside = client.post("/login", data={"key": f" {secret}\n", "next": unescape(wanted[1])})
        assert (inside.status_code, inside.url.raw_path) == (200, b"/library?tag=a%26b")
        cookie = inside.history[0].headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Secure" not in cookie
    assert secret.split("_")[-1] not in cookie


def test_a_page_that_a_script_asks_for_says_that_nobody_is_in(place: Place) -> None:
    asked = httpx.get(f"{place.url}/library", headers={"sec-fetch-mode": "cors"})
    assert asked.status_code == 401


@pytest.mark.parametrize(
    "key", ["", "x", "skillgit_", "skillgit_a_b", "skillgit_a_" + "b" * 60_000, "密钥"], ids=str.__len__
)
def test_a_wrong_key_opens_nothing(place: Place, key: str) -> None:
    found = httpx.post(f"{place.url}/login", data={"key": key})
    assert found.status_code == 401 and "set-cookie" not in found.headers
    assert "not valid" in found.text


def test_keys_cannot_be_tried_for_ever(tmp_path: Path) -> None:
    with serving(tmp_path) as place:
        keys.add(place.repo, "ada")
        codes = [httpx.post(f"{place.url}/login", data={"key": "x"}).status_code for _ in range(22)]
    assert codes[:20] == [401] * 20 and 429 in codes[20:]


def test_a_session_ends_with_its_key(place: Place) -> None:
    with visitor(place, "carol") as client:
        assert "carol" in client.get("/library").text
        (key,) = [each for each in keys.listed(place.repo) if each.user == "carol"]
        keys.revoke(place.repo, key.name)
        assert client.get("/library").url.path == "/login"


def test_a_session_ends_with_the_logout(place: Place) -> None:
    with visitor(place) as client:
        gone = client.post("/logout", data={"token": token(client.get("/library"))})
        assert gone.url.path == "/login"
        assert client.get("/library").url.path == "/login"


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", "WyJhIiwiYiJd.x.y", "é".encode("latin-1").decode("latin-1")])
def test_a_cookie_that_we_have_not_signed_is_none(place: Place, cookie: str) -> None:
    headers = [(b"cookie", f"skillgit-session={cookie}".encode("latin-1"))]
    found = httpx.get(f"{place.url}/library", headers=headers)
    assert (found.status_code, found.headers["location"]) == (303, "/login?next=%2Flibrary")


FOREIGN: tuple[Mapping[str, str], ...] = (
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "http://127.0.0.1:1"},
)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", ["/users", "/logout"])
def test_what_another_site_posts_is_refused(place: Place, path: str, headers: Mapping[str, str]) -> None:
    with visitor(place, acts=True) as client:
        posted = client.post(path, data={"token": token(client.get("/library")), "user": "bob"}, headers=dict(headers))
        assert posted.status_code == 403
        assert "Library of ada" in client.get("/library").text


@pytest.mark.parametrize("sent", ["", "x", "密"], ids=["none", "wrong", "no ascii"])
@pytest.mark.parametrize("way", ["field", "header"])
def test_a_form_without_the_token_of_its_session_is_refused(place: Place, sent: str, way: str) -> None:
    with visitor(place) as client:
        headers = [(b"skillgit-csrf", sent.encode())] if way == "header" else []
        data = {"token": sent} if way == "field" else {}
        assert client.post("/logout", data=data, headers=headers).status_code == 403
        assert client.get("/library").url.path == "/library"


def test_a_browser_that_says_it_is_the_same_site_is_believed_behind_a_proxy(place: Place) -> None:
    headers = {"origin": "https://skills.example", "sec-fetch-site": "same-origin", "x-forwarded-proto": "https"}
    _, secret = keys.add(place.repo, "ada")
    found = httpx.post(f"{place.url}/login", data={"key": secret}, headers=headers)
    assert found.status_code == 303 and "Secure" in found.headers["set-cookie"]


def test_the_token_of_one_session_is_none_in_another(place: Place) -> None:
    with visitor(place) as mine, visitor(place) as other:
        theirs = token(other.get("/library"))
        assert mine.post("/logout", data={"token": theirs}).status_code == 403


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "\\", "/a\r\nx: y"],
)
def test_a_login_leads_to_no_other_site(place: Place, wanted: str) -> None:
    _, secret = keys.add(place.repo, "ada")
    found = httpx.post(f"{place.url}/login", data={"key": secret, "next": wanted})
    assert (found.status_code, found.headers["location"]) == (303, "/")


def test_a_visitor_sees_no_skill_of_another_user(place: Place) -> None:
    with visitor(place, "ada") as client:
        assert client.get("/users").status_code == 403
        refused = client.post("/users", data={"user": "bob", "token": token(client.get("/library"))})
        assert refused.status_code == 403
        client.cookies.set("skillgit-user", "bob")
        seen = client.get("/library").text
    assert "Library of ada" in seen and "bob" not in seen


def test_a_key_with_the_right_looks_at_another_library(place: Place) -> None:
    with visitor(place, "ada", acts=True) as client:
        listed = client.get("/users")
        assert "bob" in listed.text
        seen = client.post("/users", data={"user": "bob", "token": token(listed)})
        assert "Library of bob" in seen.text and "/skills/Users/bob/government-report" in seen.text
        assert "Users/ada" not in seen.text
        back = client.post("/users", data={"user": "", "token": token(listed)})
        assert "Library of ada" in back.text


def test_a_key_in_a_header_needs_no_login(place: Place) -> None:
    _, secret = keys.add(place.repo, "bob")
    found = httpx.get(f"{place.url}/library", headers={"authorization": f"Bearer {secret}"})
    assert "/skills/Users/bob/government-report" in found.text


LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.mark.parametrize(
    ("method", "other", "status"),
    [
        ("GET", {}, 200),
        ("GET", {"sec-fetch-dest": "iframe"}, 403),
        ("GET", {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}, 403),
        ("POST", {}, 403),
    ],
)
def test_a_link_of_another_site_leads_to_a_page_and_to_nothing_else(
    open_place: Place, method: str, other: Mapping[str, str], status: int
) -> None:
    path = "/library" if method == "GET" else "/users"
    assert httpx.request(method, open_place.url + path, headers={**LINK, **other}).status_code == status


def test_who_has_a_session_is_asked_for_no_key_where_a_link_of_another_site_led(place: Place) -> None:
    asked = httpx.get(f"{place.url}/library?tag=a", headers=LINK)
    assert asked.status_code == 200 and 'content="0; url=/library?tag=a"' in asked.text
    with visitor(place) as client:
        assert client.get("/library?tag=a", headers={**LINK, "sec-fetch-site": "same-origin"}).url.path == "/library"


def test_a_name_that_a_site_has_rebound_is_refused(open_place: Place) -> None:
    found = httpx.get(f"{open_place.url}/library", headers={"host": "evil.example"})
    assert found.status_code == 403


@pytest.mark.parametrize(
    ("path", "headers", "word"),
    [
        ("/library", {"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}, "技能库"),
        ("/library", {"accept-language": "fr, en;q=0.5, zh;q=0.1"}, "Library"),
        ("/library", {"accept-language": ";;q=x, *"}, "Library"),
        ("/library?lang=zh", {"accept-language": "en"}, "技能库"),
        ("/library?lang=xx", {"cookie": "skillgit-language=zh"}, "技能库"),
    ],
)
def test_a_page_speaks_the_visitors_language(
    open_place: Place, path: str, headers: Mapping[str, str], word: str
) -> None:
    found = httpx.get(open_place.url + path, headers=dict(headers))
    assert f"<title>{word}" in found.text


def test_a_language_that_was_asked_for_stays(open_place: Place) -> None:
    with httpx.Client(base_url=open_place.url) as client:
        client.get("/library?lang=zh")
        assert '<html lang="zh-Hans">' in client.get("/library").text


def test_every_answer_forbids_what_is_not_ours(open_place: Place) -> None:
    for path in ("/library", "/skills/none", "/static/none", "/users"):
        policy = httpx.get(open_place.url + path).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy


def test_styles_are_sent_once(open_place: Place) -> None:
    first = httpx.get(f"{open_place.url}/static/base.css")
    assert first.headers["content-type"] == "text/css; charset=utf-8"
    again = httpx.get(f"{open_place.url}/static/base.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_pages_are_left_out_where_they_are_not_wanted(tmp_path: Path) -> None:
    with serving(tmp_path, settings={"serve.web": "false"}) as place:
        assert httpx.get(f"{place.url}/library").status_code == 404
        assert httpx.get(f"{place.url}/health").status_code == 200


def test_a_server_without_an_upstream_has_pages_and_says_what_it_has_not(tmp_path: Path) -> None:
    with serving(tmp_path, lambda rules: replace(rules, upstreams=())) as place:
        assert httpx.get(f"{place.url}/library").status_code == 200
        asked = httpx.post(f"{place.v1}/chat/completions", json={"messages": []})
        assert asked.status_code == 503 and "start the server with --upstream" in asked.text
        assert "upstream" not in httpx.get(f"{place.url}/health", timeout=30).json()["checks"]
