"""The index: a function of the skills, whatever the cache holds or suffers."""

from __future__ import annotations

import json
import multiprocessing
import random
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillgit.search.hit import hit
from skillgit.search.index import Found, Index
from tests.search.library import Blobs, answers, library, paths, skill


def files(directory: Path) -> list[Path]:
    return sorted(directory.iterdir())


@pytest.fixture
def blobs() -> Blobs:
    return Blobs()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "repo/.git/skillgit/index"


@pytest.mark.parametrize(
    ("query", "path", "line"),
    [
        ("prepare the release", "Users/ada/s0", "release checklist"),
        ("a government report", "Users/ada/s1", "government report"),
        ("清洗数据", "Users/ada/s2", "数据清洗流程"),
        ("docker_compose", "Users/ada/s3", "docker-compose setup"),
        ("be careful testing units", "Users/ada/s4", "- Be careful with unit tests."),
    ],
)
def test_a_query_finds_the_skill_and_its_best_line(
    directory: Path, blobs: Blobs, query: str, path: str, line: str
) -> None:
    index = Index.open(directory)
    index.sync(library(blobs), blobs.read)
    best = index.search(query).matches[0]
    assert (best.path, hit(best, blobs.read(library(blobs)[path])).line) == (path, line)
    assert 0 < best.score <= 1


@pytest.mark.parametrize("query", ["", "the of and", "sourdough", "🚀", "\udcff", "何か"])
def test_a_query_with_nothing_in_common_finds_nothing_at_any_threshold(
    directory: Path, blobs: Blobs, query: str
) -> None:
    index = Index.open(directory)
    index.sync(library(blobs), blobs.read)
    assert index.search(query, min_score=0.0) == Found(())


def test_one_common_word_in_a_long_query_is_no_answer(directory: Path, blobs: Blobs) -> None:
    index = Index.open(directory)
    index.sync(library(blobs), blobs.read)
    query = "how careful must I be when I translate a French poem about the sea into Japanese"
    assert index.search(query) == Found(())
    assert index.search(query, min_score=0.0).matches[0].score < 0.2


def test_the_first_skill_of_a_repository_is_found(directory: Path, blobs: Blobs) -> None:
    index = Index.open(directory)
    steps = "# Release\n\n- Run the regression tests before a release.\n- Tag the release.\n"
    index.sync({"Users/ada/release": blobs.put(skill("release", "Steps for a safe release.", steps))}, blobs.read)
    assert paths(index.search("How should I do a safe release?")) == ["Users/ada/release"]
    assert index.search("What is the capital of Australia?", min_score=0.0) == Found(())


def test_an_empty_index_answers_nothing(directory: Path, blobs: Blobs) -> None:
    index = Index.open(directory)
    assert index.sync({}, blobs.read).notes == ()
    assert index.search("anything", min_score=0.0) == Found(())
    assert not directory.exists()


def test_a_second_process_reads_no_blob_and_answers_the_same(directory: Path, blobs: Blobs) -> None:
    skills = library(blobs)
    first = Index.open(directory)
    assert first.sync(skills, blobs.read).read == len(skills) == blobs.reads
    blobs.reads = 0
    second = Index.open(directory)
    assert second.sync(skills, blobs.read).read == 0 == blobs.reads
    assert second.search("release") == first.search("release")


def test_a_sync_reads_only_what_was_never_seen(directory: Path, blobs: Blobs) -> None:
    skills = library(blobs)
    index = Index.open(directory)
    index.sync(skills, blobs.read)
    branch = skills | {"Users/ada/new": blobs.put(skill("new", "beekeeping"))}
    del branch["Users/ada/s5"]
    done = index.sync(branch, blobs.read)
    assert (done.read, done.gone) == (1, 1)
    assert paths(index.search("beekeeping")) == ["Users/ada/new"]
    assert index.search("tea") == Found(())
    back = index.sync(skills, blobs.read)
    assert (back.read, back.gone) == (0, 1)
    assert index.search("beekeeping") == Found(())
    assert paths(index.search("tea")) == ["Users/ada/s5"]


def test_a_moved_skill_is_not_read_again_and_a_renamed_one_is_found_by_its_new_name(
    directory: Path, blobs: Blobs
) -> None:
    oid = blobs.put(skill("brew", "hot drinks"))
    index = Index.open(directory)
    index.sync({"Users/ada/brew": oid}, blobs.read)
    assert index.sync({"Common/brew": oid, "Users/bob/brew": oid}, blobs.read).read == 0
    assert paths(index.search("hot drinks")) == ["Common/brew", "Users/bob/brew"]
    assert index.sync({"Common/espresso": oid}, blobs.read).read == 1
    assert paths(index.search("espresso")) == ["Common/espresso"]


