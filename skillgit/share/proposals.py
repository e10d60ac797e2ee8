"""Decisions that wait for a person to look at them: which refs hold them, what they would do, what speaks against it.

    refs/skillgit/proposals/<id>                met edits of the user's, or could not be made again in a pull
    refs/heads/learn/<user>/<date>              learned where the policy is `branch` or `pr`
    refs/remotes/<remote>/learn/<user>/<date>   the same, learned elsewhere

A decision waits until the branch that it is for has one with its key: its attempt or, where it has none, the oid of its
commit. Whoever accepts it makes it again there under that key, whoever rejects it says so there under that key
(`review.py`); so it waits for nobody else either, once that is pushed and pulled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from skillgit.changes.fit import faults
from skillgit.changes.record import notes
from skillgit.changes.skill import FILE, readable, shown
from skillgit.errors import NotFound, SkillgitError, UsageError
from skillgit.git import PROPOSALS, history, incoming, layout, ledger
from skillgit.git.history import Revision
from skillgit.git.message import Decision, Note
from skillgit.git.objects import changed_paths
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import attempt, git
from skillgit.learn import guard
from skillgit.learn.scan import Finding
from skillgit.skills import naming, tree
from skillgit.skills.document import Document

LEARNED = ("refs/heads/learn/", "refs/remotes/**/learn/**")
_SHORTEST = 8  # characters of a key that people are shown


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that waits: its commit, and the refs that it stands in, by full name, those of this machine first."""

    revision: Revision
    decision: Decision
    refs: tuple[str, ...]

    @property
    def key(self) -> str:
        """The key under which it is decided, once."""
        return self.decision.attempt or self.revision.oid

    @property
    def parent(self) -> str:
        """The commit that it was decided on."""
        return self.revision.parents[0]

    @property
    def parked(self) -> tuple[str, ...]:
        """Those of its refs that hold it and nothing else, and go when it is decided."""
        return tuple(ref for ref in self.refs if ref.startswith(PROPOSALS))


