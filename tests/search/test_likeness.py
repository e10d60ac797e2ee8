"""How alike skills are, by what the index keeps of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillgit.search.index import Index
from skillgit.search.likeness import NEIGHBOURS, likeness, links
from tests.search.embedder import Trigrams
from tests.search.library import Blobs, library

RELEASES = ("release checklist of a project", "checklist for the release of projects", "project release checklists")
OTHERS = ("数据清洗流程与表格去重", "brewing green tea in a cup")


def indexed(directory: Path, embedder: Trigrams | None) -> dict[str, str]:
    blobs = Blobs()
    skills = library(blobs, (*RELEASES, *OTHERS))
    index = Index.open(directory, embedder)
    index.sync(skills, blobs.read)
    index.search("anything")
    return skills


@pytest.mark.parametrize("embedder", [Trigrams(), None], ids=["by vectors", "by words"])
def test_skills_about_one_thing_are_linked(tmp_path: Path, embedder: Trigrams | None) -> None:
    found = likeness(tmp_path, indexed(tmp_path, embedder), embedder)
    assert {(link.one, link.other) for link in found.links} >= {(0, 1), (0, 2), (1, 2)}
    assert found.unseen == 0
    alike = {(link.one, link.other): link.likeness for link in found.links}
    assert all(alike[0, 1] > strength for (_, other), strength in alike.items() if other >= len(RELEASES))


@pytest.mark.parametrize("embedder", [Trigrams(), None], ids=["by vectors", "by words"])
def test_what_the_index_has_not_is_unseen_and_linked_to_nothing(tmp_path: Path, embedder: Trigrams | None) -> None:
    skills = indexed(tmp_path, embedder) | {"Users/ada/new": "0" * 40}
    found = likeness(tmp_path, skills, embedder)
    assert found.unseen == 1
    assert found.links == likeness(tmp_path, indexed(tmp_path, embedder), embedder).links


@pytest.mark.parametrize("embedder", [Trigrams(), None], ids=["by vectors", "by words"])
@pytest.mark.parametrize("skills", [{}, {"Users/ada/new": "0" * 40}], ids=["no skills", "one"])
def test_an_index_that_is_not_there_says_nothing(
    tmp_path: Path, embedder: Trigrams | None, skills: Mapping[str, str]
) -> None:
    found = likeness(tmp_path, skills, embedder)
    assert found.links == ()
    assert found.unseen == len(skills)


@pytest.mark.parametrize("embedder", [Trigrams(), None], ids=["by vectors", "by words"])
def test_nothing_is_more_alike_than_copies(tmp_path: Path, embedder: Trigrams | None) -> None:
    skills = indexed(tmp_path, embedder)
    skills = {"Common/s0": skills["Users/ada/s0"], **skills}
    first, *others = likeness(tmp_path, skills, embedder).links
    assert (first.one, first.other) == (0, 1)
    assert all(first.likeness >= link.likeness for link in others)


@given(st.integers(1, 12).flatmap(lambda n: st.lists(st.floats(0, 1), min_size=n * n, max_size=n * n)))
def test_each_is_linked_with_those_most_like_it(values: list[float]) -> None:
    size = int(len(values) ** 0.5)
    half = np.array(values).reshape(size, size)
    alike = np.maximum(half, half.T)
    found = links(alike, least=0.5)
    assert all(link.one < link.other and link.likeness >= 0.5 - 1e-6 for link in found)
    for one in range(size):
        others = sorted((alike[one, other] for other in range(size) if other != one), reverse=True)
        mine = [link for link in found if one in (link.one, link.other)]
        assert len(mine) >= sum(value >= 0.5 for value in others[:NEIGHBOURS])