@pytest.mark.parametrize(
    "data",
    [b"just text about beekeeping", b"---\nname: [\n---\nbeekeeping\xff\xfe", b"---\na: &x 1\nb: *x\n---\nbeekeeping"],
    ids=["no frontmatter", "broken yaml and bytes", "an alias"],
)
def test_an_invalid_file_is_found_all_the_same(directory: Path, blobs: Blobs, data: bytes) -> None:
    index = Index.open(directory)
    index.sync(library(blobs) | {"Users/ada/broken": blobs.put(data)}, blobs.read)
    assert paths(index.search("beekeeping")) == ["Users/ada/broken"]
    assert paths(index.search("broken")) == ["Users/ada/broken"]


WORD = st.sampled_from(["release", "report", "table", "数据", "清洗", "docker", "test", "the", "git"])
TEXT = st.lists(WORD, max_size=8).map(" ".join)
SKILLS = st.dictionaries(st.integers(0, 7).map("Users/ada/s{}".format), TEXT, max_size=8)
fixtures = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


@fixtures
@given(history=st.lists(SKILLS, min_size=1, max_size=6), query=TEXT)
def test_an_index_that_followed_a_history_answers_as_a_new_one(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, str]], query: str
) -> None:
    directory, blobs = tmp_path_factory.mktemp("index"), Blobs()
    index = Index.open(directory / "followed")
    for number, texts in enumerate(history):
        skills = {path: blobs.put(skill("s", text, text)) for path, text in texts.items()}
        if number % 3 == 2:
            index = Index.open(directory / "followed")
        index.sync(skills, blobs.read)
        new = Index.open(directory / f"new{number}")
        new.sync(skills, blobs.read)
        assert answers(index, query) == answers(new, query)


@fixtures
@given(texts=SKILLS, only=st.frozensets(st.integers(0, 9).map("Users/ada/s{}".format)), query=TEXT)
def test_a_scope_answers_as_an_index_of_its_skills_alone(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str], only: frozenset[str], query: str
) -> None:
    directory, blobs = tmp_path_factory.mktemp("index"), Blobs()
    skills = {path: blobs.put(skill("s", text, text)) for path, text in texts.items()}
    whole, alone = Index.open(directory / "whole"), Index.open(directory / "alone")
    whole.sync(skills, blobs.read)
    alone.sync({path: oid for path, oid in skills.items() if path in only}, blobs.read)
    assert answers(whole, query, only) == answers(alone, query)


def test_many_small_additions_leave_few_files(directory: Path, blobs: Blobs) -> None:
    index, skills = Index.open(directory), dict[str, str]()
    for number in range(40):
        skills[f"Users/ada/s{number}"] = blobs.put(skill(f"s{number}", f"topic{number} things"))
        index.sync(skills, blobs.read)
    assert len(files(directory)) <= 6
    assert paths(Index.open(directory).search("topic7")) == []
    cold = Index.open(directory)
    assert cold.sync(skills, blobs.read).read == 0
    assert [paths(cold.search(f"topic{number}")) for number in (0, 7, 39)] == [
        ["Users/ada/s0"],
        ["Users/ada/s7"],
        ["Users/ada/s39"],
    ]


def test_blobs_that_no_commit_uses_are_dropped_in_the_end(directory: Path, blobs: Blobs) -> None:
    index = Index.open(directory)
    for number in range(64):
        index.sync({"Users/ada/s": blobs.put(skill("s", f"version {number} of a text"))}, blobs.read)
    assert sum(file.stat().st_size for file in files(directory)) < 8_000


def flip(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]


DAMAGE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "flipped": flip,
    "truncated": lambda data, chance: data[: chance.randrange(len(data))],
    "longer": lambda data, chance: data + chance.randbytes(7),
    "foreign": lambda data, chance: chance.randbytes(len(data)),
    "empty": lambda data, chance: b"",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_reported_once_rebuilt_and_never_believed(
    directory: Path, blobs: Blobs, damage: Callable[[bytes, random.Random], bytes]
) -> None:
    skills, chance = library(blobs), random.Random(7)
    sound = Index.open(directory)
    sound.sync(skills, blobs.read)
    expected = answers(sound, "release report 数据 test")
    for _ in range(40):
        (file,) = files(directory)
        good = file.read_bytes()
        file.write_bytes(damage(good, chance))
        index = Index.open(directory)
        done = index.sync(skills, blobs.read)
        assert done.read == len(skills)
        assert done.notes == (f"the search index file '{file.name}' is damaged: rebuilding",)
        assert answers(index, "release report 数据 test") == expected
        assert file.read_bytes() == good


