"""Which decision about a skill made a check fail: what `git bisect run` does, over the commits of one skill.

Each commit's skill is written into a folder of its own, through the skill's renames, so that the work tree and
its state stay the user's, and a library of any size costs what the one skill does.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from skillgit.changes import versions
from skillgit.changes.skill import shown
from skillgit.errors import Refused, UsageError
from skillgit.git import history
from skillgit.git.history import Revision
from skillgit.git.repo import Repo
from skillgit.git.run import environment

Verdict = Literal["good", "bad", "skip"]
_SKIP, _MOST_BAD = 125, 127


def bisect(
    repo: Repo,
    commit: str,
    path: str,
    *,
    command: str,
    good: str | None = None,
    tell: Callable[[Revision, Verdict], None],
) -> Revision:
    """The first commit of the skill at `path`, up to `commit`, at which a shell command fails.

    The command runs in the skill's folder as it was, and says as for `git bisect run` what the commit is: 0 good,
    125 cannot be told, up to 127 bad; anything else stops. `good` is a version at which it passes; without it
    that is the first one. Both ends are tried first. `tell` hears each verdict. Refused where no commit can be named.
    """
    log = [each for each in history.log_of(repo, commit, path) if repo.files(each.oid, each.path)][::-1]
    first = versions.find(repo, commit, path, good).revision.oid if good else log[0].oid
    suspects = log[next(n for n, each in enumerate(log) if each.oid == first) :]

    def verdict(revision: Revision) -> Verdict:
        said = _verdict(repo, revision, command)
        tell(revision, said)
        return said

    if len(suspects) < 2:
        raise UsageError(f"skill '{shown(path)}' has not changed since", hint="name an earlier version with --good")
    if verdict(suspects[-1]) != "bad":
        raise Refused("the command does not fail at the newest commit: there is nothing to look for")
    if verdict(suspects[0]) != "good":
        raise Refused(
            "the command does not pass at the oldest commit",
            hint="name a version at which it does with --good",
        )
    return _first_bad(suspects, verdict)


def _first_bad(suspects: Sequence[Revision], verdict: Callable[[Revision], Verdict]) -> Revision:
    """Halve what lies between the last that is good and the first that is bad; what cannot be told is passed by."""
    low, high = 0, len(suspects) - 1
    untold: set[int] = set()
    while open_ := [n for n in range(low + 1, high) if n not in untold]:
        middle = min(open_, key=lambda n: abs(2 * n - low - high))
        said = verdict(suspects[middle])
        if said == "skip":
            untold.add(middle)
        elif said == "good":
            low = middle
        else:
            high = middle
    if high - low > 1:
        names = ", ".join(each.oid[:10] for each in suspects[low + 1 : high + 1])
        raise Refused(f"the command could not tell between these: {names}")
    return suspects[high]


def _verdict(repo: Repo, revision: Revision, command: str) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="skillgit-bisect-") as scratch:
        folder = Path(scratch, revision.path.rpartition("/")[2])
        _write_out(repo, revision, folder)
        code = subprocess.run(["sh", "-c", command], cwd=folder, env=environment(), stdout=sys.stderr).returncode
    if code < 0 or code > _MOST_BAD:
        raise Refused(f"the command ended with {code} at {revision.oid[:10]}: neither good nor bad")
    return "good" if code == 0 else "skip" if code == _SKIP else "bad"


def _write_out(repo: Repo, revision: Revision, folder: Path) -> None:
    """Write the plain files of a skill; no link, and nothing beside the folder, whatever a tree says."""
    folder.mkdir()
    for name, entry in repo.files(revision.oid, revision.path).items():
        if entry.mode & 0o170000 != 0o100000 or not {"..", ".", ".git"}.isdisjoint(name.split("/")):
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(repo.read(entry.oid))
        target.chmod(entry.mode & 0o777)
