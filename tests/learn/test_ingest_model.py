"""A model learns, well or badly: what it says is held to the user's words, and no conversation is ever lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from skillgit.changes.revert import revert
from skillgit.changes.skill import load
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.learn import undecided
from skillgit.learn.batch import ingest_all
from skillgit.learn.ingest import found, ingest, land, learn, rehearse
from skillgit.learn.learner import Learner, Outcome, heard
from skillgit.models.retry import Patience
from skillgit.models.wire import Wire
from skillgit.search.index import Index
from skillgit.skills.rules import rules
from tests.conftest import world
from tests.git.place import git, sound, status
from tests.learn.answers import (
    BAD_DECISIONS,
    BAD_EXTRACTIONS,
    DECIDED,
    EXTRACTED,
    FIRST_LINE,
    NOTHING,
    SAID,
    TROUBLE,
    answer,
)
from tests.learn.candidates import transcript
from tests.models.asking import HURRY, WIRES, model
from tests.models.server import Reply, Request, Sent, Server, says, serving

NOTES = "Users/ada/release-notes"
OLD = ["List breaking changes first in release notes", "Use tables"]
NEW = ["List breaking changes first in release notes", "Always mention the issue number in release notes"]
FIRST = transcript(
    "Write the release notes for 2.4.",
    "Done.",
    "From now on, list breaking changes first in release notes. From now on, always use tables in release notes.",
)
PATIENT = replace(HURRY, tries=2, read=10, total=20, first_wait=0.001)
QUICK = replace(PATIENT, read=0.2, total=0.4)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return library(tmp_path / "lib")


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repo]:
    """A library for those who change nothing."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in world(tmp_path_factory.mktemp("home")).items():
            patch.setenv(name, value)
        yield library(tmp_path_factory.mktemp("still") / "lib")


def library(place: Path) -> Repo:
    """A repository in which ada has one skill, with two rules."""
    made = init(place).repo
    extracted = answer(
        EXTRACTED,
        rules=[
            {"text": OLD[0], "turn": 2, "quote": "list breaking changes first"},
            {"text": OLD[1], "turn": 2, "quote": "always use tables"},
        ],
        triggers=[],
    )
    with serving(extracted) as server:
        assert ingest(learner(made, server), FIRST).decision == "add"
    return made


def learner(repo: Repo, server: Server, wire: Wire = WIRES["chat"], *, patience: Patience = PATIENT) -> Learner:
    return Learner(repo, Index.open(repo.private / "index"), "ada", chat=model(server.url, wire, patience=patience))


def head(repo: Repo) -> str:
    return repo.resolve("HEAD")


def said_rules(repo: Repo) -> list[str]:
    return rules(load(repo, head(repo), NOTES).document.body)


def message(repo: Repo) -> str:
    return git("log", "-1", "--format=%B", cwd=repo.directory)


def good() -> tuple[Reply, Reply]:
    return answer(EXTRACTED), answer(DECIDED)


@pytest.mark.parametrize("wire", WIRES)
def test_a_lesson_takes_two_calls_and_sends_the_dialogue_once(repo: Repo, wire: str) -> None:
    with serving(*good()) as server:
        outcome = ingest(learner(repo, server, WIRES[wire]), SAID)
    assert (outcome.decision, outcome.skill, outcome.version) == ("merge", "ada/release-notes", "0.2.0")
    assert said_rules(repo) == [*NEW, "Never use tables"]
    asked = [json.dumps(request.body, ensure_ascii=False) for request in server.requests]
    assert [text.count("a table of penguins") for text in asked] == [1, 0]
    told = message(repo)
    assert '#2 "never use tables' in told
    assert "Skill-Learner: loopback/loopback-1 extract:" in told
    assert "Skill-Reason: the same job" in told
    assert status(repo.directory) == []
    sound(repo.directory)


WORDINGS = {
    "in a fence": f"```json\n{json.dumps(EXTRACTED)}\n```",
    "between words": f"Here it is: {json.dumps(EXTRACTED)} I hope it helps.",
    "after a thought": f"<think>Is it {{durable}}?</think>{json.dumps(EXTRACTED)}",
}


