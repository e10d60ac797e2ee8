"""What git runs by itself: the merge driver and the diff driver of SKILL.md, a process for each file, and the hooks.

A driver starts fast, and so imports neither typer nor libgit2, and asks no model: git holds the lock of its index
meanwhile. git reads an exit code from 1 to 128 of a merge driver as a conflict: whatever fails here exits 129.
A hook is a row of HOOKS; git does not go on where one exits with anything but 0.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from skillgit.errors import Locked, SkillgitError, Unreadable, UsageError
from skillgit.git import prepared
from skillgit.git.prepared import Prepared, Sides

if TYPE_CHECKING:
    from skillgit.git.repo import Repo

FAILED = 129
_MANY, _BINARY = 127, 255
"""Exit codes of merge-file: the number of conflicts, or so many; there were no lines to merge, or no file."""

_PATIENCE = 2.0
"""So many seconds a hook waits for a decision that lands; the user waits for the hook."""
_SHOWN = 20


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
    """Run `merge-driver ...`, `diff-driver ...` or `hook NAME ...`; every error has been told on stderr.

    Returns the exit code.
    """
    kind, *words = argv
    name = words[0] if kind == "hook" and words else kind
    try:
        return _RUNS[kind](words)
    except SkillgitError as err:
        _tell(f"fatal: {name}: {err.message}" + (f"\nhint: {err.hint}" if err.hint else ""))
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


def hook(words: Sequence[str]) -> int:
    """Do what git's hook of this name is for, given its arguments: 0 where git may go on."""
    name, *arguments = words or [""]
    if name not in _HOOKS:
        raise UsageError(f"no hook '{name}'", hint=f"one of: {', '.join(_HOOKS)}")
    return _HOOKS[name](arguments)


def pre_commit(arguments: Sequence[str]) -> int:
    """The staged skills are valid and numbered; what git took out of the index as a decision landed is back in it."""
    from skillgit.changes import staged

    repo, file = _repo(), _index_file()
    if file.name == "index":  # git holds the lock of any other, and makes it from the files themselves
        _put_back(repo)
    found = staged.staged(repo, file)
    problems = staged.problems(found)
    if problems:
        return _refuse(problems, "'git commit --no-verify' commits it all the same")
    numbered = staged.number(found)
    for decision in numbered[:_SHOWN]:
        _tell(f"skillgit: {decision.skill} is version {decision.after}")
    if len(numbered) > _SHOWN:
        _tell(f"skillgit: and {len(numbered) - _SHOWN} more have new versions")
    return 0


def commit_msg(arguments: Sequence[str]) -> int:
    """The message of a commit about one skill is a decision; one that says it is one tells what is staged."""
    from skillgit.changes import staged
    from skillgit.git.message import claims

    (name,) = arguments
    repo, file = _repo(), Path(name)
    said = text = file.read_bytes().decode("utf-8", "surrogateescape")
    bare = staged.without_comments(repo, said)
    was_edited = os.environ.get("GIT_EDITOR") != ":"  # as git has it where no editor is opened
    if was_edited and repo.config("commit.cleanup") not in ("verbatim", "whitespace"):
        said = text = bare
    elif claims(bare):  # below what a sync says, git lists the files that were in conflict
        text = bare
    new = staged.message(staged.staged(repo, _index_file()), text)
    if new != said:
        file.write_bytes(new.encode("utf-8", "surrogateescape"))
    return 0


def refresh(arguments: Sequence[str]) -> int:
    """The search index has the words of HEAD's skills."""
    from skillgit.search.index import Index

    repo = _repo()
    Index.of(repo).sync(repo.skills(repo.tip("HEAD")), repo.read)
    return 0


def pre_push(arguments: Sequence[str]) -> int:
    """What is pushed and the remote lacks is fit to be sent. git says on stdin what is pushed."""
    from skillgit.git.incoming import Update
    from skillgit.share import receive

    rows = [line.split(" ") for line in sys.stdin.read().splitlines()]
    updates = [Update(ref, _oid(old), _oid(new)) for _, new, ref, old in rows]
    known = ["--ignore-missing", f"--remotes={arguments[0]}", *(each.old for each in updates if each.old)]
    faults = receive.unfit(_repo(), receive.Push(Path.cwd(), tuple(updates), tuple(known)))
    return _refuse(faults, "'git push --no-verify' pushes it all the same") if faults else 0


def pre_receive(arguments: Sequence[str]) -> int:
    """What is pushed to this repository may stand in it. git says on stdin which refs are to move."""
    from skillgit.git.incoming import Update
    from skillgit.share import receive

    rows = [line.split(" ", 2) for line in sys.stdin.read().splitlines()]
    updates = tuple(Update(ref, _oid(old), _oid(new)) for old, new, ref in rows)
    faults = receive.forbidden(
        _repo(), receive.Push(Path.cwd(), updates, ("--all",)), pusher=receive.pusher(os.environ)
    )
    return _refuse(faults, "nothing was taken in; put it right, and push again") if faults else 0


def _refuse(faults: Sequence[str], hint: str) -> int:
    for line in faults[:_SHOWN]:
        _tell(f"error: {line}")
    if len(faults) > _SHOWN:
        _tell(f"error: and {len(faults) - _SHOWN} more")
    _tell(f"hint: {hint}")
    return 1


def _put_back(repo: Repo) -> None:
    """Put back what git took out of its index; where a decision lands just now, the one after it does so."""
    from skillgit.git import lock, overlap

    with suppress(Locked), lock.hold(repo.private / "lock", seconds=_PATIENCE):
        overlap.restore(repo)


def _repo() -> Repo:
    from skillgit.git.repo import Repo  # libgit2: a driver does without

    return Repo.open(Path.cwd())


def _index_file() -> Path:
    return Path.cwd() / os.environ.get("GIT_INDEX_FILE", ".git/index")


def _oid(text: str) -> str | None:
    return text if text.strip("0") else None


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


_RUNS = {"merge-driver": lambda words: merge_driver(_job(words)), "diff-driver": diff_driver, "hook": hook}
_HOOKS = {
    "pre-commit": pre_commit,
    "commit-msg": commit_msg,
    "post-commit": refresh,
    "post-merge": refresh,
    "post-checkout": refresh,
    "post-rewrite": refresh,
    "pre-push": pre_push,
    "pre-receive": pre_receive,
}
