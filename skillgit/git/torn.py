"""What a power cut or a dying disk tore, found and mended without libgit2.

libgit2 1.9.7 never returns from a truncated loose object, so whether there is one is asked of the files and
of the git program first. Nothing is deleted: a torn file goes to `.git/skillgit/stale`, and a branch that
goes back keeps its old value in its reflog. There is no ref to the old value: with one that leads to
something incomplete, `git gc` fails.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from skillgit.errors import RepositoryError
from skillgit.git import lock, locks
from skillgit.git.run import attempt, git

NOTHING = "0" * 40
"""What git calls the value of a ref that is not there."""
_CHUNK = 1 << 20
_OID = re.compile(r"[0-9a-f]{40}")
_REF_FILE = re.compile(r"ref: \S+\n?|[0-9a-f]{40}\n?")
_REFLOG = re.compile(rb"^[0-9a-f]{40} ([0-9a-f]{40}) ", re.MULTILINE)
_STEPS_BACK = 3
"""How many moves of a branch may be given up. A power cut tears what was written last; more is a dying disk."""


LOST = ("missing ", "broken link ", "error: ", "fatal: ")
"""How a line of `git fsck` begins that tells of something gone; others tell of something odd."""


@dataclass(frozen=True, slots=True)
class BrokenRef:
    """A ref that leads to nothing whole, what it holds, and the newest commit in its reflog that is whole, if any."""

    ref: str
    value: str
    words: str
    whole: str | None


def torn_objects(common_dir: Path) -> Iterator[Path]:
    """The files of loose objects whose content is not what their name says."""
    for folder in [common_dir / "objects", *_alternates(common_dir)]:
        for file in sorted(folder.glob("[0-9a-f][0-9a-f]/*")):
            if _OID.fullmatch(file.parent.name + file.name) and not _is_whole(file):
                yield file


def put_away_object(common_dir: Path, file: Path) -> Path:
    """Move a torn object to `.git/skillgit/stale`; where it is now."""
    with lock.hold(common_dir / "skillgit" / "lock", seconds=30):
        return locks.set_aside(common_dir, file)


def restore(common_dir: Path, worktree: Path) -> None:
    """What the index names and the work tree still holds is in the object store again, and the index's trees."""
    listed = git(["ls-files", "-s", "-z"], cwd=worktree)
    rows = (row.partition("\t") for row in listed.decode("utf-8", "surrogateescape").split("\0")[:-1])
    files = {path: about.split(" ")[1] for about, _, path in rows}
    gone = set(missing(worktree, list(files.values())))
    for path, oid in files.items():
        if oid in gone and (worktree / path).is_file():
            attempt(["hash-object", "-w", "--", path], cwd=worktree)
    scratch = common_dir / "skillgit" / "index.doctor"  # one that does not say which trees it has written before
    env = {"GIT_INDEX_FILE": str(scratch)}
    attempt(["update-index", "-z", "--index-info"], cwd=worktree, stdin=listed, env=env)
    attempt(["write-tree"], cwd=worktree, env=env)
    scratch.unlink(missing_ok=True)


def missing(directory: Path, oids: Sequence[str]) -> list[str]:
    """Those of the objects that are not there."""
    asked = "".join(f"{oid}\n" for oid in oids).encode()
    rows = git(["cat-file", "--batch-check"], cwd=directory, stdin=asked).decode().splitlines() if oids else []
    return [row.split(" ")[0] for row in rows if row.endswith(" missing")]


def gaps(directory: Path) -> list[str]:
    """What `git fsck` says is missing or wrong in what refs and index hold, a line each; [] where all is there."""
    return _fsck(directory, "--connectivity-only", "--no-reflogs")


def faults(directory: Path) -> list[str]:
    """The same, with every object read and its form checked."""
    return _fsck(directory, "--full", "--strict", "--no-reflogs")


def broken_refs(common_dir: Path) -> Iterator[BrokenRef]:
    """The refs that are torn, or point at a commit that is gone."""
    held = dict(_refs(common_dir))
    gone = set(missing(common_dir, [value for value in held.values() if _OID.fullmatch(value)]))
    for ref, value in sorted(held.items()):
        words = f"'{ref}' points at commit {value[:10]}, which is gone" if value in gone else f"'{ref}' is torn"
        if value in gone or not _REF_FILE.fullmatch(value):
            yield BrokenRef(ref, value, words, _newest_whole(common_dir, ref))


