"""The scripted users."""

from __future__ import annotations

from collections import Counter

import pytest

from skillgit.trial.scenario import FAMILIES, Family, cases


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_family_has_all_that_a_trial_needs(family: Family) -> None:
    assert family.later and family.taught
    assert len(set(family.topics)) == 4
    assert bool(family.rules) == bool(family.corrected)
    assert any("{topic}" in text for text in (*family.taught, *family.later))
    said = " ".join(family.taught + family.corrected).lower()
    assert all(any(word.lower() in said for word in words) for words in family.rules)
    asked = " ".join(family.later).lower()
    assert not any(word.lower() in asked for words in family.rules for word in words), "the task gives a rule away"


def test_the_same_seed_gives_the_same_cases_and_another_one_others() -> None:
    assert cases(runs=30, seed=1) == cases(runs=30, seed=1) != cases(runs=30, seed=2)


@pytest.mark.parametrize("runs", [1, 12, 13, 48, 100])
def test_every_family_and_topic_comes_before_one_comes_again(runs: int) -> None:
    drawn = cases(runs=runs, seed=3)
    assert len(drawn) == runs
    for counts in (Counter(each.family for each in drawn), Counter((each.family, each.topic) for each in drawn)):
        assert max(counts.values()) - min(counts.values()) <= 1
    assert len({each.family for each in drawn}) == min(runs, len(FAMILIES))


def test_both_kinds_are_there_in_fair_numbers() -> None:
    teaching = sum(each.teaches for each in cases(runs=48, seed=0))
    assert 0.4 <= teaching / 48 <= 0.7
