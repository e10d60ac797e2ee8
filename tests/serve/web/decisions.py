"""Decisions of several users, on days that are chosen, for the pages that count them."""

from __future__ import annotations

import os
from unittest.mock import patch

from skillgit.changes.record import Change, record
from skillgit.git.message import Action
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from tests.changes.library import document, skill

REPORT = "Users/ada/government-report"
BOBS = "Users/bob/government-report"
HAIKU = "Common/haiku"


def decided(repo: Repo, action: Action, path: str, *, day: str = "2026-01-02", reason: str = "", was: str = "") -> None:
    """One decision about a skill: it gets another rule, or is begun, or is left as it is."""
    known = path in repo.skills(repo.tip("HEAD"))
    before = document(repo, path) if known else None
    name = path.rpartition("/")[2]
    after = before if action in ("discard", "reject") else skill(name, f"Do what {action} said on {day}.")

    def body(tx: Transaction) -> None:
        record(tx, Change(action, path, before, after, "as it was said", reason=reason or None, was=was or None))

    dates = {"GIT_AUTHOR_DATE": f"{day}T10:00:00Z", "GIT_COMMITTER_DATE": f"{day}T10:00:00Z"}
    with patch.dict(os.environ, dates):
        write(repo, body)


def moved(repo: Repo, was: str, path: str) -> None:
    """The skill at one path stands at another since."""
    before = document(repo, was)

    def body(tx: Transaction) -> None:
        record(tx, Change("remove", was, before, None, "moved on"))
        record(tx, Change("move", path, None, skill(path.rpartition("/")[2]), "from elsewhere", was=was))

    write(repo, body)
