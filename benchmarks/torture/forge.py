"""R13: clones that propose one branch at the same time, while its main branch moves and the forge has its troubles."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks.torture import place
from benchmarks.torture.row import Row
from skillgit.git.repo import Repo
from tests.share.forge_apis import Reply, Said, refuses
from tests.share.forges import TOKEN, Forge, forge

_KINDS = ("github", "gitlab", "gitea")
_TOKENS = ("GH_ENTERPRISE_TOKEN", "GITLAB_TOKEN", "GITEA_TOKEN")
_TOPIC = "learn/ada/2026-01-02"
_TRIES = 20
"""How often a clone proposes before it counts as starved; the forge fails it now and then."""


@dataclass(slots=True)
class _Race:
    """How long each clone took with all its tries, how many these were, and who gave up."""

    seconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tries: int = 0


def r13(quick: bool) -> Row:
    """One pull request for the branch, with every decision of every clone in it and nothing forced."""
    kinds, clones = (_KINDS[:1], 3) if quick else (_KINDS, 8)
    problems, seconds, tries = list[str](), list[float](), 0
    for kind in kinds:
        with place.directory() as scratch, forge(kind, scratch / "srv") as server:
            os.environ |= {"SKILLGIT_FORGE": kind, **dict.fromkeys(_TOKENS, TOKEN)}
            tops = _clones(server, scratch, clones)
            race = _race(server, tops)
            problems += [f"{kind}: {words}" for words in (*race.problems, *_wrong(server, tops))]
            seconds += race.seconds
            tries += race.tries
    return Row(clones * len(kinds), tuple(problems), f"longest {max(seconds):.1f} s, {tries} tries")


def _clones(server: Forge, scratch: Path, clones: int) -> list[Path]:
    """Clones that all have the learned branch, which the forge does not have yet."""
    place.library(scratch / "first")
    bare = server.repository("team/skills", scratch / "first")
    place.git("config", "core.logAllRefUpdates", "always", cwd=bare)
    tops = [scratch / f"clone-{number}" for number in range(clones)]
    for top in tops:
        place.git("clone", "-q", bare, top, cwd=scratch)
        place.git("remote", "set-url", "origin", server.at("team/skills"), cwd=top)
        place.git("switch", "-qc", _TOPIC, cwd=top)
    return tops


def _race(server: Forge, tops: list[Path]) -> _Race:
    """Each clone learns and proposes, at once with the others, again where the forge or the others stood in the way."""
    for number, top in enumerate(tops):
        place.learn(Repo.open(top), place.lesson(number))
    server.first = [random.choice(_TROUBLE) for _ in range(3 * len(tops))]
    race, began, tries = _Race(), time.monotonic(), dict.fromkeys(tops, 1)
    running = {top: _started(top) for top in tops}
    while running:
        _move_main(server)
        for top, process in [(top, process) for top, process in running.items() if process.poll() is not None]:
            out, _ = process.communicate()
            if process.returncode and tries[top] < _TRIES:
                tries[top] += 1
                running[top] = _started(top)
                continue
            del running[top]
            race.seconds.append(time.monotonic() - began)
            race.problems += [f"{top.name}: {out[-500:]}"] if process.returncode else []
    race.tries = sum(tries.values())
    return race


def _started(top: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "skillgit", "propose"]
    return subprocess.Popen(words, cwd=top, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _move_main(server: Forge) -> None:
    """Another commit on the main branch, as others make them."""
    time.sleep(0.2)
    bare = server.root / "team/skills.git"
    tip = place.git("rev-parse", "main", cwd=bare)
    new = place.git("commit-tree", "-p", tip, "-m", "meanwhile", f"{tip}^{{tree}}", cwd=bare)
    place.git("update-ref", "refs/heads/main", new, tip, cwd=bare)


def _broken(asked: object) -> Said | None:
    return None


_TROUBLE: tuple[Reply, ...] = (
    lambda asked: refuses(500, "oops"),
    lambda asked: refuses(502, "bad gateway"),
    lambda asked: refuses(429, "slowly", headers={"Retry-After": "0"}),
    _broken,
)


def _wrong(server: Forge, tops: list[Path]) -> Iterator[str]:
    """What does not hold at the end, after one more proposal without trouble."""
    server.first = []
    last = _started(tops[0])
    out, _ = last.communicate()
    if last.returncode:
        yield f"at the end: {out[-500:]}"
    if len(server.pulls) != 1:
        yield f"{len(server.pulls)} pull requests"
    yield from server.faults
    bare = server.root / "team/skills.git"
    attempts = place.attempts(bare, f"main..{_TOPIC}")
    if len(attempts) != len(tops) or len(set(attempts)) != len(tops):
        yield f"{len(tops)} decisions, {len(attempts)} at the forge, {len(set(attempts))} apart"
    text = server.pulls[0].body if server.pulls else ""
    yield from (
        f"not in the text: {said.summary}"
        for said in place.decisions(bare, f"main..{_TOPIC}")
        if f"`{said.summary}`" not in text
    )
    tips = place.git("reflog", "--format=%H", _TOPIC, cwd=bare).split()
    yield from (f"forced: {new}" for new, old in pairwise(tips) if place.git("merge-base", new, old, cwd=bare) != old)
    yield from place.unsound(bare)
    for top in tops:
        kept = [path for path in (top / ".git").rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
        yield from (f"the token is in {path}" for path in kept)
