"""The world the tests run in is sealed."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pygit2
import pytest

from tests.conftest import Run


def test_nothing_is_configured_and_the_author_and_the_moment_are_fixed(tmp_path: Path) -> None:
    told = subprocess.run(["git", "var", "GIT_AUTHOR_IDENT"], check=True, capture_output=True, text=True).stdout
    assert told == "Ada Lovelace <ada@example.com> 1767323045 +0000\n"
    assert subprocess.run(["git", "config", "--list"], check=True, capture_output=True).stdout == b""
    assert list(Path.home().iterdir()) == []
    assert Path.cwd() == tmp_path
    assert [name for name in os.environ if name.startswith("SKILLGIT_")] == ["SKILLGIT_UPKEEP"]


def test_libgit2_reads_the_sealed_home_and_no_other() -> None:
    assert list(pygit2.init_repository("quiet", bare=True).config.get_multivar("user.name")) == []
    (Path.home() / ".gitconfig").write_text("[user]\n\tname = Grace\n", encoding="utf-8")
    assert list(pygit2.init_repository("told", bare=True).config.get_multivar("user.name")) == ["Grace"]


@pytest.mark.parametrize("host", ["example.com", "192.0.2.1"])
def test_no_test_reaches_the_network(host: str) -> None:
    with pytest.raises(RuntimeError, match="reached for the network"):
        socket.create_connection((host, 80), timeout=1)


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_a_command_in_process_answers_as_one_in_its_own(run: Run, cli: Run) -> None:
    assert cli("--help") == run("--help")
    assert cli("-C", "..", "ingst") == run("-C", "..", "ingst")
