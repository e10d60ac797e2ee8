"""status, rebuild, verify: what is there, made anew, and compared with what making it anew gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from skillgit.errors import ModelError
from skillgit.search import cache, care, matrix, near
from skillgit.search.care import Made
from skillgit.search.index import Index, words_shelf
from skillgit.search.segment import pack
from tests.search.embedder import Trigrams
from tests.search.library import Blobs, library, skill


@pytest.fixture
def blobs() -> Blobs:
    return Blobs()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "skillgit/index"


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_status_counts_what_is_kept_and_what_head_has_beside(directory: Path, blobs: Blobs) -> None:
    skills, embedder = library(blobs), Trigrams()
    index = Index.open(directory, embedder)
    index.sync(skills, blobs.read)
    index.search("tea")
    newer = skills | {"Users/ada/new": blobs.put(skill("new", "beekeeping"))}
    embedder.texts = 0
    words, vectors, background = care.status(directory, newer, embedder)
    assert (words.kind, words.entries, words.unseen, words.files) == ("words", 6, 1, 1)
    assert (vectors.kind, vectors.entries, vectors.unseen, vectors.files) == ("vectors", 6, 1, 1)
    assert (background.kind, background.unseen, background.files) == ("background", 0, 1)
    assert vectors.bytes > 6 * 64 * 4
    assert embedder.texts == 0
    kinds = [stock.kind for stock in care.status(directory, newer, Trigrams(32))]
    assert kinds == ["words", "vectors", "background", "other"]
    assert [stock.kind for stock in care.status(directory / "none", newer, None)] == ["words"]


def test_a_rebuild_drops_all_that_was_and_gives_what_an_index_gives(directory: Path, blobs: Blobs) -> None:
    skills = library(blobs)
    for embedder in (Trigrams(32), Trigrams()):
        index = Index.open(directory, embedder)
        index.sync(skills | {"Users/ada/old": blobs.put(skill("old", "beekeeping"))}, blobs.read)
        index.search("tea")
    embedder = Trigrams()
    watched: list[str] = []

    def seen(oid: str) -> str:
        watched.append(oid)
        return oid

    made = care.rebuild(directory, skills, blobs.read, embedder, watch=lambda oids: map(seen, oids))
    assert (made, sorted(watched)) == (Made(6, 6, 0), sorted(set(skills.values())))
    assert len(names(directory)) == 3
    before = names(directory)
    assert care.verify(directory, skills, blobs.read, embedder) == ()
    care.rebuild(directory, skills, blobs.read, embedder)
    assert names(directory) == before
    again = Index.open(directory, embedder)
    assert again.sync(skills, blobs.read).read == again.search("tea").embedded == 0


def test_a_rebuild_that_fails_leaves_what_was(directory: Path, blobs: Blobs) -> None:
    care.rebuild(directory, library(blobs), blobs.read, Trigrams())
    before = names(directory)
    with pytest.raises(ModelError, match="connection refused"):
        care.rebuild(directory, library(blobs), blobs.read, Trigrams(down=True))
    assert names(directory) == before


def test_verify_finds_words_and_vectors_that_are_whole_and_wrong(directory: Path, blobs: Blobs) -> None:
    skills, embedder = library(blobs), Trigrams()
    care.rebuild(directory, skills, blobs.read, embedder)
    shelf = near.shelf(directory, embedder)
    ((kept,), (words,)) = cache.read(shelf, matrix.open_matrix).segments, words_shelf(directory).files()
    turned = kept.vectors.copy()
    turned[kept.keys.index(skills["Users/ada/s1"])] = np.eye(64, dtype=np.float32)[0]
    cache.save(shelf, matrix.pack(kept.keys, turned), replaces={kept.name})
    words.unlink()
    cache.save(words_shelf(directory), pack([(f"{skills['Users/ada/s4']} s4", {"tea": (1, 1)})]), replaces=())
    assert care.verify(directory, skills, blobs.read, embedder) == (
        "the index of 'Users/ada/s1' is not what its file gives",
        "the index of 'Users/ada/s4' is not what its file gives",
    )
    care.rebuild(directory, skills, blobs.read, embedder)
    assert care.verify(directory, skills, blobs.read, embedder) == ()


def test_verify_finds_what_is_damaged_and_removes_nothing(directory: Path, blobs: Blobs) -> None:
    skills = library(blobs)
    care.rebuild(directory, skills, blobs.read, None)
    (file,) = directory.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert care.verify(directory, skills, blobs.read, None) == (f"'{file.name}' is damaged",)
    assert names(directory) == [file.name]
