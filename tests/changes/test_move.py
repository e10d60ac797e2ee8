"""Another name, another owner, and taking away; the history goes along."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.changes.move import destination, move, remove
from skillgit.errors import Invalid, NotFound, Refused, RepositoryError, SkillgitError, Unsafe, UsageError
from skillgit.git.history import log_of
from skillgit.git.repo import Repo
from tests.changes.library import PDF, RELEASE, REPORT, add, document, head, history, library, state, version
from tests.git.place import git, sound, status


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return library(tmp_path / "lib")


TARGETS = {
    "a new name": (RELEASE, "ship", "Users/ada/ship"),
    "another user": (RELEASE, "bo/release", "Users/bo/release"),
    "another user, in full": (RELEASE, "Users/bo/ship", "Users/bo/ship"),
    "shared": (RELEASE, "Common/release", "Common/release"),
    "in a library": (RELEASE, "Common/tools/skills/release", "Common/tools/skills/release"),
    "taken from the shared ones": (PDF, "ada/pdf", "Users/ada/pdf"),
    "a new name among the shared ones": (PDF, "pdf-tools", "Common/pdf-tools"),
    "a slash behind it": (RELEASE, "bo/release/", "Users/bo/release"),
}


@pytest.mark.parametrize(("path", "typed", "target"), TARGETS.values(), ids=TARGETS.keys())
def test_a_skill_moves_with_its_files_its_id_and_its_history(
    repo: Repo, tmp_path: Path, path: str, typed: str, target: str
) -> None:
    before, files = document(repo, path), repo.files(head(repo), path)
    recorded, _ = move(repo, path, destination(path, typed))
    after = document(repo, target)
    assert (after.id, after.name, after.body) == (before.id, target.rpartition("/")[2], before.body)
    assert repo.files(head(repo), path) == {}
    moved = repo.files(head(repo), target)
    assert {**moved, "SKILL.md": None} == {**files, "SKILL.md": None}
    assert (recorded.decision.was, recorded.decision.after) == (path, "0.2.0")
    assert [revision.path for revision in log_of(repo, head(repo), target)] == [target, path]
    assert history(repo, target) == ["0.2.0", "0.1.0"]
    assert status(tmp_path / "lib") == []
    sound(tmp_path / "lib")


WRONG: dict[str, tuple[str, type[SkillgitError]]] = {
    "a way out": ("../x", Unsafe),
    "a way out below Users": ("Users/../x", Unsafe),
    "too deep": ("a/b/c", UsageError),
    "too deep below Users": ("Users/a/b/c", Invalid),
    "upper case": ("Ship", Invalid),
    "a name of Windows": ("con", Unsafe),
    "too long": ("x" * 300, Invalid),
    "nothing": ("", Unsafe),
    "a dot": (".", Unsafe),
    "git's own": (".git", Unsafe),
    "only an emoji": ("🚀", Invalid),
    "only a user": ("Users/ada", Invalid),
    "git's own among the shared": ("Common/.git", Unsafe),
}


@pytest.mark.parametrize(("typed", "error"), WRONG.values(), ids=WRONG.keys())
def test_no_name_leads_out_of_the_repository(repo: Repo, typed: str, error: type[SkillgitError]) -> None:
    before = head(repo)
    with pytest.raises(error):
        move(repo, RELEASE, destination(RELEASE, typed))
    assert head(repo) == before


TAKEN = {
    "itself": (RELEASE, RELEASE, "skill 'ada/release' is already there"),
    "another skill": (RELEASE, REPORT, "skill 'ada/report' is already there"),
    "inside itself": (PDF, "Common/pdf/inner", "'Common/pdf' is a skill itself"),
    "inside another skill": (RELEASE, "Common/pdf/inner", "'Common/pdf' is a skill itself"),
    "over a folder of skills": (RELEASE, "Common/tools", "'Common/tools' is in use"),
    "inside a submodule": (RELEASE, "Common/shared/x", "'Common/shared' is a file or a submodule"),
    "over a submodule": (RELEASE, "Common/shared", "'Common/shared' is in use"),
    "over a file": (RELEASE, "Common/README", "'Common/README' is in use"),
    "inside a file": (RELEASE, "Common/README/x", "'Common/README' is a file or a submodule"),
    "a twin by case": (RELEASE, "Common/Tools/hammer", "skill 'Common/tools/hammer' is already there"),
}


@pytest.mark.parametrize(("path", "target", "told"), TAKEN.values(), ids=TAKEN.keys())
def test_a_place_that_is_taken_is_refused(repo: Repo, tmp_path: Path, path: str, target: str, told: str) -> None:
    top = tmp_path / "lib"
    add(repo, "Common/tools/hammer")
    (top / "Common/README").write_text("x")
    git("add", ".", cwd=top)
    git("update-index", "--add", "--cacheinfo", f"160000,{head(repo)},Common/shared", cwd=top)
    git("commit", "-qm", "a submodule and a file", cwd=top)
    before = state(top)
    with pytest.raises(Refused, match=told):
        move(repo, path, target)
    assert state(top) == before


def test_there_and_back_are_two_new_versions(repo: Repo) -> None:
    move(repo, RELEASE, "Common/release")
    move(repo, "Common/release", RELEASE)
    assert history(repo, RELEASE) == ["0.3.0", "0.2.0", "0.1.0"]


def test_two_skills_may_change_places(repo: Repo) -> None:
    ids = document(repo, RELEASE).id, document(repo, REPORT).id
    move(repo, RELEASE, "Users/ada/x")
    move(repo, REPORT, RELEASE)
    move(repo, "Users/ada/x", REPORT)
    assert (document(repo, REPORT).id, document(repo, RELEASE).id) == ids
    assert history(repo, REPORT)[-1] == history(repo, RELEASE)[-1] == "0.1.0"
    assert len(set(history(repo, REPORT))) == 3


def test_a_skill_that_is_being_edited_is_not_moved(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "lib" / RELEASE / "SKILL.md").write_text("mine")
    before = state(tmp_path / "lib")
    with pytest.raises(RepositoryError, match="are in the way"):
        move(repo, RELEASE, "Users/ada/ship")
    assert state(tmp_path / "lib") == before


def test_a_removed_skill_is_gone_with_its_files_and_its_name_goes_on_counting(repo: Repo, tmp_path: Path) -> None:
    recorded, _ = remove(repo, RELEASE)
    assert (recorded.decision.before, recorded.decision.after) == ("0.1.0", None)
    assert not (tmp_path / "lib" / RELEASE).exists()
    assert add(repo, RELEASE).decision.after == "0.1.1"
    assert version(repo, RELEASE) == "0.1.1"


def test_a_broken_skill_can_be_removed(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "lib" / RELEASE / "SKILL.md").write_text("broken")
    git("commit", "-qam", "broken", cwd=tmp_path / "lib")
    remove(repo, RELEASE)
    assert not (tmp_path / "lib" / RELEASE).exists()


def test_what_is_not_there_cannot_be_removed_or_moved(repo: Repo) -> None:
    with pytest.raises(NotFound, match="no skill 'ada/nothing'"):
        remove(repo, "Users/ada/nothing")
    with pytest.raises(NotFound, match="no skill 'ada/nothing'"):
        move(repo, "Users/ada/nothing", "Users/ada/x")


def test_a_skill_moved_to_where_another_was_has_a_version_that_place_never_had(repo: Repo) -> None:
    for _ in range(3):
        remove(repo, REPORT)
        add(repo, REPORT)
    remove(repo, REPORT)
    move(repo, RELEASE, REPORT)
    assert version(repo, REPORT) == "0.2.0"
    move(repo, REPORT, RELEASE)
    add(repo, REPORT)
    assert version(repo, REPORT) == "0.3.1"
