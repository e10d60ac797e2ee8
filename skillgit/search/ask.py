"""One question to the skills of a commit, for one user, with the settings of the repository."""

from __future__ import annotations

from dataclasses import dataclass

from skillgit.changes.skill import Scope, visible
from skillgit.config import setting
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.search import bm25
from skillgit.search.context import Hit, hit
from skillgit.search.index import Index


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits, best first, and what the user should hear about the index, a line each.

    `unseen` says that there are skills, but none that this user sees.
    """

    hits: tuple[Hit, ...]
    notes: tuple[str, ...]
    unseen: bool


def ask(
    repo: Repo,
    index: Index,
    query: str,
    *,
    user: str,
    scope: Scope = "all",
    limit: int | None = None,
    min_score: float | None = None,
    commit: str | None,
) -> Answer:
    """What the skills of `commit` that `user` sees answer; None is a branch without commits.

    `limit` and `min_score` are the settings' where they are None. Raises UsageError for a limit below 1, a
    score outside [0, 1] and a scope that is none.
    """
    most = int(setting(repo, "search.limit").text) if limit is None else limit
    least = float(setting(repo, "search.min-score").text or bm25.MIN_SCORE) if min_score is None else min_score
    if most < 1 or not 0 <= least <= 1:
        raise UsageError("a search gives at least one hit, of a score between 0 and 1")
    known = repo.skills(commit)
    notes = index.sync(known, repo.read).notes
    seen = visible(known, user=user, scope=scope)
    found = index.search(query, paths=seen, limit=most, min_score=least)
    hits = tuple(hit(match, repo.read(known[match.path])) for match in found.matches)
    return Answer(hits, (*notes, *found.notes), unseen=bool(known) and not seen)
