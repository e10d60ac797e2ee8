"""What happened to a skill, read from the commits: `git log` with the decisions decoded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from skillgit.git import layout
from skillgit.git.message import Decision, decode
from skillgit.git.repo import Repo
from skillgit.git.run import attempt, git

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


def goes_on(repo: Repo, old: str, new: str) -> bool:
    """Whether a commit is in the history of another; one that is there no more is not."""
    return attempt(["merge-base", "--is-ancestor", old, new], cwd=repo.directory).returncode == 0


def revisions(repo: Repo, oids: Iterable[str]) -> Iterator[Revision]:
    """Each of these commits, in the order given."""
    wanted = "".join(f"{oid}\n" for oid in oids)
    if wanted:
        out = git(["log", *_PLAIN, "--no-walk=unsorted", "--stdin"], cwd=repo.directory, stdin=wanted.encode())
        yield from _parse(out, "")


def graph(repo: Repo, rev: str, *, path: str | None = None, limit: int | None = None) -> str:
    """What `git log --graph --oneline` draws of the commits from `rev` back, or of those of a skill and its moves."""
    args = ["log", "--graph", "--oneline", "--decorate=short", "--no-show-signature", "--encoding=UTF-8", "--no-color"]
    told = log_of(repo, rev, path) if path else ()
    places = dict.fromkeys(place for each in told for place in (layout.sharded(each.path), each.path))
    count = [f"--max-count={limit}"] if limit is not None else []
    words = ["--literal-pathspecs", *args, *count, repo.resolve(rev), "--", *places]
    return git(words, cwd=repo.directory).decode("utf-8", "replace")


def tip_at(repo: Repo, rev: str, seconds: int) -> str | None:
    """The commit that `rev` was at, by its first parents, `seconds` after 1970; None where there was none yet."""
    args = ["rev-list", "--max-count=1", "--first-parent", f"--before=@{seconds}", repo.resolve(rev), "--"]
    return git(args, cwd=repo.directory).decode().strip() or None


def log_of(repo: Repo, rev: str, path: str, *, limit: int | None = None) -> Iterator[Revision]:
    """The commits that changed the skill at `path`, newest first, through its moves.

    A move is known by its decision, not by likeness: `git log --follow` is 25 times dearer
    and guesses. Where another skill was moved away from there before, that move is the last one told.
    """
    start, left, given = rev, limit, False
    while start and left != 0:
        onward = ""
        for revision in islice(_at_place(repo, repo.resolve(start), path, left), left):
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


def _at_place(repo: Repo, commit: str, path: str, limit: int | None) -> Iterator[Revision]:
    """The commits that changed what stands at a path, wherever it was stored; they may be more than the limit.

    One place after the other, since git looks at the commit-graph's filters for a single path only. What is
    stored flat was never in a shard. The commit that moved everybody into shards changed no skill.
    """
    flat = repo.stored(commit, path) == path and repo.files(commit, path)
    seen: set[str] = set()
    for place in dict.fromkeys([path] if flat else [layout.sharded(path), path]):
        for revision in _read(repo, commit, paths=[place], limit=limit + 1 if limit is not None else None):
            decision = revision.decision
            spread = decision and decision.action == "tidy" and path.startswith(f"{decision.path}/")
            if revision.oid not in seen and not spread:
                yield replace(revision, path=path)
            seen.add(revision.oid)


def _read(
    repo: Repo, rev: str, *, paths: list[str], limit: int | None, without: str | None = None
) -> Iterator[Revision]:
    count = [f"--max-count={limit}"] if limit is not None else []
    range_ = [repo.resolve(rev), f"^{without}", "--topo-order"] if without else [repo.resolve(rev)]
    args = ["--literal-pathspecs", "log", *_PLAIN, *count, *range_, "--", *paths]
    yield from _parse(git(args, cwd=repo.directory), next(iter(paths), ""))


def _parse(out: bytes, path: str) -> Iterator[Revision]:
    for record in filter(None, out.decode("utf-8", "replace").split("\0")):
        oid, parents, author, date, message = record.split("\n", 4)
        yield Revision(oid, tuple(parents.split()), author, date, message, decode(message), path)
