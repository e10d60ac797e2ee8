"""What git runs by itself, a process for each file: the merge driver and the diff driver of SKILL.md.

It starts fast, and so imports neither typer nor libgit2, and asks no model: git holds the lock of its index
meanwhile. git reads an exit code from 1 to 128 of a merge driver as a conflict: whatever fails here exits 129.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from skillgit.errors import SkillgitError, Unreadable, UsageError
from skillgit.git import prepared
from skillgit.git.prepared import Prepared, Sides

FAILED = 129
_MANY, _BINARY = 127, 255
"""Exit codes of merge-file: the number of conflicts, or so many; there were no lines to merge, or no file."""


@dataclass(frozen=True, slots=True)
class Job:
    """A merge that git wants done: three files, of which `ours` becomes the result.

    `size` and `names` (ours, base, theirs) are for the conflict markers; `path` is the file's in the work tree.
    """

    base: Path
    ours: Path
    theirs: Path
    size: int
    path: str
    names: tuple[str, str, str]


def main(argv: Sequence[str]) -> int:
    """Run `merge-driver ...` or `diff-driver ...` and return the exit code; every error has been told on stderr."""
    name, *words = argv
    try:
        return merge_driver(_job(words)) if name == "merge-driver" else diff_driver(words)
    except SkillgitError as err:
        _tell(f"fatal: {name}: {err.message}")
    except OSError as err:
        _tell(f"fatal: {name}: {err}")
    except Exception:
        import traceback  # 5 ms, and only a bug wants it

        _tell(traceback.format_exc().rstrip("\n"))
    return FAILED


def merge_driver(job: Job) -> int:
    """The file of our side is the merge of all three: 0 where it is clean, 1 where conflicts are left in it.

    git's own merge of the lines is written first: whatever happens after that, both sides are in the file.
    """
    sides = job.base.read_bytes(), job.ours.read_bytes(), job.theirs.read_bytes()
    ours = _beside(job.ours, "ours")
    ours.write_bytes(sides[1])
    try:
        by_git, code = _merge_lines(job, ours, f"--marker-size={job.size}")
        if code == _BINARY:
            _tell(f"warning: {job.path}: git cannot merge its lines; our side stands there, as a conflict")
            return 1
        _put(job.ours, by_git)
        merged = prepared.find(prepared.private_folder(), sides) or _climbed(job, ours, sides)
    finally:
        ours.unlink()
    _put(job.ours, merged.content)
    return 0 if merged.clean else 1


def diff_driver(words: Sequence[str]) -> int:
    """Print a SKILL.md for a diff that is read, one sentence a line: a `textconv` of git's."""
    from skillgit.skills.sentences import one_a_line

    if len(words) != 1:
        raise UsageError("it takes one file")
    text = Path(words[0]).read_bytes().decode("utf-8", "surrogateescape")
    sys.stdout.buffer.write(one_a_line(text).encode("utf-8", "surrogateescape"))
    return 0


def _job(words: Sequence[str]) -> Job:
    """git's `%O %A %B %L %P %S %X %Y`; a git before 2.44 leaves the last three as they are, and they may be missing."""
    if len(words) not in (5, 8) or not words[3].isdecimal():
        raise UsageError("it takes %O %A %B %L %P, and %S %X %Y where git has them")
    base, ours, theirs, size, path, *said = words
    names = {name: label for name, label in zip(("base", "ours", "theirs"), said, strict=False) if label[:1] != "%"}
    heads = [label for name, label in os.environ.items() if name.startswith("GITHEAD_")]
    their = heads[0] if len(heads) == 1 else "theirs"
    shown = names.get("ours") or "ours", names.get("base") or "base", names.get("theirs") or their
    return Job(Path(base), Path(ours), Path(theirs), int(size), path, shown)


def _climbed(job: Job, ours: Path, sides: Sides) -> Prepared:
    """What the ladder makes of it; where both sides worked on the same section, that is said."""
    from skillgit.merge import ladder  # what was prepared does without

    size = ladder.marker_size(*sides)
    by_git, _ = _merge_lines(job, ours, "--diff3" if sides[0] else "--zdiff3", f"--marker-size={size}")
    merged = ladder.merge(*sides, by_git=by_git, labels=ladder.Labels(*job.names, size=max(job.size, size)))
    for warning in merged.warnings:
        _tell(f"warning: {job.path}: {warning}")
    return Prepared(merged.content, merged.clean)


def _merge_lines(job: Job, ours: Path, *options: str) -> tuple[bytes, int]:
    """What `git merge-file` prints, and its exit code. Spawned directly: to import subprocess takes longer than git."""
    printed = _beside(job.ours, "merged")
    names = [word for name in job.names for word in ("-L", name)]
    words = ["git", "merge-file", "-p", "-q", *options, *names, *map(str, (ours, job.base, job.theirs))]
    stdout = (os.POSIX_SPAWN_OPEN, 1, str(printed), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    pid = os.posix_spawnp("git", words, os.environ, file_actions=[stdout])
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    content = printed.read_bytes()
    printed.unlink()
    if not 0 <= code <= _MANY and code != _BINARY:
        raise Unreadable(f"git merge-file failed on '{job.path}' with exit code {code}")
    return content, code


def _put(file: Path, content: bytes) -> None:
    scratch = _beside(file, "new")
    scratch.write_bytes(content)
    scratch.replace(file)


def _beside(file: Path, kind: str) -> Path:
    return file.with_name(f"{file.name}.{kind}")


def _tell(text: str) -> None:
    """Lines on stderr, without anything in them that a terminal would obey: what a skill says may stand there."""
    shown = "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text)
    sys.stderr.write(f"{shown}\n")
