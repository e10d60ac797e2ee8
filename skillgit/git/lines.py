"""git's own three-way merge of the lines of a file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from skillgit.errors import Unreadable
from skillgit.git.prepared import Sides
from skillgit.git.run import attempt


def merge_lines(sides: Sides, *, size: int) -> bytes:
    """What `git merge-file --diff3` makes of three versions, conflicts between markers of a size.

    Unreadable where they are no text.
    """
    with tempfile.TemporaryDirectory(prefix="skillgit-") as folder:
        names = ("base", "ours", "theirs")
        for name, content in zip(names, sides, strict=True):
            (Path(folder) / name).write_bytes(content)
        words = ["merge-file", "-p", "-q", "--diff3", f"--marker-size={size}", "ours", "base", "theirs"]
        done = attempt(words, cwd=Path(folder))
    if done.returncode > 127:
        raise Unreadable("git cannot merge the lines of what is no text")
    return done.stdout
