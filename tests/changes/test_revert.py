"""Undoing, forwards: each revert is a new version, with the files of the old one."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.changes import compare
from skillgit.changes.edit import commit_worktree, edit
from skillgit.changes.move import move, remove
from skillgit.changes.revert import rehearse, revert
from skillgit.changes.versions import at, find
from skillgit.errors import NotFound, Refused, SkillgitError
from skillgit.git.history import log_of
from skillgit.git.repo import Repo
from tests.changes.library import RELEASE, add, document, head, history, library, skill, state, version
from tests.git.place import git, sound, status


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return library(tmp_path / "lib")


def write(repo: Repo, text: str) -> None:
    """One more version of the release skill, with one more rule."""
    edit(repo, RELEASE, document(repo, RELEASE).render() + f"- {text}\n".encode(), base=head(repo))


def body(repo: Repo, number: str) -> str:
    return at(repo, head(repo), RELEASE, number).document.body


def test_a_revert_of_a_revert_is_where_one_was(repo: Repo, tmp_path: Path) -> None:
    write(repo, "Tag it.")
    revert(repo, RELEASE)
    revert(repo, RELEASE)
    assert history(repo, RELEASE) == ["0.2.1", "0.2.0", "0.1.1", "0.1.0"]
    assert body(repo, "0.2.0") == body(repo, "0.1.0")
    assert body(repo, "0.2.1") == body(repo, "0.1.1")
    assert status(tmp_path / "lib") == []


def test_any_version_comes_back_with_its_files(repo: Repo, tmp_path: Path) -> None:
    top = tmp_path / "lib" / RELEASE
    first = repo.files(head(repo), RELEASE)
    (top / "reference.md").write_text("x")
    commit_worktree(repo)
    (top / "scripts/run.sh").unlink()
    (top / "reference.md").write_text("y")
    commit_worktree(repo)
    write(repo, "Tag it.")
    last = repo.files(head(repo), RELEASE)
    for number, files in (("0.1.0", first), ("0.2.1", last), ("v0.1.0", first)):
        revert(repo, RELEASE, to=number)
        assert {**repo.files(head(repo), RELEASE), "SKILL.md": None} == {**files, "SKILL.md": None}
    numbers = history(repo, RELEASE)
    assert len(numbers) == len(set(numbers)) == 7
    assert status(tmp_path / "lib") == []
    sound(tmp_path / "lib")


def test_a_removed_skill_comes_back_as_a_new_version_with_its_id(repo: Repo) -> None:
    before, files = document(repo, RELEASE), repo.files(head(repo), RELEASE)
    remove(repo, RELEASE)
    recorded, _ = revert(repo, RELEASE)
    assert (recorded.decision.before, recorded.decision.after) == (None, "0.1.1")
    assert (document(repo, RELEASE).id, document(repo, RELEASE).body) == (before.id, before.body)
    assert repo.files(head(repo), RELEASE).keys() == files.keys()


def test_a_removed_skill_comes_back_at_any_version(repo: Repo) -> None:
    write(repo, "Tag it.")
    first = body(repo, "0.1.0")
    remove(repo, RELEASE)
    revert(repo, RELEASE, to="0.1.0")
    assert (document(repo, RELEASE).body, version(repo, RELEASE)) == (first, "0.1.2")


def test_a_version_from_before_a_move_comes_back_under_the_new_name(repo: Repo) -> None:
    write(repo, "Tag it.")
    first = body(repo, "0.1.0")
    move(repo, RELEASE, "Users/bo/ship")
    revert(repo, "Users/bo/ship", to="0.1.0")
    found = document(repo, "Users/bo/ship")
    assert (found.name, found.body, found.version) == ("ship", first, "0.3.0")


def test_a_move_is_undone_by_a_move_and_the_hint_says_so(repo: Repo) -> None:
    move(repo, RELEASE, "Users/bo/ship")
    with pytest.raises(Refused, match=r"skill 'bo/ship' is already as it was at 0.1.0") as caught:
        revert(repo, "Users/bo/ship")
    assert caught.value.hint.startswith("'skillgit mv bo/ship ada/release'")
    for to in (None, "0.1.0"):
        with pytest.raises(Refused, match="skill 'ada/release' is now 'bo/ship'") as caught:
            revert(repo, RELEASE, to=to)
        assert caught.value.hint.startswith("'skillgit mv bo/ship ada/release'")


def test_a_skill_stays_itself_though_the_text_of_another_comes_back(repo: Repo) -> None:
    first = document(repo, RELEASE).body
    remove(repo, RELEASE)
    add(repo, RELEASE, "Another skill.")
    own = document(repo, RELEASE).id
    revert(repo, RELEASE, to="0.1.0")
    assert (document(repo, RELEASE).body, document(repo, RELEASE).id) == (first, own)


def test_the_history_of_a_skill_ends_where_another_was_moved_away(repo: Repo) -> None:
    write(repo, "Tag it.")
    move(repo, RELEASE, "Users/ada/ship")
    assert [found.path for found in log_of(repo, head(repo), RELEASE)] == [RELEASE] * 3
    add(repo, RELEASE, "Another skill.")
    assert history(repo, RELEASE) == ["0.2.1"]
    assert history(repo, "Users/ada/ship") == ["0.2.0", "0.1.1", "0.1.0"]
    with pytest.raises(NotFound, match=r"no version '0.1.0'"):
        revert(repo, RELEASE, to="0.1.0")


def test_the_first_version_has_none_before_it(repo: Repo, tmp_path: Path) -> None:
    before = state(tmp_path / "lib")
    with pytest.raises(Refused, match=r"skill 'ada/release' has no earlier version"):
        revert(repo, RELEASE)
    with pytest.raises(Refused, match=r"is already as it was at 0.1.0"):
        revert(repo, RELEASE, to="0.1.0")
    assert state(tmp_path / "lib") == before


@pytest.mark.parametrize("to", ["9.9.9", "", "soon", "0.1"])
def test_a_version_that_never_was_is_named_with_those_that_were(repo: Repo, to: str) -> None:
    with pytest.raises(NotFound, match=f"no version '{to}' of skill 'ada/release'") as caught:
        revert(repo, RELEASE, to=to)
    assert caught.value.hint == "it has had: 0.1.0"


def test_what_never_was_cannot_come_back(repo: Repo) -> None:
    with pytest.raises(NotFound, match="no skill 'ada/nothing'"):
        revert(repo, "Users/ada/nothing")


def plain_commit(repo: Repo, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lib" / RELEASE / "SKILL.md").write_bytes(content)
    git("commit", "-qam", "by plain git", cwd=tmp_path / "lib")


def test_a_plain_commit_has_the_version_its_skill_says(repo: Repo, tmp_path: Path) -> None:
    content = document(repo, RELEASE).with_field(("metadata", "version"), "0.5.0").render()
    plain_commit(repo, tmp_path, content + b"- Tag it.\n")
    plain_commit(repo, tmp_path, b"broken")
    assert history(repo, RELEASE) == ["0.5.0", "0.1.0"]
    assert find(repo, head(repo), RELEASE, "0.5.0").revision.subject == "by plain git"


def test_a_skill_that_a_plain_commit_broke_comes_back(repo: Repo, tmp_path: Path) -> None:
    before = document(repo, RELEASE).body
    plain_commit(repo, tmp_path, b"broken")
    revert(repo, RELEASE)
    assert (document(repo, RELEASE).body, version(repo, RELEASE)) == (before, "0.1.1")


def test_a_revert_never_overwrites_what_stands_in_the_work_tree(repo: Repo, tmp_path: Path) -> None:
    write(repo, "Tag it.")
    (tmp_path / "lib" / RELEASE / "SKILL.md").write_text("mine")
    before = state(tmp_path / "lib")
    with pytest.raises(SkillgitError, match="are in the way"):
        revert(repo, RELEASE)
    assert state(tmp_path / "lib") == before


def test_an_old_version_that_is_no_longer_valid_is_refused(repo: Repo, tmp_path: Path) -> None:
    plain_commit(repo, tmp_path, b"---\nname: release\ndescription: x\nmodel: y\n---\n")
    plain_commit(repo, tmp_path, skill("release", "Tag it.").render())
    before = state(tmp_path / "lib")
    with pytest.raises(Refused, match="unknown field 'model'"):
        revert(repo, RELEASE)
    assert state(tmp_path / "lib") == before
    add(repo, "Users/ada/other")


def objects(repo: Repo) -> str:
    return git("count-objects", "-v", cwd=repo.directory)


def test_a_rehearsal_tells_what_the_revert_then_does_and_leaves_nothing(repo: Repo, tmp_path: Path) -> None:
    write(repo, "Tag it.")
    (tmp_path / "lib" / RELEASE / "scripts/run.sh").unlink()
    commit_worktree(repo)
    before, held = state(tmp_path / "lib"), objects(repo)
    told = rehearse(repo, RELEASE, to="0.1.0")
    assert (state(tmp_path / "lib"), objects(repo)) == (before, held)
    old = repo.files(head(repo), RELEASE)
    recorded, _ = revert(repo, RELEASE, to="0.1.0", last=told.last)
    assert told.decision == recorded.decision
    assert told.files == compare.files(repo, old, repo.files(head(repo), RELEASE))
    assert [change.name for change in told.files] == ["SKILL.md", "scripts/run.sh"]


def test_a_revert_of_what_has_changed_meanwhile_is_refused(repo: Repo, tmp_path: Path) -> None:
    write(repo, "Tag it.")
    told = rehearse(repo, RELEASE)
    add(repo, "Users/ada/other")
    assert rehearse(repo, RELEASE).last == told.last
    write(repo, "Sign it.")
    before = state(tmp_path / "lib")
    with pytest.raises(Refused, match="skill 'ada/release' has changed meanwhile"):
        revert(repo, RELEASE, last=told.last)
    assert state(tmp_path / "lib") == before
    revert(repo, RELEASE, last=rehearse(repo, RELEASE).last)


def test_a_rehearsal_of_what_cannot_be_says_why(repo: Repo) -> None:
    with pytest.raises(Refused, match=r"is already as it was at 0.1.0"):
        rehearse(repo, RELEASE, to="0.1.0")
    with pytest.raises(NotFound, match="no skill 'ada/nothing'"):
        rehearse(repo, "Users/ada/nothing")
