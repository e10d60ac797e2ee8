"""R3 to R5: writers killed at random moments and at every step, and what the next command makes of it."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from benchmarks.torture import deeds, kill, place
from benchmarks.torture.deeds import CASES, Case
from benchmarks.torture.kill import Kill
from benchmarks.torture.row import Row
from skillgit.errors import Locked, Refused, SkillgitError
from skillgit.git.repo import Repo
from skillgit.transcripts.model import Transcript

DIRTY, STAGED, LOOSE = "README.md", "plan.txt", "scratch.txt"
MINE = {DIRTY: b"my unsaved thought\n", STAGED: b"staged, not committed\n", LOOSE: b"git does not know this\n"}
USERS = [f" M {DIRTY}", f"M  {STAGED}", f"?? {LOOSE}"]

_AROUND = 60
"""So many kills around calls of git are enough for a command that makes many."""

_OF_GIT = "?? .merge_file_"
"""What a git that is killed while it runs a merge driver leaves in the work tree: docs/durability.md."""


@dataclass(slots=True)
class Tally:
    """What the kills of one row came to."""

    kills: int = 0
    of: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    mended: int = 0
    hints: int = 0
    problems: list[str] = field(default_factory=list)

    def row(self) -> Row:
        said = (
            f"{self.acknowledged} acknowledged before the kill, {self.mended} mended by the next command, "
            f"{self.hints} after the hint of an error was followed"
        )
        each = ", ".join(f"{name} {times} times" for name, times in self.of.items())
        return Row(self.kills, tuple(self.problems), said + (f"\nkilled: {each}" if each else ""))


def r4(quick: bool) -> Row:
    """Kill each command at its every step and at random, in a checked-out branch with edits of the user's in it."""
    tally = Tally()
    with place.directory() as scratch:
        pattern = _pattern(scratch)
        for case in CASES:
            expected = _expected(pattern, case, scratch)
            for number, each in enumerate(_kills(pattern, case, scratch, quick=quick)):
                top = _copy(pattern, scratch / "round")
                case.before(top)
                died = kill.killed(partial(case.do, top), each, scratch=scratch)
                round_ = _Round(top, case, died.acknowledged, expected, plain=number % 2 == 1)
                tally.kills += not died.finished
                tally.of[case.name] += not died.finished
                tally.acknowledged += bool(died.acknowledged)
                tally.problems += [f"{case.name}, {each}: {said}" for said in _told(round_, tally)]
    return tally.row()


def _pattern(scratch: Path) -> Path:
    """The repository that each round begins with."""
    top = scratch / "pattern"
    place.learn(deeds.ground(top), place.lesson(0))
    for name in (DIRTY, STAGED):
        (top / name).write_bytes(b"as committed\n")
    place.git("add", DIRTY, STAGED, cwd=top)
    place.git("commit", "-qm", "files of the user", cwd=top)
    return top


