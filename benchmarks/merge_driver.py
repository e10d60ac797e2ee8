"""What git's merge costs with skillgit's driver: many skills that both sides changed, in one `git merge`.

    python -m benchmarks.merge_driver [SKILLS]

Each skill has a conflict of lines. The same merge is done by git's own text merge, by the driver, and by `skillgit
merge`; CPU seconds are of all processes, and each is printed as a ratio to git's own, and a file.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SKILL = """\
---
name: s{number}
description: Does {number}. Use when {number} is asked for.
metadata:
  id: 00000000-0000-4000-8000-{number:012}
  version: "{version}"
---
# Skill {number}

## Rules
- Cite a source.
{rule}"""
WAYS = {
    "git alone": ["git", "-c", "merge.skillgit.driver=git merge-file %A %O %B", "merge", "-q", "theirs"],
    "git, with an empty driver": ["git", "-c", "merge.skillgit.driver=true", "merge", "-q", "theirs"],
    "git, with skillgit's driver": ["git", "merge", "-q", "theirs"],
    "skillgit merge": [sys.executable, "-m", "skillgit", "merge", "theirs"],
}


def main() -> None:
    """Print a line a way of merging."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        _lay_out(top, count)
        spent = {name: _measured(top, words) for name, words in WAYS.items()}
    alone = spent["git alone"][0]
    print(f"{count} skills that both sides changed        CPU s   x git   ms a skill   wall s   conflicts")
    for name, (cpu, wall, left) in spent.items():
        print(f"{name:38} {cpu:7.2f} {cpu / alone:7.1f} {cpu / count * 1000:12.1f} {wall:8.2f} {left:11}")


def _lay_out(top: Path, count: int) -> None:
    _run([sys.executable, "-m", "skillgit", "init", "."], top)
    _run(["git", "config", "user.name", "benchmark"], top)
    _run(["git", "config", "user.email", "benchmark@localhost"], top)
    _save(top, count, "", "0.1.0")
    for name, rule in {"ours": "- Use no tables.\n", "theirs": "- Write in French.\n"}.items():
        _run(["git", "switch", "-qc", name, "main"], top)
        _save(top, count, rule, "0.1.1")
    _run(["git", "switch", "-q", "ours"], top)
    _run(["git", "branch", "start"], top)


def _save(top: Path, count: int, rule: str, version: str) -> None:
    for number in range(count):
        file = top / f"Users/ada/s{number}/SKILL.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(SKILL.format(number=number, version=version, rule=rule))
    _run(["git", "add", "-A"], top)
    _run(["git", "commit", "-qm", "saved"], top)


def _measured(top: Path, words: list[str]) -> tuple[float, float, int]:
    """CPU and wall seconds of a merge, and the files in conflict after it; the repository is as before."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(words, cwd=top, capture_output=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    left = len(_run(["git", "diff", "--name-only", "--diff-filter=U"], top).split())
    _run(["git", "reset", "-q", "--hard", "start"], top)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall, left


def _run(words: list[str], top: Path) -> str:
    return subprocess.run(words, cwd=top, capture_output=True, check=True, text=True).stdout


if __name__ == "__main__":
    main()
