"""The benchmark of a year of use measures a repository such as skillgit itself would have made."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.year import build
from skillgit.doctor.examine import examine
from skillgit.git.repo import Repo
from tests.git.place import git, sound


@pytest.mark.slow
def test_a_small_year_has_nothing_wrong_with_it(tmp_path: Path) -> None:
    top = tmp_path / "year.git"
    skill = build(top, 60)
    assert int(git("rev-list", "--count", "HEAD", cwd=top)) == 61
    assert f"Users/{skill}" in Repo.open(top).skills(git("rev-parse", "HEAD", cwd=top))
    assert list(examine(top, full=True)) == []
    sound(top)
