"""What goes out: every byte and mode, in the form asked for, and never over what is there."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from skillgit.errors import NotFound, Refused, Unsafe, UsageError
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.share import export, importing
from skillgit.skills.document import parse
from tests.share.libraries import add, good, skill_text, tree

PDF, REPORT = "Users/ada/pdf", "Users/ada/report"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A bare repository with the skills of `good`."""
    repo = init(tmp_path / "repo.git", bare=True).repo
    importing.import_skills(repo, importing.read([good(tmp_path / "lib")]).skills, into="Users/ada")
    return repo


def head(repo: Repo) -> str:
    return repo.resolve("HEAD")


def out(repo: Repo, target: Path, *paths: str, form: str = "agentskills", replace: bool = False) -> list[Path]:
    chosen = export.choose(repo, head(repo), paths or (PDF, REPORT), form=form)
    return export.to_folder(repo, chosen, target, replace=replace)


def test_a_skill_goes_out_with_its_bytes_and_modes(repo: Repo, tmp_path: Path) -> None:
    assert out(repo, tmp_path / "new" / "out") == [tmp_path / "new/out/pdf", tmp_path / "new/out/report"]
    found = tree(tmp_path / "new/out")
    text = found.pop("pdf/SKILL.md")[0]
    assert found.pop("report/SKILL.md")
    assert found == {f"pdf/{name}": file for name, file in tree(tmp_path / "lib/pdf").items() if name != "SKILL.md"}
    assert text == repo.read(repo.files(head(repo), PDF)["SKILL.md"].oid)


@pytest.mark.parametrize("form", export.FORMS)
def test_what_goes_out_comes_in_unchanged(form: str, repo: Repo, tmp_path: Path) -> None:
    out(repo, tmp_path / "out", form=form)
    export.to_zip(repo, head(repo), export.choose(repo, head(repo), [PDF, REPORT], form=form), tmp_path / "out.zip")
    for source in (tmp_path / "out", tmp_path / "out.zip"):
        made, _ = importing.import_skills(repo, importing.read([source]).skills, into="Users/ada")
        assert {imported.outcome for imported in made} == {"unchanged"}


@pytest.mark.parametrize("form", ["autoskill", "claude"])
def test_the_real_skills_survive_the_form_of_another_tool(form: str, tmp_path: Path, data: Path) -> None:
    repo = init(tmp_path / "real.git", bare=True).repo
    intake = importing.read([data / "skills" / "chinese_gpt4_8"])
    made, _ = importing.import_skills(repo, intake.skills[:40], into="Users/ada")
    out(repo, tmp_path / "out", *(imported.path for imported in made), form=form)
    again, _ = importing.import_skills(repo, importing.read([tmp_path / "out"]).skills, into="Users/ada")
    assert {imported.outcome for imported in again} == {"unchanged"}


def test_the_form_of_autoskill_has_its_fields_at_the_top(repo: Repo, tmp_path: Path) -> None:
    out(repo, tmp_path / "out", PDF, form="autoskill")
    fields = parse((tmp_path / "out/pdf/SKILL.md").read_bytes()).fields
    assert fields["version"] == "0.1.0"
    assert len(str(fields["id"])) == 36


