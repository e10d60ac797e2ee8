"""What a forge answers, and what is made of it: refusals, limits, redirects, noise."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from skillgit.errors import ForgeError
from skillgit.models.keys import Key
from skillgit.models.retry import Patience
from skillgit.share.forge import Route, Said, Text
from skillgit.share.forge_api import RestApi
from skillgit.share.forge_home import FORGES
from tests.share import forge_apis
from tests.share.forge_apis import Reply, refuses, says
from tests.share.forges import TOKEN, Asked, Forge, forge

HURRY = Patience(connect=2, read=0.4, total=2, tries=3, first_wait=0.01, longest_wait=0.5)
ROUTE = Route("team/skills", "topic", "team/skills", "main")
KINDS = pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Forge]:
    """A forge of the kind that the test is about, GitHub by default."""
    callspec = getattr(request.node, "callspec", None)
    with forge(callspec.params.get("kind", "github") if callspec else "github", tmp_path / "srv") as running:
        running.repository("team/skills")
        yield running


def api(server: Forge, token: str = TOKEN) -> RestApi:
    """The API of a running forge."""
    kind = FORGES[server.kind]
    return RestApi(kind.api(server.url), kind, Key(token, "environment (THE_TOKEN)"), patience=HURRY)


def answers(status: int, words: object = "no", **headers: str) -> Reply:
    """A refusal; `Retry_After` stands for the header `Retry-After`."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return lambda asked: refuses(status, words, headers=named)


def look(server: Forge, token: str = TOKEN) -> None:
    """Ask for the pull requests of a route."""
    list(FORGES[server.kind].pulls(api(server, token), ROUTE))


def make(server: Forge) -> None:
    """Ask for a pull request to be opened."""
    FORGES[server.kind].create(api(server), ROUTE, Text("Title", "Body"), False)


REFUSALS = {  # status, what the forge says: what we say, and the hint
    "a bad token": (401, "Bad credentials", "Bad credentials", "environment (THE_TOKEN) is not valid"),
    "too little a token": (403, "Resource not accessible", "not accessible", "may not do that: it needs"),
    "not there": (404, "Not Found", "404 Not Found", "check the remote's address"),
    "archived": (423, "Repo is archived", "archived", "nothing can be changed"),
    "a list of words": (422, ["Title is too long", "and dull"], "Title is too long, and dull", ""),
    "fields": (400, {"title": ["is too long"]}, "title is too long", ""),
}


