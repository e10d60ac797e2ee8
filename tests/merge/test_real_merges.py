"""The ladder on recorded merges of public repositories; benchmarks/merge.py prints all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from skillgit.errors import SkillgitError
from skillgit.merge.ladder import accept
from skillgit.skills.document import parse
from tests.merge.three import merged

pytestmark = pytest.mark.slow


def versions(data: Path, name: str) -> Iterator[tuple[bytes, bytes, bytes, bytes]]:
    """Base, ours, theirs and what was recorded, of each merge."""
    for row in json.loads((data / "merges" / f"{name}.dev.json").read_bytes()):
        base, ours, theirs, recorded = (row[key].encode() for key in ("base", "ours", "theirs", "resolution"))
        yield base, ours, theirs, recorded


def test_what_git_merges_cleanly_is_gits_byte_for_byte(data: Path) -> None:
    cases = list(versions(data, "clean_skill"))
    for *sides, recorded in cases:
        result = merged(sides[0], sides[1], sides[2])
        assert (result.clean, result.content) == (True, recorded)
    assert len(cases) > 50


def test_half_of_the_clean_merges_that_people_corrected_come_with_a_warning(data: Path) -> None:
    cases = list(versions(data, "clean_but_human_changed"))
    warned = [bool(merged(*sides).warnings) for *sides, _ in cases]
    assert sum(warned) >= len(cases) / 2


@pytest.mark.parametrize("name", ["conflicts_skill", "conflicts_md"])
def test_what_is_committed_without_asking_is_right_nine_times_in_ten(data: Path, name: str) -> None:
    clean = [
        result.content == recorded for *sides, recorded in versions(data, name) if (result := merged(*sides)).clean
    ]
    assert sum(clean) >= 0.9 * len(clean)


def test_proposals_are_right_as_often_as_the_words_and_break_nothing(data: Path) -> None:
    right, total = 0, 0
    for base, ours, theirs, recorded in versions(data, "conflicts_skill"):
        text = accept(merged(base, ours, theirs))
        assert b"<<<<<<<" in text or _reads(text) or not (_reads(ours) and _reads(theirs))
        right, total = right + (text == recorded), total + 1
    assert right >= 0.138 * total


def _reads(data: bytes) -> bool:
    try:
        parse(data)
    except SkillgitError:
        return False
    return True
