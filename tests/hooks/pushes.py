"""Commits that a shared repository is to take in, or is not, and what it says to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from skillgit.git.incoming import Update
from skillgit.git.repo import Repo
from skillgit.share import receive
from skillgit.share.receive import Push
from tests.changes.library import RELEASE, head
from tests.git.place import git

FILE = f"{RELEASE}/SKILL.md"
TOKEN = f"ghp_{'a1B2' * 9}"
VALID = '---\nname: {}\ndescription: Does it.\nmetadata:\n  version: "{}"\n---\n# It\n'


def by_hand(top: Path, message: str, files: Mapping[str, str | None]) -> None:
    """A commit of plain git."""
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).unlink() if text is None else (top / name).write_text(text)
    git("add", "--all", cwd=top)
    git("commit", "-q", "--allow-empty", "-m", message, cwd=top)


def twice(top: Path, files: Mapping[str, str | None], *, then: Mapping[str, str | None]) -> None:
    """Two commits of plain git."""
    by_hand(top, "x", files)
    by_hand(top, "y", then)


def reworded(top: Path, version: str = "0.1.0") -> str:
    """The SKILL.md of a release with another version and one more line."""
    return (top / FILE).read_text().replace('"0.1.0"', f'"{version}"') + "More.\n"


def refused(top: Path, old: str, pusher: str | None = None) -> tuple[str, ...]:
    """What a repository at `old` says to all that came after it."""
    repo = Repo.open(top)
    push = Push(top, (Update("refs/heads/main", old, head(repo)),), (old,))
    return receive.forbidden(repo, push, pusher=pusher)


def decision(action: str, path: str, version: str, *, more: str = "") -> str:
    skill = path.removeprefix("Users/")
    tail = f"Skill-Decision: {action}\nSkill-Path: {path}\nSkill-Version: {version}\nSkill-Bump: patch"
    return f"{action}({skill}): x ({version})\n\n{tail}{more}\n"


def rises(top: Path) -> None:
    by_hand(top, "x", {FILE: reworded(top, "0.1.1")})