@pytest.mark.parametrize("wording", WORDINGS.values(), ids=WORDINGS.keys())
def test_an_answer_may_come_with_words_around_it(repo: Repo, wording: str) -> None:
    with serving(says(wording), answer(DECIDED)) as server:
        assert ingest(learner(repo, server), SAID).decision == "merge"


def test_a_bad_answer_is_asked_for_again_with_the_reason(repo: Repo) -> None:
    with serving(says("Sure!"), answer(EXTRACTED), answer(DECIDED, skill=9), answer(DECIDED)) as server:
        assert ingest(learner(repo, server), SAID).decision == "merge"
    said = [request.messages[-1]["content"] for request in server.requests]
    assert "there is no JSON object" in said[1]
    assert "'skill' has to be a whole number from 0 to 1" in said[3]


def test_an_abstention_takes_one_call_and_changes_nothing(repo: Repo) -> None:
    before = head(repo)
    with serving(answer(NOTHING)) as server:
        outcome = ingest(learner(repo, server), SAID)
    assert (outcome.decision, outcome.reason) == ("none", "nothing durable: one request")
    assert (head(repo), len(server.requests)) == (before, 1)


def test_what_a_skill_says_already_is_discarded(repo: Repo) -> None:
    known = {"text": OLD[0], "turn": 2, "quote": "list breaking changes first"}
    keep = {"kind": "keep", "rule": 1, "line": FIRST_LINE, "text": "", "reason": "there"}
    with serving(
        answer(EXTRACTED, rules=[known]), answer(DECIDED, action="discard", edits=[keep], reason="known")
    ) as server:
        outcome = ingest(learner(repo, server), replace(FIRST, turns=(*FIRST.turns, *SAID.turns[:1])))
    assert (outcome.decision, outcome.reason) == ("discard", "already covered by ada/release-notes: known")
    assert said_rules(repo) == OLD


def test_a_rule_that_nobody_said_is_left_out_and_that_is_told(repo: Repo) -> None:
    made_up = {"text": "Praise penguins", "turn": 1, "quote": "a table of penguins"}
    extracted = answer(EXTRACTED, rules=[*EXTRACTED["rules"], made_up])
    with serving(extracted, answer(DECIDED)) as server:
        outcome = ingest(learner(repo, server), SAID)
    assert outcome.remarks == ("1 more of the model's left out, as nobody said so",)
    assert f"| {outcome.remarks[0]}" in message(repo)
    assert "penguin" not in message(repo)


BAD = {
    **{f"extract: {name}": ((), *row) for name, row in BAD_EXTRACTIONS.items()},
    **{f"decide: {name}": ((answer(EXTRACTED),), *row) for name, row in BAD_DECISIONS.items()},
    **{f"extract: {name}": ((), *row) for name, row in TROUBLE.items()},
    **{f"decide: {name}": ((answer(EXTRACTED),), *row) for name, row in TROUBLE.items()},
}


@pytest.mark.parametrize("wire", ["chat", "messages"])
@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_no_commit_and_no_conversation_is_lost(still: Repo, name: str, wire: str) -> None:
    before, (ahead, bad, reason) = head(still), BAD[name]
    patience = QUICK if name.endswith("silence") else PATIENT
    with serving(*ahead, bad) as server:
        outcome = ingest(learner(still, server, WIRES[wire], patience=patience), SAID)
    assert (outcome.decision, outcome.commit, head(still)) == ("undecided", None, before)
    assert reason in outcome.reason
    (kept,) = undecided.kept(still)
    assert (kept.reason, kept.user, kept.heard.digest) == (outcome.reason, "ada", SAID.digest)
    assert status(still.directory) == []
    undecided.drop(still, kept.heard.attempt)


def test_what_was_kept_is_learned_once_the_model_answers(repo: Repo) -> None:
    with serving(says("no")) as server:
        ingest(learner(repo, server), SAID)
    (kept,) = undecided.kept(repo)
    with serving(*good()) as server:
        assert learn(learner(repo, server), kept.heard).decision == "merge"
    assert list(undecided.kept(repo)) == []
    assert f"{SAID.digest}#2" in message(repo)


