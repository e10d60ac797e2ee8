"""The sealed world every test runs in, and the ways into the command line."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from unittest.mock import patch

import pygit2
import pytest
from hypothesis import HealthCheck, settings
from pygit2.enums import ConfigLevel

from skillgit.cli.app import main
from tests.postgres import serving

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("SKILLGIT_DATA") or ROOT / "../shared/data")

KEPT = ("PATH", "TMPDIR", "PYTEST_", "PYTHONPATH", "COV_", "OPENBLAS_")
WORLD = {
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "dumb",
    "SKILLGIT_UPKEEP": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_EDITOR": "false",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_SSH_COMMAND": "false",
    "GIT_AUTHOR_NAME": "Ada Lovelace",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05+0000",
    "GIT_COMMITTER_NAME": "Ada Lovelace",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05+0000",
}

settings.register_profile(
    "skillgit", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("skillgit")


@dataclass(frozen=True, slots=True)
class Result:
    """What one command line answered."""

    code: int
    out: str
    err: str


class Run(Protocol):
    """Run `skillgit WORDS...` and answer with its exit code and output."""

    def __call__(
        self,
        *words: str | Path,
        cwd: Path | None = None,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> Result: ...


def world(home: Path) -> dict[str, str]:
    """The environment of a machine where nothing is configured and the time stands still."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]])
    xdg = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE")}
    cache = {"XDG_CACHE_HOME": str(ROOT / ".pytest_cache" / "home")}  # shared: the embedder's weights are unpacked once
    return kept | WORLD | xdg | cache | {"HOME": str(home), "PATH": path}


@pytest.fixture(autouse=True)
def sealed(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal the world: an empty home, no configuration, one author, one moment, and `tmp_path` as the directory."""
    home = tmp_path_factory.mktemp("home")
    environment = world(home)
    for name in os.environ.keys() - environment.keys():
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    for level, directory in {ConfigLevel.GLOBAL: "", ConfigLevel.XDG: "config/git", ConfigLevel.SYSTEM: "none"}.items():
        pygit2.settings.search_path[level] = str(home / directory)  # libgit2 read the environment when it was loaded


@pytest.fixture(scope="session")
def data() -> Path:
    """The shared real data; without it the test is skipped."""
    if not DATA.is_dir():
        pytest.skip("the shared data is not here: set SKILLGIT_DATA to its directory")
    return DATA


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL; without its programs the test is skipped."""
    with serving() as url:
        yield url


@pytest.fixture
def run() -> Run:
    """`skillgit` as a process of its own, as a user starts it."""

    def process(
        *words: str | Path, cwd: Path | None = None, stdin: str = "", env: Mapping[str, str] | None = None
    ) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "skillgit", *words],
            cwd=cwd,
            input=stdin.encode(),
            env={**os.environ, **(env or {})},
            capture_output=True,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return process


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch) -> Run:
    """`skillgit` within this process: the same answers, a tenth of the time, and no pager or terminal."""

    def call(
        *words: str | Path, cwd: Path | None = None, stdin: str = "", env: Mapping[str, str] | None = None
    ) -> Result:
        out, err = _stream(), _stream()
        monkeypatch.setattr(sys, "stdin", _stream(stdin))
        with patch.dict(os.environ, env or {}), chdir(cwd or Path.cwd()), redirect_stdout(out), redirect_stderr(err):
            code = main([str(word) for word in words])
        return Result(code, _text(out), _text(err))

    return call


def _stream(text: str = "") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: this process talks to loopback and to no other machine."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name not in ("localhost", "::1", "0.0.0.0", "::") and not name.startswith("127."):
        raise RuntimeError(f"a test reached for the network: {name}")


sys.addaudithook(_refuse_network)
