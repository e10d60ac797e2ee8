"""What happened to a skill, read from the commits: `git log` with the decisions decoded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skillgit.git.message import Decision, decode
from skillgit.git.repo import Repo
from skillgit.git.run import git

_PLAIN = ("-z", "--format=%H%n%P%n%an%n%aI%n%B", "--encoding=UTF-8", "--no-follow", "--no-show-signature")
"""The same whatever the user has configured for `git log`."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One commit: who, when (ISO 8601), its whole message, and the decision it says, if it says one.

    `path` is where the skill that the log is about stood after this commit; "" in a log of everything.
    """

    oid: str
    parents: tuple[str, ...]
    author: str
    date: str
    message: str
    decision: Decision | None
    path: str = ""

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


def log(repo: Repo, rev: str, *, limit: int | None = None) -> Iterator[Revision]:
    """Every commit from `rev` back, newest first."""
    yield from _read(repo, rev, paths=[], limit=limit)


def log_since(repo: Repo, rev: str, *, base: str) -> Iterator[Revision]:
    """The commits of `rev` that `base` does not have, newest first, each before its parents."""
    yield from _read(repo, rev, paths=[], limit=None, without=base)


def log_of(repo: Repo, rev: str, path: str, *, limit: int | None = None) -> Iterator[Revision]:
    """The commits that changed the skill at `path`, newest first, through its moves.

    A move is known by its decision, not by likeness: `git log --follow` is 25 times dearer
    and guesses. Where another skill was moved away from there before, that move is the last one told.
    """
    start, left, given = rev, limit, False
    while start and left != 0:
        onward = ""
        for revision in _read(repo, start, paths=[path], limit=left):
            decision = revision.decision
            yield revision
            if decision and decision.was == path and given:
                return
            given = True
            left = left - 1 if left is not None else None
            if decision and decision.action == "move" and decision.path == path and decision.was:
                path, onward = decision.was, next(iter(revision.parents), "")
                break
        start = onward


def _read(
    repo: Repo, rev: str, *, paths: list[str], limit: int | None, without: str | None = None
) -> Iterator[Revision]:
    count = [f"--max-count={limit}"] if limit is not None else []
    range_ = [repo.resolve(rev), f"^{without}", "--topo-order"] if without else [repo.resolve(rev)]
    args = ["--literal-pathspecs", "log", *_PLAIN, *count, *range_, "--", *paths]
    for record in git(args, cwd=repo.directory).decode("utf-8", "replace").split("\0"):
        if not record:
            continue
        oid, parents, author, date, message = record.split("\n", 4)
        yield Revision(oid, tuple(parents.split()), author, date, message, decode(message), next(iter(paths), ""))
