"""Vectors in PostgreSQL: the same answers as from files, and each blob embedded by one of many."""

from __future__ import annotations

import random
import uuid
from pathlib import Path

import psycopg
import pytest

from skillgit.git.repo import Repo
from skillgit.postgres import Place
from skillgit.search import background, care, hnsw, near, near_postgres
from skillgit.search.index import Index
from skillgit.search.likeness import likeness
from tests.conftest import Run
from tests.git.place import git
from tests.postgres import cut, kept_at
from tests.search.embedder import Trigrams
from tests.search.library import Blobs, answers, library, paths, skill
from tests.serve.place import REPORT
from tests.serve.place import library as repository

NOWHERE = "postgresql://ada:secret@127.0.0.1:1/skills"
QUERIES = ("release", "prepare the next release", "governmentreports", "数据清洗", "tea", "nothing of the kind", "x")


@pytest.fixture
def blobs() -> Blobs:
    return Blobs()


@pytest.fixture
def place(postgres: str) -> Place:
    return Place(postgres, f"t{uuid.uuid4().hex}")


def shared(where: Path, place: Place, embedder: Trigrams) -> Index:
    """The index of a server whose vectors are in the database."""
    return Index(where, lambda: embedder, shared=place)


def many(blobs: Blobs, count: int) -> dict[str, str]:
    """Skills of two users, of words that are drawn."""
    drawn = random.Random(7)
    words = [
        "release",
        "report",
        "table",
        "docker",
        "tea",
        "数据",
        "清洗",
        "git",
        "review",
        "colour",
        "poem",
        "invoice",
    ]
    skills = {}
    for number in range(count):
        about = " ".join(drawn.choices(words, k=5))
        skills[f"Users/{'ada' if number % 3 else 'bob'}/s{number}"] = blobs.put(skill(f"s{number}", about, about))
    return skills


@pytest.mark.parametrize("few", [1_000, 10], ids=["named", "among all"])
def test_answers_are_those_of_an_index_in_files(
    tmp_path: Path, place: Place, blobs: Blobs, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_postgres, "_FEW", few)
    skills = library(blobs) | many(blobs, 60)
    own = frozenset(path for path in skills if path.startswith("Users/bob/"))
    here, there = Index.open(tmp_path / "here", Trigrams()), shared(tmp_path / "there", place, Trigrams())
    for index in (here, there):
        index.sync(skills, blobs.read)
    for query in QUERIES:
        for only in (None, own, frozenset(["Users/ada/s1"]), frozenset[str]()):
            assert answers(there, query, only) == answers(here, query, only), query
    gone = {path: oid for path, oid in skills.items() if not path.endswith("2")}
    for index in (here, there):
        index.sync(gone, blobs.read)
    assert answers(there, "release") == answers(here, "release")


def test_a_blob_is_embedded_by_one_server_for_all(tmp_path: Path, place: Place, blobs: Blobs) -> None:
    skills, first, second = library(blobs), Trigrams(), Trigrams()
    for name, embedder, expected in (("one", first, 6), ("other", second, 0)):
        index = shared(tmp_path / name, place, embedder)
        index.sync(skills, blobs.read)
        assert index.search("release").embedded == expected
        assert index.search("release").embedded == 0
    assert second.texts == len(background.TEXTS) + 2
    assert not near.shelf(tmp_path / "one", first).files()


def test_another_repository_and_another_embedder_have_their_own(tmp_path: Path, place: Place, blobs: Blobs) -> None:
    skills = library(blobs)
    others = Place(place.url, f"u{uuid.uuid4().hex}")
    for number, (where, embedder) in enumerate(((place, Trigrams()), (others, Trigrams()), (place, Trigrams(96)))):
        index = shared(tmp_path / f"{number}", where, embedder)
        index.sync(skills, blobs.read)
        assert index.search("release").embedded == 6


def test_a_database_that_is_away_leaves_the_words_and_says_so(tmp_path: Path, blobs: Blobs) -> None:
    index = shared(tmp_path, Place(NOWHERE, "a"), Trigrams())
    index.sync(library(blobs), blobs.read)
    found = index.search("prepare the release")
    assert paths(found) == ["Users/ada/s0"]
    (note,) = found.notes
    assert note.startswith("searching by words only: the database at 127.0.0.1/skills fails: ")
    assert "secret" not in note


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """No vector is kept by the process that has read it."""
    monkeypatch.setattr(near_postgres, "_KEPT", 0)


