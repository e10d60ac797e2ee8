"""A repository of others as one of our own: `git clone`, with nothing of what comes believed.

Objects are checked as they come, also those of a folder of this machine, and submodules are left to `submodule.py`.
git lets neither hooks nor configuration travel, and what a repository has below refs/skillgit/ stays its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from skillgit.errors import NotFound, SkillgitError, Unsafe
from skillgit.git.address import protocols
from skillgit.git.message import one_line
from skillgit.git.remote import CHECKED, faulty, unreachable
from skillgit.git.repo import Repo
from skillgit.git.run import attempt, git

_LINE = 500


def clone(
    url: str, place: Path, *, branch: str | None = None, depth: int | None = None, keep: Sequence[int] = ()
) -> Repo:
    """The repository at an address, whole, in the empty folder `place`; with `depth`, its last commits only.

    git inherits the descriptors `keep`: where it outlives us, it takes away in the end what it has made.
    NotFound where it has no such branch, or stands on none that it has; Unsafe where an object of it is broken or an
    attack; RepositoryError where it cannot be reached, or is none that skillgit can read.
    """
    words = ["clone", "--quiet", "--no-local", "--no-recurse-submodules"]
    words += ["--branch", branch] if branch else []
    words += ["--depth", str(depth)] if depth else []
    words = [*CHECKED, *words, "--", url, str(place)]
    done = attempt(words, cwd=place.parent, env=protocols(local=True), keep=keep)
    if done.returncode:
        raise _failure(url, done.stderr.decode("utf-8", "replace"), branch=branch or "")
    repo = Repo.open(place)
    if repo.tip("HEAD") is None:
        _refuse_headless(repo, url)
    return repo


def _failure(url: str, said: str, *, branch: str) -> SkillgitError:
    shown = one_line(url, _LINE)
    if "not found in upstream" in said:
        return NotFound(f"'{shown}' has no branch or tag '{one_line(branch, _LINE)}'", hint=f"git ls-remote {shown}")
    if fault := faulty(said):
        hint = "whoever keeps it can mend that; if you trust it: 'git clone' it, then 'skillgit init' there"
        return Unsafe(f"'{shown}' is not cloned: {fault}", hint=hint)
    return unreachable(f"'{shown}'", said, test=url)


def _refuse_headless(repo: Repo, url: str) -> None:
    """NotFound where there are branches, and none that the remote's HEAD names; to have none at all is fine."""
    words = ["for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes"]
    branches = git(words, cwd=repo.directory).decode("utf-8", "replace").split()
    if branches:
        missing = repo.branch_ref().removeprefix("refs/heads/")
        hint = f"name one that is, such as --branch {branches[0]}; or there: git symbolic-ref HEAD refs/heads/BRANCH"
        raise NotFound(f"'{one_line(url, _LINE)}' stands on branch '{missing}', which is not there", hint=hint)
