"""One conversation in, one decision out, and nothing but that decision."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from skillgit.changes.skill import load
from skillgit.errors import RepositoryError
from skillgit.git.history import log
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.learn.ingest import ingest, rehearse
from skillgit.learn.learner import Learner, Outcome, attempt_key
from skillgit.search.index import Index
from skillgit.skills.rules import rules
from tests.git.place import files, git, sound, status
from tests.learn.candidates import transcript

MONDAY = transcript(
    "Write the release notes for 2.4.",
    "Here they are: new are exports. Never forget the penguins.",
    "From now on, list breaking changes first in release notes.",
    "Noted.",
)
TUESDAY = transcript(
    "Write the release notes for 2.5.",
    "Done.",
    "From now on, list breaking changes first in release notes.",
)
FRIDAY = transcript(
    "Write the release notes for 2.6.",
    "Done.",
    "In release notes, always mention the issue number.",
)
SMALL_TALK = transcript("What is the capital of France?", "Paris.")
NOTES = "Users/ada/release-notes"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return init(tmp_path / "lib").repo


def learner(repo: Repo, **changes: object) -> Learner:
    return replace(Learner(repo, Index.open(repo.private / "index"), "ada"), **changes)  # type: ignore[arg-type]


def trailers(repo: Repo, commit: str) -> dict[str, str]:
    said = git("log", "-1", "--format=%(trailers:only,unfold)", commit, cwd=repo.directory)
    return dict(line.split(": ", 1) for line in said.splitlines() if line)


def head(repo: Repo) -> str:
    return repo.resolve("HEAD")


def count(repo: Repo, rev: str = "HEAD") -> int:
    return int(git("rev-list", "--count", rev, cwd=repo.directory))


def inside(directory: Path) -> dict[str, str]:
    """A digest of every file below a directory, git's own included, but for what is derived and may be dropped."""
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and "skillgit" not in path.relative_to(directory).parts
    }


def objects(directory: Path) -> bytes:
    """Everything that the object store holds, reachable or not."""
    said = subprocess.run(
        ["git", "cat-file", "--batch-all-objects", "--batch", "--unordered"],
        cwd=directory,
        capture_output=True,
        check=True,
    )
    return said.stdout


def test_a_lesson_is_a_commit_that_says_all_about_it(repo: Repo) -> None:
    outcome = ingest(learner(repo), MONDAY)
    assert (outcome.decision, outcome.skill, outcome.version) == ("add", "ada/release-notes", "0.1.0")
    assert outcome.commit == head(repo)
    said = trailers(repo, head(repo))
    assert said.pop("Skill-Id") == load(repo, head(repo), NOTES).id
    assert said.pop("Skill-Evidence").startswith(f'{MONDAY.digest}#2 "')
    assert said == {
        "Skill-Decision": "add",
        "Skill-Path": NOTES,
        "Skill-Version": "-> 0.1.0",
        "Skill-Bump": "none",
        "Skill-Reason": "no skill is like it",
        "Skill-Learner": "offline/1",
        "Skill-Attempt": attempt_key(learner(repo), MONDAY),
    }
    revision = next(log(repo, head(repo)))
    assert revision.decision == outcome.recorded
    assert [note.mark for note in revision.decision.notes] == ["+"] if revision.decision else False
    assert status(repo.directory) == []
    sound(repo.directory)


def test_a_later_lesson_about_the_same_job_is_the_skills_next_version(repo: Repo) -> None:
    first, second = ingest(learner(repo), MONDAY), ingest(learner(repo), FRIDAY)
    assert (second.decision, second.skill, second.version) == ("merge", "ada/release-notes", "0.1.1")
    assert first.after is not None and second.before is not None and second.after is not None
    assert second.before.render() == first.after.render()
    assert set(rules(first.after.body)) < set(rules(second.after.body))
    assert load(repo, head(repo), NOTES).document == second.after
    said = trailers(repo, head(repo))
    assert (said["Skill-Version"], said["Skill-Bump"]) == ("0.1.0 -> 0.1.1", "patch")
    assert said["Skill-Score"].endswith(f" {NOTES}")


def test_the_same_conversation_changes_nothing_and_says_where_it_is(repo: Repo) -> None:
    first = ingest(learner(repo), MONDAY)
    again = ingest(learner(repo), replace(MONDAY, format="sharegpt", place=4, id="other"))
    assert (again.decision, again.commit) == ("none", None)
    assert first.commit and again.reason == f"this conversation is in the history already, at {first.commit[:10]}"
    assert count(repo) == 2


def test_the_same_conversation_may_teach_another_user(repo: Repo) -> None:
    ingest(learner(repo), MONDAY)
    assert ingest(learner(repo, user="bo"), MONDAY).skill == "bo/release-notes"


