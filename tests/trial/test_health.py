"""`skillgit health`: what it says of a server that is well, and of one that is not."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping

import pytest

from skillgit.serve import keys
from skillgit.trial.health import CHECKS
from tests.conftest import Result, Run
from tests.serve.place import Place, serving
from tests.serve.upstream import listening, upstream

EMBEDDER = ("--embedder", "small")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("health")) as made:
        yield made


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("closed")) as made:
        keys.add(made.repo, "ada")
        yield made


def verdicts(result: Result) -> dict[str, bool]:
    rows = [json.loads(line) for line in result.out.splitlines()]
    return {row["name"]: row["passed"] for row in rows}


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/"])
def test_a_server_that_is_well_passes_every_check(place: Place, cli: Run, end: str) -> None:
    before = place.repo.tip("HEAD")
    answer = cli("health", place.url + end, *EMBEDDER, "--json")
    assert (answer.code, verdicts(answer)) == (0, dict.fromkeys(CHECKS, True)), answer.out + answer.err
    assert place.repo.tip("HEAD") == before


def test_a_check_is_a_line(place: Place, cli: Run) -> None:
    answer = cli("health", place.url, *EMBEDDER)
    assert [line.split()[:2] for line in answer.out.splitlines()] == [["ok", name] for name in CHECKS]


def test_a_check_can_be_left_out(place: Place, cli: Run) -> None:
    answer = cli("health", place.url, "--skip", "embeddings", "--skip", "extraction", "--json")
    assert (answer.code, len(verdicts(answer))) == (0, 6)
    assert cli("health", place.url, "--skip", "teeth").code == 2


@pytest.mark.parametrize(
    ("model", "failing"),
    [
        ("fails-500", {"chat", "stream"}),
        ("breaks", {"chat", "stream"}),
        ("calls", {"chat"}),
    ],
)
def test_what_does_not_work_fails_and_says_why(place: Place, cli: Run, model: str, failing: set[str]) -> None:
    answer = cli("health", place.url, *EMBEDDER, "--model", model)
    failed = {line.split()[1]: line for line in answer.out.splitlines() if line.startswith("FAIL")}
    assert (answer.code, set(failed)) == (1, failing)
    assert all(len(line.split()) > 2 for line in failed.values())


def test_a_server_with_keys_needs_one(closed: Place, cli: Run) -> None:
    assert verdicts(cli("health", closed.url, *EMBEDDER, "--json")) == {name: name == "health" for name in CHECKS}
    given = {"SKILLGIT_KEY": keys.add(closed.repo, "ada")[1]}
    assert cli("health", closed.url, *EMBEDDER, env=given).code == 0


def test_the_key_of_the_upstream_goes_there_and_the_servers_own_does_not(closed: Place, cli: Run) -> None:
    own = keys.add(closed.repo, "ada")[1]
    cli("health", closed.url, *EMBEDDER, env={"SKILLGIT_KEY": own, "SKILLGIT_UPSTREAM_KEY": "sk-theirs"})
    assert closed.up.last.header("authorization") == "Bearer sk-theirs"
    assert own not in str([request.headers for request in closed.up.requests])


def test_where_nobody_listens_every_check_fails(cli: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as place:
        port = place.getsockname()[1]
    answer = cli("health", f"http://127.0.0.1:{port}", "--json")
    assert (answer.code, verdicts(answer)) == (1, dict.fromkeys(CHECKS, False))
    assert cli("health", "http://[").code == 2


def test_a_server_that_is_none_of_ours_is_told_apart(cli: Run) -> None:
    with upstream() as up:
        found = verdicts(cli("health", up.url, *EMBEDDER, "--json"))
    assert found["models"] and found["chat"]
    assert not found["health"] and not found["capabilities"] and not found["extraction"]


async def gibberish(scope: object, receive: object, send: object) -> None:
    """A server that answers 200 and nothing that makes sense."""
    if isinstance(scope, Mapping) and scope["type"] == "http" and callable(send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b"<h1>[[[[\xff"})


def test_answers_that_make_no_sense_are_failures(cli: Run) -> None:
    with listening(gibberish) as url:
        answer = cli("health", url, "--json")
    assert (answer.code, verdicts(answer)) == (1, dict.fromkeys(CHECKS, False))


def test_it_needs_no_repository_and_speaks_into_a_pipe(place: Place) -> None:
    command = ["skillgit", "health", place.url, *EMBEDDER]
    done = subprocess.run(
        command, cwd="/", env=os.environ | {"LC_ALL": "C"}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, "", 8)
