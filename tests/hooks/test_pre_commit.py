"""Beside the pre-commit framework: under it, before it and after it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from skillgit.git import hooks
from skillgit.git.repo import Repo
from tests.changes.library import RELEASE, library
from tests.conftest import ROOT
from tests.git.place import git
from tests.hooks.test_install import everything, written

FILE = f"{RELEASE}/SKILL.md"
OFFERED = ROOT / ".pre-commit-hooks.yaml"

pytest.importorskip("pre_commit", reason="the pre-commit package is not installed")


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library whose `.pre-commit-config.yaml` has one hook, which notes that it ran."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    library(tmp_path / "lib")
    configured(tmp_path / "lib", {"id": "note", "name": "note", "entry": "sh -c 'echo ran >>.git/ran'"})
    return tmp_path / "lib"


def configured(top: Path, *rows: dict[str, object]) -> None:
    """A configuration of these hooks, from programs that are there."""
    mine = [{**row, "language": "system"} for row in rows]
    (top / ".pre-commit-config.yaml").write_text(json.dumps({"repos": [{"repo": "local", "hooks": mine}]}))
    git("add", ".pre-commit-config.yaml", cwd=top)
    git("commit", "-qm", "configured", "--no-verify", cwd=top)


def pre_commit(top: Path, *words: str) -> None:
    subprocess.run([sys.executable, "-m", "pre_commit", *words], cwd=top, check=True, capture_output=True)


def tagged(top: Path, rule: str = "- Tag it.\n") -> str:
    """The subject of the newest commit, after one of an edit by hand."""
    with (top / FILE).open("a") as out:
        out.write(rule)
    done = subprocess.run(["git", "commit", "-qam", "tag it"], cwd=top, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return git("log", "-1", "--format=%s", cwd=top)


def test_what_is_offered_is_well_formed() -> None:
    subprocess.run([sys.executable, "-m", "pre_commit", "validate-manifest", OFFERED], check=True, capture_output=True)


def test_under_the_framework_the_hooks_do_what_they_do_alone(top: Path) -> None:
    configured(top, *YAML(typ="safe").load(OFFERED))
    pre_commit(top, "install", "-t", "pre-commit", "-t", "commit-msg")
    assert tagged(top) == "edit(ada/release): tag it (0.1.0 -> 0.1.1)"
    assert git("status", "--short", cwd=top) == ""


@pytest.mark.parametrize("order", ["before", "after", "before and after"])
def test_both_run_whichever_came_first_and_ours_goes_without_a_trace(order: str, top: Path) -> None:
    if "before" in order:
        pre_commit(top, "install")
    before = everything(top / ".git/hooks")
    hooks.install(Repo.open(top), hooks.LOCAL)
    if "after" in order:
        pre_commit(top, "install")
    assert tagged(top) == "edit(ada/release): tag it (0.1.0 -> 0.1.1)"
    assert (top / ".git/ran").read_text() == "ran\n"
    hooks.uninstall(Repo.open(top))
    if order == "after":
        pre_commit(top, "uninstall")
    assert everything(top / ".git/hooks") == before


def test_a_hook_of_the_users_a_framework_and_ours_all_run(top: Path) -> None:
    written(top / ".git/hooks/pre-commit", "#!/bin/sh\necho mine >>.git/ran\n")
    hooks.install(Repo.open(top), hooks.LOCAL)
    pre_commit(top, "install")
    assert tagged(top) == "edit(ada/release): tag it (0.1.0 -> 0.1.1)"
    assert (top / ".git/ran").read_text() == "mine\nran\n"
    pre_commit(top, "uninstall")
    hooks.uninstall(Repo.open(top))
    assert list((top / ".git/hooks").glob("pre-commit.[!s]*")) == []
    assert (top / ".git/hooks/pre-commit").read_text() == "#!/bin/sh\necho mine >>.git/ran\n"
