"""A healthy skill repository, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from skillgit.git.repo import Repo
from tests.changes.library import library
from tests.git.conftest import pattern, top

__all__ = ["pattern", "repo", "top"]


@pytest.fixture
def repo(pattern: Path, tmp_path: Path) -> Repo:
    """A repository with a work tree and three skills; it has nothing wrong with it."""
    if not pattern.exists():
        library(pattern)
    return Repo.open(Path(shutil.copytree(pattern, tmp_path / "library")))