def test_files_of_another_recipe_are_not_read_and_go_with_the_next_write(directory: Path, blobs: Blobs) -> None:
    index = Index.open(directory)
    skills = library(blobs)
    index.sync(skills, blobs.read)
    (ours,) = files(directory)
    other = directory / "words-000000000000-00000000000000000000000000000000.segment"
    vectors = directory / "vectors.npy"
    for file in (other, vectors):
        file.write_bytes(ours.read_bytes())
    assert Index.open(directory).sync(skills, blobs.read).notes == ()
    assert other.exists()
    index.sync(skills | {"Users/ada/new": blobs.put(skill("new", "new"))}, blobs.read)
    assert not other.exists()
    assert vectors.exists()


def test_a_deleted_cache_costs_time_only(directory: Path, blobs: Blobs) -> None:
    skills = library(blobs)
    index = Index.open(directory)
    index.sync(skills, blobs.read)
    expected = answers(index, "release")
    for file in files(directory):
        file.unlink()
    assert answers(index, "release") == expected
    new = Index.open(directory)
    assert new.sync(skills, blobs.read).read == len(skills)
    assert answers(new, "release") == expected


def test_a_blob_that_cannot_be_read_leaves_the_index_as_it_was(directory: Path, blobs: Blobs) -> None:
    index, skills = Index.open(directory), library(blobs)
    index.sync(skills, blobs.read)
    for _ in range(2):
        with pytest.raises(KeyError, match="missing"):
            index.sync({"Users/ada/new": "missing"}, blobs.read)
        assert paths(index.search("release")) == ["Users/ada/s0"]


def test_where_nothing_can_be_written_it_searches_from_memory_and_says_so(tmp_path: Path, blobs: Blobs) -> None:
    (tmp_path / "file").write_text("in the way")
    index, skills = Index.open(tmp_path / "file"), library(blobs)
    (note,) = index.sync(skills, blobs.read).notes
    assert note.startswith("the search index is not saved: ")
    assert paths(index.search("release")) == ["Users/ada/s0"]
    blobs.reads = 0
    index.sync(skills | {"Users/ada/new": blobs.put(skill("new", "beekeeping"))}, blobs.read)
    assert blobs.reads == 1
    assert paths(index.search("release")) == ["Users/ada/s0"]
    assert paths(index.search("beekeeping")) == ["Users/ada/new"]


def follow(directory: Path, start: int) -> None:
    """Sync a growing library of one's own, checking each answer."""
    blobs, skills = Blobs(), dict[str, str]()
    index = Index.open(directory)
    for number in range(start, start + 25):
        skills[f"Users/u/s{number}"] = blobs.put(skill(f"s{number}", f"topic{number} things"))
        if number % 5 == 0:
            index = Index.open(directory)
        assert index.sync(skills, blobs.read).notes == ()
        assert paths(index.search(f"topic{number}")) == [f"Users/u/s{number}"]


def test_processes_that_share_a_directory_do_not_disturb_each_other(directory: Path, blobs: Blobs) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=follow, args=(directory, start)) for start in (0, 0, 10, 20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert not list(directory.glob("*.unfinished"))
    everything = {f"Users/u/s{n}": blobs.put(skill(f"s{n}", f"topic{n} things")) for n in range(45)}
    index = Index.open(directory)
    assert index.sync(everything, blobs.read).notes == ()
    assert paths(index.search("topic33")) == ["Users/u/s33"]


def test_real_prompts_find_their_skill_among_34_and_the_others_mostly_nothing(directory: Path, data: Path) -> None:
    corpus = [json.loads(line) for line in (data / "retrieval/corpus.jsonl").read_text().splitlines()]
    blobs = Blobs()
    prefix, suffix = "UiPath+skills:skills/", "/SKILL.md"
    skills = {
        f"Common/{row['id'].removeprefix(prefix).removesuffix(suffix)}": blobs.put(row["body"].encode())
        for row in corpus
        if row["id"].startswith(prefix)
    }
    index = Index.open(directory)
    index.sync(skills, blobs.read)
    asked = [json.loads(line) for line in (data / "retrieval/uipath.dev.jsonl").read_text().splitlines()]
    ranks, right, wrong = [], [], []
    for row in asked:
        found = index.search(row["query"], min_score=0.0, limit=5).matches
        score = found[0].score if found else 0.0
        if row["gold"] is None:
            wrong.append(score)
            continue
        right.append(score)
        gold = row["gold"].replace("UiPath:", "Common/")
        ranks.append(paths(found).index(gold) if gold in paths(found) else 99)
    assert statistics.fmean(rank == 0 for rank in ranks) >= 0.6
    assert statistics.fmean(rank < 5 for rank in ranks) >= 0.85
    assert statistics.fmean(r > w for r in right for w in wrong) >= 0.85
