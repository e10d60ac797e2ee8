"""The skill whose past is looked at, and the moments of it that its user may see.

A skill of the user's own that is gone can be looked at as well. What another user had of a skill before it was moved
is not there. The past of a library's skill is what the library's updates did to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from skillgit.changes import versions
from skillgit.changes.skill import owner, shown, visible
from skillgit.git import history, ledger, submodule
from skillgit.git.history import Revision
from skillgit.git.repo import Entry, Repo, folder_oid
from skillgit.serve.api import places
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.web.page import Visit

_OID = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """A commit of a skill's log. `key` is what addresses call it: the version it left, or the start of its oid."""

    key: str
    version: str
    revision: Revision


@dataclass(frozen=True, slots=True)
class Past:
    """The moments of the skill at a path, newest first; `hidden` are commits of the time when it was another user's.

    `is_there` says whether the skill still is, `is_told_whole` whether the turns that it quotes may be shown. `library`
    is the path of the library it is one of, or "".
    """

    path: str
    is_there: bool
    is_own: bool
    is_told_whole: bool
    library: str
    moments: tuple[Moment, ...]
    hidden: frozenset[str]

    @property
    def moved_to(self) -> str:
        """Where the skill is now, if it was moved away; else ""."""
        decision = self.moments[0].revision.decision if self.moments and not self.is_there else None
        return decision.path if decision and decision.was == self.path else ""

    @property
    def is_changeable(self) -> bool:
        """Whether its user may bring back what it was."""
        return self.is_own and not self.library and not self.moved_to

    def find(self, key: str) -> Moment:
        """The moment of this key. Raises Problem, 404, where there is none."""
        wanted = key.removeprefix("v")
        match = next((each for each in self.moments if each.key == wanted), None)
        match = match or next((each for each in self.moments if each.revision.oid == wanted), None)
        if match is None:
            raise Problem(404, f"no such version of skill '{shown(self.path)}'")
        return match

    def before(self, moment: Moment) -> Moment | None:
        """The moment before another one; None for the first."""
        at = self.moments.index(moment) + 1
        return self.moments[at] if at < len(self.moments) else None

    def after(self, moment: Moment) -> Moment | None:
        """The moment after another one; None for the last."""
        at = self.moments.index(moment)
        return self.moments[at - 1] if at else None


def past(visit: Visit, hands: Hands) -> Past:
    """The past of the skill that is asked for. Raises Problem, 404, where its user sees none of that path."""
    path, repo = visit.path["path"], hands.repo
    is_there = path in places.seen(hands, visit.user)
    is_own = owner(path) == visit.user
    tip = repo.tip("HEAD")
    if tip is None or not (is_there or (is_own and path in ledger.paths(repo, tip))):
        raise places.missing(path.rpartition("/")[2])
    library = _library(repo, tip, path)
    told = list(_of_library(repo, tip, library, path) if library else history.log_of(repo, tip, path))
    seen = [each for each in told if visible([each.path], user=visit.user)]
    if not seen:
        raise places.missing(path.rpartition("/")[2])
    hidden = frozenset(each.oid for each in told) - {each.oid for each in seen}
    return Past(path, is_there, is_own, is_own and visit.may_act, library, tuple(_moments(repo, seen)), hidden)


def files(repo: Repo, moment: Moment | None) -> Mapping[str, Entry]:
    """The files of the skill at a moment; none before its first."""
    return repo.files(moment.revision.oid, moment.revision.path) if moment else {}


def _moments(repo: Repo, told: list[Revision]) -> Iterator[Moment]:
    known: set[str] = set()
    for revision in told:
        version = versions.number_of(repo, revision)
        yield Moment(version if version and version not in known else revision.oid[:_OID], version, revision)
        known.add(version)


def _library(repo: Repo, tip: str, path: str) -> str:
    """The path of the library that the skill at a path is one of; "" where it is none of a library's."""
    top = "/".join(path.split("/")[:2])
    entry = repo.stored_entry(tip, top)
    return top if entry is not None and entry.mode == submodule.GITLINK else ""


def _of_library(repo: Repo, tip: str, library: str, path: str) -> Iterator[Revision]:
    """The updates of a library that changed the skill at a path."""
    for revision in history.log_of(repo, tip, library):
        before = folder_oid(repo, revision.parents[0], path) if revision.parents else None
        if before != folder_oid(repo, revision.oid, path):
            yield replace(revision, path=path)
