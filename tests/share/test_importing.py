"""What becomes of skills that come in: which skill they are, what is written, and when nothing is."""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
from pathlib import Path

import pytest
from skills_ref.validator import validate  # type: ignore[import-untyped]

from skillgit.errors import Invalid, RepositoryError, SkillgitError, Unsafe
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.share import importing
from skillgit.share.importing import Imported
from skillgit.skills.document import parse
from tests.share.libraries import add, good, skill_text, snapshot, tree, with_id
from tests.skills.test_dialect import leaves

OWN = "0a2b97cc-a68d-4608-8be8-ff43417cc3fb"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return init(tmp_path / "repo").repo


def bring(repo: Repo, source: Path, *, into: str = "Users/ada") -> dict[str, Imported]:
    """Import a source, and say what became of each skill by the name it has there."""
    intake = importing.read([source])
    importing.refuse(intake.faults)
    made, _ = importing.import_skills(repo, intake.skills, into=into)
    return {Path(imported.place).name: imported for imported in made}


def top(repo: Repo) -> Path:
    assert repo.worktree is not None
    return repo.worktree


def git(repo: Repo, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=repo.directory, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_each_skill_is_one_decision_with_its_files_and_modes(repo: Repo, tmp_path: Path) -> None:
    made = bring(repo, good(tmp_path / "lib"))
    assert [(i.path, i.outcome, i.version) for i in made.values()] == [
        ("Users/ada/report", "new", "0.1.0"),
        ("Users/ada/pdf", "new", "0.1.0"),
    ]
    assert tree(top(repo) / "Users/ada/pdf/scripts") == tree(tmp_path / "lib/pdf/scripts")
    assert tree(top(repo) / "Users/ada/pdf/assets") == tree(tmp_path / "lib/pdf/assets")
    assert git(repo, "log", "--format=%s", "-2").splitlines() == [
        "import(ada/pdf): from lib/pdf (0.1.0)",
        "import(ada/report): from lib/deep/er/report (0.1.0)",
    ]
    assert git(repo, "status", "--short") == git(repo, "fsck", "--strict") == ""


def test_the_same_import_twice_changes_nothing(repo: Repo, tmp_path: Path) -> None:
    library = good(tmp_path / "lib")
    bring(repo, library)
    before = snapshot(top(repo))
    assert {i.outcome for i in bring(repo, library).values()} == {"unchanged"}
    assert {i.outcome for i in bring(repo, Path(shutil.move(library, tmp_path / "x")) / "pdf").values()} == {"new"}
    assert git(repo, "reset", "--hard", "-q", "HEAD~1") == ""
    shutil.move(tmp_path / "x", tmp_path / "elsewhere" / "lib")
    assert {i.outcome for i in bring(repo, tmp_path / "elsewhere" / "lib" / "pdf").values()} == {"unchanged"}
    assert snapshot(top(repo))["refs"] == before["refs"]


def test_what_differs_becomes_a_new_version_and_files_follow(repo: Repo, tmp_path: Path) -> None:
    library = good(tmp_path / "lib")
    bring(repo, library)
    add(library, {"pdf/notes.md": "new\n"})
    (library / "pdf/assets/logo.png").unlink()
    (library / "pdf/scripts/fill.sh").chmod(0o644)
    pdf = bring(repo, library)["pdf"]
    assert (pdf.outcome, pdf.decision and pdf.decision.before) == ("updated", "0.1.0")
    assert {name for name in tree(top(repo) / pdf.path) if name != "SKILL.md"} == {"notes.md", "scripts/fill.sh"}
    assert not tree(top(repo) / pdf.path)["scripts/fill.sh"][1]


def test_a_skill_is_updated_where_its_id_stands_now(repo: Repo, tmp_path: Path) -> None:
    library = add(tmp_path / "lib", {"pdf/SKILL.md": with_id("pdf", OWN)})
    bring(repo, library)
    renamed = bring(repo, add(tmp_path / "v2", {"pdf-tools/SKILL.md": with_id("pdf-tools", OWN, version="0.3.0")}))
    assert renamed["pdf-tools"].path == "Users/ada/pdf"
    assert renamed["pdf-tools"].version == "0.3.0"
    assert bring(repo, library)["pdf"].version == "0.3.1"


def test_an_older_copy_of_the_same_text_is_unchanged(repo: Repo, tmp_path: Path) -> None:
    bring(repo, add(tmp_path / "v2", {"pdf/SKILL.md": with_id("pdf", OWN, version="2.1.0")}))
    older = bring(repo, add(tmp_path / "v1", {"pdf/SKILL.md": with_id("pdf", OWN, version="1.0.0")}))
    assert (older["pdf"].outcome, older["pdf"].version) == ("unchanged", "2.1.0")


def test_an_id_of_another_owner_is_never_taken_over(repo: Repo, tmp_path: Path) -> None:
    mine = add(tmp_path / "mine", {"pdf/SKILL.md": with_id("pdf", OWN)})
    theirs = add(tmp_path / "theirs", {"pdf/SKILL.md": with_id("pdf", OWN).replace("brief", "long")})
    bring(repo, mine, into="Users/ada")
    text = (top(repo) / "Users/ada/pdf/SKILL.md").read_text()
    hijack = bring(repo, theirs, into="Users/mallory")["pdf"]
    assert (hijack.path, hijack.outcome) == ("Users/mallory/pdf", "new")
    assert hijack.decision is not None
    assert hijack.decision.id != OWN
    assert (top(repo) / "Users/ada/pdf/SKILL.md").read_text() == text
    assert bring(repo, theirs, into="Users/mallory")["pdf"].outcome == "unchanged"
    git(repo, "rm", "-rq", "Users/ada")
    git(repo, "commit", "-qm", "ada leaves")
    assert bring(repo, theirs, into="Users/mallory")["pdf"].outcome == "unchanged"


def test_two_skills_of_one_name_or_one_id_both_come_in(repo: Repo, tmp_path: Path) -> None:
    library = add(
        tmp_path / "lib",
        {
            "a/pdf/SKILL.md": with_id("PDF", OWN),
            "b/pdf/SKILL.md": with_id("pdf", OWN),
            "c/pdf/SKILL.md": skill_text("p_d_f"),
            "d/pdf/SKILL.md": skill_text("Pdf"),
        },
    )
    intake = importing.read([library])
    for outcome in ("new", "unchanged"):
        made, _ = importing.import_skills(repo, intake.skills, into="Common/lib")
        assert [(i.path.removeprefix("Common/lib/"), i.outcome) for i in made] == [
            ("pdf", outcome),
            ("pdf-2", outcome),
            ("p-d-f", outcome),
            ("pdf-3", outcome),
        ]


def test_a_common_skill_never_takes_the_name_of_a_library(repo: Repo, tmp_path: Path) -> None:
    library = good(tmp_path / "lib")
    bring(repo, library, into="Common/pdf")
    assert bring(repo, library / "pdf", into="Common")["pdf"].path == "Common/pdf/pdf"
    assert bring(repo, add(tmp_path / "x", {"pdf/SKILL.md": skill_text("pdf")}), into="Common")["pdf"].path == (
        "Common/pdf-2"
    )
    with pytest.raises(Invalid, match="it is a skill itself"):
        bring(repo, library, into="Common/pdf-2")


TARGETS = {"up": "..", "absolute": "/abs", "a path": "a/b", "long": "x" * 300, "a device": "CON", "an emoji": "😀"}


@pytest.mark.parametrize("name", TARGETS.values(), ids=TARGETS.keys())
def test_a_user_or_library_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(SkillgitError, match="name"):
        importing.target(user=name)
    with pytest.raises(SkillgitError, match="name"):
        importing.target(library=name)


def test_a_preview_writes_nothing_and_says_what_an_import_would_do(repo: Repo, tmp_path: Path) -> None:
    library = good(tmp_path / "lib")
    before = snapshot(top(repo)), tree(repo.git_dir / "objects")
    intake = importing.read([library])
    foreseen = importing.preview(repo, intake.skills, into="Users/ada")
    assert (snapshot(top(repo)), tree(repo.git_dir / "objects")) == before
    made, _ = importing.import_skills(repo, intake.skills, into="Users/ada")
    assert [(i.path, i.version, i.outcome, i.decision) for i in made] == [
        (i.path, i.version, i.outcome, i.decision) for i in foreseen
    ]


def test_one_fault_stops_everything_and_names_itself(repo: Repo, tmp_path: Path) -> None:
    library = good(tmp_path / "lib")
    (library / "pdf" / "link").symlink_to("/etc/passwd")
    before = snapshot(top(repo))
    with pytest.raises(Unsafe) as caught:
        bring(repo, library)
    assert caught.value.message == f"cannot import '{library}/pdf': 'link' is a symbolic link"
    assert "--keep-going" in caught.value.hint
    assert snapshot(top(repo)) == before


def test_a_file_of_the_users_in_the_way_stops_everything(repo: Repo, tmp_path: Path) -> None:
    add(top(repo), {"Users/ada/report/SKILL.md": "mine"})
    before = snapshot(top(repo))
    with pytest.raises(RepositoryError, match=r"your changes to 'Users/ada/report/SKILL.md' are in the way"):
        bring(repo, good(tmp_path / "lib"))
    assert snapshot(top(repo)) == before


def test_a_bare_repository_takes_skills_in_too(tmp_path: Path) -> None:
    repo = init(tmp_path / "bare.git", bare=True).repo
    bring(repo, good(tmp_path / "lib"))
    assert git(repo, "ls-tree", "-r", "HEAD", "Users/ada/pdf/scripts").startswith("100755 blob")


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def assert_nothing_lost(before: bytes, after: bytes) -> None:
    """Assert that a SKILL.md keeps its body, and every word of the frontmatter's values somewhere."""
    old, new = parse(before), parse(after)
    assert old.body.strip() in new.body
    assert words("\n".join(leaves(dict(old.fields)))) <= words("\n".join([*leaves(dict(new.fields)), new.body]))


@pytest.mark.slow
def test_the_real_libraries_come_in_whole_valid_and_each_as_one_commit(tmp_path: Path, data: Path) -> None:
    repo = init(tmp_path / "repo").repo
    sources = [data / "skills" / "english_gpt4_8", data / "skills" / "chinese_gpt4_8"]
    start = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    intake = importing.read(sources)
    made, landed = importing.import_skills(repo, intake.skills, into="Users/ada")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - start < 30  # seconds; 8 alone on the machine
    files = [file for source in sources for file in source.rglob("SKILL.md")]
    assert len(files) == len(made) == len(landed.commits) == len({i.path for i in made}) == 1032
    assert intake.faults == ()
    for imported in made:
        place = top(repo) / repo.stored(repo.tip("HEAD"), imported.path)
        assert validate(place) == []
        assert_nothing_lost((Path(imported.place) / "SKILL.md").read_bytes(), (place / "SKILL.md").read_bytes())
    assert int(git(repo, "rev-list", "--count", "HEAD")) == 1034  # with the setup, and the move into shards
    assert git(repo, "status", "--short") == git(repo, "fsck", "--strict") == ""
    again, _ = importing.import_skills(repo, intake.skills, into="Users/ada")
    assert {imported.outcome for imported in again} == {"unchanged"}