@pytest.mark.usefixtures("forgetful")
def test_vectors_that_are_gone_are_made_anew(tmp_path: Path, place: Place, blobs: Blobs) -> None:
    index = shared(tmp_path, place, Trigrams())
    index.sync(library(blobs), blobs.read)
    before = answers(index, "release")
    with near_postgres.dropping(place) as drop:
        drop(())
    (note,) = index.search("release").notes
    assert note == "searching by words only: vectors were dropped by another process"
    assert index.search("release").embedded == 6
    assert answers(index, "release") == before


@pytest.mark.usefixtures("forgetful")
def test_a_connection_that_was_cut_costs_one_search_its_vectors(tmp_path: Path, place: Place, blobs: Blobs) -> None:
    index = shared(tmp_path, place, Trigrams())
    index.sync(library(blobs), blobs.read)
    before = answers(index, "release")
    cut(place.url)
    assert len(index.search("release").notes) == 1
    assert answers(index, "release") == before


def test_a_few_skills_whose_vectors_were_read_need_no_database(tmp_path: Path, place: Place, blobs: Blobs) -> None:
    index = shared(tmp_path, place, Trigrams())
    index.sync(library(blobs), blobs.read)
    before = answers(index, "release")
    cut(place.url)
    assert answers(index, "release") == before
    assert index.search("release").notes == ()


def test_many_vectors_get_a_graph_with_a_rebuild(
    tmp_path: Path, place: Place, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hnsw, "LEAST", 100)
    monkeypatch.setattr(near_postgres, "_FEW", 10)
    skills, embedder = many(blobs, 150), Trigrams()
    made = [care.rebuild(tmp_path / "one", skills, blobs.read, embedder, shared=place) for _ in range(2)]
    assert [each.graphs for each in made] == [1, 0]
    with psycopg.connect(place.url) as connection:
        known = connection.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = %s", [place.schema]).fetchall()
    assert any("USING hnsw" in definition for (definition,) in known)
    here, there = Index.open(tmp_path / "here", Trigrams()), shared(tmp_path / "one", place, embedder)
    for index in (here, there):
        index.sync(skills, blobs.read)
    assert there.search("release").embedded == 0
    best = [paths(index.search("governmentreports", limit=5, min_score=0.0)) for index in (here, there)]
    assert best[0] == best[1]


def test_the_index_is_looked_after_where_its_vectors_are(tmp_path: Path, place: Place, blobs: Blobs) -> None:
    skills, embedder, directory = library(blobs), Trigrams(), tmp_path / "index"

    def vectors() -> tuple[int, int]:
        stocks = {stock.kind: stock for stock in care.status(directory, skills, embedder, shared=place)}
        return stocks["vectors"].entries, stocks["vectors"].unseen

    assert vectors() == (0, 6)
    assert care.rebuild(directory, skills, blobs.read, embedder, shared=place).vectors == 6
    assert vectors() == (6, 0)
    assert not near.shelf(directory, embedder).files()
    assert care.verify(directory, skills, blobs.read, embedder, shared=place) == ()
    with psycopg.connect(place.url) as connection:
        turned = "(SELECT array_agg(-each) FROM unnest(vector::real[]) each)::vector"
        wrong = f'UPDATE "{place.schema}".embedding SET vector = {turned} WHERE oid = %s'
        connection.execute(wrong.encode(), [skills["Users/ada/s3"]])
    assert care.verify(directory, skills, blobs.read, embedder, shared=place) == (
        "the index of 'Users/ada/s3' is not what its file gives",
    )


def test_skills_are_as_alike_as_in_files(tmp_path: Path, place: Place, blobs: Blobs) -> None:
    skills = many(blobs, 20)
    for where in (None, place):
        index = Index(tmp_path / "index", Trigrams, shared=where)
        index.sync(skills, blobs.read)
        index.search("release")
    here, there = (likeness(tmp_path / "index", skills, Trigrams(), shared=where) for where in (None, place))
    assert there == here
    assert here.links and not here.unseen


def test_a_user_searches_and_forgets_as_with_files(tmp_path: Path, postgres: str, cli: Run) -> None:
    repo = repository(tmp_path / "repo")
    name = kept_at(postgres, repo)
    settings = {"search.vectors": postgres, "embedder": ""}
    for key, value in settings.items():
        git("config", f"skillgit.{key}", value, cwd=repo.directory)
    assert cli("search", REPORT, cwd=repo.directory).code == 0
    place = Place(postgres, name)
    rows = oids(place)
    assert rows == set(Repo.open(repo.directory).skills(repo.tip("HEAD")).values())
    assert cli("forget", "ada/government-report", cwd=repo.directory).code == 0
    assert oids(place) == set(repo.skills(repo.tip("HEAD")).values()) < rows


def oids(place: Place) -> set[str]:
    with psycopg.connect(place.url) as connection:
        return {oid for (oid,) in connection.execute(f'SELECT oid FROM "{place.schema}".embedding'.encode())}
