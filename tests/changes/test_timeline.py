"""The life of a skill: what each commit did to its rules, its description and its files, through moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.changes import timeline
from skillgit.changes.edit import commit_worktree, edit
from skillgit.changes.move import move, remove
from skillgit.changes.revert import revert
from skillgit.changes.timeline import Event
from skillgit.git.repo import Repo
from tests.changes.library import RELEASE, document, head, library
from tests.git.place import git


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return library(tmp_path / "lib")


def told(repo: Repo, path: str = RELEASE) -> list[Event]:
    return list(timeline.told(repo, head(repo), path))


def rewrite(repo: Repo, old: str, new: str) -> None:
    edit(repo, RELEASE, document(repo, RELEASE).render().replace(old.encode(), new.encode()), base=head(repo))


def test_rules_come_change_and_go(repo: Repo) -> None:
    rewrite(repo, "- Be careful.", "- Be very careful.\n- Tag it.")
    rewrite(repo, "- Tag it.\n", "")
    last, middle, first = told(repo)
    assert first.rules and first.rules.added == ("Be careful.",)
    assert middle.rules and middle.rules.added == ("Tag it.",)
    assert middle.rules.changed == (("Be careful.", "Be very careful."),)
    assert last.rules and last.rules.removed == ("Tag it.",)
    assert [event.version for event in (first, middle, last)] == ["0.1.0", "0.1.1", "0.2.0"]


def test_a_description_and_files_are_told_of(repo: Repo) -> None:
    rewrite(repo, "Does release.", "Does releases.")
    assert repo.worktree
    (repo.worktree / RELEASE / "scripts/run.sh").write_text("#!/bin/bash\n")
    commit_worktree(repo)
    last, middle, first = told(repo)
    assert first.description is None and first.files == ("scripts/run.sh",)
    assert middle.description == ("Does release. Use for release.", "Does releases. Use for release.")
    assert (middle.files, last.files) == ((), ("scripts/run.sh",))


def test_a_life_goes_through_a_move_a_removal_and_a_return(repo: Repo) -> None:
    move(repo, RELEASE, "Users/ada/ship")
    remove(repo, "Users/ada/ship")
    revert(repo, "Users/ada/ship")
    found = told(repo, "Users/ada/ship")
    actions = [event.revision.decision.action for event in found if event.revision.decision]
    assert actions == ["revert", "remove", "move", "add"]
    assert found[0].rules and found[0].rules.added == ("Be careful.",)
    assert found[1].rules and found[1].rules.removed == ("Be careful.",)
    assert found[2].rules and not found[2].rules.added + found[2].rules.removed
    assert (found[2].files, found[1].version) == ((), "")


def test_a_broken_skill_says_that_it_cannot_be_read(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "lib" / RELEASE / "SKILL.md").write_bytes(b"broken")
    git("commit", "-qam", "by plain git", cwd=tmp_path / "lib")
    revert(repo, RELEASE)
    last, broken, _ = told(repo)
    assert last.rules is broken.rules is None
    assert (last.version, broken.version) == ("0.1.1", "")


def test_only_so_many_are_told(repo: Repo) -> None:
    rewrite(repo, "careful", "kind")
    assert len(list(timeline.told(repo, head(repo), RELEASE, limit=1))) == 1
