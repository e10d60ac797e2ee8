"""Making a repository one that keeps skills: created or adopted, never clobbered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pygit2.enums import FileMode

from skillgit.errors import RepositoryError
from skillgit.git import FORMAT, driver
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import git
from skillgit.git.transaction import Transaction, write

ATTRIBUTES = "SKILL.md merge=skillgit diff=skillgit"
SETTINGS: dict[str, str] = {"skillgit.format": str(FORMAT), "core.fsync": "committed"}
BARE_SETTINGS = {"core.logAllRefUpdates": "always"}
"""A bare repository keeps no reflog by itself; without one there is nothing to mend a torn ref from."""
OWN_SETTINGS = {"gc.auto": "0"}
"""Of a repository that skillgit created: its housekeeping is skillgit's. One that is adopted keeps git's as it is."""
POLICY = """\
# What everyone who works on these skills agrees on. No addresses, commands or keys: see `git config skillgit.*`.

[learn]
policy = "auto"          # auto: commit to the branch; branch: to learn/<user>/<date>; pr: and ask for review
discards = "branch"      # branch: an empty commit there; ref: on refs/skillgit/discards; none: not recorded

[search]
limit = 5
"""


@dataclass(frozen=True, slots=True)
class Setup:
    """What `init` did: whether the repository is new, and the commit that set it up (None: nothing was missing)."""

    repo: Repo
    created: bool
    commit: str | None


def init(directory: Path, *, bare: bool = False) -> Setup:
    """Create a skill repository in `directory`, or make the repository that is there one.

    Files that exist keep every byte: `.gitattributes` gains a line at its end where it lacks it,
    `skillgit.toml` is written only where there is none.
    """
    created = not _is_repository(directory)
    if created:
        _create(directory, bare=bare)
    repo = Repo.open(directory)
    landed = write(repo, lambda tx: _set_up(repo, tx))
    configure(repo, SETTINGS | OWN_SETTINGS if created else SETTINGS)
    return Setup(Repo.open(directory), created, landed.commits[0] if landed.commits else None)


def configure(repo: Repo, settings: Mapping[str, str]) -> None:
    """What does not travel is set up: the settings, but for those that are set already, and the drivers."""
    kept = BARE_SETTINGS if repo.worktree is None else {}
    for key, value in {**settings, **kept}.items():
        if repo.config(key) is None:
            git(["config", "--local", key, value], cwd=repo.directory)
    driver.install(repo)


def missing(repo: Repo, commit: str | None) -> tuple[str, ...]:
    """The files of a skill repository that a commit lacks, or lacks a line of; `init` commits them."""
    return tuple(_wanted(repo, commit))


def _is_repository(directory: Path) -> bool:
    bare = (directory / "HEAD").is_file() and (directory / "objects").is_dir()
    return (directory / ".git").exists() or bare


def _create(directory: Path, *, bare: bool) -> None:
    if directory.exists() and not directory.is_dir():
        raise RepositoryError(f"'{directory}' is a file", hint="name a folder")
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        said = (err.strerror or "").lower()
        raise RepositoryError(f"cannot make the folder '{directory}': {said}", hint="name another one") from err
    named = git(["config", "--get", "init.defaultBranch"], cwd=directory, ok=(0, 1)).strip()
    branch = [] if named else ["--initial-branch=main"]
    kind = {"GIT_DEFAULT_HASH": "sha1", "GIT_DEFAULT_REF_FORMAT": "files"}
    git(["init", "--quiet", *branch, *(["--bare"] if bare else []), "--", "."], cwd=directory, env=kind)


def _set_up(repo: Repo, tx: Transaction) -> None:
    edits: dict[str, Entry | None] = {path: tx.file(content) for path, content in _wanted(repo, tx.tip).items()}
    if edits:
        tx.commit("skillgit: keep skills here\n", edits)


def _wanted(repo: Repo, commit: str | None) -> dict[str, bytes]:
    """The files that a commit lacks, or lacks a line of, as they are to be."""
    wanted = {}
    attributes = _content(repo, commit, ".gitattributes")
    if ATTRIBUTES not in attributes.decode("utf-8", "replace").splitlines():
        start = attributes if not attributes or attributes.endswith(b"\n") else attributes + b"\n"
        wanted[".gitattributes"] = start + f"{ATTRIBUTES}\n".encode()
    if not _content(repo, commit, "skillgit.toml"):
        wanted["skillgit.toml"] = POLICY.encode()
    return wanted


def _content(repo: Repo, commit: str | None, path: str) -> bytes:
    entry = repo.entry(commit, path)
    if entry is not None and entry.mode not in (FileMode.BLOB, FileMode.BLOB_EXECUTABLE):
        raise RepositoryError(
            f"'{path}' is no plain file", hint="git itself would not read it; make it one, and commit"
        )
    return repo.read(entry.oid) if entry else b""
