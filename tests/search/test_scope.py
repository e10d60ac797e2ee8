"""Words of a scope: what stands together counts for more, and scores are those of an index of the scope alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.search.index import Index

FILLER = "".join(f"line {number} of nothing in particular, which goes on for a while\n" for number in range(60))


def skill(name: str, body: str) -> bytes:
    return f"---\nname: {name}\ndescription: a skill\n---\n{body}".encode()


SKILLS = {
    "Users/ada/apart": skill("apart", f"stop the engine\n{FILLER}review the hook\n"),
    "Users/ada/together": skill("together", f"{FILLER}review the stop hook\n"),
    "Users/bo/other": skill("other", "stop and hook\n" * 40),
}


@pytest.fixture
def index(tmp_path: Path) -> Index:
    index = Index.open(tmp_path)
    index.sync({path: path for path in SKILLS}, SKILLS.__getitem__)
    return index


def test_words_that_stand_in_one_part_of_a_skill_count_for_more_than_the_same_words_apart(index: Index) -> None:
    first, second = index.by_words("review stop hook", limit=2, min_score=0)
    assert [first.path, second.path] == ["Users/ada/together", "Users/ada/apart"]
    assert first.score > second.score
    assert index.by_words("review stop hook", limit=1)[0].score <= 1


def test_a_scope_answers_as_an_index_of_it_alone_would(index: Index, tmp_path: Path) -> None:
    paths = frozenset(path for path in SKILLS if path.startswith("Users/ada/"))
    alone = Index.open(tmp_path / "alone")
    for part in (sorted(paths)[:1], sorted(paths)):  # two segments, merged
        alone.sync({path: path for path in part}, SKILLS.__getitem__)
    assert index.by_words("review stop hook", paths=paths) == alone.by_words("review stop hook")
