"""Skills are found for a conversation, or it goes on without."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from skillgit.git.repo import Repo
from skillgit.serve.options import Rewrite
from skillgit.serve.retrieval import Found, Retrieval, Wish
from skillgit.transcripts.model import Turn
from tests.git.place import git
from tests.models.server import embeds, sends, serving
from tests.serve.place import REPORT, chat, library
from tests.serve.place import serving as served

ADA = Wish("ada")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return library(tmp_path / "repo")


def find(repo: Repo, *said: str, how: Rewrite = "rule", wish: Wish = ADA) -> Found:
    """What is found for a conversation in which the user said this."""
    retrieval = Retrieval(repo.directory)
    try:
        return asyncio.run(retrieval.find([Turn("user", text) for text in said], wish, how=how))
    finally:
        retrieval.close()


def names(found: Found) -> list[str]:
    return [hit.path for hit in found.injected]


def test_a_follow_up_finds_what_the_conversation_is_about(repo: Repo) -> None:
    assert names(find(repo, REPORT, "Now do the same, but shorter.")) == ["Users/ada/government-report"]
    assert names(find(repo, REPORT, "Now do the same, but shorter.", how="never")) == []


def test_a_query_that_no_model_can_make_is_made_by_rule_and_that_is_said(repo: Repo) -> None:
    found = find(repo, REPORT, how="model")
    assert names(found)
    assert found.notes == ("the query is made by rule, as no model is configured",)


def test_nothing_is_asked_where_nothing_was_said(repo: Repo) -> None:
    assert find(repo) == Found()
    assert find(repo, "```\ncode\n```") == Found()


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (Wish("bob"), ["Users/bob/government-report"]),
        (Wish("carla"), []),
        (Wish("ada", scope="common"), []),
        (Wish("ada", min_score=1.0), []),
        (Wish("ada", limit=1), ["Users/ada/government-report"]),
    ],
    ids=str,
)
def test_a_wish_says_whose_skills_and_which(repo: Repo, wish: Wish, found: list[str]) -> None:
    assert names(find(repo, REPORT, wish=wish)) == found


def test_a_long_turn_costs_little_and_says_what_it_asks_at_an_end(repo: Repo) -> None:
    assert names(find(repo, f"{REPORT}\n\n{'<a>' * 1_000_000}")) == ["Users/ada/government-report"]
    log = "A line of a log. " * 100_000
    assert names(find(repo, f"{log}\n\n{REPORT}")) == ["Users/ada/government-report"]


def test_a_search_that_is_late_is_not_waited_for_and_neither_is_the_next(repo: Repo) -> None:
    async def both(retrieval: Retrieval) -> list[str]:
        asked = [Turn("user", REPORT)]
        first = await retrieval.find(asked, ADA, how="rule")
        return [first.trouble, (await retrieval.find(asked, ADA, how="rule")).trouble]

    with serving(sends(b"{}", wait=5), embeds) as slow:
        git("config", "skillgit.embedder", "openai-compatible/x", cwd=repo.directory)
        git("config", "skillgit.embedder-url", f"{slow.url}/v1", cwd=repo.directory)
        retrieval = Retrieval(repo.directory, patience=0.3)
        assert asyncio.run(both(retrieval)) == ["no skills in time", "an earlier search is not done yet"]
    retrieval.close()


def test_a_repository_that_breaks_breaks_no_answer(tmp_path: Path) -> None:
    with served(tmp_path) as place:
        head = place.repo.git_dir / "HEAD"
        said = head.read_bytes()
        head.write_bytes(b"garbage")
        broken = httpx.post(f"{place.v1}/chat/completions", content=chat(REPORT))
        health = httpx.get(f"{place.url}/health")
        head.write_bytes(said)
        mended = httpx.post(f"{place.v1}/chat/completions", content=chat(REPORT))
    assert (broken.status_code, broken.headers.get("skillgit-skills")) == (200, None)
    assert (health.status_code, health.json()["checks"]["repository"]) == (503, "it cannot be searched")
    assert mended.headers["skillgit-skills"] == "Users/ada/government-report@0.1.0"
