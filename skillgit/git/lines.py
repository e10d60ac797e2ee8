"""git's own three-way merge of the lines of a file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from skillgit.errors import Unreadable
from skillgit.git.prepared import Sides
from skillgit.git.run import attempt


def merge_lines(sides: Sides, *, size: int) -> bytes:
    """What git makes of three versions, conflicts with their base between markers of a size.

    Where there is no base, what the sides begin and end with alike stands outside of the markers. Unreadable where
    they are no text.
    """
    with tempfile.TemporaryDirectory(prefix="skillgit-") as folder:
        names = ("base", "ours", "theirs")
        for name, content in zip(names, sides, strict=True):
            (Path(folder) / name).write_bytes(content)
        style = "--diff3" if sides[0] else "--zdiff3"
        words = ["merge-file", "-p", "-q", style, f"--marker-size={size}", "ours", "base", "theirs"]
        done = attempt(words, cwd=Path(folder))
    if done.returncode > 127:
        raise Unreadable("git cannot merge the lines of what is no text")
    return done.stdout
