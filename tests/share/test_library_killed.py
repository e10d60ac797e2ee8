"""A library that is being fetched or updated when its process is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from skillgit.git import submodule
from skillgit.git.repo import Repo
from tests.conftest import Run
from tests.git.place import git
from tests.share.test_library import acme, added, published, repo, text

__all__ = ["acme", "repo"]

_KILLED = """if True:
    import os, signal, sys
    from pathlib import Path
    from skillgit.git.alone import at_libraries
    from skillgit.git.repo import Repo
    with at_libraries(Repo.open(Path(sys.argv[1]))):
        Path(sys.argv[2]).touch()
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("name", ["config.lock", "packed-refs.lock", "refs/remotes/origin/main.lock"])
def test_a_lock_that_a_killed_update_left_in_a_store_is_no_hindrance(
    repo: Repo, acme: Path, cli: Run, name: str
) -> None:
    added(repo, acme)
    git("config", "core.symlinks", "true", cwd=submodule.store(repo, "Common/acme"))
    lock = submodule.store(repo, "Common/acme") / name
    killed = subprocess.run([sys.executable, "-c", _KILLED, repo.directory, lock], check=False)
    assert killed.returncode == -signal.SIGKILL and lock.exists()
    published(acme, {"skills/new/SKILL.md": text("new")})
    assert "added Common/acme/skills/new" in cli("library", "update", "acme", cwd=repo.directory).out
    assert not lock.exists()
    assert git("config", "core.symlinks", cwd=submodule.store(repo, "Common/acme")) == "false"
