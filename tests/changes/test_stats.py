"""How a library grew, counted by days, weeks or months, and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from skillgit.changes.chart import svg
from skillgit.changes.chronicle import Chronicle, Step, follow, steps
from skillgit.changes.stats import stats, tallies
from skillgit.git.history import Revision
from skillgit.git.message import Action, Decision
from tests.changes.library import PDF, RELEASE, REPORT, add, head, library
from tests.git.place import git

FIRST = date(2026, 1, 1)


def made(action: Action, skill: str, *, after: int, reason: str | None = None, was: str | None = None) -> Revision:
    version = None if action in ("remove", "reject") else "0.1.0"
    decision = Decision(action, f"Users/{skill}", "x", after=version, reason=reason, was=was)
    return Revision("0" * 40, (), "Ada", f"{FIRST + timedelta(days=after)}T10:00:00Z", "x", decision)


def newest_first(*revisions: Revision) -> Iterator[Step]:
    return steps(reversed(revisions))


@pytest.mark.parametrize(
    ("days", "starts"),
    [
        ((0, 1, 30), ["2026-01-01", "2026-01-02", "2026-01-31"]),
        ((0, 1, 40), ["2025-12-29", "2026-02-09"]),
        ((0, 40, 400), ["2026-01-01", "2026-02-01", "2027-02-01"]),
    ],
    ids=["days", "weeks", "months"],
)
def test_a_longer_span_is_told_by_longer_periods(days: tuple[int, ...], starts: list[str]) -> None:
    told = stats(newest_first(*(made("add", f"ada/s{n}", after=n) for n in days)))
    assert [period.start for period in told.periods] == starts
    assert sum(sum(period.actions.values()) for period in told.periods) == len(days)


def test_skills_are_counted_through_moves_and_removals() -> None:
    told = stats(
        newest_first(
            made("add", "ada/one", after=0),
            made("import", "bob/two", after=1),
            made("move", "ada/three", after=2, was="Users/ada/one"),
            made("tidy", "ada/three", after=3),
            made("reject", "ada/three", after=4),
            made("remove", "bob/two", after=5),
        )
    )
    assert [period.skills for period in told.periods] == [1, 2, 2, 2, 2, 1]


def test_what_was_before_a_day_counts_for_the_skills_alone() -> None:
    history = [made("add", "ada/one", after=0), made("add", "ada/two", after=300), made("merge", "ada/two", after=301)]
    told = stats(newest_first(*history), since=FIRST + timedelta(days=300))
    assert [(period.start, dict(period.actions), period.skills) for period in told.periods] == [
        ("2026-10-28", {"add": 1}, 2),
        ("2026-10-29", {"merge": 1}, 2),
    ]


def test_what_changed_a_skill_is_counted_under_its_last_name() -> None:
    history = [
        made("add", "ada/one", after=0),
        made("merge", "ada/one", after=1),
        made("discard", "ada/one", after=2),
        made("move", "ada/two", after=3, was="Users/ada/one"),
        made("merge", "ada/two", after=4),
        made("add", "ada/gone", after=5),
        made("remove", "ada/gone", after=6),
    ]
    told = tallies(newest_first(*history))
    assert {path: (each.changes, each.merges) for path, each in told.items()} == {"Users/ada/two": (4, 2)}
    assert told["Users/ada/two"].last == FIRST + timedelta(days=4)
    since = tallies(newest_first(*history), since=FIRST + timedelta(days=4))
    assert {path: (each.changes, each.merges) for path, each in since.items()} == {"Users/ada/two": (1, 1)}
    assert tallies(newest_first(*history), since=FIRST + timedelta(days=9)) == {}


def test_a_chronicle_follows_its_history_and_begins_anew_where_that_was_set_back(tmp_path: Path) -> None:
    repo = library(tmp_path)
    first = follow(repo, Chronicle(), head(repo))
    assert [step.path for step in first.steps] == [PDF, REPORT, RELEASE]
    assert follow(repo, first, head(repo)) is first
    add(repo, "Users/ada/later")
    second = follow(repo, first, head(repo))
    assert [step.path for step in second.steps] == ["Users/ada/later", PDF, REPORT, RELEASE]
    assert second.steps[1] is first.steps[0], "what is known is not read again"
    git("reset", "-q", "--hard", "HEAD~2", cwd=tmp_path)
    assert [step.path for step in follow(repo, second, head(repo)).steps] == [REPORT, RELEASE]
    assert follow(repo, Chronicle("0" * 40, second.steps), head(repo)).tip == head(repo)
    assert follow(repo, second, None) == Chronicle()


def test_discards_are_counted_by_the_kind_of_their_reason_and_merges_by_skill() -> None:
    history = [
        made("add", "ada/one", after=0),
        made("discard", "ada/one", after=0, reason="already covered by ada/one"),
        made("discard", "ada/one", after=0, reason="already covered by bob/two"),
        made("discard", "ada/one", after=0),
        made("merge", "ada/one", after=0),
    ]
    told = stats(newest_first(*history))
    assert told.discards == (("already covered", 2), ("no reason given", 1))
    assert told.merges == (("ada/one", 1),)
    assert stats(newest_first(*history), user="bob").periods == ()


@pytest.mark.parametrize("count", [0, 1, 60], ids=["none", "one", "many"])
def test_the_picture_is_well_formed_and_has_each_decision(count: int) -> None:
    told = stats(newest_first(*(made("merge", "ada/one", after=n) for n in range(count))))
    drawn = ElementTree.fromstring(svg(told))
    said = [text for each in drawn.iter("{http://www.w3.org/2000/svg}title") if (text := each.text or "")]
    assert said[0] == f"{count} decisions"
    assert sum(int(text.split()[1]) for text in said[1:]) == count
