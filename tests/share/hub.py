"""A bare remote, clones of it, and people who learn in them at the same time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from skillgit.changes.record import Change, Recorded, record
from skillgit.changes.skill import readable
from skillgit.git import remote
from skillgit.git.message import Decision, decode
from skillgit.git.repo import Repo
from skillgit.git.transaction import write
from skillgit.share import exchange
from skillgit.share.exchange import Exchanged
from skillgit.skills.document import Document
from tests.changes.library import library, skill
from tests.git.place import git


def hub(directory: Path) -> Path:
    """A bare remote `hub.git` that holds `tests.changes.library`, and two clones of it, `here` and `there`."""
    library(directory / "first")
    bare = directory / "hub.git"
    git("clone", "-q", "--bare", directory / "first", bare)
    for name in ("here", "there"):
        clone(bare, name)
    return bare


def clone(bare: Path, name: str) -> Repo:
    """A clone beside the remote, as its owner has it; both can be copied together."""
    top = bare.parent / name
    git("clone", "-q", bare, top)
    git("config", "remote.origin.url", f"../{bare.name}", cwd=top)
    return Repo.open(top)


@contextmanager
def by(author: str) -> Iterator[None]:
    """What is committed inside the block is this author's."""
    with patch.dict(os.environ, {"GIT_AUTHOR_NAME": author, "GIT_COMMITTER_NAME": author}):
        yield


def learn(repo: Repo, path: str, *rules: str, attempt: str | None = None, discard: bool = False) -> Recorded:
    """Record a lesson about the skill at `path`: rules added to it, or a new skill with these."""
    made: list[Recorded] = []
    before = readable(repo, repo.tip("HEAD"), path)
    after = before if discard else with_rules(before, *rules) if before else skill(path.rpartition("/")[2], *rules)
    action = "discard" if discard else "merge" if before else "add"
    change = Change(action, path, before, after, "; ".join(rules) or "known", attempt=attempt)  # type: ignore[arg-type]
    write(repo, lambda tx: made.__setitem__(slice(None), [record(tx, change)]))
    return made[0]


def with_rules(document: Document, *rules: str) -> Document:
    """The document with rules at the end of its body, which is a list of them."""
    return document.with_body(document.body + "".join(f"- {rule}\n" for rule in rules))


def push(repo: Repo) -> Exchanged:
    """`skillgit push`, without waiting."""
    return exchange.push(repo, remote.branch(repo), pause=lambda seconds: None)


def pull(repo: Repo) -> Exchanged:
    """`skillgit pull`."""
    return exchange.pull(repo, remote.branch(repo))


def decisions(directory: Path, rev: str = "main") -> list[Decision]:
    """Every decision of a branch, oldest first."""
    said = git("log", "--reverse", "-z", "--format=%B", rev, cwd=directory).split("\0")
    return [decision for message in said if (decision := decode(message))]


def falling(found: list[Decision]) -> list[str]:
    """The decisions that changed a skill and did not raise its version above all it had."""
    last: dict[str, tuple[int, ...]] = {}
    wrong = []
    for decision in found:
        if decision.after is None or decision.before == decision.after:
            continue
        number = tuple(int(part) for part in decision.after.split("."))
        wrong += [f"{decision.path} {decision.after}"] if number <= last.get(decision.path, ()) else []
        last[decision.path] = max(number, last.get(decision.path, ()))
    return wrong
