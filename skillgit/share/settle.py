"""The SKILL.md files that both sides of a merge changed, settled by the ladder: in memory, before git asks.

The result has a version that neither history has had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from skillgit.changes.skill import FILE
from skillgit.errors import SkillgitError
from skillgit.git.join import BASE, OURS, THEIRS, Stages
from skillgit.git.lines import merge_lines
from skillgit.git.prepared import Sides
from skillgit.git.repo import Repo
from skillgit.merge import ladder
from skillgit.merge.ladder import Answer, Conflict, Labels, Merged, Resolution
from skillgit.skills import document as documents
from skillgit.skills import spec, tree
from skillgit.skills.document import Document
from skillgit.skills.version import Bump, bump, is_above, next_version

_AT_ONCE = 8
"""So many conflicts are put to a model at the same time."""

_BUMPS: tuple[Bump, ...] = ("none", "patch", "minor", "major")
_VERSION = ("metadata", "version")


@dataclass(frozen=True, slots=True)
class Settled:
    """A SKILL.md of which the ladder has made `content`, from three versions.

    It is `clean` where nothing is left for a person; `problems` are what the specification says against the
    result and against neither side.
    """

    sides: Sides
    merged: Merged
    content: bytes
    mode: int
    clean: bool
    problems: tuple[str, ...] = ()


def settle(repo: Repo, undecided: Mapping[str, Stages], labels: Labels, answer: Answer | None) -> dict[str, Settled]:
    """What the ladder makes of the SKILL.md files among the undecided that both sides have, by path.

    What it leaves as a conflict is put to `answer`: each once, several at the same time.
    """
    found = {path: sides for path, stages in undecided.items() if (sides := _sides(repo, path, stages))}
    merged = {path: climb(sides, labels) for path, sides in found.items()}
    if answer:
        told = _asked(answer, [hunk.conflict for each in merged.values() for hunk in each.hunks if not hunk.sure])
        merged = {path: each if each.clean else climb(found[path], labels, told.get) for path, each in merged.items()}
    return {
        path: _checked(path, Settled(found[path], each, each.content, _mode(undecided[path]), each.clean))
        for path, each in merged.items()
    }


def accepted(path: str, settled: Settled) -> Settled:
    """The same with every proposal of the ladder taken; as it is where the specification has something against that."""
    clean = all(hunk.text is not None for hunk in settled.merged.hunks)
    taken = _checked(path, replace(settled, content=ladder.accept(settled.merged), clean=clean))
    return settled if taken.problems else taken


def climb(sides: Sides, labels: Labels, answer: Answer | None = None) -> Merged:
    """What the ladder makes of three versions of a file; Unreadable where they are no text."""
    size = ladder.marker_size(*sides)
    by_git = merge_lines(sides, size=size)
    return ladder.merge(*sides, by_git=by_git, labels=replace(labels, size=max(labels.size, size)), answer=answer)


def numbered(content: bytes, sides: Sides, *, had: str) -> bytes:
    """A merged SKILL.md with a version above both sides' and above `had`, the highest of either history.

    What is all one side's keeps that side's version where it is above the other's; and what has no id keeps the
    version it has: it is not skillgit's to number.
    """
    merged, both = _read(content), [_read(side) for side in sides[1:]]
    others = [side for side, text in zip(both, sides[1:], strict=True) if side and text != content]
    if merged is None or not merged.id or "version" not in merged.metadata:
        return content
    highest = had if content not in sides else ""
    for side in others:
        highest = side.version if is_above(side.version, highest) else highest
    if not highest or is_above(merged.version, highest):
        return content
    bumps: list[Bump] = ["patch", *(bump(side, merged) for side in others if not is_above(highest, side.version))]
    above = had if is_above(had, highest) else highest
    return merged.with_field(_VERSION, next_version(above, max(bumps, key=_BUMPS.index))).render()


def _asked(answer: Answer, conflicts: Iterable[Conflict]) -> dict[Conflict, Resolution | None]:
    once = list(dict.fromkeys(conflicts))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(once, pool.map(answer, once), strict=True))


def _sides(repo: Repo, path: str, stages: Stages) -> Sides | None:
    """The three versions of a SKILL.md that both sides have as a file; the base is empty where both added it."""
    regular = all(entry.mode in (tree.FILE, tree.EXECUTABLE) for entry in stages.values())
    if path.rpartition("/")[2] != FILE or not regular or not {OURS, THEIRS} <= stages.keys():
        return None
    base, ours, theirs = (repo.read(stages[stage].oid) if stage in stages else b"" for stage in (BASE, OURS, THEIRS))
    return None if any(b"\0" in side for side in (base, ours, theirs)) else (base, ours, theirs)


def _mode(stages: Stages) -> int:
    """Theirs where only they changed it."""
    ours = stages[OURS].mode
    return stages[THEIRS].mode if BASE in stages and stages[BASE].mode == ours else ours


def _checked(path: str, settled: Settled) -> Settled:
    """What is clean, unless the specification has something against it that it has against neither side."""
    found = new_problems(path, settled.content, settled.sides) if settled.clean else ()
    return replace(settled, clean=settled.clean and not found, problems=found)


def new_problems(path: str, content: bytes, sides: Sides) -> tuple[str, ...]:
    """What the specification says against the SKILL.md at a path, and said against neither side."""
    folder = "".join(path.split("/")[-2:-1])
    known = {problem.code for side in sides[1:] for problem in spec.problems(side, directory=folder)}
    return tuple(each.message for each in spec.problems(content, directory=folder) if each.code not in known)


def _read(content: bytes) -> Document | None:
    try:
        return documents.parse(content)
    except SkillgitError:  # one without frontmatter is merged as well, by its lines
        return None
