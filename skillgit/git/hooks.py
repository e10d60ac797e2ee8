"""git's hooks, as files of a repository: put in, looked at, taken out.

Each is a small file of `hooks/`, which says what it does; `skillgit.sh` beside them has what they share, and the
program's name. A hook that was there before is kept as `NAME.before-skillgit` and runs first. They are put where
git looks for them, if that is a folder of this clone only: below the git directory, or ignored, as husky's.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from skillgit.errors import Refused
from skillgit.git import driver
from skillgit.git.repo import Repo
from skillgit.git.run import attempt, environment, git

LOCAL = ("pre-commit", "commit-msg", "post-commit", "post-merge", "post-checkout", "post-rewrite", "pre-push")
SERVER = ("pre-receive",)

_PACKAGE = Path(__file__).parents[1]
_INSTALLED, _CHECKOUT = _PACKAGE / "_hooks", _PACKAGE.parent / "hooks"
_SHARED = "skillgit.sh"
_OURS = b'. "${0%/*}/skillgit.sh"\n'
"""The line that each of our hooks has, of whatever version."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook as it is in a repository.

    `state`: `installed`; `outdated`, which is ours and not as this skillgit would write it; `replaced`, where somebody
    wrote another one over ours; `absent`. `runs` is the hook that was there before and runs first, by its file's name.
    """

    name: str
    state: Literal["installed", "outdated", "replaced", "absent"]
    runs: str | None = None


def directory(repo: Repo) -> Path:
    """Where git looks for the hooks of a repository, whatever core.hooksPath says."""
    said = git(["rev-parse", "--git-path", "hooks"], cwd=repo.directory).decode("utf-8", "surrogateescape")
    return repo.directory / said.rstrip("\n")


def install(repo: Repo, names: Iterable[str]) -> tuple[str, ...]:
    """These hooks are there, those that were there before run first, and the merge and diff drivers are set up.

    Gives the names of those that were not there already. Refused where git looks for hooks in a folder that
    others share.
    """
    place = directory(repo)
    if not _is_own(repo, place):
        raise Refused(f"git looks for hooks in '{place}', which is not of this clone alone", hint=_by_hand(names))
    driver.install(repo)
    place.mkdir(parents=True, exist_ok=True)
    _put(place / _SHARED, _shared(), mode=0o644)
    return tuple(name for name in names if _install(place, name))


def uninstall(repo: Repo) -> tuple[str, ...]:
    """None of our hooks is there, and what they replaced is, byte for byte. Gives the names of those that were.

    The drivers go too, but where `init` had set them up.
    """
    place = directory(repo)
    gone = tuple(name for name in (*LOCAL, *SERVER) if _uninstall(place, name))
    if gone:
        (place / _SHARED).unlink(missing_ok=True)
    if repo.config("skillgit.format") is None:
        driver.uninstall(repo)
    return gone


def refresh(repo: Repo) -> None:
    """The search index is brought up to date in the background, as after a checkout; nobody waits for it."""
    subprocess.run(
        ["sh", "-c", '"$0" hook post-checkout &', driver.program()],
        cwd=repo.directory,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )


def status(repo: Repo) -> tuple[Hook, ...]:
    """Every hook of ours, as it is in a repository; nothing is changed."""
    place = directory(repo)
    return tuple(map(partial(_state, place), (*LOCAL, *SERVER)))


def lost_program(repo: Repo) -> str | None:
    """The skillgit that the hooks run, where it is not there any more."""
    line = next((row for row in _read(directory(repo) / _SHARED).splitlines() if row.startswith(b"program=")), b"")
    named = "".join(shlex.split(line.decode("utf-8", "surrogateescape"))).removeprefix("program=")
    return named if Path(named).is_absolute() and not Path(named).exists() else None


def _install(place: Path, name: str) -> bool:
    file, wanted = _found(place, name), (_source() / name).read_bytes()
    if _is_ours(file):
        if _read(file) != wanted:
            _put(file, wanted, mode=0o755)
        return False
    if file.exists() or file.is_symlink():
        file.replace(_former(place, name))  # one that is there already was taken over by what stands in its place now
    _put(file, wanted, mode=0o755)
    return True


def _uninstall(place: Path, name: str) -> bool:
    file, former = _found(place, name), _former(place, name)
    ours = _is_ours(file)
    if ours:
        file.unlink()
    if former.exists() or former.is_symlink():
        _put_back(former, file, beside=place / name)
    return ours


def _put_back(former: Path, file: Path, *, beside: Path) -> None:
    """The hook that was there before is there again, but where it was put there already."""
    if any(other.exists() and _read(other) == _read(former) for other in (file, beside)):
        former.unlink()
    elif not file.exists():
        former.replace(file)


def _state(place: Path, name: str) -> Hook:
    file, former = _found(place, name), _former(place, name)
    runs = former.name if former.exists() else None
    if not _is_ours(file):
        return Hook(name, "replaced" if runs else "absent")
    is_new = _read(file) == (_source() / name).read_bytes() and _read(place / _SHARED) == _shared()
    return Hook(name, "installed" if is_new else "outdated", runs)


def _found(place: Path, name: str) -> Path:
    """The file of a hook; pre-commit, installed after us, runs ours under another name."""
    legacy = place / f"{name}.legacy"
    return legacy if _is_ours(legacy) else place / name


def _former(place: Path, name: str) -> Path:
    return place / f"{name}.before-skillgit"


def _is_ours(file: Path) -> bool:
    return _OURS in _read(file)


def _is_own(repo: Repo, place: Path) -> bool:
    """Whether a folder of hooks is of this clone only."""
    if place.resolve().is_relative_to(repo.common_dir.resolve()):
        return True
    if repo.worktree is None or not place.resolve().is_relative_to(repo.worktree.resolve()):
        return False
    return attempt(["check-ignore", "--quiet", "--", str(place / LOCAL[0])], cwd=repo.worktree).returncode == 0


def _by_hand(names: Iterable[str]) -> str:
    return "add to the hook of each name there a line: " + "; ".join(f'skillgit hook {name} "$@"' for name in names)


def _shared() -> bytes:
    text = (_source() / _SHARED).read_bytes()
    return text.replace(b"\nprogram=skillgit\n", f"\nprogram={shlex.quote(driver.program())}\n".encode(), 1)


def _source() -> Path:
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def _put(file: Path, content: bytes, *, mode: int) -> None:
    """Write a file in one step: git may be about to run it."""
    scratch = file.with_name(f"{file.name}.new")
    scratch.write_bytes(content)
    scratch.chmod(mode)
    scratch.replace(file)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
