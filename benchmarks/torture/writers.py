"""R1 and R2: many writers of every kind on one branch, beside a person with plain git and git's own housekeeping."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.torture import place
from benchmarks.torture.row import Row
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
    """Eight writers, with each kind of git's housekeeping in a loop beside them, in turn."""
    rows = [
        _contest(decisions=1 if quick else 15, beside={name: f"while :; do {words}; done"})
        for name, words in _DISTURBANCES.items()
    ]
    problems = tuple(said for row in rows for said in row.problems)
    figures = "\n".join(f"{name}: {row.figures}" for name, row in zip(_DISTURBANCES, rows, strict=True))
    return Row(sum(row.count for row in rows), problems, figures)


_NINTH = f"""
while :; do
    echo "mine, at $(date +%s%N)" >> {NOTES}
    git add {NOTES} && git commit -qm "by hand"
    echo "not committed" >> {NOTES}
    sleep 0.5
done
"""


def _contest(*, decisions: int, beside: dict[str, str]) -> Row:
    with place.directory() as scratch:
        top = scratch / "library"
        repo = place.library(top)
        (top / NOTES).write_bytes(b"")
        place.git("add", NOTES, cwd=top)
        place.git("commit", "-qm", "notes", cwd=top)
        known = len(place.attempts(top))
        began = time.monotonic()
        with _loops(top, beside):
            said = _writers(top, decisions)
        took = time.monotonic() - began
        parked = place.git("for-each-ref", "refs/skillgit/proposals", cwd=top).splitlines()
        problems = (
            [f"parked: {each}" for each in parked]
            + _lost(top, said, expected=8 * decisions, known=known)
            + _after(repo, said)
        )
        waits = sorted(each.seconds for writer in said for each in writer.done)
        middle, last = waits[len(waits) // 2], waits[int(0.99 * len(waits))]
        by_hand = place.git("log", "--format=%s", cwd=top).splitlines().count("by hand")
        figures = f"p50 {1000 * middle:.0f} ms, p99 {1000 * last:.0f} ms, {len(waits) / took:.1f} decisions a second"
        return Row(len(waits), tuple(problems), figures + (f", {by_hand} commits by hand" if by_hand else ""))


@dataclass(frozen=True, slots=True)
class Done:
    """One acknowledged decision: its commit, what the rule says, and how long it took."""

    commit: str
    rule: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Writer:
    """What one writer did, and what it said on stderr."""

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
    return [_heard(process) for process in processes]


def _heard(process: subprocess.Popen[str]) -> Writer:
    out, err = process.communicate()
    done = tuple(Done(**json.loads(line)) for line in out.splitlines())
    return Writer(done, process.returncode, err.strip())


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


def _lost(top: Path, said: Sequence[Writer], *, expected: int, known: int) -> list[str]:
    problems = [f"writer {number}: {each.words[-1500:]}" for number, each in enumerate(said) if each.code]
    attempts = Counter(place.attempts(top))
    if attempts.total() - known != expected or len(attempts) != attempts.total():
        problems.append(
            f"{expected} decisions, {attempts.total() - known} in the history, {len(attempts) - known} apart"
        )
    history = set(place.git("rev-list", "HEAD", cwd=top).split())
    lost = [each.commit for writer in said for each in writer.done if each.commit and each.commit not in history]
    return problems + [f"acknowledged and lost: {commit}" for commit in lost]


def _after(repo: Repo, said: Sequence[Writer]) -> list[str]:
    assert repo.worktree is not None
    top = repo.worktree
    problems = place.unsound(top) + place.falling(place.decisions(top)) + _unlike_a_rebuild(repo)
    left = [line for line in place.status(top) if line[3:] != NOTES]
    problems += [f"git status: {left[:5]}"] if left else []
    problems += _forgotten(top, said)
    same = [path for path in repo.skills(repo.tip("HEAD")) if path.startswith("Users/team/")]
    if len(same) != 1:
        problems.append(f"the same lesson became {len(same)} skills: {same}")
    rules = {rule for rule, _ in _rules(top, same[0])} if same else set()
    return problems + ([] if len(rules) == len(_rules(top, same[0])) else ["a rule is there twice"])


def _forgotten(top: Path, said: Sequence[Writer]) -> list[str]:
    """The lessons that were acknowledged and stand in no skill of HEAD."""
    known = "".join(place.bodies(top).values())
    learnt = {each.rule for writer in said for each in writer.done}
    return [f"nothing in HEAD mentions '{rule}'" for rule in sorted(learnt) if rule not in known]


def _rules(top: Path, path: str) -> list[tuple[str, int]]:
    body = place.bodies(top)[path]
    return [(line, number) for number, line in enumerate(body.splitlines()) if line.startswith("- ")]


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
    (repo.private / "ledger.db").unlink()
    again = {path: ledger.last_version(repo, tip, path) for path in ledger.paths(repo, tip)}
    return wrong + ([] if known == again else ["ledger"])
