"""R1 and R2: many writers of every kind on one branch, beside a person with plain git and git's own housekeeping."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.torture import place
from benchmarks.torture.row import Row
from benchmarks.torture.writer import lesson
from skillgit.git import ledger
from skillgit.git.repo import Repo
from skillgit.search.index import Index

KINDS = ("learn", "sdk", "record", "command")
NOTES = "notes.txt"

_DISTURBANCES = {
    "pack-refs": "git pack-refs --all --prune",
    "repack": "git repack -q -d --geometric=2 --write-midx && git commit-graph write --reachable --split",
    "gc": "git gc -q",
}


def r1(quick: bool) -> Row:
    """Eight writers of four kinds and a ninth with plain git; then two that learn the same lesson at once."""
    return _contest(decisions=3 if quick else 50, beside={"ninth": _NINTH})


def r2(quick: bool) -> Row:
    """Eight writers, with each kind of git's housekeeping in a loop beside them; if quick, all in one loop.

    Not all at once: a repack beside a `gc` takes objects that no ref reaches yet (`skillgit.git.collector`).
    """
    if quick:
        return _contest(decisions=1, beside={"all": f"while :; do {'; '.join(_DISTURBANCES.values())}; done"})
    loops = {name: f"while :; do {words}; done" for name, words in _DISTURBANCES.items()}
    rows = {name: _contest(decisions=15, beside={name: loop}) for name, loop in loops.items()}
    problems = tuple(f"{name}: {said}" for name, row in rows.items() for said in row.problems)
    figures = "\n".join(f"{name}: {row.figures}" for name, row in rows.items())
    return Row(sum(row.count for row in rows.values()), problems, figures)


_NINTH = f"""
while :; do
    for form in '' -a '-- {NOTES}'; do
        echo "mine, at $(date +%s%N)" | tee -a ../{NOTES} {NOTES}
        git add {NOTES} && git commit -qm "by hand $form" $form
        echo "not committed" >> {NOTES}
        sleep 0.2
    done
done
"""
"""The ninth commits in each form that git has: what is staged, all that is changed, one file."""


def _contest(*, decisions: int, beside: dict[str, str]) -> Row:
    with place.directory() as scratch:
        top = _library(scratch)
        known = len(place.attempts(top))
        began = time.monotonic()
        with _loops(top, beside):
            said = _writers(top, decisions)
        took = time.monotonic() - began
        problems = [f"writer {number}: {each.words[-1500:]}" for number, each in enumerate(said) if each.code]
        problems += [f"git status: {left[:5]}"] if (left := _left(top)) else []
        aside = parked(top, said)
        said = [replace(each, done=accepted(top, each, aside)) for each in said]
        problems += lost(top, said) + _miscounted(top, expected=8 * decisions, known=known) + _after(top, said)
        by_hand = place.git("rev-list", "--count", "--grep=^by hand", "HEAD", cwd=top)
        waits = sorted(each.seconds for writer in said for each in writer.done) or [0.0]
        middle, last = waits[len(waits) // 2], waits[int(0.99 * len(waits))]
        problems += [f"p99 is {last / middle:.0f} times p50"] if len(waits) >= 100 and last > 10 * middle else []
        pace = f"p50 {1000 * middle:.0f} ms, p99 {1000 * last:.0f} ms, {len(waits) / took:.1f} decisions a second"
        figures = f"{pace}; {len(aside)} parked, and accepted; {by_hand} commits by hand"
        return Row(8 * decisions, tuple(problems), figures)


def _library(scratch: Path) -> Path:
    top = scratch / "library"
    place.library(top)
    for file in (top / NOTES, scratch / NOTES):
        file.write_bytes(b"")
    place.git("add", NOTES, cwd=top)
    place.git("commit", "-qm", "notes", cwd=top)
    return top


@dataclass(frozen=True, slots=True)
class Done:
    """One acknowledged decision: its commit, what the rule says, and how long it took."""

    commit: str
    rule: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Writer:
    """What one writer did, lesson for lesson, and what it said on stderr."""

    number: int
    done: tuple[Done, ...]
    code: int
    words: str


def _writers(top: Path, decisions: int) -> list[Writer]:
    words = [sys.executable, "-m", "benchmarks.torture.writer"]
    processes = [
        subprocess.Popen(
            [*words, KINDS[number % len(KINDS)], str(number), str(decisions)],
            cwd=top,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]
    return [_heard(number, process) for number, process in enumerate(processes)]


def _heard(number: int, process: subprocess.Popen[str]) -> Writer:
    out, err = process.communicate()
    done = tuple(Done(**json.loads(line)) for line in out.splitlines())
    return Writer(number, done, process.returncode, err.strip())


@contextmanager
def _loops(top: Path, beside: dict[str, str]) -> Iterator[None]:
    """Shell loops in the work tree while the block runs; each is let finish the step it is in."""
    processes = [
        subprocess.Popen(
            ["sh", "-c", f"trap 'exit 0' TERM\n{words}"],
            cwd=top,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for words in beside.values()
    ]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def _left(top: Path) -> list[str]:
    """What `git status` shows beside the ninth's own edits."""
    return [line for line in place.status(top) if line[3:] != NOTES]


