"""Which commit each line of a file comes from: `git blame`, through moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from skillgit.git.history import Revision, revisions
from skillgit.git.repo import Repo
from skillgit.git.run import git


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, without its end: its 1-based number, and the commit that made it what it is."""

    number: int
    text: str
    revision: Revision


def blame(repo: Repo, commit: str, file: str) -> tuple[Line, ...]:
    """The lines of a file of a commit, in order; a move of the file, as into a shard, makes no line new.

    Needs `file` to be there. What a user has told git to leave out (`blame.ignoreRevsFile`) is not left out.
    """
    args = ["-c", "blame.ignoreRevsFile=", "blame", "--porcelain", commit, "--", repo.stored(commit, file)]
    rows = list(_rows(git(args, cwd=repo.directory)))
    known = {revision.oid: revision for revision in revisions(repo, dict.fromkeys(oid for oid, _ in rows))}
    return tuple(Line(number, text, known[oid]) for number, (oid, text) in enumerate(rows, start=1))


def _rows(porcelain: bytes) -> Iterable[tuple[str, str]]:
    """The commit and the text of each line: a header that starts with the oid, facts, and a tab before the text."""
    oid = ""
    for row in porcelain.split(b"\n")[:-1]:
        if row.startswith(b"\t"):
            yield oid, row[1:].removesuffix(b"\r").decode("utf-8", "replace")
            oid = ""
        elif not oid:
            oid = row.partition(b" ")[0].decode()
