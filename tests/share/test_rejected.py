"""A lesson that was rejected is not learned again: not from another conversation, nor in other words, nor elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.learn.ingest import ingest, rehearse
from skillgit.learn.learner import Learner
from skillgit.search.index import Index
from skillgit.share import review
from skillgit.transcripts.model import Transcript
from tests.changes.library import head
from tests.git.place import git, sound
from tests.learn.candidates import transcript
from tests.share.waiting import only, waiting

ASKED = "Write the release notes for 2.6."
SAID = transcript(ASKED, "Done.", "In release notes, always mention the issue number.")
OTHER = transcript(ASKED, "Done.", "From now on, list breaking changes first in release notes.")


def again(words: str) -> Transcript:
    """Another conversation about the same job."""
    return transcript("Write the release notes for 3.0.", "Here they are.", words)


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    repo = init(tmp_path / "lib").repo
    return Learner(repo, Index.open(repo.private / "index"), "ada", policy="branch")


def rejected(learner: Learner) -> str:
    """The commit that rejects the one lesson that waits."""
    assert review.reject(learner.repo, only(learner.repo), reason="we have no issue numbers").fate == "rejected"
    return head(learner.repo)


SAME = [
    "In release notes, always mention the issue number.",
    "Always mention the issue number in release notes!",
    "In the release notes, please always mention **issue numbers**.",
]


@pytest.mark.parametrize("policy", ["auto", "branch"])
@pytest.mark.parametrize("words", SAME)
def test_it_is_discarded_and_the_rejection_is_named(learner: Learner, words: str, policy: str) -> None:
    ingest(learner, SAID)
    commit = rejected(learner)
    mine = replace(learner, policy=policy)  # type: ignore[arg-type]
    outcome = ingest(mine, again(words))
    assert (outcome.decision, outcome.reason) == (
        "discard",
        f"rejected before by {commit[:10]}, in {outcome.recorded.skill if outcome.recorded else ''}",
    )
    assert waiting(learner.repo) == ()
    sound(learner.repo.directory)


def test_the_same_conversation_is_in_the_history(learner: Learner) -> None:
    ingest(learner, SAID)
    rejected(learner)
    outcome = ingest(replace(learner, policy="auto"), SAID)
    assert (outcome.decision, outcome.commit) == ("none", None) and "in the history already" in outcome.reason


def test_another_lesson_for_the_same_job_is_learned(learner: Learner) -> None:
    ingest(learner, SAID)
    rejected(learner)
    outcome = ingest(replace(learner, policy="auto"), OTHER)
    assert outcome.decision == "add"


def test_what_was_rejected_beside_something_new_is_left_out(learner: Learner) -> None:
    ingest(learner, SAID)
    rejected(learner)
    both = transcript(
        ASKED, "Done.", "In release notes, always mention the issue number.", "Done.", OTHER.turns[2].text
    )
    outcome = ingest(replace(learner, policy="auto"), both)
    assert outcome.decision == "add" and outcome.after is not None
    assert "breaking changes" in outcome.after.body and "issue number" not in outcome.after.body


REPORT = transcript("Write a government report about rivers.", "Done.", "In reports, never use tables.")
OTHER_JOBS = [
    ("Write an email to the board.", "From now on, never use tables.", "add"),
    ("Write a government report about hills.", "From now on, never use tables.", "discard"),
    ("Write a letter to the mayor.", "In reports, never use tables.", "discard"),
]


@pytest.mark.parametrize(("asked", "said", "decision"), OTHER_JOBS)
def test_a_rule_that_names_no_job_was_rejected_for_its_own_only(
    learner: Learner, asked: str, said: str, decision: str
) -> None:
    ingest(learner, REPORT)
    rejected(learner)
    assert ingest(replace(learner, policy="auto"), transcript(asked, "Done.", said)).decision == decision


def test_another_users_lesson_is_learned(learner: Learner) -> None:
    ingest(learner, SAID)
    rejected(learner)
    assert ingest(replace(learner, user="bob", policy="auto"), again(SAME[0])).decision == "add"


def test_once_the_rejection_is_taken_back_it_is_learned(learner: Learner) -> None:
    ingest(learner, SAID)
    review.restore(learner.repo, rejected(learner))
    assert rehearse(replace(learner, policy="auto"), SAID).decision == "add"
    assert rehearse(replace(learner, policy="auto"), again(SAME[0])).decision == "add"


def test_a_rejection_is_known_in_another_clone_after_a_pull(learner: Learner, tmp_path: Path) -> None:
    ingest(learner, SAID)
    rejected(learner)
    git("clone", "-q", learner.repo.directory, tmp_path / "clone")
    clone = Repo.open(tmp_path / "clone")
    there = Learner(clone, Index.open(clone.private / "index"), "ada")
    assert waiting(clone) == ()
    assert ingest(there, again(SAME[1])).decision == "discard"