def parked(top: Path, said: Sequence[Writer]) -> set[str]:
    """The acknowledged decisions that met an edit of somebody's: each is kept at a ref, with its rule in it."""
    kept = place.git("for-each-ref", "--format=%(objectname)", "refs/skillgit/proposals", cwd=top).split()
    done = (each for writer in said for each in writer.done if each.commit in kept)
    return {each.commit for each in done if each.rule in "".join(place.bodies(top, each.commit).values())}


def accepted(top: Path, writer: Writer, aside: Collection[str]) -> tuple[Done, ...]:
    """What the writer did, with each parked decision made once more: nothing is to be in its way by now."""
    return tuple(
        replace(done, commit=_again(top, writer.number, count)) if done.commit in aside else done
        for count, done in enumerate(writer.done)
    )


def _again(top: Path, number: int, count: int) -> str:
    user, transcript = lesson(number, count)
    return place.learn(Repo.open(top), transcript, user=user).commit or ""


def lost(top: Path, said: Sequence[Writer]) -> list[str]:
    """The acknowledged decisions that are in no history, and the lessons that stand in no skill of HEAD."""
    history = set(place.git("rev-list", "HEAD", cwd=top).split())
    known = "".join(place.bodies(top).values())
    done = [each for writer in said for each in writer.done]
    undone = sorted({each.rule for each in done if each.rule not in known})
    return [f"acknowledged and lost: {each.commit}" for each in done if each.commit not in history] + [
        f"acknowledged and undone: '{rule}' is gone since {_last_of(top, rule)}" for rule in undone
    ]


def _last_of(top: Path, rule: str) -> str:
    """The commit after which a rule is there less often, in a line."""
    return place.git("log", "-1", f"-S{rule}", "--format=%h '%s'", cwd=top) or "ever"


def _miscounted(top: Path, *, expected: int, known: int) -> list[str]:
    attempts = Counter(place.attempts(top))
    there, apart = attempts.total() - known, len(attempts) - known
    return [] if there == apart == expected else [f"{expected} decisions, {there} in the history, {apart} apart"]


def _after(top: Path, said: Sequence[Writer]) -> list[str]:
    """What does not hold of the repository in the end, whoever wrote what."""
    repo = Repo.open(top)
    problems = place.unsound(top) + place.falling(place.decisions(top)) + _unlike_a_rebuild(repo)
    mine = [line for line in (top / NOTES).read_text().splitlines() if line.startswith("mine")]
    problems += [] if mine == (top.parent / NOTES).read_text().splitlines() else ["a line of the ninth's is gone"]
    same = [path for path in repo.skills(repo.tip("HEAD")) if path.startswith("Users/team/")]
    if len(same) != 1:
        return [*problems, f"the same lesson became {len(same)} skills: {same}"]
    rules = [line for line in place.bodies(top)[same[0]].splitlines() if line.startswith("- ")]
    return problems + [f"{times} times: {rule}" for rule, times in Counter(rules).items() if times > 1]


def _unlike_a_rebuild(repo: Repo) -> list[str]:
    """Where the index or the ledger that the writers kept answers otherwise than one made from HEAD alone."""
    tip = repo.tip("HEAD")
    skills = repo.skills(tip)
    with TemporaryDirectory() as empty:
        kept, fresh = Index.open(repo.private / "index"), Index.open(Path(empty))
        for index in (kept, fresh):
            index.sync(skills, repo.read)
        questions = ("cite the manual in every paragraph", "write a release report", "letters", "logs of the harbour")
        wrong = [f"index: '{text}'" for text in questions if kept.search(text) != fresh.search(text)]
    known = {path: ledger.last_version(repo, tip, path) for path in ledger.paths(repo, tip)}
    ledger.drop(repo)
    again = {path: ledger.last_version(repo, tip, path) for path in ledger.paths(repo, tip)}
    return wrong + ([] if known == again else ["ledger"])
