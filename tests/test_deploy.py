"""What `deploy/` holds, as far as it can be tried without a machine to deploy to."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from typing import Any

import pytest
from ruamel.yaml import YAML

from skillgit.cli.app import COMMANDS
from skillgit.config import SETTINGS, Value, complaint, row
from tests.conftest import ROOT, Run

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
UNIT = (DEPLOY / "skillgit.service").read_text()
COMPOSE: dict[str, Any] = YAML(typ="safe", pure=True).load((DEPLOY / "compose.yaml").read_text())
OURS: list[dict[str, Any]] = [each for each in COMPOSE["services"].values() if each["image"] == "skillgit"]


def commands() -> list[list[str]]:
    """Every command line of skillgit's that is run there."""
    of_image = re.findall(r"(?m)^CMD (\[.*\])", DOCKERFILE)
    of_unit = re.findall(r"(?m)^ExecStart=/usr/bin/env skillgit (.*)$", UNIT)
    of_services = [service["command"] for service in OURS]
    return [YAML(typ="safe", pure=True).load(of_image[-1]), *map(shlex.split, of_unit), *of_services]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_line_is_one_that_skillgit_understands(words: list[str], cli: Run) -> None:
    assert words[0] in [row.name for row in COMMANDS]
    told = cli(words[0], "--help").out
    assert [word for word in words if word.startswith("--") and f"{word} " not in told] == []


def test_what_the_image_copies_is_what_a_build_needs() -> None:
    kept = [line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[0] == "!"]
    assert all((ROOT / name).exists() for name in kept)
    included = re.findall(r'(?m)^"(\w+)" = "skillgit/_', (ROOT / "pyproject.toml").read_text())
    assert {"skillgit", "pyproject.toml", "README.md", "LICENSE", *included} == set(kept)


def test_the_image_runs_as_nobody_special_and_says_whether_it_is_well() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"(?m)^USER [1-9]\d*$", last)  # by number, so that a cluster sees that it is not root
    assert "HEALTHCHECK" in last
    assert "g++" not in last


def test_the_containers_get_settings_that_there_are() -> None:
    known = {"SKILLGIT_" + row.key.upper().replace(".", "_").replace("-", "_") for row in SETTINGS}
    for service in OURS:
        own = {name for name in service["environment"] if name.startswith("SKILLGIT_")}
        assert own <= known
        assert service["read_only"] is True
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_what_postgres_is_for_is_what_the_servers_are_told() -> None:
    """The addresses in the comment are those of the service, with its user and its database."""
    text = (DEPLOY / "compose.yaml").read_text()
    service = COMPOSE["services"]["postgres"]
    user = service["environment"]["POSTGRES_USER"]
    (url,) = set(re.findall(r"postgresql://\S+(?=:)", text))
    assert url == f"postgresql://{user}@postgres/{user}"
    for key in ("serve.jobs", "search.vectors"):
        assert complaint(row(key), Value(url, "x")) == ""
    assert service["environment"]["POSTGRES_PASSWORD"] == OURS[0]["environment"]["PGPASSWORD"]
    assert service["profiles"] and "ports" not in service


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_the_unit() -> None:
    command = ["systemd-analyze", "verify", str(DEPLOY / "skillgit.service")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
