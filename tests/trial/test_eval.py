"""`skillgit eval` against a server that learns by rules, in front of an upstream that answers anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from skillgit.serve import keys
from tests.conftest import Run
from tests.git.place import git
from tests.serve.place import Place, serving


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("eval")) as made:
        yield made


@pytest.fixture(scope="module")
def key(place: Place) -> dict[str, str]:
    return {"SKILLGIT_KEY": keys.add(place.repo, "shop", acts=True)[1]}


def test_it_measures_what_the_server_learns_and_leaves_no_skill(
    place: Place, key: dict[str, str], cli: Run, tmp_path: Path
) -> None:
    before = set(place.repo.skills(place.repo.tip("HEAD")))
    answer = cli("eval", place.url, "--runs", "12", "--json", "--html", tmp_path / "report.html", env=key)
    assert (answer.code, answer.err) == (0, ""), answer.err
    read = json.loads(answer.out)
    assert (len(read["cases"]), read["failed"], read["model"]) == (12, [], "answers")
    figures = read["figures"]
    assert figures["recall"]["value"] >= 0.4
    assert (figures["false"]["value"], figures["before"]["value"], figures["quiet"]["value"]) == (0, 0, 1)
    assert figures["after"]["value"] == figures["uplift"]["value"] > 0.1
    assert read["decisions"]["none"] == {"none": 5}
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")
    assert set(place.repo.skills(place.repo.tip("HEAD"))) == before


def test_the_users_can_be_left_for_a_look(place: Place, key: dict[str, str], cli: Run) -> None:
    answer = cli("eval", place.url, "--runs", "12", "--keep", env=key)
    assert answer.code == 0
    assert answer.out.startswith("Recall")
    assert "note: only 12 cases" in answer.err
    kept = [path for path in place.repo.skills(place.repo.tip("HEAD")) if path.startswith("Users/eval-")]
    assert kept
    assert git("log", "--format=%s", cwd=place.repo.directory).count("eval-") > len(kept)


def test_a_key_that_may_not_act_for_others_is_refused(place: Place, key: dict[str, str], cli: Run) -> None:
    for given in ({}, {"SKILLGIT_KEY": keys.add(place.repo, "ada")[1]}):
        answer = cli("eval", place.url, "--runs", "1", env=given)
        assert answer.code == 2
        assert "--for-users" in answer.err


def test_a_key_that_the_server_does_not_know_is_told_as_that(place: Place, key: dict[str, str], cli: Run) -> None:
    answer = cli("eval", place.url, "--runs", "1", env={"SKILLGIT_KEY": "skillgit_wrong"})
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("error: the server says: this key is not valid\n")


def test_a_page_that_cannot_be_written_is_told_before_the_run(
    place: Place, key: dict[str, str], cli: Run, tmp_path: Path
) -> None:
    before = git("rev-parse", "HEAD", cwd=place.repo.directory)
    answer = cli("eval", place.url, "--runs", "12", "--html", tmp_path / "nowhere" / "report.html", env=key)
    assert (answer.code, answer.out) == (128, "")
    assert "nowhere" in answer.err
    assert git("rev-parse", "HEAD", cwd=place.repo.directory) == before


def test_a_case_that_cannot_be_taken_is_told_and_fails(place: Place, key: dict[str, str], cli: Run) -> None:
    answer = cli("eval", place.url, "--runs", "2", "--model", "fails-500", env=key)
    assert answer.code == 1
    assert answer.err.count("could not be taken: the server answers 500: as you asked") == 2
