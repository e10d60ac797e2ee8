"""An edit of one SKILL.md that the user read at some commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.changes.edit import edit, summary
from skillgit.errors import Invalid, Refused, RepositoryError, SkillgitError
from skillgit.git.repo import Repo
from tests.changes.library import RELEASE, document, head, library, skill, state, version
from tests.git.place import git, status


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return library(tmp_path / "lib")


def test_what_was_written_is_the_next_version(repo: Repo, tmp_path: Path) -> None:
    base = head(repo)
    content = document(repo, RELEASE).render() + b"- Tag it.\n"
    recorded, landed = edit(repo, RELEASE, content, base=base)
    assert (recorded.decision.before, recorded.decision.after, recorded.decision.summary) == (
        "0.1.0",
        "0.1.1",
        "Tag it.",
    )
    assert (landed.commits, version(repo, RELEASE)) == ((recorded.commit,), "0.1.1")
    assert document(repo, RELEASE).body.endswith("- Tag it.\n")
    assert status(tmp_path / "lib") == []


def test_an_edit_of_what_changed_meanwhile_is_refused(repo: Repo, tmp_path: Path) -> None:
    base = head(repo)
    content = document(repo, RELEASE).render()
    edit(repo, RELEASE, content + b"- Tag it.\n", base=base)
    before = state(tmp_path / "lib")
    with pytest.raises(Refused, match="changed while you edited it"):
        edit(repo, RELEASE, content + b"- Sign it.\n", base=base)
    assert state(tmp_path / "lib") == before


def test_other_skills_may_change_meanwhile(repo: Repo) -> None:
    base = head(repo)
    edit(repo, "Users/ada/report", document(repo, "Users/ada/report").render() + b"- Cite.\n", base=base)
    edit(repo, RELEASE, document(repo, RELEASE).render() + b"- Tag it.\n", base=base)
    assert version(repo, RELEASE) == "0.1.1"


REFUSED: dict[str, tuple[bytes | None, type[SkillgitError], str]] = {
    "nothing changed": (None, Refused, "nothing changed"),
    "no frontmatter": (b"hello", Invalid, "no frontmatter"),
    "emptied": (b"", Invalid, "no frontmatter"),
    "another name": (skill("other").render(), Invalid, "is not that of its directory"),
    "an unknown field": (b"---\nname: release\ndescription: x\nmodel: y\n---\n", Invalid, "unknown field 'model'"),
}


@pytest.mark.parametrize(("content", "error", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_recorded_changes_nothing(
    repo: Repo, tmp_path: Path, content: bytes | None, error: type[SkillgitError], told: str
) -> None:
    before = state(tmp_path / "lib")
    with pytest.raises(error, match=told):
        edit(repo, RELEASE, document(repo, RELEASE).render() if content is None else content, base=head(repo))
    assert state(tmp_path / "lib") == before


def test_an_edit_never_overwrites_what_stands_in_the_work_tree(repo: Repo, tmp_path: Path) -> None:
    file = tmp_path / "lib" / RELEASE / "SKILL.md"
    file.write_text("mine")
    before = state(tmp_path / "lib")
    with pytest.raises(RepositoryError, match=r"your changes to 'Users/ada/release/SKILL.md' are in the way"):
        edit(repo, RELEASE, document(repo, RELEASE).render() + b"- Tag it.\n", base=head(repo))
    assert state(tmp_path / "lib") == before
    git("checkout", "-q", ".", cwd=tmp_path / "lib")


SUMMARIES = {
    "one rule": (["a b c"], ["a b c", "d e f"], "d e f"),
    "two rules": (["a b c"], ["a b c", "d e f", "g h i"], "d e f (and 1 more)"),
    "a rule less": (["a b c", "d e f"], ["a b c"], "no longer: d e f"),
    "other words": (["cite the sources"], ["cite the good sources"], "cite the good sources"),
}


@pytest.mark.parametrize(("before", "after", "told"), SUMMARIES.values(), ids=SUMMARIES.keys())
def test_the_summary_says_the_first_rule_that_changed(before: list[str], after: list[str], told: str) -> None:
    assert summary(skill("x", *before), skill("x", *after)) == told


def test_the_summary_names_the_kind_of_any_other_change() -> None:
    old = skill("x")
    assert summary(old, old.with_field("description", "new")) == "new description"
    assert summary(old, old.with_body(old.body + "\n\n")) == "reworded"
    assert summary(old, old.with_field(("metadata", "tags"), "a")) == "changed metadata"
    assert (summary(None, old), summary(old, None)) == ("written by hand", "deleted by hand")
