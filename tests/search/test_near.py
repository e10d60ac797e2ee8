"""Vectors: each blob is embedded once, whatever happens to branches, files and the embedder."""

from __future__ import annotations

import json
import multiprocessing
import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillgit.search import background
from skillgit.search.index import Index
from tests.conftest import Run
from tests.search.embedder import Trigrams
from tests.search.library import Blobs, answers, library, paths, skill


@pytest.fixture
def blobs() -> Blobs:
    return Blobs()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "repo/.git/skillgit/index"


def test_vectors_find_what_shares_no_word(directory: Path, blobs: Blobs) -> None:
    index = Index.open(directory, Trigrams())
    index.sync(library(blobs), blobs.read)
    assert index.by_words("governmentreports", min_score=0.0) == ()
    (best, *_) = index.search("governmentreports", min_score=0.0).matches
    assert best.path == "Users/ada/s1"
    assert (best.words, best.vectors) == (0.0, best.score)
    assert 0 < best.score <= 1


def test_a_search_without_an_embedder_says_nothing_of_vectors(directory: Path, blobs: Blobs) -> None:
    index = Index.open(directory)
    index.sync(library(blobs), blobs.read)
    (match, *_) = index.search("release").matches
    assert (match.vectors, match.score) == (None, match.words)


def test_each_blob_is_embedded_once(directory: Path, blobs: Blobs) -> None:
    embedder, main = Trigrams(), library(blobs)
    branch = main | {"Users/ada/new": blobs.put(skill("new", "beekeeping")), "Users/bo/s0": main["Users/ada/s0"]}
    del branch["Users/ada/s5"]
    renamed = {path.replace("/s", "/t"): oid for path, oid in branch.items()}
    index = Index.open(directory, embedder)
    embedded = []
    for number, skills in enumerate((main, branch, main, renamed, branch, {}, main)):
        if number % 2:
            index = Index.open(directory, embedder)
        index.sync(skills, blobs.read)
        embedded.append(index.search("release").embedded)
        assert index.search("release").embedded == 0
    assert embedded == [6, 1, 0, 0, 0, 0, 0]
    assert embedder.texts == 7 + 14 + len(background.TEXTS)  # the queries too


def test_vectors_of_another_signature_are_never_used_and_wait_for_their_embedder(directory: Path, blobs: Blobs) -> None:
    skills = library(blobs)
    expected = {}
    for embedder in (Trigrams(64), Trigrams(96), Trigrams(64, signature="trigrams/2")):
        index = Index.open(directory, embedder)
        index.sync(skills, blobs.read)
        assert index.search("release").embedded == 6
        expected[embedder.signature] = answers(index, "release")
    for embedder in (Trigrams(96), Trigrams(64)):
        again = Index.open(directory, embedder)
        again.sync(skills, blobs.read)
        assert again.search("release").embedded == 0
        assert answers(again, "release") == expected[embedder.signature]


def test_an_embedder_that_is_down_leaves_the_words_and_says_so(directory: Path, blobs: Blobs) -> None:
    skills, embedder = library(blobs), Trigrams(down=True)
    words = Index.open(directory)
    words.sync(skills, blobs.read)
    index = Index.open(directory, embedder)
    index.sync(skills, blobs.read)
    found = index.search("prepare the release")
    assert found.matches == words.search("prepare the release").matches != ()
    assert found.notes == ("searching by words only: cannot reach 'http://127.0.0.1:9/v1': connection refused",)
    embedder.down = False
    assert index.search("prepare the release").embedded == 6
    embedder.down = True
    assert len(index.search("prepare the release").notes) == 1


def test_an_embedder_that_changes_its_dimensions_under_one_name_is_told(directory: Path, blobs: Blobs) -> None:
    embedder = Trigrams(64)
    index = Index.open(directory, embedder)
    index.sync(library(blobs), blobs.read)
    index.search("release")
    embedder.dimensions = 32
    (note,) = index.search("release").notes
    assert note == "searching by words only: the embedder gives 32 dimensions, and gave 64 before"


def test_learning_asks_no_embedder(directory: Path, blobs: Blobs) -> None:
    embedder = Trigrams(down=True)
    index = Index.open(directory, embedder)
    assert index.sync(library(blobs), blobs.read).notes == ()
    assert paths(index.by_words("release")) == ["Users/ada/s0"]


def test_a_skill_that_says_nothing_has_no_vector_and_does_no_harm(directory: Path, blobs: Blobs) -> None:
    index = Index.open(directory, Trigrams())
    index.sync(library(blobs) | {"Users/ada/empty": blobs.put(b"")}, blobs.read)
    assert paths(index.search("release"))[0] == "Users/ada/s0"
    assert "Users/ada/empty" not in paths(index.search("release", min_score=0.0))


WORD = st.sampled_from(["release", "releases", "report", "table", "数据", "清洗", "docker", "the", "git"])
TEXT = st.lists(WORD, max_size=8).map(" ".join)
SKILLS = st.dictionaries(st.integers(0, 7).map("Users/ada/s{}".format), TEXT, max_size=8)
fixtures = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


