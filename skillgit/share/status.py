"""What waits for somebody to do something: `git status` for skills. Nothing is fetched, and nothing moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from skillgit.changes.edit import Pending, pending
from skillgit.changes.skill import visible
from skillgit.errors import Refused, RepositoryError
from skillgit.git import remote
from skillgit.git.repo import Repo
from skillgit.git.unmerged import conclusion, unmerged
from skillgit.learn import undecided
from skillgit.share import proposals
from skillgit.share.exchange import FIRST
from skillgit.share.library import Library, libraries
from skillgit.share.upstream import Standing, forks, standing


@dataclass(frozen=True, slots=True)
class Tracked:
    """The branch, beside its remote's as that was last seen: how many commits either has that the other has not.

    `remote` is such as `origin/main`, "" where there is none; `words` say why that is, or that ours has no commits,
    `hint` what helps. The counts are None where one of the two branches is not there.
    """

    branch: str
    remote: str = ""
    ahead: int | None = None
    behind: int | None = None
    words: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What git is in the middle of: the files in conflict, and the command that concludes it, "" where none has to."""

    files: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True)
class Status:
    """What there is to do: the branch, what is under way, hand edits, copies, libraries, and what waits."""

    tracked: Tracked
    unfinished: Unfinished
    edits: tuple[Pending, ...]
    copies: tuple[Standing, ...]
    libraries: tuple[Library, ...] = ()
    proposals: int = 0
    undecided: int = 0


def status(repo: Repo, *, user: str) -> Status:
    """What there is to do in a repository; of the copies of common skills, those of a user."""
    tip, unfinished = repo.tip("HEAD"), _unfinished(repo)
    mine = sorted(visible(repo.skills(tip), user=user, scope="user"))
    return Status(
        _tracked(repo),
        unfinished,
        _edits(repo, unfinished),
        _copies(repo, tip, mine),
        libraries(repo),
        len(proposals.waiting(repo, tip)),
        sum(1 for _ in undecided.kept(repo)),
    )


def status_of(repo: Repo, paths: Sequence[str]) -> Status:
    """What there is to do about the skills at these paths."""
    unfinished = _unfinished(repo)
    edits = tuple(each for each in _edits(repo, unfinished) if each.path in paths)
    return Status(_tracked(repo), unfinished, edits, _copies(repo, repo.tip("HEAD"), paths))


def _copies(repo: Repo, tip: str | None, paths: Iterable[str]) -> tuple[Standing, ...]:
    return tuple(standing(repo, tip, fork) for fork in forks(repo, tip, paths))


def _tracked(repo: Repo) -> Tracked:
    try:
        shared = remote.branch(repo)
    except (Refused, RepositoryError) as err:
        ref = repo.branch_ref()
        return Tracked("" if ref == "HEAD" else ref.removeprefix("refs/heads/"), words=err.message, hint=err.hint)
    name = f"{shared.remote}/{shared.theirs.removeprefix('refs/heads/')}"
    if repo.tip(shared.ours) is None:
        hint = "'skillgit pull' brings what is there" if repo.tip(shared.tracking) else FIRST
        return Tracked(shared.name, name, words="it has no commits yet", hint=hint)
    if repo.tip(shared.tracking) is None:
        return Tracked(shared.name, name)
    return Tracked(shared.name, name, *remote.apart(repo, shared))


def _unfinished(repo: Repo) -> Unfinished:
    if repo.worktree is None:
        return Unfinished((), "")
    return Unfinished(tuple(unmerged(repo)), conclusion(repo))


def _edits(repo: Repo, unfinished: Unfinished) -> tuple[Pending, ...]:
    """The hand edits; while there are conflicts, they cannot be told from what git has put there."""
    return () if repo.worktree is None or unfinished.files or unfinished.command else tuple(pending(repo))
