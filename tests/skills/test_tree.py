"""The files beside SKILL.md: what is refused, by name."""

from __future__ import annotations

import pytest

from skillgit.skills.tree import EXECUTABLE, FILE, GITLINK, SYMLINK, Listed, problems_of_tree

REFUSED = {
    "a symbolic link": (Listed("scripts/x", SYMLINK, 3), "file-mode"),
    "a submodule": (Listed("lib", GITLINK, 0), "file-mode"),
    "a device or a directory": (Listed("x", 0o040000, 0), "file-mode"),
    "git's directory": (Listed(".git/config", FILE, 1), "file-name"),
    "git's directory in another case": (Listed("a/.GiT/hooks/x", FILE, 1), "file-name"),
    "git's directory with ignored characters": (Listed(".g\u200cit/config", FILE, 1), "file-name"),
    "git's directory in NTFS's short form": (Listed("GIT~1/config", FILE, 1), "file-name"),
    "git's directory with an NTFS stream": (Listed(".git::$INDEX_ALLOCATION/x", FILE, 1), "file-name"),
    "git's directory with a trailing dot": (Listed(".git. /x", FILE, 1), "file-name"),
    "a way up": (Listed("../x", FILE, 1), "file-name"),
    "an absolute path": (Listed("/etc/passwd", FILE, 1), "file-name"),
    "a backslash": (Listed("a\\..\\b", FILE, 1), "file-name"),
    "a reserved name": (Listed("scripts/aux.py", FILE, 1), "file-name"),
    "a bidi override": (Listed("a\u202etxt.exe", FILE, 1), "file-name"),
    "a terminal escape": (Listed("a\x1b[31m", FILE, 1), "file-name"),
    "a name Windows cannot hold": (Listed("what?.md", FILE, 1), "file-name"),
    "a trailing space": (Listed("a ", FILE, 1), "file-name"),
    "submodules that fsck refuses": (Listed(".gitmodules", FILE, 1), "file-name"),
    "submodules in NTFS's short form": (Listed("GITMOD~1", FILE, 1), "file-name"),
    "orders to git": (Listed("a/.gitattributes", FILE, 1), "file-name"),
    "an option": (Listed("scripts/-rf", FILE, 1), "file-name"),
    "300 characters": (Listed("x" * 300, FILE, 1), "file-name"),
    "seven levels": (Listed("1/2/3/4/5/6/7", FILE, 1), "file-depth"),
    "a large file": (Listed("x.bin", FILE, 1 << 30), "file-size"),
}


@pytest.mark.parametrize(("file", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_an_unfit_file_is_refused_by_name(file: Listed, code: str) -> None:
    (problem,) = problems_of_tree([file])
    assert problem.code == code
    assert "'" in problem.message
    assert problem.message.isprintable()


def test_ordinary_files_are_fine() -> None:
    paths = ["SKILL.md", "scripts/run.sh", ".gitignore", "references/中文 notes.md", "1/2/3/4/5/6", "a.b-c_d"]
    assert problems_of_tree([Listed(path, EXECUTABLE, 10) for path in paths]) == ()


@pytest.mark.parametrize(
    "paths", [("a.md", "A.md"), ("caf\u00e9", "cafe\u0301"), ("Docs/x", "docs/y")], ids=["case", "form", "directories"]
)
def test_paths_that_some_systems_take_for_one_are_refused(paths: tuple[str, str]) -> None:
    (problem,) = problems_of_tree([Listed(path, FILE, 1) for path in paths])
    assert problem.code == "file-twin"
