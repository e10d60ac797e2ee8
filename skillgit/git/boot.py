"""Whether the machine has started anew since the repository was last known to be whole.

A kill tears no file; a power cut may tear what was written last and not synced, by whatever program, and
libgit2 1.9.7 never returns from a truncated loose object. So the first command after a start of the machine
reads every loose object (60 microseconds each) before libgit2 does, and `.git/skillgit/boot` holds the start
that was done for. A system that does not number its starts (/proc) is not looked after in this way.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from pathlib import Path

from skillgit.errors import RepositoryError
from skillgit.git import torn

_NUMBER = Path("/proc/sys/kernel/random/boot_id")
_NUMBERS = Path("/proc/self/ns/pid")


def check(common_dir: Path) -> None:
    """Every loose object is whole, as far as a power cut goes; RepositoryError, naming one, where one is torn."""
    known = _read(common_dir / "skillgit" / "boot")
    if known in ("", _this()) or not _this():
        return
    broken = next(torn.torn_objects(common_dir), None)
    if broken is not None:
        raise RepositoryError(
            f"object '{broken.parent.name}{broken.name}' is torn: the machine stopped before it was on the disk",
            hint="'skillgit doctor --fix' goes back to what is whole",
        )
    remember(common_dir)


def remember(common_dir: Path) -> None:
    """`check` has nothing to do until the machine starts anew; where that cannot be kept, it looks each time."""
    kept = common_dir / "skillgit" / "boot"
    if not _this() or _read(kept) == _this():
        return
    scratch = kept.with_name(f"boot.{os.getpid()}")
    with suppress(OSError), scratch.open("w") as out:
        out.write(f"{_this()}\n")
        out.flush()
        os.fsync(out.fileno())
        scratch.replace(kept)


def processes() -> str:
    """Within what a number stands for one process: this start of the machine, and the container; "" is not known."""
    with suppress(OSError):
        return f"{_this()} {_NUMBERS.readlink()}"
    return _this()


@cache
def _this() -> str:
    return _read(_NUMBER)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("ascii", "replace").strip()
    except OSError:
        return ""