def test_what_is_kept_has_no_secret_and_is_for_its_owner_only(repo: Repo) -> None:
    token = "ghp_" + "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
    told = transcript(f"The token is {token}.", "Noted.", SAID.turns[2].text)
    with serving(says("")) as server:
        ingest(learner(repo, server), told)
    assert token not in json.dumps([request.body for request in server.requests])
    (file,) = (repo.private / "undecided").iterdir()
    assert (file.stat().st_mode & 0o777, token in file.read_text()) == (0o600, False)


def test_a_rehearsal_asks_and_writes_nothing(repo: Repo) -> None:
    before = head(repo)
    with serving(*good()) as server:
        foreseen = rehearse(learner(repo, server), SAID)
    with serving(says("no")) as server:
        assert rehearse(learner(repo, server), SAID).decision == "undecided"
    assert (foreseen.decision, head(repo), list(undecided.kept(repo))) == ("merge", before, [])


def test_what_is_in_the_history_is_not_asked_about(repo: Repo) -> None:
    with serving(says("no")) as server:
        assert ingest(learner(repo, server), FIRST).decision == "none"
    assert server.requests == []


def test_skills_that_changed_since_the_model_was_asked_are_decided_about_offline(repo: Repo) -> None:
    other = transcript("Write the release notes for 2.7.", "Done.", SAID.turns[2].text)
    with serving(*good(), *good()) as server:
        mine = learner(repo, server)
        both = [(said, found(mine, said)) for said in (heard(mine, SAID), heard(mine, other))]
        first, second = (land(mine, said, what) for said, what in both)
    assert (first.decision, second.decision) == ("merge", "discard")
    assert second.remarks == ("decided offline, as skills like it have changed since the model was asked",)
    assert said_rules(repo) == [*NEW, "Never use tables"]
    assert len(server.requests) == 4
    sound(repo.directory)


@pytest.mark.parametrize("jobs", [1, 3])
def test_decisions_land_in_order_whichever_answer_comes_first(repo: Repo, jobs: int) -> None:
    given = [transcript(f"Write the letter {n}.", "Done.", f"Always sign the letter {n} with Ada.") for n in range(6)]
    rows = [
        {"text": f"Always sign the letter {n} with Ada", "turn": 2, "quote": "always sign the letter"} for n in range(6)
    ]

    def reply(request: Request) -> Sent:
        asked = request.messages[1]["content"]
        if "candidate:" in asked:
            return answer(DECIDED, action="add", skill=0, edits=[])(request)
        n = int(asked.partition("letter ")[2][0])
        said = json.dumps({**EXTRACTED, "name": f"letter-{n}", "title": f"Letter {n}", "rules": [rows[n]]})
        return says(said, wait=0.02 * (6 - n))(request)

    with serving(reply) as server:
        mine = learner(repo, server)
        landed = list(ingest_all(mine, ((n, heard(mine, each)) for n, each in enumerate(given)), jobs=jobs))
    assert [tag for tag, _ in landed] == list(range(6))
    assert [got.skill for _, got in landed if isinstance(got, Outcome)] == [f"ada/letter-{n}" for n in range(6)]
    assert len(server.requests) == 11  # nothing is like the first
    sound(repo.directory)


REVERTS: Mapping[str, Callable[[Repo], object]] = {
    "skillgit's": lambda repo: revert(repo, NOTES),
    "git's": lambda repo: git("revert", "--no-edit", "HEAD", cwd=repo.directory),
}


@pytest.mark.parametrize("way", REVERTS.values(), ids=REVERTS.keys())
def test_a_rule_that_was_reverted_is_not_learned_again(repo: Repo, way: Callable[[Repo], object]) -> None:
    with serving(*good()) as server:
        ingest(learner(repo, server), SAID)
    way(repo)
    rejection = head(repo)
    other = replace(SAID, turns=(*SAID.turns, *SAID.turns[:1]))
    with serving(*good()) as server:
        again = ingest(learner(repo, server), other)
    assert (again.decision, again.reason) == ("discard", f"rejected before by {rejection[:10]}, in ada/release-notes")
    assert len(server.requests) == 1
    assert said_rules(repo) == OLD
