"""The `git` program: for what libgit2 does not do, or does without the user's settings."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from skillgit.errors import Locked, RepositoryError
from skillgit.git import locks

_HARDENED = ("-c", "protocol.ext.allow=never", "-c", "core.quotePath=false", "-c", "advice.detachedHead=false")


def git(
    args: Sequence[str],
    *,
    cwd: Path,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
    ok: tuple[int, ...] = (0,),
    keep: Sequence[int] = (),
) -> bytes:
    """Run git in `cwd` and return what it printed; any exit code but those in `ok` is a RepositoryError.

    It inherits the descriptors `keep`.
    Messages are asked for in English, since some are read. No prompt appears unless a person is there.
    """
    done = attempt(args, cwd=cwd, stdin=stdin, env=env, keep=keep)
    if done.returncode not in ok:
        raise failure(args, done.stderr)
    return done.stdout


def attempt(
    args: Sequence[str],
    *,
    cwd: Path,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
    keep: Sequence[int] = (),
) -> subprocess.CompletedProcess[bytes]:
    """Run git in `cwd` and return its exit code and output, whatever they are; it inherits the descriptors `keep`."""
    try:
        return subprocess.run(
            ["git", *_HARDENED, *args],
            cwd=cwd,
            input=b"" if stdin is None else stdin,
            capture_output=True,
            env={**environment(), **(env or {})},
            check=False,
            pass_fds=keep,
        )
    except OSError as err:
        if err.filename != "git":
            raise RepositoryError(f"cannot enter '{cwd}': {(err.strerror or '').lower()}") from err
        said = (err.strerror or "").lower()
        raise RepositoryError(f"cannot run the 'git' program: {said}", hint="skillgit needs git 2.39 or newer") from err


def failure(args: Sequence[str], stderr: bytes) -> RepositoryError:
    """The error for a git command that failed, in git's own first words; Locked where a lock file is in the way."""
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[0] if lines else "")
    words = said.removeprefix("fatal: ").removeprefix("error: ")
    held = _HELD.search(said)
    if held:
        return Locked(f"git {args[0]}: {words}", hint=locks.hint(held[1] or f"{held[2]}.lock"))
    hint = next((line.removeprefix("hint: ") for line in lines if line.startswith("hint: ")), "")
    return RepositoryError(f"git {args[0]}: {words or 'failed without a word'}", hint=hint)


_HELD = re.compile(r"Unable to create '(.+\.lock)': File exists|could not lock config file (.+): File exists")
_OF_A_REPOSITORY = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
"""What git tells a hook about the repository it runs for; ours is the one that `cwd` stands in."""


def environment() -> dict[str, str]:
    """The environment for a git that we start: our own, without what a hook was told, and in English."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_A_REPOSITORY}
    env = {**kept, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}
    if not sys.stdin or not sys.stdin.isatty():
        env["GIT_TERMINAL_PROMPT"] = "0"
    return env
