"""The model of a server: its tokens are counted for a day, for all processes that serve the repository together."""

from __future__ import annotations

from dataclasses import replace

from skillgit.git.repo import Repo
from skillgit.learn import learner
from skillgit.learn.learner import Learner
from skillgit.models import choice
from skillgit.models.budget import DailyBudget
from skillgit.models.remote import RemoteChat
from skillgit.search.index import Index


def budget(repo: Repo) -> DailyBudget:
    """What the model may use a day."""
    return DailyBudget(repo.private / "tokens.db", choice.limit(repo))


def model(repo: Repo) -> RemoteChat | None:
    """The model that is configured; None where none is."""
    return choice.configured(repo, budget=budget(repo))


def learner_of(repo: Repo, index: Index, user: str, *, hint: str | None = None) -> Learner:
    """A learner as the settings have it, with this model."""
    return replace(learner.configured(repo, index, user, hint=hint, offline=True), chat=model(repo))
