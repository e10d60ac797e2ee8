"""`skillgit web` as its user meets it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from skillgit.serve import keys
from tests.conftest import Run
from tests.serve.place import library


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_shows_the_pages_without_an_upstream_until_it_is_told_to_end(tmp_path: Path, workers: str) -> None:
    repo = library(tmp_path / "repo")
    _, secret = keys.add(repo, "ada")
    command = [sys.executable, "-m", "skillgit", "web", "--port", "0", "--workers", workers, "--no-open"]
    with subprocess.Popen(
        command, cwd=repo.directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("serving on ").strip()
        with httpx.Client(base_url=url, transport=httpx.HTTPTransport(retries=3), follow_redirects=True) as client:
            client.post("/login", data={"key": secret}, timeout=20)
            seen = [client.get("/library", timeout=20) for _ in range(6)]
            checks = client.get("/health", timeout=20).json()["checks"]
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert process.returncode in (0, -signal.SIGTERM)
    assert all("/skills/Users/ada/government-report" in each.text for each in seen), "every process knows the session"
    assert set(checks.values()) == {"ok"} and "upstream" not in checks
    assert "Traceback" not in said and secret not in said


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--host", "0.0.0.0"), 2, "without a key only this machine is served"),
        (("--upstream", "opnai"), 2, "did you mean 'openai'?"),
        (("--port", "70000"), 2, "70000"),
    ],
    ids=str,
)
def test_what_it_cannot_do_is_said(tmp_path: Path, cli: Run, words: tuple[str, ...], code: int, said: str) -> None:
    repo = library(tmp_path / "repo")
    done = cli("web", *words, cwd=repo.directory)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_a_port_that_is_taken_is_said(tmp_path: Path, cli: Run) -> None:
    repo = library(tmp_path / "repo")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = cli("web", "--port", str(port), cwd=repo.directory)
    assert done.code == 128 and "address already in use" in done.err


def test_an_extra_that_is_missing_is_named(tmp_path: Path, run: Run) -> None:
    repo = library(tmp_path / "repo")
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "jinja2.py").write_text("raise ModuleNotFoundError('no jinja2 here', name='jinja2')\n")
    done = run("web", "--port", "0", cwd=repo.directory, env={"PYTHONPATH": str(hidden)})
    assert (done.code, done.out) == (2, "")
    assert "error: cannot show pages\nhint: pip install 'skillgit[web]'" in done.err
