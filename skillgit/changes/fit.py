"""Whether a skill is fit to be kept or shared, told of its stored files, in a line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from skillgit.changes.skill import FILE
from skillgit.errors import SkillgitError
from skillgit.git import layout
from skillgit.git.repo import Entry
from skillgit.skills import naming, spec
from skillgit.skills.naming import shown
from skillgit.skills.tree import Listed, problems_of_tree


def faults(
    folder: str, files: Mapping[str, Entry], *, content: bytes | None, sizes: Mapping[str, int]
) -> Iterator[str]:
    """What makes the skill stored at `folder` unfit: its path, its SKILL.md, its files.

    `content` is its SKILL.md, None where that is too large to be read; `sizes` are those of its files, by oid.
    """
    path = layout.unsharded(folder)
    try:
        naming.parse_path(path)
    except SkillgitError as err:
        yield err.message
    for problem in spec.problems(content, directory=path.rpartition("/")[2]) if content is not None else ():
        line = f"{problem.line}:" if problem.line else ""
        yield f"{shown(folder)}/{FILE}:{line} {problem.message}"
    if content is None:
        yield f"{shown(folder)}/{FILE}: it is too large"
    listed = (Listed(name, entry.mode, sizes.get(entry.oid, 0)) for name, entry in files.items())
    yield from (f"{shown(folder)}: {problem.message}" for problem in problems_of_tree(listed))
