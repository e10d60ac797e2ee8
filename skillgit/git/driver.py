"""git's own merge and diff of SKILL.md files, as a repository's configuration: put in, looked at, taken out.

    [merge "skillgit"]
        driver = ...            what merge, rebase, cherry-pick, revert, pull and stash pop run for a SKILL.md that
                                both sides changed: `skillgit merge-driver`; where there is no skillgit, git's own
                                merge-file, with a warning
        recursive = binary      the base of a criss-cross merge is one of the bases, never one with markers in it
    [diff "skillgit"]
        xfuncname = ...         a hunk's header names the section that it is in, or the skill
        wordRegex = ...         what --word-diff takes for a word: `0.1.1`, `allowed-tools`

`.gitattributes` says which files these are for, and travels; configuration does not: each clone needs its own.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

from skillgit.git.repo import Repo
from skillgit.git.run import git

_SECTIONS = ("merge.skillgit", "diff.skillgit")
_WORDS = "merge-driver %O %A %B %L %P %S %X %Y"
"""Base, ours, theirs, marker size, path; from git 2.44 on the labels of the three, before it just these letters."""

_FALLBACK = "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B || exit 1"


def install(repo: Repo) -> None:
    """The configuration is there, and names a skillgit that is; what somebody has set otherwise stays."""
    for key in [*missing(repo), *(["merge.skillgit.driver"] if lost_program(repo) else [])]:
        git(["config", "--local", "--replace-all", key, _wanted()[key]], cwd=repo.directory)


def uninstall(repo: Repo) -> bool:
    """None of it is there, in the repository's own configuration; whether any was."""
    said = git(["config", "--local", "--name-only", "--list"], cwd=repo.directory).decode("utf-8", "replace")
    found = [section for section in _SECTIONS if any(line.startswith(f"{section}.") for line in said.splitlines())]
    for section in found:
        git(["config", "--local", "--remove-section", section], cwd=repo.directory)
    return bool(found)


def missing(repo: Repo) -> list[str]:
    """The keys that are not set, at any level; one that somebody has set otherwise is theirs."""
    return [key for key in _wanted() if repo.config(key) is None]


def lost_program(repo: Repo) -> str | None:
    """The skillgit that the driver names, where it is not there any more."""
    words = (repo.config("merge.skillgit.driver") or "").partition("in ")[2].partition(" skillgit;")[0]
    named = (shlex.split(words) or [""])[0].replace("%%", "%")
    return named if Path(named).is_absolute() and not os.access(named, os.X_OK) else None


def command() -> str:
    """The line that git's shell runs for the merge of a file, with this skillgit.

    Whatever kept it from its work, a venv that moved or a kill, git 2.39 would show our side alone as the conflict:
    where it ends otherwise than well and leaves no markers, git's own merge is made of the file.
    """
    named = shlex.quote(program()).replace("%", "%%")
    return (
        f"for program in {named} skillgit; do"
        f' command -v "$program" >/dev/null 2>&1 || continue; "$program" {_WORDS} && exit 0;'
        " code=$?; grep -q '^<<<<<<<' %A && exit 1; [ $code = 126 ] || [ $code = 127 ] || break; done;"
        f" echo 'warning: skillgit cannot be run, git alone merges' %P >&2; {_FALLBACK}"
    )


def _wanted() -> dict[str, str]:
    return {
        "merge.skillgit.name": "rules, sections and frontmatter of a SKILL.md",
        "merge.skillgit.driver": command(),
        "merge.skillgit.recursive": "binary",
        "diff.skillgit.xfuncname": r"^(name:.*|#{1,6}[ \t].*)$",
        "diff.skillgit.wordRegex": r"[[:alnum:]_./-]+|[^[:space:]]",
    }


def program() -> str:
    """This skillgit's console script, by its full name: PATH may be another one when git runs it."""
    beside = Path(sys.executable).with_name("skillgit")
    return str(beside) if os.access(beside, os.X_OK) else shutil.which("skillgit") or "skillgit"
