"""A repository of others as one of our own: `git clone`, with nothing of what comes believed.

Objects are checked as they come, also those of a folder of this machine, and submodules are left to `submodule.py`.
git lets neither hooks nor configuration travel, and what a repository has below refs/skillgit/ stays its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from skillgit.errors import NotFound, Unsafe
from skillgit.git.address import protocols
from skillgit.git.message import one_line
from skillgit.git.remote import CHECKED, faulty, unreachable
from skillgit.git.repo import Repo
from skillgit.git.run import attempt

_LINE = 500


def clone(
    url: str, place: Path, *, branch: str | None = None, depth: int | None = None, keep: Sequence[int] = ()
) -> Repo:
    """The repository at an address, whole, in the empty folder `place`; with `depth`, its last commits only.

    git inherits the descriptors `keep`: where it outlives us, it takes away in the end what it has made.
    NotFound where it has no such branch, Unsafe where an object of it is broken or an attack, RepositoryError where
    it cannot be reached or is none that skillgit can read.
    """
    words = ["clone", "--quiet", "--no-local", "--no-recurse-submodules"]
    words += ["--branch", branch] if branch else []
    words += ["--depth", str(depth)] if depth else []
    words = [*CHECKED, *words, "--", url, str(place)]
    done = attempt(words, cwd=place.parent, env=protocols(local=True), keep=keep)
    said = done.stderr.decode("utf-8", "replace")
    shown = one_line(url, _LINE)
    if done.returncode and "not found in upstream" in said:
        raise NotFound(
            f"'{shown}' has no branch or tag '{one_line(branch or '', _LINE)}'", hint=f"'git ls-remote {shown}'"
        )
    fault = faulty(said)
    if done.returncode and fault:
        hint = "whoever keeps it can mend that; if you trust it: 'git clone' it, then 'skillgit init' there"
        raise Unsafe(f"'{shown}' is not cloned: {fault}", hint=hint)
    if done.returncode:
        raise unreachable(f"'{shown}'", said, test=url)
    return Repo.open(place)
