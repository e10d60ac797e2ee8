"""Three versions of a file merged as `git merge` would have it: git's lines first, then the ladder."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from skillgit.merge.ladder import Answer, Labels, Merged, marker_size, merge


def git_merge(base: bytes, ours: bytes, theirs: bytes, *options: str) -> tuple[bool, bytes]:
    """What `git merge-file` makes of the three, and whether without a conflict."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        for name, text in zip(("base", "ours", "theirs"), (base, ours, theirs), strict=True):
            (Path(folder) / name).write_bytes(text)
        command = ["git", "merge-file", "-q", "-p", *options, "ours", "base", "theirs"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return done.returncode == 0, done.stdout


def merged(base: bytes, ours: bytes, theirs: bytes, *, answer: Answer | None = None, size: int = 7) -> Merged:
    """The ladder's merge of the three."""
    by_git = git_merge(base, ours, theirs, "--diff3", f"--marker-size={marker_size(base, ours, theirs)}")[1]
    return merge(base, ours, theirs, by_git=by_git, answer=answer, labels=Labels(size=size))