@dataclass(frozen=True, slots=True)
class Effect:
    """What a proposal does to its skill, read from the two trees and not from what its message says.

    `before` is None where it is a new skill, `after` where it is removed; `files` are those beside SKILL.md.
    """

    before: Document | None
    after: Document | None
    rules: tuple[Note, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checks:
    """What speaks against a proposal: faults of the skill as it would be, a line each, and what the scan finds new.

    `beside` are files that its commit changes and that are not of its skill: it cannot be taken as a decision then.
    """

    faults: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    beside: tuple[str, ...] = ()


def waiting(repo: Repo, base: str | None) -> tuple[Proposal, ...]:
    """Everything that waits, newest first: what is parked, and what the learned branches have, that `base` has not.

    base: the commit they are for, HEAD's as a rule; None where there is none yet.
    """
    refs = _refs(repo, base)
    single = {ref: oid for ref, oid in refs.items() if ref.startswith(PROPOSALS)}
    told = {each.oid: each for each in history.revisions(repo, dict.fromkeys(single.values()))}
    rows = [(ref, told[oid]) for ref, oid in single.items()]
    for ref, oid in refs.items():
        rows += [(ref, each) for each in _since(repo, oid, base)] if ref not in single else []
    return _undecided(repo, base, rows)


def on_branch(repo: Repo, ref: str, base: str | None) -> tuple[Proposal, ...]:
    """What waits on one branch, newest first: its decisions that the commit `base` has not."""
    return _undecided(repo, base, [(ref, each) for each in _since(repo, repo.resolve(ref), base)])


def is_decided(repo: Repo, base: str, oid: str) -> bool:
    """Whether `base` has a commit that may have been a proposal, or a decision with its key."""
    if attempt(["merge-base", "--is-ancestor", oid, base], cwd=repo.directory).returncode == 0:
        return True
    told = next(history.revisions(repo, [oid]), None)
    said = told.decision if told else None
    return said is not None and ledger.applied(repo, base, said.attempt or oid) is not None


def find(found: Sequence[Proposal], typed: str) -> Proposal:
    """The proposal whose key, or whose commit's oid, begins so; an error where there is none, or are many."""
    wanted = typed.casefold().removeprefix(PROPOSALS)
    named = [each for each in found if wanted and any(key.startswith(wanted) for key in _keys(each))]
    if not named:
        raise NotFound(f"no decision '{typed}' waits for review", hint="'skillgit review' lists what does")
    if len(named) > 1:
        words = ", ".join(short(found, each) for each in named)
        raise UsageError(f"'{typed}' may be any of {words}", hint="type more of it")
    return named[0]


def short(found: Iterable[Proposal], one: Proposal) -> str:
    """What names a proposal among others, as short as is safe."""
    key = one.key.casefold()
    others = [other for each in found if each.key != one.key for other in _keys(each)]
    lengths = range(_SHORTEST, len(key))
    return next((key[:size] for size in lengths if not any(each.startswith(key[:size]) for each in others)), key)


def effect(repo: Repo, proposal: Proposal) -> Effect:
    """What a proposal does to its skill."""
    oid, said = proposal.revision.oid, proposal.decision
    before, after = readable(repo, proposal.parent, said.was or said.path), readable(repo, oid, said.path)
    changed = (name for name in _changed(repo, proposal) if name != FILE)
    return Effect(before, after, notes(before, after), tuple(changed))


def checks(repo: Repo, proposal: Proposal) -> Checks:
    """What speaks against a proposal."""
    return Checks(wrong(repo, proposal), _findings(repo, proposal), beside(repo, proposal))


def wrong(repo: Repo, proposal: Proposal) -> tuple[str, ...]:
    """The faults of the skill as a proposal has it, a line each."""
    path = proposal.decision.path
    files = repo.files(proposal.revision.oid, path)
    sizes = incoming.sizes(repo.directory, {entry.oid for entry in files.values()})
    is_read = FILE in files and sizes.get(files[FILE].oid, tree.MAX_FILE) < tree.MAX_FILE
    text = repo.read(files[FILE].oid) if is_read else None
    return tuple(faults(path, files, content=text, sizes=sizes)) if files else ()


def beside(repo: Repo, proposal: Proposal) -> tuple[str, ...]:
    """The files that a proposal's commit changes and that are not of its skill."""
    said = proposal.decision
    own = tuple(f"{path}/" for path in (said.path, said.was) if path)
    touched = map(layout.unsharded, changed_paths(repo, proposal.parent, proposal.revision.oid))
    return tuple(path for path in touched if not path.startswith(own))


def _refs(repo: Repo, base: str | None) -> dict[str, str]:
    """The refs that may hold proposals and are not merged, by name, each with its commit; parked ones come first."""
    new = [f"--no-merged={base}"] if base else []
    words = ["for-each-ref", "--format=%(objecttype) %(objectname) %(refname)", *new]
    rows: dict[str, str] = {}
    for pattern in (PROPOSALS, *LEARNED):
        for line in git([*words, pattern], cwd=repo.directory).decode("utf-8", "surrogateescape").splitlines():
            kind, oid, ref = line.split(" ", 2)
            rows |= {ref: oid} if kind == "commit" else {}
    return rows


def _since(repo: Repo, oid: str, base: str | None) -> Iterable[Revision]:
    return history.log_since(repo, oid, base=base) if base else history.log(repo, oid)


def _undecided(repo: Repo, base: str | None, rows: Iterable[tuple[str, Revision]]) -> tuple[Proposal, ...]:
    """The decisions among commits that change a skill and that `base` does not have, each once with all its refs."""
    found: dict[str, Proposal] = {}
    for ref, revision in rows:
        said = revision.decision
        if said is None or not _may_wait(said) or len(revision.parents) != 1:
            continue
        one = found.setdefault(said.attempt or revision.oid, Proposal(revision, said, ()))
        found[one.key] = replace(one, refs=(*one.refs, ref))
    known = ledger.all_applied(repo, base, found)
    new = [each for key, each in found.items() if key not in known]
    return tuple(sorted(new, key=lambda each: datetime.fromisoformat(each.revision.date), reverse=True))


def _may_wait(said: Decision) -> bool:
    """Whether a decision changes a skill; words alone do not, nor does where a crowded folder keeps its skills."""
    return said.action not in ("discard", "reject") and all(map(_is_of_skill, filter(None, (said.path, said.was))))


def _is_of_skill(path: str) -> bool:
    try:
        naming.parse_path(path)
    except SkillgitError:
        return False
    return True


def _keys(proposal: Proposal) -> tuple[str, str]:
    return proposal.key.casefold(), proposal.revision.oid


def _changed(repo: Repo, proposal: Proposal) -> Mapping[str, Entry | None]:
    """The files of its skill that a proposal changes, by their path in it; None for those that go."""
    said = proposal.decision
    before = repo.files(proposal.parent, said.was or said.path)
    after = repo.files(proposal.revision.oid, said.path)
    return {name: after.get(name) for name in {**before, **after} if before.get(name) != after.get(name)}


def _findings(repo: Repo, proposal: Proposal) -> tuple[Finding, ...]:
    """What the scan finds in the lines that a proposal would bring, but for what the settings allow."""
    said, own = proposal.decision, guard.gate(repo)
    before = repo.files(proposal.parent, said.was or said.path)
    new = {name: entry.oid for name, entry in _changed(repo, proposal).items() if entry}
    sizes = incoming.sizes(repo.directory, new.values())
    read = {name: repo.read(oid) for name, oid in new.items() if sizes.get(oid, tree.MAX_FILE) < tree.MAX_FILE}
    return tuple(
        finding
        for name, content in read.items()
        for finding in guard.new(name, content, repo.read(before[name].oid) if name in before else None)
        if not own.lets(finding, shown(said.path))
    )
