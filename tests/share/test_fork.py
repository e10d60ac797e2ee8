"""A common skill as a copy of one's own: it says where it comes from, is valid, and is nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillgit.changes.skill import load
from skillgit.errors import Refused, Unsafe
from skillgit.git.repo import Repo, folder_oid
from skillgit.git.setup import init
from skillgit.share import library
from skillgit.share.fork import fork
from skillgit.skills import spec
from tests.changes.library import PDF as OWN
from tests.changes.library import library as own_library
from tests.conftest import Run
from tests.git.place import git, sound
from tests.share.test_library import PDF, published, text


def team(tmp_path: Path, files: dict[str, str | None] | None = None) -> Repo:
    """A repository with the library `acme`, which holds a skill with a script, and these files."""
    acme = published(tmp_path / "acme", {"skills/pdf/scripts/fill.py": "1\n", **(files or {})})
    (acme / "skills/pdf/scripts/fill.py").chmod(0o755)
    published(acme)
    repo = init(tmp_path / "team").repo
    library.take(repo, library.offer_new(repo, str(acme)))
    return repo


def test_a_fork_is_a_valid_skill_with_all_files_that_says_what_it_was_made_of(tmp_path: Path) -> None:
    repo = team(tmp_path, {"skills/pdf/SKILL.md": text("pdf").replace("---\n#", "model: opus\nversion: 2.0.0\n---\n#")})
    before = repo.tip("HEAD")
    recorded, _ = fork(repo, PDF, user="ada")
    tip = repo.tip("HEAD")
    made = load(repo, tip, "Users/ada/pdf").document
    assert made.metadata["upstream"] == PDF and made.metadata["upstream-tree"] == folder_oid(repo, before, PDF)
    assert made.id and recorded.decision.after == made.version == "2.0.0" and made.metadata["model"] == "opus"
    assert spec.problems(made, directory="pdf") == ()
    assert repo.files(tip, "Users/ada/pdf")["scripts/fill.py"].mode == 0o100755
    assert git("log", "-1", "--format=%s", cwd=repo.directory) == f"import(ada/pdf): fork of {PDF} (2.0.0)"
    sound(repo.directory)


def test_a_fork_outlives_its_library(tmp_path: Path, cli: Run) -> None:
    repo = team(tmp_path)
    fork(repo, PDF, user="ada", name="forms")
    library.remove(repo, "acme")
    git("clone", "-q", repo.directory, tmp_path / "clone")
    sound(tmp_path / "clone")
    assert "name: forms" in cli("show", "ada/forms", cwd=tmp_path / "clone").out.replace('"', "")
    assert (tmp_path / "clone/Users/ada/forms/scripts/fill.py").read_text() == "1\n"


def test_a_skill_of_a_library_that_is_not_fetched_is_missed_with_what_brings_it(tmp_path: Path, cli: Run) -> None:
    git("clone", "-q", team(tmp_path).directory, tmp_path / "clone")
    for words in (["fork", "acme/pdf"], ["show", "pdf"]):
        answer = cli(*words, cwd=tmp_path / "clone")
        assert (answer.code, "'skillgit library fetch' brings what is not here yet: acme" in answer.err) == (1, True)


def test_a_common_skill_of_the_repository_itself_is_forked_too(tmp_path: Path) -> None:
    repo = own_library(tmp_path / "own")
    old = load(repo, repo.tip("HEAD"), OWN).id
    fork(repo, OWN, user="ada")
    assert load(repo, repo.tip("HEAD"), "Users/ada/pdf").id != old


def test_a_library_that_is_a_skill_is_forked_without_what_is_hidden_in_it(tmp_path: Path) -> None:
    published(tmp_path / "solo", {"SKILL.md": text("solo"), ".gitattributes": "* text\n", "references/a.md": "a"})
    repo = init(tmp_path / "team").repo
    library.take(repo, library.offer_new(repo, str(tmp_path / "solo")))
    fork(repo, "Common/solo", user="ada")
    assert {"SKILL.md", "references/a.md"} <= repo.files(repo.tip("HEAD"), "Users/ada/solo").keys()
    assert ".gitattributes" not in repo.files(repo.tip("HEAD"), "Users/ada/solo")


def test_a_fork_over_a_skill_or_of_somebody_elses_is_refused(tmp_path: Path) -> None:
    repo = team(tmp_path)
    fork(repo, PDF, user="ada")
    tip = repo.tip("HEAD")
    with pytest.raises(Refused, match="already there"):
        fork(repo, PDF, user="ada")
    with pytest.raises(Refused, match="no common one"):
        fork(repo, "Users/ada/pdf", user="eve")
    assert repo.tip("HEAD") == tip


@pytest.mark.parametrize("typed", ["pdf", "acme/pdf", "Common/acme/pdf", "skills/pdf", PDF])
def test_the_common_skill_is_meant_also_where_the_user_has_one_of_that_name(
    typed: str, tmp_path: Path, cli: Run
) -> None:
    repo = team(tmp_path)
    fork(repo, PDF, user="ada")
    again = cli("fork", typed, "--user", "ada", cwd=repo.directory)
    assert (again.code, "'ada/pdf' is already there" in again.err) == (1, True), again.err
    assert cli("fork", typed, "--user", "ada", "--name", "forms", cwd=repo.directory).code == 0
    assert cli("show", "ada/forms", cwd=repo.directory).code == 0


def test_a_skill_with_a_link_in_it_is_not_forked(tmp_path: Path) -> None:
    acme = published(tmp_path / "acme")
    (acme / "skills/pdf/notes").symlink_to("/etc/hostname")
    published(acme)
    repo = init(tmp_path / "team").repo
    library.take(repo, library.offer_new(repo, str(acme)))
    with pytest.raises(Unsafe, match="symbolic link"):
        fork(repo, PDF, user="ada")