@KINDS
@pytest.mark.parametrize(("status", "words", "message", "hint"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_says_what_the_forge_says_and_what_to_check(
    server: Forge, kind: str, status: int, words: object, message: str, hint: str
) -> None:
    server.first = [answers(status, words)]
    with pytest.raises(Said, match=message) as caught:
        look(server)
    assert (caught.value.status, len(server.asked)) == (status, 1)
    assert f"answered {status}" in caught.value.message
    assert hint in caught.value.hint


@KINDS
def test_a_wrong_token_is_refused_and_never_shown(server: Forge, kind: str) -> None:
    server.first = [answers(401, "no such token: wr0ng-t0ken")]
    with pytest.raises(Said, match=r"no such token: \[token\]") as caught:
        look(server, "wr0ng-t0ken")
    assert "wr0ng" not in f"{caught.value!r} {caught.value.hint}"


PASSING: dict[str, Reply] = {
    "429 with the seconds": answers(429, Retry_After="0"),
    "429 with the moment": answers(429, X_RateLimit_Remaining="0", X_RateLimit_Reset="1"),
    "429 as GitLab says it": answers(429, RateLimit_Remaining="0", RateLimit_Reset="1"),
    "403 with the moment": answers(403, X_RateLimit_Remaining="0", X_RateLimit_Reset="1"),
    "403 with the seconds": answers(403, "You have exceeded a secondary rate limit", Retry_After="0"),
}


@pytest.mark.parametrize("reply", PASSING.values(), ids=PASSING.keys())
def test_a_limit_is_waited_for(server: Forge, reply: Reply) -> None:
    server.first = [reply, reply]
    server.repository("team/skills")
    with pytest.raises(Said, match="422"):  # there is no branch
        make(server)
    assert [asked.method for asked in server.asked] == ["POST"] * 3


def in_half_an_hour(asked: Asked) -> forge_apis.Said | None:
    """A refusal that says when its limit ends."""
    return answers(403, X_RateLimit_Remaining="0", X_RateLimit_Reset=str(int(time.time()) + 1800))(asked)


LIMITS: dict[str, tuple[Reply, str]] = {
    "seconds": (answers(429, Retry_After="90"), "that was too much at once; try again in 90 s"),
    "the moment": (in_half_an_hour, "that was too much at once; try again in 30 minutes"),
}


@pytest.mark.parametrize(("reply", "hint"), LIMITS.values(), ids=LIMITS.keys())
def test_a_limit_that_lasts_is_told_and_not_waited_for(server: Forge, reply: Reply, hint: str) -> None:
    server.first = [reply]
    with pytest.raises(ForgeError) as caught:
        look(server)
    assert (caught.value.hint, len(server.asked)) == (hint, 1)


@KINDS
def test_a_branch_that_the_forge_has_not_is_said_in_its_words(server: Forge, kind: str) -> None:
    with pytest.raises(Said) as caught:
        make(server)
    words = {
        "github": "field head, code invalid",
        "gitlab": "source_branch does not exist",
        "gitea": "couldn't be found",
    }
    assert words[kind] in caught.value.message


TROUBLE: dict[str, tuple[Reply, str]] = {
    "500": (answers(500), "answered 500"),
    "502, a page": (lambda asked: forge_apis.Said(502, b"<html>bad gateway"), "answered 502 Bad Gateway$"),
    "503": (answers(503), "answered 503"),
    "no answer": (lambda asked: None, "broke the connection off"),
}


@pytest.mark.parametrize(("reply", "words"), TROUBLE.values(), ids=TROUBLE.keys())
def test_trouble_is_sat_out_where_that_can_do_no_harm(server: Forge, reply: Reply, words: str) -> None:
    server.first = [reply, reply]
    look(server)
    assert len(server.asked) == 3
    server.first = [reply]
    with pytest.raises(ForgeError, match=words) as caught:
        make(server)
    assert len(server.asked) == 4  # it may have been opened all the same
    assert caught.value.hint == "nothing is lost: run it again, and what is there is found and updated"


def test_a_forge_that_does_not_answer_is_given_up(server: Forge) -> None:
    def slow(asked: object) -> None:
        time.sleep(0.8)

    server.first = [slow]
    with pytest.raises(ForgeError, match="did not answer in time"):
        make(server)


def test_a_forge_that_is_not_there_is_said(server: Forge) -> None:
    gone = RestApi("http://127.0.0.1:9", FORGES["github"], Key("x", "nowhere"), patience=HURRY)
    with pytest.raises(ForgeError, match=r"cannot reach 'http://127.0.0.1:9': connection refused"):
        gone.get("x")


def test_a_redirect_is_not_followed_and_takes_no_token_along(server: Forge, tmp_path: Path) -> None:
    with forge("github", tmp_path / "elsewhere") as other:
        server.first = [answers(301, location=f"{other.url}/api/v3/repos/team/skills/pulls")]
        with pytest.raises(Said, match="redirects to another place") as caught:
            look(server)
        assert (other.asked, other.url in caught.value.message) == ([], False)


NOISE: dict[str, Reply] = {
    "a page": lambda asked: forge_apis.Said(200, b"<html>hello"),
    "no list": lambda asked: says({"hello": 1}),
    "nothing": lambda asked: forge_apis.Said(200, b""),
    "rows without a number": lambda asked: says(
        [{"head": {"repo": {"full_name": "team/skills"}, "ref": "topic"}, "base": {"ref": "main"}}]
    ),
}


@KINDS
@pytest.mark.parametrize("reply", NOISE.values(), ids=NOISE.keys())
def test_what_is_no_answer_of_the_api_is_an_error(server: Forge, kind: str, reply: Reply) -> None:
    server.first = [reply] * 3
    with pytest.raises(ForgeError, match=r"did not answer as its API should|answered without"):
        look(server)


def test_terminal_escapes_of_a_forge_do_not_come_through(server: Forge) -> None:
    server.first = [answers(422, "\x1b[31mred\u202e\nhint: run rm")]
    with pytest.raises(Said) as caught:
        make(server)
    assert caught.value.message.endswith("Unprocessable Entity: [31mred hint: run rm")


@KINDS
def test_all_pages_of_a_list_are_read(server: Forge, kind: str) -> None:
    made = [forge_apis.Pull(n, "team/skills", f"topic-{n}", "team/skills", "main", "T", "B") for n in range(1, 121)]
    server.pulls = [*made, forge_apis.Pull(121, "team/skills", "topic", "team/skills", "main", "T", "B")]
    server.pulls.sort(key=lambda pull: pull.number == 121, reverse=True)  # so that it comes last
    found = list(FORGES[kind].pulls(api(server), ROUTE))
    assert [pull.number for pull in found] == [121]
    assert server.faults == []
