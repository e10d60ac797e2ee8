"""What a merge comes to, worked out on trees: nothing moves, and no lock is held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from skillgit.changes.skill import shown
from skillgit.git import layout, ledger, remote
from skillgit.git.history import log_since
from skillgit.git.join import OURS, THEIRS, Joined, Stages, join
from skillgit.git.message import Decision, decode_merge
from skillgit.git.repo import Repo
from skillgit.merge.ladder import Answer, Labels
from skillgit.share.became import became
from skillgit.share.settle import Settled, accepted, numbered, settle
from skillgit.share.stranded import stranded
from skillgit.skills.version import is_above


@dataclass(frozen=True, slots=True)
class Side:
    """What is merged: the words it was named by, and its commit."""

    name: str
    commit: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What merging `theirs` into the commit `ours` comes to.

    `settled` are the SKILL.md files that both sides changed, `home` the files that go where their skill went, both
    by their path in the tree; `decisions` say what becomes of each skill; `left` are the files for a person, and why.
    """

    ours: str
    theirs: Side
    joined: Joined
    settled: Mapping[str, Settled]
    home: Mapping[str, str]
    decisions: tuple[Decision, ...]
    left: Mapping[str, str]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Where both sides worked on the same section of a skill that could be merged all the same."""
        clean = ((path, each) for path, each in self.settled.items() if each.clean)
        return tuple(f"'{shown(_skill(path))}': {words}" for path, each in clean for words in each.merged.warnings)


def plan(repo: Repo, ours: str, theirs: Side, answer: Answer | None, *, accept: bool) -> Plan:
    """What merging comes to; `answer` is asked for what the ladder leaves, with `accept` its proposals are taken."""
    joined = join(repo, ours, theirs.commit)
    settled = settle(repo, joined.undecided, Labels("HEAD", "base", theirs.name), answer)
    if accept:
        settled = {path: accepted(path, each) for path, each in settled.items()}
    had = highest(repo, ours, theirs.commit, settled)
    settled = {
        path: replace(each, content=numbered(each.content, each.sides, had=had[path])) if each.clean else each
        for path, each in settled.items()
    }
    base = remote.parted(repo, ours, theirs.commit)
    home = stranded(repo, joined.tree, before=[commit for commit in (ours, theirs.commit, base) if commit])
    told = became(repo, ours, joined.tree, settled=settled, home=home, name=theirs.name)
    return Plan(ours, theirs, joined, settled, home, told, undecided(joined, settled))


def undecided(joined: Joined, settled: Mapping[str, Settled]) -> dict[str, str]:
    """The files of a merge that are left for a person, and why."""
    left = {path: _why(path, stages, joined, settled) for path, stages in joined.undecided.items()}
    return {path: why for path, why in left.items() if why}


def highest(repo: Repo, ours: str, theirs: str, files: Iterable[str]) -> dict[str, str]:
    """The highest version that the skill of each SKILL.md has had in either history, "" where none."""
    there: dict[str, str] = {}
    for revision in log_since(repo, theirs, base=ours) if files else ():
        said = revision.decision
        for path, version in ((said.path, said.after or ""),) if said else decode_merge(revision.message):
            there[path] = version if is_above(version, there.get(path, "")) else there.get(path, "")
    found = {}
    for file in files:
        path = _skill(file)
        here = ledger.last_version(repo, ours, path) or ""
        found[file] = here if is_above(here, there.get(path, "")) else there.get(path, "")
    return found


def _skill(file: str) -> str:
    return layout.unsharded(file.rpartition("/")[0])


def _why(path: str, stages: Stages, joined: Joined, settled: Mapping[str, Settled]) -> str:
    """Why a file is left for a person; "" where it is not."""
    each = settled.get(path)
    if each is None:
        lacking = {OURS: "we removed it, and they changed it", THEIRS: "they removed it, and we changed it"}
        return next((words for stage, words in lacking.items() if stage not in stages), joined.words.get(path, ""))
    if each.clean:
        return ""
    sections = dict.fromkeys(hunk.conflict.section or "its beginning" for hunk in each.merged.hunks if not hunk.sure)
    return "; ".join(each.problems) or f"both sides changed the same lines: {', '.join(sections)}"
