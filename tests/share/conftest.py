"""A remote and two clones of it, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.share.hub import hub
from tests.share.shelf import shelf


@pytest.fixture(scope="session")
def remote_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("remote") / "place"


@pytest.fixture
def place(remote_pattern: Path, tmp_path: Path) -> Path:
    """A directory with a bare remote `hub.git` and its clones `here` and `there`, all at the same commit."""
    if not remote_pattern.exists():
        remote_pattern.mkdir()
        hub(remote_pattern)
    return Path(shutil.copytree(remote_pattern, tmp_path / "place", symlinks=True))


@pytest.fixture(scope="session")
def shelf_pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture
def shelved(shelf_pattern: Path, tmp_path: Path) -> Path:
    """The repository of `tests.share.shelf`."""
    if not (shelf_pattern / "skills").exists():
        shelf(shelf_pattern)
    return Path(shutil.copytree(shelf_pattern / "skills", tmp_path / "skills", symlinks=True))
