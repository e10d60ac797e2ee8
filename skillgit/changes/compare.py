"""What changed in a skill between two of its versions, as git tells it."""

from __future__ import annotations

from collections.abc import Sequence

from skillgit.changes.skill import shown
from skillgit.changes.versions import Version
from skillgit.git import EMPTY_TREE
from skillgit.git.repo import Repo
from skillgit.git.run import git


def diff(repo: Repo, before: Version | None, after: Version, *, options: Sequence[str] = ()) -> str:
    """The `git diff` of all files of a skill between two versions (None: before it was there).

    Its paths are `ada/release@0.1.0/SKILL.md`: the skill, the version, the file. `options` are git diff's.
    """
    old = _tree(repo, before) if before else EMPTY_TREE
    labels = [f"--src-prefix={_label(before or after, there=before is not None)}", f"--dst-prefix={_label(after)}"]
    return git(["diff", *options, *labels, old, _tree(repo, after), "--"], cwd=repo.directory).decode(
        "utf-8", "replace"
    )


def _tree(repo: Repo, version: Version) -> str:
    oid = version.revision.oid
    return f"{oid}:{repo.stored(oid, version.path)}"


def _label(version: Version, *, there: bool = True) -> str:
    return f"{shown(version.path)}@{version.number if there else '0'}/"
