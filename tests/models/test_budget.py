"""What may be used of a model: by a process, and in a day by all that count in one file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from skillgit.errors import ModelError
from skillgit.models.budget import Budget, DailyBudget


@pytest.fixture(params=[Budget, DailyBudget])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[type[Budget]]:
    """Each kind of budget, made of its limit alone."""
    yield (
        request.param
        if request.param is Budget
        else type(
            "Daily",
            (DailyBudget,),
            {"__init__": lambda self, limit: DailyBudget.__init__(self, tmp_path / "t.db", limit)},
        )
    )


def test_what_is_left_may_be_used(kind: type[Budget]) -> None:
    budget = kind(10)
    budget.check()
    budget.spend(9)
    budget.check()
    budget.spend(5)
    assert (budget.spent, budget.is_used_up) == (14, True)
    with pytest.raises(ModelError, match="the budget of 10 tokens is used up"):
        budget.check()


def test_without_a_limit_it_only_counts(kind: type[Budget]) -> None:
    budget = kind(None)
    budget.spend(10**9)
    budget.check()
    assert (budget.spent, budget.is_used_up) == (10**9, False)


def test_nothing_is_lost_where_many_count_at_once(kind: type[Budget]) -> None:
    budget = kind(None)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(budget.spend, [1] * 100))
    assert budget.spent == 100


def test_a_day_is_shared_and_the_next_one_is_new(tmp_path: Path) -> None:
    file = tmp_path / "private" / "tokens.db"
    one, other = DailyBudget(file, 10), DailyBudget(file, 10)
    one.spend(10)
    assert other.is_used_up
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE spent SET day = '2026-01-01'")
    assert (one.spent, other.is_used_up) == (0, False)


def test_where_it_cannot_be_counted_no_model_is_asked(tmp_path: Path) -> None:
    (tmp_path / "tokens.db").write_bytes(b"no database, whatever its name says")
    with pytest.raises(ModelError, match="cannot count tokens"):
        DailyBudget(tmp_path / "tokens.db", 10).check()