def _copy(pattern: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(pattern, target, symlinks=True)
    place.git("update-index", "-q", "--refresh", cwd=target)
    (target / STAGED).write_bytes(MINE[STAGED])
    place.git("add", STAGED, cwd=target)
    for name in (DIRTY, LOOSE):
        (target / name).write_bytes(MINE[name])
    return target


@dataclass(frozen=True, slots=True)
class _Expected:
    """The skills, by path, before and after a command that is left alone."""

    before: dict[str, str]
    after: dict[str, str]


def _expected(pattern: Path, case: Case, scratch: Path) -> _Expected:
    top = _copy(pattern, scratch / "round")
    case.before(top)
    before = place.bodies(top)
    case.do(top)
    return _Expected(before, place.bodies(top))


def _kills(pattern: Path, case: Case, scratch: Path, *, quick: bool) -> Iterator[Kill]:
    """Every kill of one command; of each kind only a few where it has to be quick."""
    top = _copy(pattern, scratch / "round")
    case.before(top)
    marks = kill.marks(partial(case.do, top))
    top = _copy(pattern, scratch / "round")
    case.before(top)
    began = time.monotonic()
    count = kill.calls(partial(case.do, top), scratch=scratch)
    whole = time.monotonic() - began
    dice = random.Random(case.name)
    moments = [Kill(moment=dice.uniform(0, 1.1 * whole)) for _ in range(1 if quick else 8)]
    steps = [Kill(mark=mark) for mark in marks]
    around = [Kill(call=number, fate=fate) for number in range(1, count + 1) for fate in kill.FATES if fate != "step"]
    around += [Kill(call=number, fate="step", step=step) for number in range(1, count + 1) for step in _steps(dice)]
    yield from moments
    yield from dice.sample(steps, 1) if quick else steps
    yield from dice.sample(around, 1 if quick else min(len(around), _AROUND))


def _steps(dice: random.Random) -> list[int]:
    """Some of the system calls of a git, beyond those that load it; none where strace is not there to count them."""
    return dice.sample(range(30, 80), 6) if shutil.which("strace") else []


@dataclass(frozen=True, slots=True)
class _Round:
    """One repository after a kill, and what it is measured against; `plain` if the user commits before we mend."""

    top: Path
    case: Case
    acknowledged: tuple[str, ...]
    expected: _Expected
    plain: bool


def _told(round_: _Round, tally: Tally) -> Iterator[str]:
    """What does not hold after a kill; that a command then fails is the last of it, and not the end of the row."""
    try:
        yield from _survives(round_, tally)
    except SkillgitError as err:
        yield f"failed: {err}"


def _survives(round_: _Round, tally: Tally) -> Iterator[str]:
    """What does not hold after a kill: straight after it, after the next command, after the same command again."""
    yield from _touched(round_.top)
    round_ = replace(round_, plain=round_.plain and _commit_by_hand(round_.top))
    _next_command(round_.top, tally)
    yield from _after(round_)
    yield from _again(round_)


def _after(round_: _Round) -> Iterator[str]:
    top, history = round_.top, place.git("rev-list", "HEAD", cwd=round_.top).split()
    lost = [commit for commit in round_.acknowledged if commit not in history]
    if lost:
        yield f"acknowledged and lost: {' '.join(lost)}"
    yield from _wrong_state(round_)
    yield from place.unsound(top)
    yield from _touched(top)
    allowed = [] if round_.plain else list(USERS)
    if round_.case.before is deeds.by_hand:
        names = [f"Users/ada/{name}/{place.FILE}" for name in ("letters", "release")]
        allowed += [f"{state} {name}" for state in (" M", "M ", "MM") for name in names]
    there = {line for line in place.status(top) if not line.startswith(_OF_GIT)}
    left = sorted(there - set(allowed) - {f"?? {LOOSE}"})
    if left:
        yield f"git status: {left}"


def _wrong_state(round_: _Round) -> Iterator[str]:
    """A skill that is neither what it was nor what it was to become; all of one of them where only we wrote."""
    state = place.bodies(round_.top)
    state.pop("Users/bob/logbook", None)
    before, after = round_.expected.before, round_.expected.after
    if round_.acknowledged and state != after:
        yield f"acknowledged and undone: {_differing(state, after)}"
    if not round_.plain and state not in (before, after):
        yield f"half done: {_differing(state, after)}"
    mixed = [path for path in state.keys() | before.keys() | after.keys() if not _is_either(path, state, before, after)]
    if mixed:
        yield f"neither before nor after: {mixed}"
    gone = set(before.values()) & set(after.values()) - set(state.values())
    if gone:
        yield f"a skill is gone: {sorted(gone)[0][:40]!r}"


def _is_either(path: str, state: dict[str, str], before: dict[str, str], after: dict[str, str]) -> bool:
    return state.get(path) in (before.get(path), after.get(path))


def _differing(state: dict[str, str], wanted: dict[str, str]) -> list[str]:
    return sorted(path for path in state.keys() | wanted.keys() if state.get(path) != wanted.get(path))


def _touched(top: Path) -> list[str]:
    """The files of the user's that are not as they were, byte for byte."""
    return [f"'{name}' was touched" for name, mine in MINE.items() if (top / name).read_bytes() != mine]


def _commit_by_hand(top: Path) -> bool:
    """Whether `git commit -a` succeeds straight after the kill; a lock that a dead git left is not removed for it."""
    before = place.git("rev-parse", "HEAD", cwd=top)
    place.git("commit", "-qam", "by hand", cwd=top, ok=False)
    return place.git("rev-parse", "HEAD", cwd=top) != before


def _next_command(top: Path, tally: Tally) -> None:
    """Learn something else; where that is refused because of a lock, do as the hint says and learn then."""
    pending = (top / ".git/skillgit/intent").exists()
    other = place.lesson(0, about="logbook")
    try:
        place.learn(Repo.open(top), other, user="bob")
    except Locked as err:
        _follow(err.hint, top)
        tally.hints += 1
        place.learn(Repo.open(top), other, user="bob")
    tally.mended += pending


def _follow(hint: str, top: Path) -> None:
    command = re.search(r"(rm '.*'|skillgit doctor --fix)", hint)
    if command is None:
        raise RuntimeError(f"a hint without a command: {hint}")
    subprocess.run(["sh", "-c", command[1]], cwd=top, check=True, stdout=subprocess.DEVNULL)


def _again(round_: _Round) -> Iterator[str]:
    """The same command once more: what was done is not done twice, what was not is done now.

    Not a move that the user committed in the middle: it has left two copies, of which the user is to choose one.
    """
    top, landed = round_.top, place.bodies(round_.top)
    landed.pop("Users/bob/logbook", None)
    copied = round_.plain and landed not in (round_.expected.before, round_.expected.after)
    if (landed == round_.expected.after and round_.case.do is deeds.revert) or (
        copied and round_.case.do is deeds.move
    ):
        return
    try:
        round_.case.do(top)
    except Refused:  # it is done, so there is nothing left to do
        pass
    state = place.bodies(top)
    state.pop("Users/bob/logbook", None)
    if state != round_.expected.after:
        yield f"again, and not done: {_differing(state, round_.expected.after)}"
    doubled = [key for key, times in Counter(place.attempts(top)).items() if times > 1]
    if doubled:
        yield f"an attempt is applied twice: {doubled}"
    yield from place.falling(place.decisions(top))


def r3(quick: bool) -> Row:
    """Three writers at once in a bare repository, killed together at a random moment, again and again."""
    tally, dice = Tally(), random.Random(3)
    with place.directory() as scratch:
        top = scratch / "bare"
        place.library(top, bare=True)
        _next_command(top, tally)
        promised: list[str] = []
        for number in range(6 if quick else 100):
            deed = partial(_three, top, number)
            died = kill.killed(deed, Kill(moment=dice.uniform(0.02, 0.4)), scratch=scratch)
            promised += died.acknowledged
            tally.kills += 3
            tally.acknowledged += len(died.acknowledged)
            _next_command(top, tally)
            history = set(place.git("rev-list", "HEAD", cwd=top).split())
            tally.problems += [f"round {number}: {oid} is lost" for oid in died.acknowledged if oid not in history]
        tally.problems += place.unsound(top) + place.falling(place.decisions(top))
        tally.problems += [f"{oid} is lost" for oid in promised if oid not in history]
        tally.problems += _doubled(top)
    return tally.row()


def _three(top: Path, number: int) -> Iterator[str]:
    """Two more processes like this one, each of which goes on until it dies."""
    who = next((name for name in ("bo", "cy") if os.fork() == 0), "di")
    repo, count = Repo.open(top), 0
    while True:
        count += 1
        outcome = place.learn(repo, place.lesson(1000 * number + count, about=f"{who} logs"), user=who)
        yield str(outcome.commit)


def _doubled(top: Path) -> list[str]:
    counted = Counter(place.attempts(top))
    return [f"attempt {key} is there {times} times" for key, times in counted.items() if times > 1]


def r5(quick: bool) -> Row:
    """The same attempt again and again, killed each time, until it is acknowledged: it is there once."""
    tally, dice = Tally(), random.Random(5)
    with place.directory() as scratch:
        top = _pattern(scratch)
        for number in range(4 if quick else 60):
            transcript = place.lesson(number + 1)
            tries, done = 0, False
            while not done:
                tries += 1
                deed = partial(_attempt, top, transcript)
                died = kill.killed(deed, Kill(moment=tries * dice.uniform(0.001, 0.025)), scratch=scratch)
                tally.kills += not died.finished
                (top / ".git/index.lock").unlink(missing_ok=True)
                done = died.finished
            tally.acknowledged += 1
        _next_command(top, tally)
        known = place.attempts(top)
        if len(known) != tally.acknowledged + 2:
            tally.problems.append(f"{tally.acknowledged} lessons, {len(known) - 2} attempts")
        tally.problems += _doubled(top) + place.unsound(top) + place.falling(place.decisions(top))
        tally.problems += [f"git status: {place.status(top)}"] if place.status(top) else []
    return tally.row()


def _attempt(top: Path, transcript: Transcript) -> Sequence[str]:
    outcome = place.learn(Repo.open(top), transcript)
    return [outcome.commit] if outcome.commit else []
