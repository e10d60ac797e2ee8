"""Questions to the skills of a commit, for one user, with the settings of the repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from skillgit.changes.skill import Scope, visible
from skillgit.config import setting
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.search import bm25
from skillgit.search.hit import Hit, hit
from skillgit.search.index import Index


@dataclass(frozen=True, slots=True)
class View:
    """The skills of a commit that a user sees, ready to be asked any number of questions.

    `skills` are all of the commit, `seen` the paths that the user sees; `notes` is what the user should hear about
    the index, a line each.
    """

    repo: Repo
    index: Index
    commit: str | None
    skills: Mapping[str, str]
    seen: frozenset[str]
    limit: int
    min_score: float
    notes: tuple[str, ...]

    @property
    def unseen(self) -> bool:
        """Whether there are skills, but none that this user sees."""
        return bool(self.skills) and not self.seen


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits, best first, and what the user should hear about the search, a line each."""

    hits: tuple[Hit, ...]
    notes: tuple[str, ...] = ()


def look(
    repo: Repo,
    index: Index,
    *,
    user: str,
    scope: Scope = "all",
    limit: int | None = None,
    min_score: float | None = None,
    commit: str | None,
) -> View:
    """Bring the index up to `commit` and give what `user` sees of it; None is a branch without commits.

    `limit` and `min_score` are the settings' where they are None. Raises UsageError for a limit below 1, a
    score outside [0, 1] and a scope that is none.
    """
    most = int(setting(repo, "search.limit").text) if limit is None else limit
    least = float(setting(repo, "search.min-score").text or bm25.MIN_SCORE) if min_score is None else min_score
    if most < 1 or not 0 <= least <= 1:
        raise UsageError("a search gives at least one hit, of a score between 0 and 1")
    known = repo.skills(commit)
    seen = visible(known, user=user, scope=scope)
    return View(repo, index, commit, known, seen, most, least, index.sync(known, repo.read).notes)


def ask(view: View, query: str) -> Answer:
    """The skills that answer a query."""
    found = view.index.search(query, paths=view.seen, limit=view.limit, min_score=view.min_score)
    return Answer(tuple(hit(match, view.repo.read(view.skills[match.path])) for match in found.matches), found.notes)
