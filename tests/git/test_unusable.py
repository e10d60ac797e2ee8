"""A repository that cannot be used is said so in one line with a hint, and stays as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.errors import RepositoryError, SkillgitError
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from tests.git.place import FIRST, SKILL, git, put

NOBODY = 65534
root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to someone else")


def _extension(name: str) -> Callable[[Path], object]:
    def prepare(top: Path) -> None:
        git("config", "core.repositoryFormatVersion", "1", cwd=top)
        git("config", f"extensions.{name}", "x", cwd=top)

    return prepare


def _head(content: str) -> Callable[[Path], object]:
    return lambda top: (top / ".git/HEAD").write_text(content)


@pytest.mark.parametrize(
    ("prepare", "message", "hint"),
    [
        pytest.param(lambda top: git("init", "-q", "--object-format=sha256", top), "sha256", "sha1", id="sha256"),
        pytest.param(_extension("refStorage"), "format that libgit2 cannot read", "reftable", id="reftable"),
        pytest.param(_extension("somethingNew"), "format that libgit2 cannot read", "not supported", id="extension"),
        pytest.param(lambda top: git("config", "core.repositoryFormatVersion", "9", cwd=top), "version 9", "", id="9"),
        pytest.param(lambda top: git("config", "skillgit.format", "2", cwd=top), "format '2'", "newer", id="format 2"),
        pytest.param(_head("garbage\n"), "cannot read ref 'HEAD'", "git symbolic-ref", id="HEAD is garbage"),
        pytest.param(_head(""), "cannot read ref 'HEAD'", "git symbolic-ref", id="HEAD is empty"),
        pytest.param(_head("\0" * 41), "cannot read ref 'HEAD'", "git symbolic-ref", id="HEAD is NULs"),
        pytest.param(
            _head("ref: refs/heads/a..b\n"), "'refs/heads/a..b' is not valid", "git fsck", id="HEAD names no ref"
        ),
        pytest.param(
            lambda top: (top / ".git/refs/heads/main").write_text("garbage\n"),
            "cannot read ref",
            "update-ref",
            id="ref",
        ),
        pytest.param(
            lambda top: (top / ".git/config").write_text("[core"), "cannot open", "git status", id="config is broken"
        ),
        pytest.param(lambda top: (top / ".git/index").write_bytes(b"garbage"), "index file", "", id="index is broken"),
        pytest.param(
            lambda top: (top / ".git/skillgit/intent").write_text("{"), "cannot read", "git status", id="intent"
        ),
        pytest.param(lambda top: (top / ".git").rename(top / "x"), "not a git repository", "skillgit init", id="none"),
    ],
)
def test_a_repository_that_cannot_be_used_says_why(
    top: Path, prepare: Callable[[Path], object], message: str, hint: str, tmp_path: Path
) -> None:
    where = tmp_path / "fresh" if message == "sha256" else top
    prepare(where)
    with pytest.raises(RepositoryError) as caught:
        put(Repo.open(where), {SKILL: b"x"})
    assert message in caught.value.message and hint in caught.value.hint
    assert "\n" not in caught.value.message and caught.value.exit_code == 128
    assert where != top or (top / SKILL).read_bytes() == FIRST


def as_nobody(statement: str) -> subprocess.CompletedProcess[str]:
    """Run a statement as a user who owns nothing."""
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from skillgit.errors import SkillgitError\n"
        "from skillgit.git import ledger\n"
        "from skillgit.git.repo import Repo\n"
        "from tests.git.place import put, SKILL\n"
        f"os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        "try:\n"
        f"    {statement}\n"
        "except SkillgitError as err:\n"
        "    print(f'fatal: {err.message}\\nhint: {err.hint}')\n"
    )
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "HOME": "/nonexistent"}
    return subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, text=True, check=False)


@pytest.fixture
def foreign(top: Path) -> Path:
    """A repository that everyone can reach and that belongs to nobody."""
    for folder in top.parents:
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    for path in [top, *top.rglob("*")]:
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    return top


@root
def test_a_repository_of_someone_else_is_not_trusted(foreign: Path) -> None:
    with pytest.raises(RepositoryError, match="owned by someone else") as caught:
        Repo.open(foreign)
    command = caught.value.hint.partition(": ")[2]
    subprocess.run(command, shell=True, check=True)
    put(Repo.open(foreign), {SKILL: b"x"})


@root
def test_a_repository_that_cannot_be_written_is_read_and_not_changed(foreign: Path) -> None:
    for path in [foreign, *foreign.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    done = as_nobody(f"put(Repo.open(Path({str(foreign)!r})), {{SKILL: b'x'}})")
    assert done.stdout.startswith("fatal: cannot write to ") and "permission denied" in done.stdout, done
    assert "hint: skillgit needs to write" in done.stdout
    done = as_nobody(f"r = Repo.open(Path({str(foreign)!r})); print(ledger.paths(r, r.tip('HEAD')))")
    assert done.stdout == "('Users/ada/release',)\n", done
    assert (foreign / SKILL).read_bytes() == FIRST


@root
def test_an_object_store_that_cannot_be_written_leaves_nothing(foreign: Path) -> None:
    for path in [foreign / ".git/objects", *(foreign / ".git/objects").rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    done = as_nobody(f"put(Repo.open(Path({str(foreign)!r})), {{SKILL: b'x'}})")
    assert done.stdout.startswith("fatal: cannot write to the object store"), done
    assert (foreign / SKILL).read_bytes() == FIRST and not (foreign / ".git/skillgit/intent").exists()


@root
def test_a_work_tree_that_cannot_be_written_leaves_the_branch(foreign: Path) -> None:
    for path in [foreign / SKILL, *(foreign / SKILL).parents]:
        if path.is_relative_to(foreign):
            path.chmod(0o555 if path.is_dir() else 0o444)
    tip = (foreign / ".git/refs/heads/main").read_text()
    done = as_nobody(f"put(Repo.open(Path({str(foreign)!r})), {{SKILL: b'x'}})")
    assert done.stdout.startswith("fatal: git read-tree: "), done
    assert (foreign / SKILL).read_bytes() == FIRST and not (foreign / ".git/skillgit/intent").exists()
    assert (foreign / ".git/refs/heads/main").read_text() == tip


def test_no_git_on_the_path_is_said(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SkillgitError, match="cannot run the 'git' program"):
        put(repo, {SKILL: b"x"})


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"mine\n")
    with pytest.raises(RepositoryError) as caught:
        init(tmp_path / name)
    assert caught.value.hint
    assert (tmp_path / "file").read_bytes() == b"mine\n"