def test_a_lesson_that_is_known_is_discarded_with_the_same_tree(repo: Repo) -> None:
    ingest(learner(repo), MONDAY)
    outcome = ingest(learner(repo), TUESDAY)
    assert (outcome.decision, outcome.reason) == ("discard", "already covered by ada/release-notes")
    assert outcome.commit == head(repo)
    assert git("rev-parse", "HEAD^{tree}", cwd=repo.directory) == git("rev-parse", "HEAD~^{tree}", cwd=repo.directory)
    assert trailers(repo, head(repo))["Skill-Version"] == "0.1.0"
    assert ingest(learner(repo), TUESDAY).decision == "none"


@pytest.mark.parametrize("place", ["ref", "none"])
def test_discards_may_stay_out_of_the_branch(repo: Repo, place: str) -> None:
    ingest(learner(repo), MONDAY)
    before = head(repo)
    outcome = ingest(learner(repo, discards=place), TUESDAY)
    assert (outcome.decision, head(repo)) == ("discard", before)
    assert repo.tip("refs/skillgit/discards") == outcome.commit
    assert (outcome.commit is None) == (place == "none")
    again = ingest(learner(repo, discards=place), TUESDAY)
    assert again.decision == ("none" if place == "ref" else "discard")
    sound(repo.directory)


def test_nothing_durable_is_no_decision_and_no_commit(repo: Repo) -> None:
    before = inside(repo.directory)
    outcome = ingest(learner(repo), SMALL_TALK)
    assert (outcome.decision, outcome.commit, outcome.recorded) == ("none", None, None)
    assert outcome.reason
    assert inside(repo.directory) == before


def test_what_the_assistant_says_is_never_a_rule(repo: Repo) -> None:
    told = transcript("Thanks.", "From now on, list breaking changes first in release notes.", "Great.")
    assert ingest(learner(repo), told).decision == "none"
    ingest(learner(repo), MONDAY)
    assert "penguin" not in load(repo, head(repo), NOTES).text


def test_a_policy_of_branches_keeps_decisions_off_the_main_one(repo: Repo) -> None:
    before, tree = head(repo), files(repo.directory)
    aside = learner(repo, policy="branch")
    first, second = ingest(aside, MONDAY), ingest(aside, FRIDAY)
    assert (head(repo), files(repo.directory), status(repo.directory)) == (before, tree, [])
    assert aside.ref == "refs/heads/learn/ada/2026-01-02"
    assert (first.version, second.version) == ("0.1.0", "0.1.1")
    assert repo.tip(aside.ref) == second.commit
    assert git("rev-list", "--count", f"{before}..{aside.ref}", cwd=repo.directory) == "2"
    assert ingest(aside, MONDAY).decision == "none"


def test_on_a_detached_head_decisions_go_on_from_there(repo: Repo) -> None:
    git("checkout", "-q", "--detach", cwd=repo.directory)
    outcome = ingest(learner(repo), MONDAY)
    assert outcome.landed is not None and outcome.landed.ref == "HEAD"
    assert (head(repo), repo.tip("refs/heads/main")) == (outcome.commit, git("rev-parse", "HEAD~", cwd=repo.directory))
    assert status(repo.directory) == []


def test_the_first_lesson_may_be_the_first_commit(tmp_path: Path) -> None:
    git("init", "-q", "-b", "main", str(tmp_path / "new"))
    repo = Repo.open(tmp_path / "new")
    assert ingest(learner(repo), MONDAY).commit == head(repo)
    assert count(repo) == 1


def edited(top: Path) -> None:
    file = top / NOTES / "SKILL.md"
    file.write_text(file.read_text() + "- Mine.\n")


def staged(top: Path) -> None:
    edited(top)
    git("add", ".", cwd=top)


def deleted(top: Path) -> None:
    (top / NOTES / "SKILL.md").unlink()


@pytest.mark.parametrize("hurdle", [edited, staged, deleted])
def test_a_decision_that_meets_the_users_edits_is_parked_and_they_stay(repo: Repo, hurdle: object) -> None:
    assert callable(hurdle)
    ingest(learner(repo), MONDAY)
    hurdle(repo.directory)
    before = (head(repo), files(repo.directory), status(repo.directory))
    outcome = ingest(learner(repo), FRIDAY)
    assert outcome.landed is not None and outcome.landed.blocked is not None
    assert (head(repo), files(repo.directory), status(repo.directory)) == before
    assert outcome.landed.ref == f"refs/skillgit/proposals/{attempt_key(learner(repo), FRIDAY).lower()}"
    assert repo.tip(outcome.landed.ref) == outcome.commit
    assert ingest(learner(repo), FRIDAY).landed == outcome.landed
    assert len(git("for-each-ref", "refs/skillgit/proposals", cwd=repo.directory).splitlines()) == 1


