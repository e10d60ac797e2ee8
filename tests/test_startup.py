"""What a command may import before it does its work; the times themselves are in benchmarks/startup.py."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from skillgit.cli.app import COMMANDS

HEAVY = {"hnswlib", "httpx", "numpy", "pydantic", "pygit2", "rich", "ruamel", "semver"}
OUR_COMMANDS = {f"skillgit.cli.{row.module}" for row in COMMANDS}

BUDGETS = {  # the words, what they must not import
    "--version": HEAVY | {"typer", "typing", "skillgit.cli"},
    "--help": HEAVY | OUR_COMMANDS,
    "list --help": HEAVY - {"pygit2", "ruamel", "semver"} | OUR_COMMANDS - {"skillgit.cli.list_"},
    "models": HEAVY - {"pygit2", "ruamel", "semver"} | OUR_COMMANDS - {"skillgit.cli.models"},
    "list": HEAVY - {"pygit2", "ruamel", "semver"} | OUR_COMMANDS - {"skillgit.cli.list_"},
}


@pytest.mark.parametrize(("words", "unwanted"), BUDGETS.items(), ids=BUDGETS.keys())
def test_a_command_imports_no_library_it_does_not_need(words: str, unwanted: set[str]) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    assert imported(words.split()) & unwanted == set()


def imported(words: list[str]) -> set[str]:
    """Every module that `skillgit WORDS...` imports, by its full name."""
    command = [sys.executable, "-X", "importtime", "-m", "skillgit", *words]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    names = set(re.findall(r"^import time:.*\| +(\S+)$", told, flags=re.MULTILINE))
    assert "skillgit" in names
    return names
