"""A small skill repository to write in, and what is asked of it afterwards."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from skillgit.git.message import Decision, encode
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.git.transaction import Landed, Transaction, write

SKILL = "Users/ada/release/SKILL.md"
OTHER = "Users/ada/report/SKILL.md"
NEW = "Users/ada/fresh/SKILL.md"
FIRST = b"# Release\n\n- Run the tests.\n"
SECOND = b"# Release\n\n- Run the tests.\n- Tag it.\n"


def git(*words: str | Path, cwd: Path | None = None, stdin: bytes = b"", ok: bool = True) -> str:
    """What git printed, without the last newline; with `ok=False` whatever its exit code."""
    done = subprocess.run(["git", *words], cwd=cwd, input=stdin, capture_output=True, check=False)
    assert not ok or done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


def library(directory: Path, *, bare: bool = False) -> Repo:
    """A skill repository with two skills in it."""
    repo = init(directory, bare=bare).repo
    put(repo, {SKILL: FIRST, OTHER: b"# Report\n"})
    return repo


def put(
    repo: Repo,
    files: Mapping[str, bytes | None],
    *,
    ref: str | None = None,
    park_as: str | None = None,
    attempt: str | None = None,
    version: str = "0.1.0",
) -> Landed:
    """Land one decision that writes the files, or removes those that are None."""

    def body(tx: Transaction) -> None:
        edits = {path: tx.file(content) if content is not None else None for path, content in files.items()}
        path = next(iter(files), SKILL).rpartition("/")[0]
        tx.commit(encode(Decision("edit", path, "by a test", after=version, attempt=attempt)), edits)

    return write(repo, body, ref=ref, park_as=park_as)


def files(top: Path) -> dict[str, bytes]:
    """Every file of a work tree by its path, links as what they point at."""
    found = (path for path in sorted(top.rglob("*")) if ".git" not in path.relative_to(top).parts)
    return {
        str(path.relative_to(top)): str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        for path in found
        if path.is_symlink() or path.is_file()
    }


def status(top: Path) -> list[str]:
    """`git status --short`, untracked files one by one; the index is not refreshed by it."""
    return git("--no-optional-locks", "status", "--short", "--untracked-files=all", cwd=top).splitlines()


def sound(directory: Path) -> None:
    """Nothing is broken in the object store, and nothing of ours is left under way."""
    done = subprocess.run(["git", "fsck", "--strict", "--no-dangling"], cwd=directory, capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0 and not said.replace("notice: No default references", "").strip(), said
    common = Path(git("rev-parse", "--path-format=absolute", "--git-common-dir", cwd=directory))
    assert not (common / "skillgit" / "intent").exists()
