"""The commands that are killed: what each does, what the user did before it, and the ground for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.torture import place
from skillgit.changes import edit
from skillgit.changes import move as moving
from skillgit.changes import revert as reverting
from skillgit.git.repo import Repo
from skillgit.learn import ingest as learning
from skillgit.learn.learner import Learner
from skillgit.search.index import Index
from skillgit.share import importing, library, proposals, review
from skillgit.share import sync as syncing
from skillgit.share.fork import fork
from skillgit.share.proposals import Proposal
from skillgit.share.review import Reviewed
from skillgit.share.upstream import fork_at

COPY = "Users/ada/minute-book"


@dataclass(frozen=True, slots=True)
class Case:
    """One command to be killed: what it does, and what the user did before it."""

    name: str
    do: Callable[[Path], Sequence[str]]
    before: Callable[[Path], None] = lambda top: None


def ground(top: Path) -> Repo:
    """A repository that they all can be done in, and beside it a library of its own, and skills to import."""
    repo = place.library(top)
    _with_library(repo, top.parent / "acme")
    for name in ("stew", "soup", "salad"):
        folder = top.parent / "incoming" / name
        (folder / "scripts").mkdir(parents=True)
        (folder / place.FILE).write_bytes(place.skill(name, "Taste it.", "Serve it."))
        (folder / "scripts/cook.sh").write_bytes(b"#!/bin/sh\necho cooked\n")
    return repo


def _with_library(repo: Repo, acme: Path) -> None:
    """The repository has a library and a copy of a skill of it, and both were changed since."""
    place.git("init", "-q", "-b", "main", acme, cwd=acme.parent)
    _publish(acme, "Write down who came.", "Write down who left.")
    library.take(repo, library.offer_new(repo, str(acme)))
    fork(repo, "Common/acme/minute-book", user="ada")
    place.put(repo, COPY, (repo.directory / COPY / place.FILE).read_bytes() + b"- Be brief.\n")
    _publish(acme, "Write down who came, and when.", "Write down who left.")


def _publish(acme: Path, *rules: str) -> None:
    (acme / "minute-book").mkdir(exist_ok=True)
    (acme / "minute-book" / place.FILE).write_bytes(place.skill("minute-book", *rules))
    place.git("add", "-A", cwd=acme)
    place.git("commit", "-qm", "skills", cwd=acme)


def revert(top: Path) -> Sequence[str]:
    """Take a skill back to its first version; done twice, it is refused."""
    return reverting.revert(Repo.open(top), "Users/ada/release", to="0.1.0")[1].commits


def move(top: Path) -> Sequence[str]:
    """Give a skill another name."""
    return moving.move(Repo.open(top), "Users/ada/report", "Users/ada/bulletin")[1].commits


def by_hand(top: Path) -> None:
    """Edit two skills in the work tree."""
    for name in ("release", "letters"):
        file = top / f"Users/ada/{name}" / place.FILE
        file.write_bytes(file.read_bytes() + b"- Written by hand.\n")


def _ingest(top: Path, about: str) -> Sequence[str]:
    outcome = place.learn(Repo.open(top), place.lesson(1, about=about))
    return [outcome.commit] if outcome.commit else []


def _import(top: Path) -> Sequence[str]:
    incoming = importing.read([top.parent / "incoming"]).skills
    _, landed = importing.import_skills(Repo.open(top), incoming, into="Users/ada")
    return landed.commits


def _remove(top: Path) -> Sequence[str]:
    return moving.remove(Repo.open(top), "Users/ada/report")[1].commits


def _commit(top: Path) -> Sequence[str]:
    paths = ["Users/ada/letters", "Users/ada/release"]
    return edit.commit_worktree(Repo.open(top), paths)[1].commits


def _update(top: Path) -> Sequence[str]:
    repo = Repo.open(top)
    offered = library.offer_update(repo, "acme")
    return library.take(repo, offered).commits if offered.old != offered.pin.commit else ()


def _add(top: Path) -> Sequence[str]:
    repo = Repo.open(top)
    return library.take(repo, library.offer_new(repo, str(top.parent / "acme"), name="tools")).commits


def _drop(top: Path) -> Sequence[str]:
    return library.remove(Repo.open(top), "acme")[1].commits


def _updated(top: Path) -> None:
    _update(top)


def _sync(top: Path) -> Sequence[str]:
    repo = Repo.open(top)
    done = syncing.sync(repo, [fork_at(repo, repo.tip("HEAD"), COPY)])
    return [commit for each in done if each.landed for commit in each.landed.commits]


def _waiting(top: Path) -> None:
    """Learn a lesson that waits for a review."""
    repo = Repo.open(top)
    learner = Learner(repo, Index.open(repo.private / "index"), "ada", policy="branch")
    learning.ingest(learner, place.lesson(1))


def _review(decide: Callable[[Repo, Proposal], Reviewed], top: Path) -> Sequence[str]:
    repo = Repo.open(top)
    done = [decide(repo, each) for each in proposals.waiting(repo, repo.tip("HEAD"))[::-1]]
    return [commit for each in done if each.landed for commit in each.landed.commits]


CASES = (
    Case("ingest (add)", partial(_ingest, about="sermons")),
    Case("ingest (merge)", partial(_ingest, about="letters")),
    Case("import", _import),
    Case("revert", revert),
    Case("mv", move),
    Case("remove", _remove),
    Case("commit", _commit, by_hand),
    Case("library add", _add),
    Case("library update", _update),
    Case("library remove", _drop),
    Case("sync", _sync, _updated),
    Case("review accept", partial(_review, review.accept), _waiting),
    Case("review reject", partial(_review, partial(review.reject, reason="not wanted")), _waiting),
)
