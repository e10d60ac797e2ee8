"""add, merge or discard, over a real repository and its index."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.changes.record import Change, record
from skillgit.changes.skill import read
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.git.transaction import Transaction, write
from skillgit.learn.candidate import Candidate
from skillgit.learn.decide import Verdict, decide
from skillgit.learn.edit import create
from skillgit.search.index import Index
from tests.learn.candidates import candidate

NOTES = candidate(
    "Release notes",
    ["List breaking changes first.", "Use no emoji."],
    triggers=["Write the release notes for 2.4."],
)
POETRY = candidate(
    "Poems", ["Rhyme every second line."], name="poems", triggers=["Write a poem about the sea."],
    description="Write poems. Use when asked for a poem.",
)  # fmt: skip
REPORT = candidate(
    "政府报告", ["引用数据来源"], name="政府报告", triggers=["写一份政府报告"], description="撰写政府报告。",
)  # fmt: skip


def library(directory: Path, skills: dict[str, Candidate]) -> Repo:
    repo = init(directory).repo

    def body(tx: Transaction) -> None:
        for path, known in skills.items():
            document = create(known, path.rpartition("/")[2])
            record(tx, Change("add", path, None, document, "first"))

    write(repo, body)
    return repo


def decided(repo: Repo, proposed: Candidate, *, user: str = "ada") -> Verdict:
    known = repo.skills(repo.tip("HEAD"))
    index = Index.open(repo.private / "index")
    index.sync(known, repo.read)
    return decide(proposed, user=user, skills=known, load=lambda path: read(repo, known[path], path), index=index)


OWN = {"Users/ada/release-notes": NOTES, "Users/ada/poems": POETRY, "Users/ada/政府报告": REPORT}


def again(known: Candidate, *rules: str, trigger: str, name: str = "") -> Candidate:
    """The same job another day: other rules, another request, perhaps another name."""
    return candidate(known.title, rules, name=name or known.name, triggers=[trigger], description=known.description)


MERGES = {
    "the same name": (
        again(NOTES, "Link every fix.", trigger="Write the release notes for 3.0."),
        "Users/ada/release-notes",
    ),
    "another name": (
        again(NOTES, "Link every fix.", trigger="Write release notes for 3.0.", name="notes-for-a-release"),
        "Users/ada/release-notes",
    ),
    "in Chinese": (again(REPORT, "不要使用表格", trigger="帮我写一份关于交通的政府报告"), "Users/ada/政府报告"),
    "other rules, same job": (
        again(POETRY, "Keep it under 12 lines.", trigger="Write a poem about rain."),
        "Users/ada/poems",
    ),
}


@pytest.mark.parametrize(("proposed", "path"), MERGES.values(), ids=MERGES.keys())
def test_the_same_job_is_merged_into_the_users_own_skill(tmp_path: Path, proposed: Candidate, path: str) -> None:
    verdict = decided(library(tmp_path, OWN), proposed)
    assert (verdict.action, verdict.path, verdict.nearest) == ("merge", path, path)
    assert verdict.before is not None and verdict.after is not None
    assert [hunk.new for hunk in verdict.hunks] == [rule.text for rule in proposed.rules]


APART = {
    "the same topic, another job": candidate(
        "Release schedules", ["Leave Fridays free."], name="release-schedule",
        triggers=["Plan the schedule of the next three months."], description="Plan the schedule of releases.",
    ),
    "the same verb, another deliverable": candidate(
        "Unit tests", ["Name each test as a sentence."], name="unit-tests",
        triggers=["Write unit tests for the parser."], description="Write unit tests.",
    ),
    "the same rule, another job": candidate(
        "Commit messages", ["Use no emoji."], name="commit-messages",
        triggers=["Write a commit message for this diff."], description="Write commit messages.",
    ),
    "another language, another job": candidate(
        "数据清洗", ["删除空行"], name="数据清洗", triggers=["清洗这份数据"], description="清洗数据。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("proposed", APART.values(), ids=APART.keys())
def test_another_job_is_a_new_skill(tmp_path: Path, proposed: Candidate) -> None:
    verdict = decided(library(tmp_path, OWN), proposed)
    assert (verdict.action, verdict.path, verdict.before) == ("add", f"Users/ada/{proposed.name}", None)


def test_what_is_known_is_discarded(tmp_path: Path) -> None:
    repo = library(tmp_path, OWN)
    verdict = decided(repo, again(NOTES, "List the breaking changes first!", trigger="Write release notes for 9."))
    assert (verdict.action, verdict.path, verdict.hunks) == ("discard", "Users/ada/release-notes", ())
    assert verdict.reason == "already covered by ada/release-notes"
    assert verdict.before is verdict.after


def test_what_a_common_skill_covers_is_discarded(tmp_path: Path) -> None:
    verdict = decided(library(tmp_path, {"Common/release-notes": NOTES}), NOTES)
    assert (verdict.action, verdict.path, verdict.nearest) == (
        "discard",
        "Common/release-notes",
        "Common/release-notes",
    )


def test_a_common_skill_is_never_changed(tmp_path: Path) -> None:
    repo = library(tmp_path, {"Common/release-notes": NOTES})
    verdict = decided(repo, again(NOTES, "Link every fix.", trigger="Write the release notes for 3.0."))
    assert (verdict.action, verdict.path) == ("add", "Users/ada/release-notes")
    assert verdict.nearest == "Common/release-notes"


def test_the_users_own_skill_learns_what_the_common_one_lacks(tmp_path: Path) -> None:
    repo = library(tmp_path, {"Common/release-notes": NOTES, "Users/ada/release-notes": NOTES})
    verdict = decided(repo, again(NOTES, "Link every fix.", trigger="Write the release notes for 3.0."))
    assert (verdict.action, verdict.path) == ("merge", "Users/ada/release-notes")


def test_another_users_skills_are_never_looked_at(tmp_path: Path) -> None:
    verdict = decided(library(tmp_path, {"Users/bo/release-notes": NOTES}), NOTES)
    assert (verdict.action, verdict.path) == ("add", "Users/ada/release-notes")
    assert (verdict.score, verdict.nearest) == (None, None)


def test_in_an_empty_library_no_skill_is_like_it(tmp_path: Path) -> None:
    verdict = decided(library(tmp_path, {}), NOTES)
    assert (verdict.action, verdict.reason) == ("add", "no skill is like it")


def test_a_namesake_is_the_same_job_whatever_its_words_are(tmp_path: Path) -> None:
    other = candidate("Notes", ["Sing."], triggers=["la la la"], name="release-notes", description="Sings.")
    verdict = decided(library(tmp_path, {"Users/ada/release-notes": other}), NOTES)
    assert (verdict.action, verdict.path) == ("merge", "Users/ada/release-notes")


def test_the_same_habit_for_other_things_is_no_reason_to_make_them_one(tmp_path: Path) -> None:
    """In a small library a few words in common are many: what is made has to be named by one of the two."""
    rules = ["Always start with a title.", "Never use more than 9 lines."]
    soup = candidate("Soup", rules, name="soup", triggers=["Please write a soup about autumn."])
    repo = library(tmp_path / "repo", {"Users/ada/soup": soup})
    for thing in ("essay", "invoice", "cover letter"):
        proposed = candidate(
            thing.title(), rules, name=thing.replace(" ", "-"), triggers=[f"Please write a {thing} about autumn."]
        )
        assert (decided(repo, proposed).action, decided(repo, proposed).path) == (
            "add",
            f"Users/ada/{thing.replace(' ', '-')}",
        )
    again = candidate("Soups", ["Use salt last."], name="soups", triggers=["Please write a soup about winter."])
    assert decided(repo, again).path == "Users/ada/soup"
