"""Skills are suggested for archiving where long silence, or many prompts without a use, say something."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.git.repo import Repo
from skillgit.search.stale import DAYS, OFTEN, stale
from skillgit.search.usage import Use
from tests.git.place import OTHER, SKILL, git, library, put

COMMITTED = 1767323045  # 2026-01-02T03:04:05Z, when the tests' world stands still
NOW = COMMITTED + (DAYS + 10) * 86400
LATELY = NOW - 86400
RELEASE, REPORT = SKILL.rpartition("/")[0], OTHER.rpartition("/")[0]
UNASKED = f"not changed and not found for {DAYS} days"
UNUSED = f"in {OFTEN} prompts, and never used"


def use(
    path: str, *, user: str = "ada", first: int = COMMITTED, last: int = LATELY, injected: int = 0, used: int = 0
) -> Use:
    return Use(user, path, "0.1.0", injected + 1, injected, used, first, last)


CASES: dict[str, tuple[list[Use], int, dict[str, str]]] = {
    "nothing was ever counted": ([], NOW, {}),
    "all are found": ([use(RELEASE), use(REPORT)], NOW, {}),
    "one is not found": ([use(RELEASE)], NOW, {REPORT: UNASKED}),
    "one was found long ago": ([use(RELEASE), use(REPORT, last=COMMITTED)], NOW, {REPORT: UNASKED}),
    "counting began lately": ([use(RELEASE, first=LATELY)], NOW, {}),
    "the skills are young": ([use(RELEASE, first=0)], COMMITTED + 86400, {}),
    "in many prompts, and nobody says what is used": ([use(RELEASE, injected=OFTEN), use(REPORT)], NOW, {}),
    "in many prompts, where others are used": (
        [use(RELEASE, injected=OFTEN), use(REPORT, used=1)],
        NOW,
        {RELEASE: UNUSED},
    ),
    "in many prompts of one who says nothing": (
        [use(RELEASE, injected=OFTEN, user="bob"), use(REPORT, used=1)],
        NOW,
        {},
    ),
    "in few prompts": ([use(RELEASE, injected=OFTEN - 1), use(REPORT, used=1)], NOW, {}),
    "used by somebody": (
        [use(RELEASE, injected=OFTEN), use(REPORT, used=1), use(RELEASE, user="bob", used=1)],
        NOW,
        {},
    ),
    "a skill that is gone": ([use("Users/ada/gone", injected=OFTEN), use(RELEASE), use(REPORT, used=1)], NOW, {}),
}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return library(tmp_path / "lib")


@pytest.mark.parametrize(("uses", "now", "expected"), CASES.values(), ids=CASES.keys())
def test_a_skill_is_suggested_with_the_reason(repo: Repo, uses: list[Use], now: int, expected: dict[str, str]) -> None:
    assert {each.path: each.reason for each in stale(repo, uses, now=now)} == expected


def test_a_skill_that_was_changed_lately_is_not(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"@{LATELY} +0000")
    put(repo, {OTHER: b"# Report\n\nNew.\n"}, version="0.1.1")
    assert stale(repo, [use(RELEASE)], now=NOW) == ()


def test_a_repository_without_commits_has_none(tmp_path: Path) -> None:
    git("init", "-q", str(tmp_path / "new"))
    assert stale(Repo.open(tmp_path / "new"), [use(RELEASE)], now=NOW) == ()
