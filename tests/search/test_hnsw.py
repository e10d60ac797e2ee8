"""Graphs: the same bytes for the same skills, nearly as good as looking at all, and never in the way."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from skillgit.errors import Unreadable
from skillgit.search import cache, care, hnsw, near
from skillgit.search.index import Index
from tests.search.embedder import Trigrams
from tests.search.library import Blobs, answers, paths, skill

SYLLABLES = ("ba", "de", "fi", "go", "ku", "lar", "men", "nos", "pir", "qua", "rud", "sel", "tov", "wix", "yam", "zet")
EMBEDDER = Trigrams(16)
QUERIES = ("bakupir", "zet wixtov", "menmenlar gofi", "rudyamqua nos", "selsel deba fifi", "tov", "quakulargode")


def word(number: int) -> str:
    chance = random.Random(number)
    return " ".join("".join(chance.choices(SYLLABLES, k=4)) for _ in range(3))


def crowd(blobs: Blobs, count: int) -> dict[str, str]:
    """So many skills of one user, and a common one."""
    many = {f"Users/ada/s{number}": blobs.put(skill("s", word(number))) for number in range(count)}
    return many | {"Common/tea": blobs.put(skill("tea", "brewing tea"))}


@pytest.fixture(scope="module")
def blobs() -> Blobs:
    return Blobs()


@pytest.fixture(scope="module")
def skills(blobs: Blobs) -> dict[str, str]:
    return crowd(blobs, hnsw.LEAST + 200)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory, blobs: Blobs, skills: dict[str, str]) -> Path:
    """The cache of an index whose graph was made of these skills."""
    directory = tmp_path_factory.mktemp("index")
    index = Index.open(directory, EMBEDDER)
    index.sync(skills, blobs.read)
    assert index.tend() == ("Users/ada",)
    assert index.tend() == ()
    return directory


def graphs(directory: Path) -> list[Path]:
    return sorted(directory.glob("graph*"))


def warm(directory: Path, skills: dict[str, str], blobs: Blobs) -> Index:
    """An index of a process that has searched a while."""
    index = Index.open(directory, EMBEDDER)
    index.sync(skills, blobs.read)
    for _ in range(21):
        index.search("tea")
    return index


def test_the_file_is_a_function_of_the_skills_and_not_of_their_history(
    directory: Path, tmp_path: Path, blobs: Blobs, skills: dict[str, str]
) -> None:
    index = Index.open(tmp_path, EMBEDDER)
    index.sync(dict(reversed(skills.items())) | {"Users/ada/other": blobs.put(skill("other", "gone soon"))}, blobs.read)
    index.search("tea")
    index.sync(skills, blobs.read)
    assert index.tend() == ("Users/ada",)
    (one,), (other,) = graphs(directory), graphs(tmp_path)
    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()


def test_a_graph_finds_what_looking_at_all_finds(directory: Path, blobs: Blobs, skills: dict[str, str]) -> None:
    cold, late = Index.open(directory, EMBEDDER), warm(directory, skills, blobs)
    cold.sync(skills, blobs.read)
    both = [(set(paths(cold.search(q, min_score=0.0))), set(paths(late.search(q, min_score=0.0)))) for q in QUERIES]
    assert sum(len(exact & found) for exact, found in both) >= 0.98 * sum(len(exact) for exact, _ in both)


def test_what_came_and_went_since_the_graph_was_made_is_found_and_not_found(
    directory: Path, blobs: Blobs, skills: dict[str, str]
) -> None:
    index = warm(directory, skills, blobs)
    (best, second, *_) = index.search(word(7), min_score=0.0).matches
    changed = skills | {"Users/ada/new": blobs.put(skill("s", word(7) + " now"))}
    del changed[best.path]
    index.sync(changed, blobs.read)
    found = paths(index.search(word(7), min_score=0.0))
    assert (found[0], second.path in found, best.path in found) == ("Users/ada/new", True, False)
    assert answers(index, word(7)) == answers(warm(directory, changed, blobs), word(7))


@pytest.mark.parametrize("share", [0.5, 0.02], ids=["half of them", "few of them"])
def test_a_graph_of_too_many_other_skills_is_not_used(
    directory: Path, blobs: Blobs, skills: dict[str, str], share: float
) -> None:
    seen = frozenset(sorted(skills)[: int(share * len(skills))])
    index = warm(directory, skills, blobs)
    new = Index.open(directory, EMBEDDER)
    new.sync({path: oid for path, oid in skills.items() if path in seen}, blobs.read)
    assert [answers(index, query, seen) for query in QUERIES] == [answers(new, query) for query in QUERIES]


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def flip(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


@pytest.mark.parametrize("damage", [cut, flip], ids=["cut", "flipped"])
def test_a_damaged_graph_is_told_and_done_without(
    directory: Path, blobs: Blobs, skills: dict[str, str], damage: Callable[[bytes, random.Random], bytes]
) -> None:
    (file,) = graphs(directory)
    good = file.read_bytes()
    file.write_bytes(damage(good, random.Random(3)))
    index = Index.open(directory, EMBEDDER)
    index.sync(skills, blobs.read)
    notes = [note for _ in range(25) for note in index.search("tea").notes]
    assert notes == [f"the search index file '{file.name}' is damaged: searching without it"]
    file.write_bytes(good)


def test_verify_finds_a_graph_of_the_same_skills_that_their_vectors_do_not_give(
    directory: Path, tmp_path: Path, blobs: Blobs, skills: dict[str, str]
) -> None:
    for file in directory.iterdir():
        shutil.copy(file, tmp_path)
    shelf = near.graph_shelf(tmp_path, EMBEDDER, "Users/ada")
    (graph,) = cache.read(shelf, hnsw.open_graph).segments
    cache.save(shelf, hnsw.build(graph.keys, EMBEDDER.embed(graph.keys)), replaces={graph.name})
    wrong = care.verify(tmp_path, skills, blobs.read, EMBEDDER)
    assert wrong == ("the graph of 'Users/ada' is not what its vectors give",)


@pytest.mark.parametrize("data", [b"", b"\n", b"skillgit graph other 3 4\nabcd", b"\x80" * 500], ids=repr)
def test_other_bytes_are_no_graph(data: bytes) -> None:
    with pytest.raises(Unreadable):
        hnsw.open_graph(data, "a")


def test_a_graph_without_enough_neighbours_gives_what_it_has() -> None:
    vectors = np.eye(3, dtype=np.float32)
    graph = hnsw.open_graph(hnsw.build(["a", "b", "c"], vectors), "a")
    labels, cosines = graph.nearest(vectors[1], 9)
    assert sorted(labels.tolist()) == [0, 1, 2]
    assert cosines.max() == 1
    assert graph.keys == ("a", "b", "c")
