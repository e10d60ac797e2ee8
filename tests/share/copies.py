"""A library, ada's copy of a skill of it, and what both sides do to it since."""

from __future__ import annotations

from pathlib import Path

from skillgit.changes.skill import load
from skillgit.git.history import log
from skillgit.git.message import Decision
from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.share import library
from skillgit.share.fork import fork
from skillgit.share.sync import Synced, sync
from skillgit.share.upstream import State, fork_at, standing
from tests.git.place import git
from tests.share.test_library import PDF, published

COPY = "Users/ada/pdf"
Files = dict[str, str | None]
SCRIPT = "\n".join(f"step {number}" for number in range(1, 9)) + "\n"


def team(tmp_path: Path, files: Files | None = None) -> Repo:
    """A repository with the library `acme`, and ada's copy of a skill of it with a script."""
    published(tmp_path / "acme", {"skills/pdf/scripts/fill.py": SCRIPT, **(files or {})})
    repo = init(tmp_path / "team").repo
    library.take(repo, library.offer_new(repo, str(tmp_path / "acme")))
    fork(repo, PDF, user="ada")
    return repo


def upstream(repo: Repo, files: Files) -> None:
    """The library has changed these files of its skill, and was updated here."""
    top = repo.directory.parent / "acme"
    published(top, {f"skills/pdf/{name}": content for name, content in files.items()})
    library.take(repo, library.offer_update(repo, "acme"))


def here(repo: Repo, files: Files) -> None:
    """The copy was changed so, as plain git does."""
    folder = repo.directory / COPY
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).unlink(missing_ok=True)
        if content is not None:
            (folder / name).write_text(content)
    git("add", "-A", cwd=repo.directory)
    git("commit", "-qm", "by hand", "--allow-empty", cwd=repo.directory)


def with_rules(repo: Repo, *rules: str) -> str:
    """The copy's SKILL.md with other rules."""
    document = load(repo, repo.tip("HEAD"), COPY).document
    return document.with_body("# pdf\n\n## Rules\n" + "".join(f"- {rule}\n" for rule in rules)).render().decode()


def synced(repo: Repo, *, path: str = COPY) -> Synced:
    (done,) = sync(repo, [fork_at(repo, repo.tip("HEAD"), path)])
    return done


def stands(repo: Repo) -> State:
    return standing(repo, repo.tip("HEAD"), fork_at(repo, repo.tip("HEAD"), COPY)).state


def held(repo: Repo) -> dict[str, str]:
    """The files of the copy in HEAD."""
    tip = repo.tip("HEAD")
    return {name: repo.read(entry.oid).decode() for name, entry in repo.files(tip, COPY).items()}


def rules(repo: Repo) -> list[str]:
    return [line[2:] for line in held(repo)["SKILL.md"].splitlines() if line.startswith("- ")]


def last(repo: Repo) -> Decision:
    """The decision that the last commit says."""
    found = next(log(repo, "HEAD", limit=1)).decision
    assert found is not None
    return found


def edited(number: int, words: str) -> str:
    return SCRIPT.replace(f"step {number}\n", f"{words}\n")