@fixtures
@given(history=st.lists(SKILLS, min_size=1, max_size=6), query=TEXT)
def test_an_index_that_followed_a_history_answers_as_a_new_one(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, str]], query: str
) -> None:
    directory, blobs = tmp_path_factory.mktemp("index"), Blobs()
    index = Index.open(directory / "followed", Trigrams())
    for number, texts in enumerate(history):
        skills = {path: blobs.put(skill("s", text, text)) for path, text in texts.items()}
        if number % 3 == 2:
            index = Index.open(directory / "followed", Trigrams())
        index.sync(skills, blobs.read)
        new = Index.open(directory / f"new{number}", Trigrams())
        new.sync(skills, blobs.read)
        assert answers(index, query) == answers(new, query)


@fixtures
@given(texts=SKILLS, only=st.frozensets(st.integers(0, 9).map("Users/ada/s{}".format)), query=TEXT)
def test_a_scope_answers_as_an_index_of_its_skills_alone(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str], only: frozenset[str], query: str
) -> None:
    directory, blobs = tmp_path_factory.mktemp("index"), Blobs()
    skills = {path: blobs.put(skill("s", text, text)) for path, text in texts.items()}
    whole, alone = Index.open(directory / "whole", Trigrams()), Index.open(directory / "alone", Trigrams())
    whole.sync(skills, blobs.read)
    alone.sync({path: oid for path, oid in skills.items() if path in only}, blobs.read)
    assert answers(whole, query, only) == answers(alone, query)


def test_200_damaged_files_are_each_told_in_one_line_and_none_is_believed(directory: Path, blobs: Blobs) -> None:
    skills, chance = library(blobs), random.Random(11)
    sound = Index.open(directory, Trigrams())
    sound.sync(skills, blobs.read)
    expected = answers(sound, "release report 数据 test")
    files = sorted(directory.iterdir())
    assert [file.name.partition("-")[0] for file in files] == ["background", "vectors", "words"]
    for _ in range(200):
        file = chance.choice(files)
        good = file.read_bytes()
        place = chance.randrange(len(good))
        flipped = good[:place] + bytes([good[place] ^ 1 << chance.randrange(8)]) + good[place + 1 :]
        file.write_bytes(chance.choice([flipped, good[:place]]))
        index = Index.open(directory, Trigrams())
        notes = index.sync(skills, blobs.read).notes + index.search("release").notes
        assert notes == (f"the search index file '{file.name}' is damaged: rebuilding",)
        assert answers(index, "release report 数据 test") == expected
        assert file.read_bytes() == good


def test_where_nothing_can_be_written_it_searches_from_memory_and_says_so_once(tmp_path: Path, blobs: Blobs) -> None:
    (tmp_path / "file").write_text("in the way")
    index, skills, embedder = Index.open(tmp_path / "file", Trigrams()), library(blobs), Trigrams()
    (note,) = index.sync(skills, blobs.read).notes + index.search("release").notes
    assert note.startswith("the search index is not saved: ")
    assert paths(index.search("release"))[0] == "Users/ada/s0"
    assert index.search("release").notes == ()
    kept = Index.open(tmp_path / "index", embedder)
    kept.sync(skills, blobs.read)
    assert answers(index, "release report") == answers(kept, "release report")


def follow(directory: Path, start: int) -> None:
    """Search a growing library of one's own, checking each answer."""
    blobs, skills, embedder = Blobs(), dict[str, str](), Trigrams()
    for number in range(start, start + 15):
        skills[f"Users/u/s{number}"] = blobs.put(skill(f"s{number}", f"topic{number} things"))
        index = Index.open(directory, embedder)
        assert index.sync(skills, blobs.read).notes == ()
        found = index.search(f"topic{number}")
        assert (paths(found)[0], found.notes) == (f"Users/u/s{number}", ())


def test_processes_that_share_a_directory_do_not_disturb_each_other(directory: Path, blobs: Blobs) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=follow, args=(directory, start)) for start in (0, 0, 10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 3
    assert not list(directory.glob("*.unfinished"))
    everything = {f"Users/u/s{n}": blobs.put(skill(f"s{n}", f"topic{n} things")) for n in range(25)}
    index, new = Index.open(directory, Trigrams()), Index.open(directory / "new", Trigrams())
    for each in (index, new):
        assert each.sync(everything, blobs.read).notes == ()
    assert index.search("topic7").notes == ()
    assert answers(index, "topic7 things") == answers(new, "topic7 things")


def test_a_repository_that_may_not_be_written_is_searched_from_memory(run: Run) -> None:
    Path("Users/ada/tea").mkdir(parents=True)
    Path("Users/ada/tea/SKILL.md").write_bytes(skill("tea", "brewing tea"))
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "tea"]):
        subprocess.run(["git", *words], check=True)
    Path(".git/skillgit").write_text("in the way of a folder")
    said = run("search", "--user", "ada", "--json", "brewing tea")
    assert (said.code, json.loads(said.out)["skill"]) == (0, "ada/tea")
    assert said.err.count("the search index is not saved: ") == 1
