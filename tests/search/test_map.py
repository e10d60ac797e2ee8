"""Skills on a map: inside it, none on another, the same each time, and what changed most first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import dist
from pathlib import Path

import pytest

from skillgit.changes.stats import Tally
from skillgit.search.index import Index
from skillgit.search.map import MOST, draw, group
from tests.search.library import Blobs, library

DAY = date(2026, 1, 1)


def tallies(**changes: int) -> Mapping[str, Tally]:
    return {f"Users/ada/{name}": Tally(count, count // 2, DAY) for name, count in changes.items()}


@pytest.fixture
def skills(tmp_path: Path) -> dict[str, str]:
    blobs = Blobs()
    skills = library(blobs, ("a release checklist", "the checklist of a release", "brewing tea", "数据清洗流程"))
    Index.open(tmp_path).sync(skills, blobs.read)
    return skills


def test_what_changed_most_is_first_and_largest(tmp_path: Path, skills: dict[str, str]) -> None:
    drawn = draw(tmp_path, skills, tallies(s2=9, s3=2), None)
    assert [spot.path[-2:] for spot in drawn.spots] == ["s2", "s3", "s0", "s1"]
    assert [(spot.changes, spot.merges) for spot in drawn.spots] == [(9, 4), (2, 1), (0, 0), (0, 0)]
    first, second, third, fourth = (spot.radius for spot in drawn.spots)
    assert first > second > third == fourth
    assert [(link.one, link.other) for link in drawn.links] == [(2, 3)]
    assert (drawn.left_out, drawn.unseen) == (0, 0)


def test_all_is_inside_and_nothing_on_another_and_each_time_the_same(tmp_path: Path, skills: dict[str, str]) -> None:
    drawn = draw(tmp_path, skills, tallies(s0=400, s1=30), None)
    for spot in drawn.spots:
        assert spot.radius < spot.x < drawn.width - spot.radius
        assert spot.radius < spot.y < drawn.height - spot.radius
        others = [other for other in drawn.spots if other is not spot]
        assert all(dist((spot.x, spot.y), (other.x, other.y)) > spot.radius + other.radius for other in others)
    assert draw(tmp_path, dict(reversed(skills.items())), tallies(s0=400, s1=30), None) == drawn


def test_a_large_library_is_bounded_and_says_what_is_left_out(tmp_path: Path) -> None:
    known = {f"Users/ada/{'long-' * 12}{number}": f"{number:040x}" for number in range(MOST + 7)}
    drawn = draw(tmp_path, known, {}, None)
    assert (len(drawn.spots), drawn.left_out, drawn.unseen) == (MOST, 7, MOST)
    assert all(len(spot.label.text) <= 28 for spot in drawn.spots)
    assert 0 < sum(spot.label.fits for spot in drawn.spots) <= 40


def test_no_skills_are_an_empty_map(tmp_path: Path) -> None:
    drawn = draw(tmp_path, {}, {}, None)
    assert (drawn.spots, drawn.links) == ((), ())
    assert drawn.width > 0


@pytest.mark.parametrize(
    ("path", "said"), [("Users/ada/x", ""), ("Common/x", "Common"), ("Common/acme/x", "acme"), ("Common/a/b/x", "a")]
)
def test_a_skill_is_its_users_or_everybodys_or_a_librarys(path: str, said: str) -> None:
    assert group(path) == said