def test_an_archive_has_the_same_bytes_whenever_it_is_made(repo: Repo, tmp_path: Path) -> None:
    for name, paths in {"a.zip": [PDF, REPORT], "b.zip": [REPORT, PDF]}.items():
        export.to_zip(repo, head(repo), export.choose(repo, head(repo), paths), tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        found = {info.filename: oct(info.external_attr >> 16) for info in archive.infolist()}
        dates = {info.date_time for info in archive.infolist()}
    assert found == {
        "pdf/SKILL.md": "0o100644",
        "pdf/assets/logo.png": "0o100644",
        "pdf/scripts/fill.sh": "0o100755",
        "report/SKILL.md": "0o100644",
    }
    assert dates == {(2026, 1, 2, 3, 4, 4)}  # zip counts in steps of two seconds


def test_nothing_that_exists_is_touched(repo: Repo, tmp_path: Path) -> None:
    target = add(tmp_path / "out", {"report/mine.md": "mine", "other/x": "x"})
    (tmp_path / "out.zip").write_text("mine")
    with pytest.raises(Refused, match=r"report' is there already"):
        out(repo, target)
    with pytest.raises(Refused, match=r"out.zip' is there already"):
        export.to_zip(repo, head(repo), export.choose(repo, head(repo), [PDF]), tmp_path / "out.zip")
    assert tree(target) == {"report/mine.md": (b"mine", False), "other/x": (b"x", False)}
    assert (tmp_path / "out.zip").read_text() == "mine"


def test_with_force_a_skills_folder_is_replaced_and_no_other(repo: Repo, tmp_path: Path) -> None:
    target = add(tmp_path / "out", {"report/mine.md": "mine", "other/x": "x"})
    (tmp_path / "out.zip").write_text("mine")
    out(repo, target, replace=True)
    export.to_zip(repo, head(repo), export.choose(repo, head(repo), [PDF]), tmp_path / "out.zip", replace=True)
    assert sorted(path.name for path in target.iterdir()) == ["other", "pdf", "report"]
    assert set(tree(target / "report")) == {"SKILL.md"}
    assert zipfile.is_zipfile(tmp_path / "out.zip")


@pytest.mark.parametrize("replace", [False, True])
def test_a_link_in_the_way_is_never_followed(replace: bool, repo: Repo, tmp_path: Path) -> None:
    precious = add(tmp_path / "precious", {"SKILL.md": "mine"})
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "pdf").symlink_to(precious)
    if replace:
        out(repo, tmp_path / "out", PDF, replace=True)
        assert not (tmp_path / "out" / "pdf").is_symlink()
    else:
        with pytest.raises(Refused, match="is there already"):
            out(repo, tmp_path / "out", PDF)
    assert tree(precious) == {"SKILL.md": (b"mine", False)}


def test_a_file_where_the_folder_should_be_is_refused(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(Refused, match="is no folder"):
        out(repo, tmp_path / "out")
    (tmp_path / "zip").mkdir()
    with pytest.raises(Refused, match="is a folder"):
        export.to_zip(repo, head(repo), export.choose(repo, head(repo), [PDF]), tmp_path / "zip", replace=True)


def test_two_skills_of_one_name_are_refused(repo: Repo, tmp_path: Path) -> None:
    importing.import_skills(repo, importing.read([tmp_path / "lib"]).skills, into="Users/bob")
    with pytest.raises(Refused, match=r"^'ada/pdf' and 'bob/pdf' would both become 'pdf'$"):
        export.choose(repo, head(repo), [PDF, "Users/bob/pdf"])


def test_what_is_asked_for_has_to_be_there(repo: Repo) -> None:
    with pytest.raises(NotFound, match="no skill 'ada/x'"):
        export.choose(repo, head(repo), ["Users/ada/x"])
    with pytest.raises(UsageError, match="unknown form 'pdf'"):
        export.choose(repo, head(repo), [PDF], form="pdf")


def test_a_link_that_someone_committed_does_not_go_out(tmp_path: Path) -> None:
    top = tmp_path / "repo"
    repo = init(top).repo
    add(top / "Users/ada/pdf", {"SKILL.md": skill_text("pdf")})
    (tmp_path / "secret").write_text("mine")
    (top / "Users/ada/pdf/passwd").symlink_to(tmp_path / "secret")
    for words in (["add", "."], ["commit", "-qm", "by hand"]):
        subprocess.run(["git", *words], cwd=top, check=True)
    with pytest.raises(Unsafe, match="cannot export 'ada/pdf': 'passwd' is a symbolic link"):
        out(repo, tmp_path / "out", PDF)
    assert not (tmp_path / "out").exists()
