"""What most commands start from: the repository of the current directory, and its settings."""

from __future__ import annotations

import getpass
from pathlib import Path

from skillgit.changes import skill as skills
from skillgit.cli import output
from skillgit.config import TOML, Value, lookup, read_policy
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.git.transaction import Landed
from skillgit.skills import naming


def open_repo() -> Repo:
    """The repository that the current directory stands in."""
    return Repo.open(Path.cwd())


def head(repo: Repo) -> str | None:
    """The commit that HEAD is at; None on a branch without commits."""
    return repo.tip("HEAD")


def setting(repo: Repo, key: str, flag: str | None = None) -> Value:
    """A setting's value in this repository, and where it comes from."""
    entry = repo.entry(head(repo), TOML)
    policy = read_policy(repo.read(entry.oid)) if entry else {}
    return lookup(key, git_config=repo.config, policy=policy, flag=flag)


def user(repo: Repo, flag: str | None = None) -> str:
    """Whose skills a command is about, as a path segment.

    `--user`, `SKILLGIT_USER` and `git config skillgit.user` are taken as they are or refused; where none
    is given it is made of git's `user.name`, or of the login name.
    """
    given = setting(repo, "user", flag)
    if given.text or given.source == "flag":
        return naming.segment(given.text)
    return naming.slug(repo.config("user.name") or getpass.getuser())


def find(repo: Repo, typed: str) -> str:
    """The full path of the skill of HEAD that the user typed."""
    return skills.find(repo, head(repo), typed, user=user(repo))


def at_version(typed: str) -> tuple[str, str | None]:
    """`SKILL@VERSION` as its two parts; the version is None where it is not given."""
    name, at, version = typed.rpartition("@")
    if not at:
        return typed, None
    if not name or not version:
        raise UsageError(f"'{typed}' is no skill and version", hint="write SKILL@VERSION, such as ada/release@0.1.1")
    return name, version


def tell(landed: Landed) -> None:
    """Say on stderr what the user has to know beside the answer: what was mended, parked, or on no branch."""
    if landed.mended:
        output.note(f"note: {landed.mended}")
    if landed.blocked:
        output.warn(f"your changes are in the way ({landed.blocked.words}); the decision is kept at '{landed.ref}'")
        output.note(f"hint: put your changes away, then 'git merge {landed.ref}'")
    elif landed.ref == "HEAD" and landed.commits:
        output.warn(f"HEAD is detached: commit {landed.commits[-1][:10]} is on no branch")
