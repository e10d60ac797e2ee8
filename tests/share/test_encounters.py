"""Two clones driven at random against one remote: whatever both did, nothing is lost and nothing is doubled."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from skillgit.changes import move
from skillgit.changes.edit import edit
from skillgit.changes.revert import revert
from skillgit.errors import Refused, SkillgitError
from skillgit.git.repo import Repo
from tests.changes.library import document, head
from tests.git.place import git, sound, status
from tests.share.hub import by, decisions, falling, learn, push, with_rules

WORDS = ("letters", "invoices", "figures", "tables", "dates", "names", "chapters", "sources", "margins", "titles")
NAMES = [f"Users/ada/{name}" for name in ("release", "report", "fresh", "minutes")]
ATTEMPTS = count()


def _some(repo: Repo, chance: random.Random) -> str:
    return chance.choice(sorted(path for path in repo.skills(head(repo)) if path.startswith("Users/")) or NAMES)


def _learn(repo: Repo, chance: random.Random) -> str:
    key = f"{next(ATTEMPTS):026}"
    verb = chance.choice(("Check", "Sort", "Never skip", "Skip"))
    learn(repo, chance.choice(NAMES), f"{verb} {chance.choice(WORDS)}.", attempt=key)
    return key


def _edit(repo: Repo, chance: random.Random) -> None:
    path = _some(repo, chance)
    now = document(repo, path)
    lines = now.body.splitlines(keepends=True)
    chosen = chance.randrange(len(lines))
    if chance.random() < 0.5 and lines[chosen].startswith("- "):
        lines[chosen] = f"- Reworded by hand, {chance.choice(WORDS)}.\n"
    changed = with_rules(now.with_body("".join(lines)), f"By hand: {chance.choice(WORDS)}.")
    edit(repo, path, changed.render(), base=head(repo))


def _remove(repo: Repo, chance: random.Random) -> None:
    move.remove(repo, _some(repo, chance))


def _move(repo: Repo, chance: random.Random) -> None:
    move.move(repo, _some(repo, chance), chance.choice([*NAMES, "Users/ada/moved"]))


def _revert(repo: Repo, chance: random.Random) -> None:
    revert(repo, _some(repo, chance))


def _plain(repo: Repo, chance: random.Random) -> None:
    file = repo.directory / f"{chance.choice(WORDS)}-{repo.directory.name}.txt"
    file.write_text(f"{chance.random()}\n")
    git("add", "-A", cwd=repo.directory)
    git("commit", "-qm", "by hand", cwd=repo.directory)


Deed = Callable[[Repo, random.Random], str | None]
DEEDS: tuple[Deed, ...] = (_learn, _learn, _learn, _edit, _edit, _remove, _move, _revert, _plain)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_whatever_both_did_nothing_is_lost_or_doubled(place: Path, seed: int) -> None:
    chance = random.Random(seed)
    clones = {name: Repo.open(place / name) for name in ("here", "there")}
    learned: set[str] = set()
    for _ in range(40):
        name = chance.choice(sorted(clones))
        with by(name):
            learned |= _try(clones[name], chance)
        if chance.random() < 0.25:
            _push(clones[name])
    for name in ("here", "there", "here"):
        _push(clones[name])
    found = decisions(place / "hub.git")
    attempts = [decision.attempt for decision in found if decision.attempt]
    parked = {ref.rpartition("/")[2] for repo in clones.values() for ref in _proposals(repo)}
    assert len(attempts) == len(set(attempts))
    assert set(attempts) | parked >= learned
    assert falling(found) == []
    assert head(clones["here"]) == head(clones["there"]) == git("rev-parse", "main", cwd=place / "hub.git")
    for repo in clones.values():
        assert status(repo.directory) == []
        sound(repo.directory)


def _try(repo: Repo, chance: random.Random) -> set[str]:
    """Do something; what it learned. A refusal is an answer like any other."""
    try:
        key = chance.choice(DEEDS)(repo, chance)
    except Refused:
        return set()
    return {key} if key else set()


def _push(repo: Repo) -> None:
    before = status(repo.directory)
    try:
        push(repo)
    except SkillgitError as err:
        raise AssertionError(f"{err.message} ({err.hint})") from err
    assert status(repo.directory) == before


def _proposals(repo: Repo) -> list[str]:
    return git("for-each-ref", "--format=%(refname)", "refs/skillgit/proposals", cwd=repo.directory).split()
