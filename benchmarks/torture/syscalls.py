"""R14: the Nth system call of a kind fails, for every N; and which calls make a decision durable."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.torture import place
from benchmarks.torture.command import skillgit
from benchmarks.torture.row import Row
from skillgit.git.repo import Repo

FAULTS = (
    ("fsync", "EIO"),
    ("fdatasync", "EIO"),
    ("fsync", "EINTR"),
    ("write", "ENOSPC"),
    ("write", "EINTR"),
    ("pwrite64", "ENOSPC"),
    ("rename", "EIO"),
    ("link", "EIO"),
    ("mkdir", "ENOSPC"),
    ("ftruncate", "EIO"),
    ("unlink", "EIO"),
)
_ALL = ",".join(dict(FAULTS))
_NO_FILES = ("<pipe:", "<anon_inode:")
_NEEDED = "needs strace (Debian, Ubuntu: apt install strace)"
_SYNCED = re.compile(r"f(?:data)?sync\(\d+<(?P<path>[^>]*)>\)\s+= (?P<result>-?\d+)")
_NAMED = re.compile(r'(?:rename|link)\("(?P<old>[^"]*)", "(?P<new>[^"]*)"\)\s+= 0')


_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"\s*<\.\.\. \w+ resumed>(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class Traced:
    """A command under strace: its exit code, what it said on stderr, and its system calls, a line each."""

    code: int
    err: str
    calls: tuple[str, ...]

    @property
    def failed(self) -> list[str]:
        """The calls that were made to fail."""
        return [line for line in self.calls if line.endswith("(INJECTED)")]


def r14(quick: bool) -> Row:
    """Learn with the Nth call of each kind failing in each process: no acknowledgement that does not last, no crash."""
    if shutil.which("strace") is None:
        return Row(0, skipped=_NEEDED)
    problems: list[str] = []
    refused = failed = 0
    with place.directory() as scratch:
        pattern = _pattern(scratch)
        whole = _learn(_copy(pattern, scratch), scratch, [])
        problems += [f"not durable: {said}" for said in undurable(whole.calls)]
        for fault, traced in _failures(pattern, scratch, quick=quick):
            failed += 1
            refused += traced.code != 0
            problems += [f"{fault}: {said}" for said in _wrong(scratch / "library", scratch, traced)]
    often = Counter(match[1] for line in whole.calls if (match := re.match(r"\d+\s+(\w+)\(", line)))
    return Row(failed, tuple(problems), f"{refused} times refused; a decision calls {dict(often)}")


def _failures(pattern: Path, scratch: Path, *, quick: bool) -> Iterator[tuple[str, Traced]]:
    """Learn with the first call of a kind failing, then the second, until none is left; each time in a fresh copy.

    A failed write to a pipe, or to what wakes a thread of a library, says nothing: that is on no disk.
    """
    for name, error in FAULTS[:: 4 if quick else 1]:
        for number in [3] if quick else count(1):
            traced = _learn(_copy(pattern, scratch), scratch, ["-e", f"inject={name}:error={error}:when={number}"])
            if not traced.failed:
                break
            if not any(kind in line for line in traced.failed for kind in _NO_FILES):
                yield f"{error} from {name} {number}", traced


def undurable(calls: tuple[str, ...]) -> Iterator[str]:
    """Every object and ref that got its name before its content was synced, or whose folder was not synced after."""
    synced: set[str] = set()
    named: dict[str, str] = {}
    for line in calls:
        if (found := _SYNCED.search(line)) and found["result"] == "0":
            synced.add(found["path"])
            named = {new: folder for new, folder in named.items() if folder != found["path"]}
        elif (found := _NAMED.search(line)) and _counts(found["new"]):
            if found["old"] not in synced:
                yield f"'{found['new']}' was not synced"
            named[found["new"]] = str(Path(found["new"]).parent)
    yield from (f"the folder of '{new}' was not synced" for new in named)


def _counts(path: str) -> bool:
    """Whether a file is one that a decision rests on: an object or a ref."""
    return "/objects/" in path or "/refs/" in path


def _pattern(scratch: Path) -> Path:
    top = scratch / "pattern"
    place.learn(place.library(top), place.lesson(0))
    said = place.lesson(1).turns[0].text
    (scratch / "said.txt").write_text(f"User: {said}\n")
    return top


def _copy(pattern: Path, scratch: Path) -> Path:
    top = scratch / "library"
    shutil.rmtree(top, ignore_errors=True)
    shutil.copytree(pattern, top, symlinks=True)
    place.git("update-index", "-q", "--refresh", cwd=top)
    return top


def _learn(top: Path, scratch: Path, inject: list[str]) -> Traced:
    log = scratch / "strace.log"
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "0", "-o", str(log), "-e", f"trace={_ALL}", *inject]
    words = [sys.executable, "-m", "skillgit", "ingest", "--user", "ada", str(scratch / "said.txt")]
    done = subprocess.run([*strace, *words], cwd=top, capture_output=True, check=False, timeout=120)
    calls = tuple(whole(log.read_text("utf-8", "replace").splitlines()))
    return Traced(done.returncode, done.stderr.decode("utf-8", "replace"), calls)


def whole(lines: Iterable[str]) -> Iterator[str]:
    """The lines of strace, each call that was told in two, as another thread had one meanwhile, as it ended."""
    begun: dict[str, str] = {}
    for line in lines:
        thread, _, call = line.partition(" ")
        if call.endswith(_UNFINISHED):
            begun[thread] = line.removesuffix(_UNFINISHED)
        elif resumed := _RESUMED.match(call):
            yield begun.pop(thread) + resumed["rest"]
        else:
            yield line


def _wrong(top: Path, scratch: Path, traced: Traced) -> Iterator[str]:
    """What does not hold after a call has failed: at once, after the same command again, and after the next decision.

    An intent is left where it could not be removed. The same command again finds its decision in the history and
    writes nothing, so it is the next decision that removes it; index and files are right before.
    """
    told = [line for line in traced.err.splitlines() if line.startswith(("fatal: ", "error: "))]
    if "Traceback" in traced.err or traced.code < 0 or (traced.code and len(told) != 1):
        yield f"exit {traced.code}: {traced.err[-300:]}"
    known = len(place.attempts(top)) == 2
    if traced.code == 0:
        yield from undurable(traced.calls)
        yield from (f"acknowledged, and git status: {left}" for left in place.status(top))
        yield from [] if known else ["acknowledged, and not in the history"]
    again = skillgit(top, "ingest", "--user", "ada", str(scratch / "said.txt"))
    if again.code:
        yield f"the next run fails: {again.unclear or again.words}"
    if len(place.attempts(top)) != 2:
        yield f"{len(place.attempts(top))} attempts in the end"
    yield from (f"git status: {left}" for left in place.status(top))
    if known:
        place.learn(Repo.open(top), place.lesson(2))
    yield from place.unsound(top)
