"""Branches on their way to a remote, through the `git` program and the user's own credentials."""

from __future__ import annotations

from skillgit.errors import RepositoryError
from skillgit.git.repo import Repo
from skillgit.git.run import git


def default_remote(repo: Repo) -> str:
    """The remote to push to: the only one, or `origin`; an error where there is none to choose."""
    remotes = git(["remote"], cwd=repo.directory).decode().split()
    if not remotes:
        raise RepositoryError("there is no remote to ask for review on", hint="git remote add origin URL")
    if len(remotes) > 1 and "origin" not in remotes:
        raise RepositoryError("which remote is meant is not clear", hint="name one of them 'origin'")
    return "origin" if "origin" in remotes else remotes[0]


def push(repo: Repo, remote: str, ref: str) -> None:
    """Push a branch under its own name; never by force."""
    git(["push", "--quiet", remote, f"{ref}:{ref}"], cwd=repo.directory)


def request_pull(repo: Repo, remote: str, *, base: str, ref: str) -> str:
    """The text that asks for review of what `ref` adds to `base`, as `git request-pull` writes it."""
    url = git(["remote", "get-url", "--", remote], cwd=repo.directory).decode().strip()
    branch = ref.removeprefix("refs/heads/")
    return git(["request-pull", base, url, branch], cwd=repo.directory).decode("utf-8", "replace")
