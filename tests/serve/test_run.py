"""`skillgit serve` as its user meets it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from skillgit.serve import keys
from skillgit.serve.server import rules
from tests.conftest import Run
from tests.git.place import git
from tests.serve.place import REPORT, chat, library, until
from tests.serve.upstream import Up, upstream


@contextmanager
def served(where: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A `skillgit serve`, and the address that it says."""
    command = [sys.executable, "-m", "skillgit", "serve", "--port", "0", *words]
    with subprocess.Popen(command, cwd=where, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().removeprefix("serving on ").strip()
        finally:
            process.terminate()
            process.communicate(timeout=30)


@pytest.fixture
def up() -> Iterator[Up]:
    with upstream() as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_serves_until_it_is_told_to_end(tmp_path: Path, up: Up, workers: str) -> None:
    repo = library(tmp_path / "repo")
    with served(repo.directory, "--upstream", up.url, "--workers", workers) as (process, url):
        with httpx.Client(base_url=url, transport=httpx.HTTPTransport(retries=3)) as client:
            answer = client.post("/v1/chat/completions", content=chat(REPORT), timeout=20).raise_for_status()
            assert client.get("/health", timeout=20).json()["ok"]
        assert answer.headers["skillgit-skills"] == "Users/ada/government-report@0.1.0"
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert process.returncode in (0, -signal.SIGTERM)
    assert f"note: requests go to {up.url}, with the client's key" in said
    assert "note: no key is needed, and only this machine is served" in said
    (line,) = [json.loads(line) for line in said.splitlines() if "chat/completions" in line]
    assert (line["status"], line["user"], line["job"]) == (200, "ada", answer.headers["skillgit-job"])
    assert REPORT not in said
    assert not re.search("Traceback|Warning", said)


def below(pid: int) -> list[int]:
    """The processes that a process has started, and those that these have."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [each for child in map(int, found) for each in (child, *below(child))]


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_its_processes_go_with_it_even_when_it_is_killed(tmp_path: Path, up: Up) -> None:
    repo = library(tmp_path / "repo")
    with served(repo.directory, "--upstream", up.url, "--workers", "2") as (process, url):
        with httpx.Client(transport=httpx.HTTPTransport(retries=3)) as client:
            client.get(f"{url}/health", timeout=20)
        processes = below(process.pid)
        assert processes
        process.kill()
        process.communicate(timeout=30)
    until(lambda: not any(map(lives, processes)))


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "there is no upstream to send requests to"),
        (("--upstream", "opnai"), 2, "did you mean 'openai'?"),
        (("--upstream", "openai", "--upstream", "glm"), 2, "of two upstreams one has to be 'anthropic'"),
        (("--upstream", "openai", "--upstream", "anthropic", "--upstream", "http://x"), 2, "of two upstreams"),
        (("--upstream", "openai-compatible"), 2, "name the upstream as https://HOST/v1"),
        (("--upstream", "http://u:p@x/v1"), 2, "has a user or a password in it"),
        (("--upstream", "http://x", "--host", "0.0.0.0"), 2, "without a key only this machine is served"),
        (("--upstream", "http://x", "--port", "70000"), 2, "70000"),
    ],
    ids=str,
)
def test_what_it_cannot_do_is_said(tmp_path: Path, cli: Run, words: tuple[str, ...], code: int, said: str) -> None:
    repo = library(tmp_path / "repo")
    done = cli("serve", *words, cwd=repo.directory)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_a_port_that_is_taken_is_said(tmp_path: Path, cli: Run) -> None:
    repo = library(tmp_path / "repo")
    keys.add(repo, "ada")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = cli("serve", "--upstream", "http://x", "--port", str(port), cwd=repo.directory)
    assert done.code == 128
    assert f"fatal: cannot listen on 127.0.0.1:{port}: address already in use\n" in done.err


def test_the_upstream_is_that_of_the_model_where_none_is_named(tmp_path: Path) -> None:
    repo = library(tmp_path / "repo")
    git("config", "skillgit.model", "ollama/qwen3:8b", cwd=repo.directory)
    (found,) = rules(repo).upstreams
    assert found.at("/v1/models") == "http://127.0.0.1:11434/v1/models"
    git("config", "skillgit.model", "custom/any", cwd=repo.directory)
    git("config", "skillgit.model-url", "https://gateway.example/v1", cwd=repo.directory)
    (found,) = rules(repo).upstreams
    assert found.at("/v1/models") == "https://gateway.example/v1/models"
    git("config", "skillgit.serve.upstream", "https://models.example/paas/v4", cwd=repo.directory)
    (found,) = rules(repo).upstreams
    assert found.at("/v1/models/x") == "https://models.example/paas/v4/models/x"