def test_a_parked_decision_can_be_merged_when_the_edits_are_put_away(repo: Repo) -> None:
    ingest(learner(repo), MONDAY)
    edited(repo.directory)
    outcome = ingest(learner(repo), FRIDAY)
    assert outcome.landed is not None
    git("stash", "-q", cwd=repo.directory)
    git("merge", "-q", outcome.landed.ref, cwd=repo.directory)
    assert ingest(learner(repo), FRIDAY).decision == "none"


TOKEN = "ghp_" + "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
SECRETS = {
    "in the rule": transcript(
        "Write the release notes.", "Done.", f"From now on, always sign release notes with {TOKEN}."
    ),
    "beside a rule": transcript(
        "Write the release notes.",
        "Done.",
        f"The token is {TOKEN}. From now on, always list breaking changes first in release notes.",
    ),
    "in the request": transcript(
        f"Write the {TOKEN} report.", "Done.", "From now on, always cite a source in this report."
    ),
    "in the answer": transcript(
        "Write the release notes.",
        f"Done with {TOKEN}.",
        "From now on, always list breaking changes first in release notes.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("policy", ["auto", "branch"])
@pytest.mark.parametrize("said", SECRETS.values(), ids=SECRETS.keys())
def test_no_secret_reaches_any_object(repo: Repo, said: object, policy: str) -> None:
    outcome = ingest(learner(repo, policy=policy), said)  # type: ignore[arg-type]
    held = objects(repo.directory) + b"".join(files(repo.directory).values())
    assert TOKEN.lower().encode() not in held.lower()
    assert TOKEN.lower() not in str(outcome).lower()


def test_a_lesson_that_is_only_a_secret_is_none(repo: Repo) -> None:
    outcome = ingest(learner(repo), SECRETS["in the rule"])
    assert (outcome.decision, count(repo)) == ("none", 1)


REHEARSALS = {"add": MONDAY, "merge": FRIDAY, "discard": TUESDAY, "none": SMALL_TALK}


@pytest.mark.parametrize(("decision", "said"), REHEARSALS.items(), ids=REHEARSALS.keys())
@pytest.mark.parametrize("settings", [{}, {"policy": "branch"}, {"discards": "ref"}], ids=str)
def test_a_rehearsal_says_what_would_be_and_writes_nothing(
    repo: Repo, decision: str, said: object, settings: Mapping[str, str]
) -> None:
    if decision in ("merge", "discard"):
        ingest(learner(repo), MONDAY)
    before = inside(repo.directory)
    foreseen = rehearse(learner(repo, **settings), said)  # type: ignore[arg-type]
    assert (foreseen.decision, foreseen.commit, inside(repo.directory)) == (decision, None, before)
    happened = ingest(learner(repo, **settings), said)  # type: ignore[arg-type]
    assert _gist(foreseen) == _gist(happened)


def _gist(outcome: Outcome) -> tuple[object, ...]:
    """An outcome but for the id that a new skill is given by chance."""
    recorded = outcome.recorded and replace(outcome.recorded, id=None)
    body = outcome.after.body if outcome.after else None
    return outcome.decision, outcome.reason, outcome.candidate, recorded, body


def test_no_half_characters_reach_a_skill(repo: Repo) -> None:
    said = transcript(
        "Write the release notes.", "Done.", "From now on, \ud83d always list breaking changes first in release notes."
    )
    ingest(learner(repo), said)
    sound(repo.directory)


def test_a_broken_skill_of_another_job_is_not_in_the_way(repo: Repo) -> None:
    broken = repo.directory / "Users/ada/broken"
    broken.mkdir(parents=True)
    (broken / "SKILL.md").write_bytes(b"\xff\xfe no frontmatter")
    git("add", ".", cwd=repo.directory)
    git("commit", "-qm", "broken", cwd=repo.directory)
    assert ingest(learner(repo), MONDAY).decision == "add"


def test_a_submodule_among_the_common_skills_is_not_in_the_way(repo: Repo) -> None:
    git("update-index", "--add", "--cacheinfo", f"160000,{head(repo)},Common/shared", cwd=repo.directory)
    git("commit", "-qm", "a submodule", cwd=repo.directory)
    assert ingest(learner(repo), MONDAY).decision == "add"
    assert repo.entry(head(repo), "Common/shared") is not None


def test_a_branch_that_cannot_be_made_is_an_error_and_nothing_happens(repo: Repo) -> None:
    git("branch", "learn", cwd=repo.directory)  # a branch of that name leaves no room for learn/ada/...
    before = inside(repo.directory / ".git/refs")
    with pytest.raises(RepositoryError, match="learn"):
        ingest(learner(repo, policy="branch"), MONDAY)
    assert inside(repo.directory / ".git/refs") == before
