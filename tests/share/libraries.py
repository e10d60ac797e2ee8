"""Libraries of skills to bring in, good and hostile, and what a repository looks like from outside."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

TEXT = "---\nname: {name}\ndescription: Does {name}. Use when {name} is asked for.\n---\n\n# {name}\n\n- Be brief.\n"


def skill_text(name: str, **fields: str) -> str:
    """A small SKILL.md with more fields, one line each."""
    more = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return TEXT.format(name=name).replace("\n---\n\n", f"\n{more}---\n\n", 1)


def with_id(name: str, own: str, *, version: str = "0.1.0") -> str:
    """A small SKILL.md in skillgit's own form."""
    return skill_text(name, metadata=f'\n  id: "{own}"\n  version: "{version}"')


def add(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, and return it; those that end in .sh may be run."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        file.chmod(0o755 if name.endswith(".sh") else 0o644)
    return folder


def good(folder: Path) -> Path:
    """A library of two skills, one with a script."""
    return add(
        folder,
        {
            "pdf/SKILL.md": skill_text("pdf"),
            "pdf/scripts/fill.sh": "#!/bin/sh\necho fill\n",
            "pdf/assets/logo.png": b"\x89PNG\r\n\x00\xff",
            "deep/er/report/SKILL.md": skill_text("report"),
            "README.md": "# A library\n",
        },
    )


def zipped(file: Path, entries: Mapping[str, str | bytes | zipfile.ZipInfo], *, deflated: bool = True) -> Path:
    """A zip archive of these entries."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content if not isinstance(content, zipfile.ZipInfo) else b"/etc/passwd")
    return file


def snapshot(top: Path) -> dict[str, object]:
    """All that an import may not change when it fails: refs, the index, the work tree."""
    git = ["git", "-C", str(top)]
    refs = subprocess.run([*git, "for-each-ref"], capture_output=True, check=True).stdout
    index = subprocess.run([*git, "ls-files", "--stage"], capture_output=True, check=True).stdout
    files = {str(path): path.lstat().st_mtime_ns for path in sorted(top.rglob("*")) if ".git" not in path.parts}
    return {"refs": refs, "index": index, "files": files}


def tree(folder: Path) -> dict[str, tuple[bytes, bool]]:
    """Every file below a folder: its bytes, and whether it may be run."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): (path.read_bytes(), bool(path.stat().st_mode & stat.S_IXUSR)) for path in found
    }


def _socket(path: Path) -> None:
    server = socket.socket(socket.AF_UNIX)
    server.bind(os.path.relpath(path))
    server.close()


def _repository(path: Path) -> None:
    add(path / ".git", {"config": "[core]\n\tfsmonitor = touch /tmp/owned\n"})


HOSTILE: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "a link in a skill": (lambda lib: (lib / "bad" / "data").symlink_to("/etc/passwd"), "'data' is a symbolic link"),
    "a link to a folder": (lambda lib: (lib / "bad" / "more").symlink_to("/etc"), "'more' is a symbolic link"),
    "a linked skill": (lambda lib: (lib / "linked").symlink_to(lib / "pdf"), "'linked' is a symbolic link"),
    "a linked SKILL.md": (
        lambda lib: (add(lib / "new", {"a": ""}) / "SKILL.md").symlink_to("/etc/passwd"),
        "'SKILL.md' is a symbolic link",
    ),
    "a .git folder": (lambda lib: _repository(lib / "bad"), "'.git' is a git repository of its own"),
    "a .git file": (lambda lib: add(lib / "bad", {".git": "gitdir: /x"}), "'.git' is a git repository of its own"),
    "a .GIT folder": (lambda lib: add(lib / "bad", {".GIT/config": ""}), "'.GIT' is a git repository of its own"),
    "a git~1 folder": (lambda lib: add(lib / "bad", {"git~1/config": ""}), "'git~1' is a git repository of its own"),
    "a hidden .git": (lambda lib: add(lib / "bad", {".g\u200cit/x": ""}), "is a git repository of its own"),
    "a .git between skills": (lambda lib: _repository(lib / "deep"), "'deep/.git' is a git repository of its own"),
    "a FIFO": (lambda lib: os.mkfifo(lib / "bad" / "pipe"), "'pipe' is no regular file"),
    "a FIFO as SKILL.md": (lambda lib: os.mkfifo(add(lib / "new", {"a": ""}) / "SKILL.md"), "is no regular file"),
    "a socket": (lambda lib: _socket(lib / "bad" / "sock"), "'sock' is no regular file"),
    "a reserved name": (lambda lib: add(lib / "bad", {"CON.txt": ""}), "'CON.txt': Windows reserves it"),
    "an escape in a name": (lambda lib: add(lib / "bad", {"\x1b[31m": ""}), "it contains an invisible character"),
    "a name that is not UTF-8": (
        lambda lib: (lib / "bad" / os.fsdecode(b"\xff")).write_text(""),
        "it contains an invisible character",
    ),
    "names equal but for case": (
        lambda lib: add(lib / "bad", {"a.md": "", "A.md": ""}),
        "are one path on some systems",
    ),
    "two SKILL.md": (lambda lib: add(lib / "bad", {"skill.md": "x"}), "are one path on some systems"),
    "a nest of folders": (lambda lib: add(lib / "bad", {"a/" * 8 + "x": ""}), "directories deep"),
    "a bottomless nest": (lambda lib: add(lib / "bad", {"a/" * 60 + "x": ""}), "directories deep"),
    "a huge SKILL.md": (lambda lib: add(lib / "bad", {"SKILL.md": b"x" * (10 << 20)}), "larger than 1 MiB"),
    "a huge file": (lambda lib: os.truncate(add(lib / "bad", {"x.bin": ""}) / "x.bin", 1 << 40), "is larger than"),
    "many files": (lambda lib: add(lib / "bad", {f"f{n}": "" for n in range(200)}), "more than 200 files (201)"),
    "no frontmatter's end": (lambda lib: add(lib / "bad", {"SKILL.md": "---\nname: bad\n"}), "is not closed"),
    "an alias bomb": (
        lambda lib: add(lib / "bad", {"SKILL.md": "---\na: &a [x, x]\nb: [*a, *a]\nname: bad\n---\n"}),
        "anchor or alias",
    ),
    "a key twice": (lambda lib: add(lib / "bad", {"SKILL.md": "---\nname: a\nname: b\n---\n"}), "twice"),
    "no UTF-8": (lambda lib: add(lib / "bad", {"SKILL.md": b"---\nname: \xff\n---\n"}), "not UTF-8"),
    "an empty SKILL.md": (lambda lib: add(lib / "bad", {"SKILL.md": ""}), "no frontmatter"),
}
"""What may stand in a library beside the skills of `good` and the skill `bad`, and what is said of it."""