def incomplete_refs(common_dir: Path) -> Iterator[BrokenRef]:
    """The refs that lead to something that is gone; dear, since all that each leads to is looked for."""
    for ref, value in sorted(dict(_refs(common_dir)).items()):
        if _OID.fullmatch(value) and not _is_complete(common_dir, value):
            yield BrokenRef(ref, value, f"'{ref}' leads to objects that are gone", _newest_whole(common_dir, ref))


def take_back(common_dir: Path, broken: BrokenRef) -> None:
    """Point a broken ref at the newest commit of its reflog that is whole."""
    assert broken.whole is not None
    file = common_dir / broken.ref
    with lock.hold(common_dir / "skillgit" / "lock", seconds=30):
        expected = broken.value
        if not _REF_FILE.fullmatch(expected):
            locks.set_aside(common_dir, file)
            packed = attempt(["rev-parse", "--quiet", "--verify", broken.ref], cwd=common_dir)
            expected = packed.stdout.decode().strip() or NOTHING
        why = ["-m", "skillgit doctor: back to what is whole", "--create-reflog"]
        git(["update-ref", *why, broken.ref, broken.whole, expected], cwd=common_dir)


def _alternates(common_dir: Path) -> list[Path]:
    file = common_dir / "objects" / "info" / "alternates"
    lines = file.read_text().splitlines() if file.is_file() else []
    return [common_dir / "objects" / line for line in lines if line and not line.startswith("#")]


def _is_whole(file: Path) -> bool:
    digest, inflater = hashlib.sha1(usedforsecurity=False), zlib.decompressobj()
    try:
        with file.open("rb") as packed:
            while chunk := packed.read(_CHUNK):
                digest.update(inflater.decompress(chunk))
    except FileNotFoundError:  # packed meanwhile
        return True
    except zlib.error:
        return False
    except OSError as err:
        raise RepositoryError(f"cannot read '{file}': {(err.strerror or '').lower()}") from err
    return inflater.eof and not inflater.unused_data and digest.hexdigest() == file.parent.name + file.name


def _refs(common_dir: Path) -> Iterator[tuple[str, str]]:
    """Every ref and what it holds, read from the files: git leaves out those it cannot read."""
    packed = common_dir / "packed-refs"
    for line in packed.read_text("utf-8", "surrogateescape").splitlines() if packed.is_file() else []:
        value, _, ref = line.partition(" ")
        if _OID.fullmatch(value):
            yield ref, value
    for file in sorted((common_dir / "refs").rglob("*")):
        if file.is_file() and file.suffix != ".lock" and not file.name.startswith("."):
            with suppress(FileNotFoundError):  # packed or removed meanwhile
                yield str(file.relative_to(common_dir)), file.read_text("utf-8", "replace").rstrip("\n")


def _newest_whole(common_dir: Path, ref: str) -> str | None:
    log = common_dir / "logs" / ref
    values = [value.decode() for value in _REFLOG.findall(log.read_bytes())] if log.is_file() else []
    tried = list(dict.fromkeys(reversed(values)))[: _STEPS_BACK + 1]
    return next((value for value in tried if value != NOTHING and _is_complete(common_dir, value)), None)


def _is_complete(common_dir: Path, oid: str) -> bool:
    """Whether a commit and everything it leads to is there; the commit-graph is not taken at its word."""
    walk = ["-c", "core.commitGraph=false", "rev-list", "--objects", "--quiet", oid, "--"]
    return attempt(walk, cwd=common_dir).returncode == 0


def _fsck(directory: Path, *how: str) -> list[str]:
    done = attempt(["fsck", "--no-dangling", "--no-progress", *how], cwd=directory)
    said = [line for line in (done.stdout + done.stderr).decode("utf-8", "replace").splitlines() if line.strip()]
    return [line for line in said if not line.startswith(("notice:", " "))] or (
        ["git fsck failed"] if done.returncode else []
    )
