"""R9: clones that learn at the same time and push to one remote, each decision as soon as it is made."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

from benchmarks.torture import place
from benchmarks.torture.row import Row
from skillgit.errors import StaleRef
from skillgit.git import remote
from skillgit.git.repo import Repo
from skillgit.share import exchange
from skillgit.transcripts.model import Transcript

_ROUNDS = 20
"""How often a clone says push again at its end, before it counts as starved."""


def r9(quick: bool) -> Row:
    """Every decision of every clone is at the remote once, nothing was forced, and all clones agree in the end."""
    clones, decisions = (4, 3) if quick else (8, 10)
    with place.directory() as scratch:
        hub = _hub(scratch)
        known = len(place.attempts(hub, "main"))
        began = time.monotonic()
        said = _race(scratch, clones, decisions)
        took = time.monotonic() - began
        problems = [words for words in said if not words.startswith("{")]
        told = [json.loads(words) for words in said if words.startswith("{")]
        problems += _lost(hub, expected=clones * decisions, known=known) + _disagree(scratch, clones)
        problems += _unlearned(hub, clones, decisions)
        waits = sorted(seconds for one in told for seconds in one["seconds"])
        middle, last = (waits[len(waits) // 2], waits[-1]) if waits else (0.0, 0.0)
        starved = sum(one["starved"] for one in told)
        figures = (
            f"p50 {middle:.1f} s, longest {last:.1f} s, {len(waits) / took:.1f} pushes a second, {starved} put off"
        )
        return Row(clones * decisions, tuple(problems), figures)


def _hub(scratch: Path) -> Path:
    place.library(scratch / "first")
    hub = scratch / "hub.git"
    place.git("clone", "-q", "--bare", scratch / "first", hub, cwd=scratch)
    place.git("config", "core.logAllRefUpdates", "always", cwd=hub)
    return hub


def _race(scratch: Path, clones: int, decisions: int) -> list[str]:
    """What each clone said: a line of JSON, or what went wrong."""
    for number in range(clones):
        place.git("clone", "-q", scratch / "hub.git", scratch / f"clone-{number}", cwd=scratch)
    words = [sys.executable, "-m", "benchmarks.torture.remote"]
    processes = [
        subprocess.Popen(
            [*words, str(number), str(decisions)],
            cwd=scratch / f"clone-{number}",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for number in range(clones)
    ]
    return [
        f"clone {number}: {out[-1500:]}" if code else out for number, (out, code) in enumerate(map(_heard, processes))
    ]


def _heard(process: subprocess.Popen[str]) -> tuple[str, int]:
    out, _ = process.communicate()
    return out, process.returncode


def _lost(hub: Path, *, expected: int, known: int) -> list[str]:
    attempts = place.attempts(hub, "main")
    problems = place.unsound(hub) + place.falling(place.decisions(hub, "main"))
    if len(attempts) - known != expected or len(set(attempts)) != len(attempts):
        problems.append(
            f"{expected} decisions, {len(attempts) - known} at the remote, {len(set(attempts)) - known} apart"
        )
    tips = place.git("reflog", "--format=%H", "main", cwd=hub).split()
    forced = [new for new, old in pairwise(tips) if place.git("merge-base", new, old, cwd=hub) != old]
    return problems + [f"forced: {new}" for new in forced]


def _unlearned(hub: Path, clones: int, decisions: int) -> list[str]:
    """The rules that stand in no skill, though a clone has learned them."""
    text = "\n".join(place.bodies(hub, "main").values())
    lessons = (_lesson(number, count)[1] for number in range(clones) for count in range(decisions))
    words = {lesson.turns[0].text.rpartition(" ")[2].rstrip(".") for lesson in lessons}
    return [f"not learned: {word}" for word in sorted(words) if word not in text]


def _disagree(scratch: Path, clones: int) -> list[str]:
    """The clones that are not, after a pull, what the remote is, clean and sound, with nothing set aside."""
    tip = place.git("rev-parse", "main", cwd=scratch / "hub.git")
    problems = []
    for top in (scratch / f"clone-{number}" for number in range(clones)):
        repo = Repo.open(top)
        exchange.pull(repo, remote.branch(repo))
        aside = place.git("for-each-ref", "refs/skillgit/proposals", cwd=top).splitlines()
        same = [] if repo.tip("HEAD") == tip else ["another tip than the remote's"]
        problems += [f"{top.name}: {said}" for said in [*place.unsound(top), *place.status(top), *aside, *same]]
    return problems


def main() -> None:
    """One clone: learn and push, `NUMBER DECISIONS` times, then push what was put off."""
    number, decisions = int(sys.argv[1]), int(sys.argv[2])
    repo = Repo.open(Path.cwd())
    seconds, starved = [], 0
    for count in range(decisions):
        user, transcript = _lesson(number, count)
        place.learn(repo, transcript, user=user)
        began = time.monotonic()
        starved += not _pushed(repo)
        seconds.append(time.monotonic() - began)
    if not any(_pushed(repo) for _ in range(_ROUNDS)):
        sys.exit("starved: the remote was always faster")
    print(json.dumps({"seconds": seconds, "starved": starved}))


def _lesson(number: int, count: int) -> tuple[str, Transcript]:
    """Who learns what: the first lesson is the same for every clone, heard in other words; then shared ones and own."""
    if count == 0:
        return "team", place.lesson(0, greeting=f"Hello, this is {number}.")
    rule = 100 * number + count
    return ("team", place.lesson(rule)) if count % 2 else (f"writer-{number}", place.lesson(rule, about="logs"))


def _pushed(repo: Repo) -> bool:
    try:
        exchange.push(repo, remote.branch(repo))
    except StaleRef:
        return False
    return True


if __name__ == "__main__":
    main()
