"""R10: git's commands that merge, with a driver that works, is not there, or dies: no side is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from benchmarks.torture import place
from benchmarks.torture.row import Row

SKILL = f"Users/ada/paper/{place.FILE}"

_EDITED = "git switch -q base && git show ours:$S >$S"
COMMANDS = {  # in a shell, on the branch `ours`; $S is the skill's file
    "merge": "git merge -q theirs",
    "merge --squash": "git merge -q --squash theirs",
    "merge, renamed": "git merge -q renamed",
    "merge, made twice": "git switch -q ours-anew && git merge -q theirs-anew",
    "rebase": "git rebase -q theirs",
    "rebase --apply": "git rebase -q --apply theirs",
    "cherry-pick": "git cherry-pick theirs",
    "revert": "git switch -q reverting && git revert --no-edit HEAD~1",
    "pull": "git pull -q --no-rebase . theirs",
    "pull --rebase": "git pull -q --rebase . theirs",
    "stash pop": f"{_EDITED} && git stash -q && git switch -q theirs && git stash pop -q",
    "switch --merge": f"{_EDITED} && git switch -q --merge theirs",
    "am -3": "git format-patch -q -1 -o .git theirs && git am -q -3 .git/0001*",
}
SIDES = {  # the rules of the base, of ours and of theirs
    "agree": (["Cite a source."], ["Cite a source.", "Use no tables."], ["Cite a source.", "Write in French."]),
    "clash": (["Cite a source."], ["Cite a source and a page."], ["Cite no source."]),
}


@dataclass(frozen=True, slots=True)
class Driver:
    """What git finds when it wants a SKILL.md merged: whether a driver is set, what stands for skillgit, the PATH."""

    is_set: bool = True
    script: str = ""
    path: str = ""


DRIVERS = {
    "as init sets it": Driver(),
    "not set": Driver(is_set=False),
    "skillgit is gone": Driver(script="exit 127", path="/usr/bin:/bin"),
    "fails at once": Driver(script="echo 'Traceback: no module' >&2; exit 1"),
    "dies at once": Driver(script="kill -9 $$"),
    "dies early": Driver(script='{skillgit} "$@" & sleep 0.02; kill -9 $!; wait $!'),
    "dies late": Driver(script='{skillgit} "$@" & sleep 0.06; kill -9 $!; wait $!'),
}


def r10(quick: bool) -> Row:
    """Every command with every driver; with the one that works also where the sides contradict each other."""
    cases = [*product(["agree"], DRIVERS, COMMANDS), *product(["clash"], list(DRIVERS)[:1], COMMANDS)]
    tried = cases[::13] if quick else cases
    problems: list[str] = []
    with place.directory() as scratch:
        patterns = {sides: _pattern(scratch / sides, *rules) for sides, rules in SIDES.items()}
        for sides, driver, command in tried:
            top = _copy(patterns[sides], scratch / "library")
            _equip(top, DRIVERS[driver], scratch / "skillgit")
            before = place.git("rev-parse", "HEAD", cwd=top)
            code = _run(COMMANDS[command], top, DRIVERS[driver])
            wrong = _wrong(top, code, before, {*SIDES[sides][1], *SIDES[sides][2]})
            problems += [f"{command}, sides {sides}, the driver {driver}: {said}" for said in wrong]
    return Row(len(tried), tuple(problems), place.git("version", cwd=Path.cwd()))


def _copy(pattern: Path, top: Path) -> Path:
    shutil.rmtree(top, ignore_errors=True)
    shutil.copytree(pattern, top, symlinks=True)
    place.git("update-index", "-q", "--refresh", cwd=top)
    return top


def _pattern(top: Path, base: list[str], ours: list[str], theirs: list[str]) -> Path:
    """A library with a branch for every command to begin on, and one for it to merge; `ours` is checked out."""
    place.library(top)
    place.git("branch", "anew", cwd=top)
    _save(top, "base", "anew", base)
    for name, rules in {"ours": ours, "theirs": theirs}.items():
        _save(top, name, "base", rules)
        _save(top, f"{name}-anew", "anew", rules)
    for start, rules in {"base": theirs, "reverting": base}.items():
        _save(top, "reverting", start, rules)
    _save(top, "reverting", "reverting", ours)
    place.git("switch", "-qc", "renamed", "theirs", cwd=top)
    place.git("mv", "Users/ada/paper", "Users/ada/essay", cwd=top)
    place.git("commit", "-qm", "renamed", cwd=top)
    place.git("switch", "-q", "ours", cwd=top)
    return top


def _save(top: Path, branch: str, start: str, rules: list[str]) -> None:
    """Commit the skill with these rules on a branch that begins where another one is."""
    place.git("switch", "-q", "-C", branch, start, cwd=top)
    (top / SKILL).parent.mkdir(parents=True, exist_ok=True)
    (top / SKILL).write_bytes(place.skill("paper", *rules))
    place.git("add", SKILL, cwd=top)
    place.git("commit", "-qm", "by hand", cwd=top)


def _equip(top: Path, driver: Driver, script: Path) -> None:
    """Have the repository's driver be this one: the script stands for the program that `init` named."""
    program = str(Path(sys.executable).with_name("skillgit"))
    if not driver.is_set:
        place.git("config", "--remove-section", "merge.skillgit", cwd=top)
    elif driver.script:
        script.write_text(f"#!/bin/sh\n{driver.script.format(skillgit=program)}\n")
        script.chmod(0o755)
        words = place.git("config", "merge.skillgit.driver", cwd=top)
        place.git("config", "merge.skillgit.driver", words.replace(program, str(script)), cwd=top)


def _run(command: str, top: Path, driver: Driver) -> int:
    env = {**os.environ, "S": SKILL, **({"PATH": driver.path} if driver.path else {})}
    return subprocess.run(["bash", "-ec", command], cwd=top, env=env, capture_output=True, check=False).returncode


def _wrong(top: Path, code: int, before: str, lines: set[str]) -> Iterator[str]:
    """What does not hold after a merge: both sides are in the file, or git has refused and left all as it was."""
    if code and not place.status(top) and place.git("rev-parse", "HEAD", cwd=top) == before:
        return
    text = "".join(file.read_text() for file in sorted((top / "Users/ada").glob(f"[ep]*/{place.FILE}")))
    unmerged, marked = place.git("ls-files", "--unmerged", cwd=top), "<<<<<<< " in text
    lost = sorted(line for line in lines if line not in text)
    if lost:
        yield f"exit {code}, in no file: {lost}"
    if marked and not unmerged:
        yield f"exit {code}, markers, and git calls it merged"
    if unmerged and not marked:
        yield f"exit {code}, a conflict without markers"
    if not marked:
        yield from place.unsound(top)
