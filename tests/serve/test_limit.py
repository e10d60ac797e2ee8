"""How often a user may ask, of all processes of a server together."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import patch

import pytest

from skillgit.serve import audit
from skillgit.serve.limit import Limit
from skillgit.serve.problem import Problem

HARRY = """
import sys
from pathlib import Path
from skillgit.serve.limit import Limit
from skillgit.serve.problem import Problem
limit, taken = Limit(60, Path(sys.argv[1])), 0
for _ in range(60):
    try:
        limit.count("ada")
    except Problem:
        continue
    taken += 1
print(taken)
"""


def test_a_user_has_so_many_a_minute_and_each_a_bucket() -> None:
    limit = Limit(3)
    for user in ("ada", "ada", "ada", "bob"):
        limit.count(user)
    with pytest.raises(Problem) as refused:
        limit.count("ada")
    assert refused.value.status == 429
    assert refused.value.wait == pytest.approx(20, abs=0.5)
    limit.count("bob")


@pytest.mark.parametrize(("seconds", "taken"), [(10, 0), (20, 1), (45, 2), (600, 3), (-600, 0)])
def test_a_bucket_fills_up_again_over_a_minute(seconds: float, taken: int) -> None:
    limit = Limit(3)
    for _ in range(3):
        limit.count("ada")
    now = time.time() + seconds
    with patch("time.time", lambda: now):
        for _ in range(taken):
            limit.count("ada")
        with pytest.raises(Problem):
            limit.count("ada")


def test_no_limit_is_none() -> None:
    limit = Limit(None)
    for _ in range(1000):
        limit.count("ada")


def test_processes_of_one_repository_have_the_buckets_in_common(tmp_path: Path) -> None:
    words = [sys.executable, "-c", HARRY, str(tmp_path / "private" / "rate.db")]
    running = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    taken = sum(int(each.communicate(timeout=60)[0]) for each in running)
    assert 60 <= taken <= 66  # what comes back while they run


@pytest.mark.parametrize("content", [b"garbage", b"SQLite format 3\0" + b"x" * 5000], ids=["other", "torn"])
def test_a_file_that_is_none_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rate.db").write_bytes(content)
    limit = Limit(1, tmp_path / "rate.db")
    limit.count("ada")
    with pytest.raises(Problem):
        limit.count("ada")


def test_where_nothing_can_be_counted_requests_go_on_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "rate.db").mkdir()
    with caplog.at_level("INFO", audit.__name__.removesuffix(".audit")):
        Limit(1, tmp_path / "rate.db").count("ada")
    assert "a request is not counted" in caplog.text
