"""The SDK, as a program uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

import skillgit
from skillgit import Decision, Hit, Skill, SkillRepo
from skillgit.errors import Invalid, NotFound, Refused, RepositoryError, SkillgitError, Unreadable, Unsafe, UsageError
from tests.git.place import git, status

RELEASE = [
    {"role": "user", "content": "Before each release, run regression -> canary -> monitor -> full rollout."},
    {"role": "assistant", "content": "Understood."},
]
MONDAY = [
    {"role": "user", "content": "Write the release notes for 2.4."},
    {"role": "assistant", "content": "Here they are."},
    {"role": "user", "content": "From now on, list breaking changes first in release notes."},
]
FRIDAY = [*MONDAY[:2], {"role": "user", "content": "In release notes, always mention the issue number."}]
NOTES = "Users/ada/release-notes"


@pytest.fixture
def repo(tmp_path: Path) -> SkillRepo:
    return SkillRepo.init(tmp_path / "lib", user="ada")


def test_the_quick_start_finds_the_skill_with_its_steps(repo: SkillRepo) -> None:
    decision = repo.ingest(RELEASE)
    assert (decision.decision, decision.version) == ("add", "0.1.0")
    hits = repo.search("How should I do a safe release?")
    assert [hit.path for hit in hits] == [f"Users/{decision.skill}"]
    assert 0 < hits[0].score <= 1
    prompt = repo.context("How should I do a safe release?").lower()
    assert [word for word in ("regression", "canary", "monitor", "full rollout") if word in prompt] == [
        "regression",
        "canary",
        "monitor",
        "full rollout",
    ]


def test_the_public_names_are_there_and_no_others() -> None:
    assert set(skillgit.__all__) == {"Decision", "Hit", "Skill", "SkillRepo", "__version__"}
    assert (skillgit.SkillRepo, skillgit.Skill) == (SkillRepo, Skill)
    with pytest.raises(AttributeError, match="no attribute 'Store'"):
        _ = skillgit.Store


def test_a_decision_says_what_became_of_a_conversation(repo: SkillRepo) -> None:
    first, second, again = repo.ingest(MONDAY), repo.ingest(FRIDAY), repo.ingest(FRIDAY)
    assert (first.decision, first.skill, first.version, first.score) == ("add", "ada/release-notes", "0.1.0", None)
    assert (second.decision, second.version, second.parked) == ("merge", "0.1.1", False)
    assert second.score is not None and second.ref == "refs/heads/main"
    assert [(quote.turn, quote.text) for quote in second.evidence] == [(2, FRIDAY[2]["content"])]
    assert (again.decision, again.commit, again.ref, again.skill) == ("none", None, None, None)
    assert isinstance(again, Decision)


def test_a_decision_says_when_it_was_parked(repo: SkillRepo, tmp_path: Path) -> None:
    repo.ingest(MONDAY)
    (tmp_path / "lib" / NOTES / "SKILL.md").write_text("mine")
    decision = repo.ingest(FRIDAY)
    assert (decision.decision, decision.parked) == ("merge", True)
    assert decision.ref is not None and decision.ref.startswith("refs/skillgit/proposals/")


def test_skills_are_listed_and_read_at_any_version(repo: SkillRepo) -> None:
    assert repo.skills() == ()
    repo.ingest(MONDAY)
    first = repo.log()[0].oid
    repo.ingest(FRIDAY)
    assert [(skill.shown, skill.version) for skill in repo.skills()] == [("ada/release-notes", "0.1.1")]
    assert [skill.version for skill in repo.skills(at=first)] == ["0.1.0"]
    skill = repo.get("release-notes", version="0.1.0")
    assert (skill.name, skill.user, skill.version, skill.id) == ("release-notes", "ada", "0.1.0", repo.get(NOTES).id)
    assert "issue number" in repo.get("ada/release-notes").text
    assert "issue number" not in skill.text


def test_a_search_may_be_of_any_commit_user_and_scope(repo: SkillRepo) -> None:
    before = repo.log()[0].oid
    repo.ingest(MONDAY)
    repo.ingest(RELEASE, user="bo")
    assert [hit.path for hit in repo.search("release notes")] == [NOTES]
    assert isinstance(repo.search("release notes")[0], Hit)
    assert repo.search("release notes", at=before) == ()
    assert repo.search("release notes", scope="common") == ()
    assert [hit.path.split("/")[1] for hit in repo.search("a release", user="bo")] == ["bo"]
    assert repo.search("bake a cake") == ()
    assert repo.context("bake a cake") == ""
    assert len(repo.context("release notes", budget=30)) <= 120


def test_a_conversation_is_a_query(repo: SkillRepo) -> None:
    repo.ingest(MONDAY)
    asked = [*MONDAY[:2], {"role": "user", "content": "Now do the same for 2.5."}]
    assert [hit.path for hit in repo.search(asked)] == [NOTES]
    assert 'name="release-notes"' in repo.context(asked)
    assert repo.search(asked[2:]) == ()
    with pytest.raises(Unreadable, match="no transcript"):
        repo.search([])


def test_what_goes_into_a_prompt_is_counted_and_comes_in_two_forms(repo: SkillRepo) -> None:
    repo.ingest(MONDAY)
    available = repo.context("release notes", form="available")
    assert available == repo.prompt(scope="user")
    assert "\n<name>\nrelease-notes\n</name>\n" in available
    assert repo.prompt(scope="common") == "<available_skills>\n</available_skills>"
    repo.usage.record("release-notes")
    (use,) = repo.usage.read(user="ada")
    assert (use.path, use.version, use.retrieved, use.injected, use.used) == (NOTES, "0.1.0", 1, 1, 1)
    assert (repo.usage.read(user="bo"), repo.usage.stale()) == ((), ())
    with pytest.raises(NotFound):
        repo.usage.record("nope")


def test_what_is_parked_is_reviewed(repo: SkillRepo) -> None:
    repo.ingest(MONDAY)
    top = repo.repo.directory
    file = top / NOTES / "SKILL.md"
    file.write_text(file.read_text() + "\nmine\n")
    assert repo.ingest(FRIDAY).parked
    git("checkout", "-q", "--", ".", cwd=top)
    (waits,) = repo.review.waiting()
    done = repo.review.reject(waits, reason="no numbers")
    assert (done.fate, repo.review.waiting()) == ("rejected", ())
    assert repo.review.restore("HEAD").fate == "restored"
    repo.ingest(FRIDAY)
    assert "issue number" in repo.get("release-notes").text


def test_an_edited_proposal_is_accepted(repo: SkillRepo) -> None:
    git("config", "skillgit.learn.policy", "branch", cwd=repo.repo.directory)
    repo.ingest(MONDAY)
    (waits,) = repo.review.waiting()
    seen = repo.review.foresee(waits)
    assert seen.after is not None
    text = seen.after.render().decode().replace("breaking changes", "what breaks")
    assert repo.review.accept(waits, content=text).fate == "accepted"
    assert "List what breaks first" in repo.get("release-notes").text


def test_the_log_and_the_diff_tell_what_happened(repo: SkillRepo) -> None:
    repo.ingest(MONDAY)
    repo.ingest(FRIDAY)
    assert [revision.decision.action for revision in repo.log("release-notes") if revision.decision] == ["merge", "add"]
    assert (len(repo.log()), len(repo.log(limit=1))) == (3, 1)
    changed = repo.diff("release-notes", "0.1.0")
    assert changed == repo.diff("release-notes", "0.1.0", "0.1.1")
    assert "+++ ada/release-notes@0.1.1/SKILL.md" in changed
    assert "\n+- In release notes, always mention the issue number" in changed


def test_a_revert_is_the_next_version_and_brings_back_what_was_removed(repo: SkillRepo, tmp_path: Path) -> None:
    repo.ingest(MONDAY)
    repo.ingest(FRIDAY)
    reverted = repo.revert("release-notes")
    assert (reverted.version, "issue number" in reverted.text) == ("0.2.0", False)
    git("rm", "-rq", NOTES, cwd=tmp_path / "lib")
    git("commit", "-qm", "gone", cwd=tmp_path / "lib")
    with pytest.raises(NotFound):
        repo.get("release-notes")
    assert "issue number" in repo.diff("release-notes", "0.1.1", "0.1.0")
    assert repo.log("release-notes")[0].subject == "gone"
    assert repo.revert("release-notes", to="0.1.1").version == "0.2.1"
    assert status(tmp_path / "lib") == []


def test_a_skill_is_exported_for_an_agent(repo: SkillRepo, tmp_path: Path) -> None:
    repo.ingest(MONDAY)
    folder = repo.export("release-notes", tmp_path / "agent")
    assert folder == tmp_path / "agent/release-notes"
    assert (folder / "SKILL.md").read_text() == repo.get("release-notes").text
    with pytest.raises(Refused):
        repo.export("release-notes", tmp_path / "agent")
    other = repo.export("release-notes", tmp_path / "other", form="autoskill")
    assert "\nversion: " in (other / "SKILL.md").read_text()


def test_the_events_of_an_agents_session_are_a_conversation(repo: SkillRepo) -> None:
    session = {"sessionId": "s", "cwd": "/x", "version": "2.0.0", "isSidechain": False, "userType": "external"}
    events = [
        {
            **session,
            "type": said["role"],
            "uuid": f"u{number}",
            "parentUuid": f"u{number - 1}" if number else None,
            "timestamp": f"2026-01-02T03:04:0{number}.000Z",
            "message": {"role": said["role"], "content": said["content"]},
        }
        for number, said in enumerate(MONDAY)
    ]
    assert repo.ingest(events=events).skill == "ada/release-notes"


REFUSED: dict[str, tuple[dict[str, object], type[SkillgitError]]] = {
    "nothing": ({}, UsageError),
    "no messages": ({"messages": []}, UsageError),
    "both": ({"messages": MONDAY, "events": MONDAY}, UsageError),
    "no messages at all": ({"messages": [{"a": 1}, {"b": 2}]}, SkillgitError),
    "numbers": ({"messages": [1, 2]}, SkillgitError),
    "a user that is no name": ({"messages": MONDAY, "user": "../x"}, Unsafe),
}


@pytest.mark.parametrize(("words", "error"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_conversation_is_refused(
    repo: SkillRepo, words: dict[str, object], error: type[SkillgitError]
) -> None:
    before = repo.log()
    with pytest.raises(error):
        repo.ingest(**words)  # type: ignore[arg-type]
    assert repo.log() == before


def test_a_repository_is_opened_where_there_is_one(repo: SkillRepo, tmp_path: Path) -> None:
    repo.ingest(MONDAY)
    assert SkillRepo.open(tmp_path / "lib/Users", user="ada").get("release-notes").version == "0.1.0"
    assert SkillRepo.init(tmp_path / "lib").skills() == repo.skills()
    with pytest.raises(RepositoryError, match="not a git repository"):
        SkillRepo.open(tmp_path)
    with pytest.raises(Unsafe):
        SkillRepo.open(tmp_path / "lib", user="a/b")
    with pytest.raises(Invalid):
        SkillRepo.open(tmp_path / "lib", user="Ada")


def test_a_bare_repository_learns_as_well(tmp_path: Path) -> None:
    repo = SkillRepo.init(tmp_path / "bare", user="ada", bare=True)
    repo.ingest(MONDAY)
    repo.ingest(FRIDAY)
    assert repo.revert("release-notes").version == "0.2.0"


def test_what_is_not_there_is_named_with_what_is(repo: SkillRepo) -> None:
    repo.ingest(MONDAY)
    with pytest.raises(NotFound, match="no skill 'relase-notes'") as caught:
        repo.get("relase-notes")
    assert "release-notes" in caught.value.hint
    for act in (repo.log, repo.revert, lambda skill: repo.diff(skill, "0.1.0")):
        with pytest.raises(NotFound):
            act("nothing")
    with pytest.raises(NotFound, match=r"no version '9\.9\.9'"):
        repo.get("release-notes", version="9.9.9")
    with pytest.raises(NotFound, match="no commit"):
        repo.search("x", at="nothing")


def test_text_that_cannot_be_read_as_a_conversation_says_so(repo: SkillRepo) -> None:
    with pytest.raises(Unreadable):
        repo.ingest([{"x": "y"}])
