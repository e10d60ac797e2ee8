"""Our commits made again on top of what others have pushed: each decision on the ground that is there now.

    what they did meanwhile                          what becomes of our decision
    nothing to this skill                            the same change, its version above theirs
    applied the same attempt, or the same change     nothing: they have it
    changed the SKILL.md too                         both changes in one text (`combine.py`), a version above both
    said all that it says                            a discard: already covered
    learned a skill for the same job                 decided again: our lesson goes into theirs
    gave the name to a skill of another kind         ours gets a name of its own
    changed the same words, or removed the skill     parked at refs/skillgit/proposals/<id>, for a person to choose

A commit that is no decision is picked as `git cherry-pick` picks it; where that meets a conflict, nothing is
done at all. Authors and their dates stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from skillgit.changes.record import Change, record
from skillgit.changes.skill import FILE, owner, read, readable, shown
from skillgit.errors import Invalid, Refused
from skillgit.git.history import Revision
from skillgit.git.message import Decision, encode
from skillgit.git.objects import changed_paths
from skillgit.git.pick import pick
from skillgit.git.repo import Entry
from skillgit.git.transaction import Transaction
from skillgit.learn.decide import decide
from skillgit.search.index import Index
from skillgit.share.combine import aligned, combine, keeps, lesson
from skillgit.skills import naming
from skillgit.skills.document import Document
from skillgit.skills.rules import rules

_VERSION = ("metadata", "version")
Files = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Reapplied:
    """What became of one commit of ours: made again, left out because they have it, or parked; and why."""

    was: Revision
    fate: Literal["again", "known", "parked"]
    words: str = ""
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class _Not:
    """Why a decision is not made again: they have it already (`known`), or a person has to choose."""

    words: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """What our commits are made again on: a transaction that stands on theirs, and what theirs did.

    `added` are the skills they have made, `left` the paths they moved a skill away from. `moved` says where
    a skill stands now that our decisions still call by another path: they moved it, or its name was taken.
    """

    tx: Transaction
    attempts: frozenset[str]
    added: frozenset[str]
    left: frozenset[str]
    moved: dict[str, str]
    index: Index

    def place(self, path: str) -> str:
        """Where the skill that our decisions know at `path` stands now."""
        return self.moved.get(path, path)

    def document(self, path: str) -> Document | None:
        """The SKILL.md that stands at `path` now, if one can be read there."""
        return readable(self.tx.repo, self.tx.tip, path)

    def is_inside_a_skill(self, path: str) -> bool:
        """Whether a folder on the way to `path` is a skill itself now; no other skill would be found below it."""
        parts = path.split("/")
        folders = ("/".join(parts[:end]) for end in range(2, len(parts)))
        return any(self.tx.repo.entry(self.tx.tip, f"{folder}/{FILE}") for folder in folders)

    def files(self, path: str) -> Files:
        """The files of the skill that stands at `path` now."""
        return self.tx.repo.files(self.tx.tip, path)


@dataclass(frozen=True, slots=True)
class _Ours:
    """A decision of ours as it was made: the skill at `start` before it, and at the decision's path after it."""

    revision: Revision
    decision: Decision
    start: str
    before: Document | None
    after: Document | None
    files_before: Files
    changed: Mapping[str, Entry | None]

    @property
    def is_word(self) -> bool:
        """Whether it changes nothing: it only says something."""
        return self.after == self.before and not self.changed and self.decision.was is None

    def change(self, path: str, before: Document | None, after: Document | None) -> Change:
        """The same decision about the skill at `path`, with these texts on both sides."""
        said = self.decision
        return Change(
            action=said.action,
            path=path,
            before=before,
            after=after,
            summary=said.summary,
            files=self.changed,
            score=said.score,
            nearest=said.nearest,
            reason=said.reason,
            learner=said.learner,
            attempt=said.attempt,
            evidence=said.evidence,
            remarks=tuple(note.text for note in said.notes if note.mark == "|"),
        )


def ground(tx: Transaction, theirs: Iterable[Revision]) -> Ground:
    """The ground that the commits `theirs`, newest first, have made."""
    decisions = [revision.decision for revision in theirs if revision.decision]
    moved: dict[str, str] = {}
    for was, path in ((one.was, one.path) for one in reversed(decisions) if one.was):
        moved |= {**{old: path for old, now in moved.items() if now == was}, was: path}
    return Ground(
        tx,
        attempts=frozenset(one.attempt for one in decisions if one.attempt),
        added=frozenset(one.path for one in decisions if one.after and not one.before),
        left=frozenset(old for old, now in moved.items() if old != now),
        moved=moved,
        index=Index.open(tx.repo.private / "index"),
    )


def reapply(on: Ground, revision: Revision) -> Reapplied:
    """Draft one commit of ours again; Refused where it is no decision and meets a conflict."""
    if revision.decision and revision.decision.action == "tidy" and revision.decision.path.count("/") == 1:
        return Reapplied(revision, "known", "a crowded folder is tidied anew where it has to be")
    ours = _read(on, revision)
    if ours is None:
        return _picked(on, revision)
    if ours.decision.attempt in on.attempts:
        return Reapplied(revision, "known", "the same conversation was learned from there")
    if ours.is_word:
        return Reapplied(revision, "again", decision=_said_again(on, ours))
    change = _changed(on, ours)
    if isinstance(change, Reapplied):
        return change
    try:
        return Reapplied(revision, "again", decision=record(on.tx, change, author_of=revision.oid).decision)
    except Invalid as err:
        return Reapplied(revision, "parked", err.message)


def again(on: Ground, revision: Revision) -> Change | Reapplied:
    """The change that a decision of ours comes to on this ground; what becomes of it where there is none to make."""
    ours = _read(on, revision)
    return _changed(on, ours) if ours else Reapplied(revision, "parked", "its commit does other things than it says")


def _changed(on: Ground, ours: _Ours) -> Change | Reapplied:
    try:
        found = _again(on, ours)
    except Invalid as err:
        return Reapplied(ours.revision, "parked", err.message)
    if isinstance(found, Change):
        return found
    return Reapplied(ours.revision, "known" if found.known else "parked", found.words)


def _said_again(on: Ground, ours: _Ours) -> Decision:
    """Draft a decision that changes nothing once more, word for word, of the skill as it stands now."""
    path = on.place(ours.decision.path)
    now = on.document(path)
    number = now.version or None if now else None
    told = replace(ours.decision, path=path, before=number, after=number)
    on.tx.commit(encode(told), {}, author_of=ours.revision.oid)
    return told


def _read(on: Ground, revision: Revision) -> _Ours | None:
    """Our decision, taken apart; None where the commit says none, or does other things as well."""
    decision, (parent,) = revision.decision, revision.parents
    if decision is None:
        return None
    repo, start = on.tx.repo, decision.was or decision.path
    before, after = repo.files(parent, start), repo.files(revision.oid, decision.path)
    changed = _differing(before, after)
    said = len(before) + len(after) if decision.was else len(changed)
    if len(changed_paths(repo, parent, revision.oid)) != said:
        return None
    changed.pop(FILE, None)
    texts = readable(repo, parent, start), readable(repo, revision.oid, decision.path)
    if FILE in after and texts[1] is None:
        return None
    return _Ours(revision, decision, start, *texts, before, changed)


def _differing(before: Files, after: Files) -> dict[str, Entry | None]:
    gone: dict[str, Entry | None] = dict.fromkeys(name for name in before if name not in after)
    return {**gone, **{name: entry for name, entry in after.items() if before.get(name) != entry}}


def _again(on: Ground, ours: _Ours) -> Change | _Not:
    """What our decision comes to on this ground."""
    moves = ours.decision.was is not None
    path = on.place(ours.start) if ours.files_before else ours.start
    target = ours.decision.path if moves else path
    if moves and ours.start in on.left:
        return _Not(f"it was moved to '{shown(path)}' there", known=path == target)
    if moves and on.files(target):
        return _Not(f"there is another skill '{shown(target)}' now")
    if (moves or not ours.files_before) and on.is_inside_a_skill(target):
        return _Not("a folder above it is a skill now")
    if not ours.files_before:
        decided = _decided(on, ours, path)
        if decided or on.files(path):
            return decided or _added(on, ours, path)
    found = _kept(on, ours, path, target) if _untouched(on, ours, path) else _met(on, ours, path, target)
    return replace(found, was=path) if moves and isinstance(found, Change) else found


def _untouched(on: Ground, ours: _Ours, path: str) -> bool:
    """Whether the skill is there as our decision found it, but for its version."""
    now, then = on.files(path), ours.files_before
    if now == then:
        return True
    theirs = on.document(path)
    if theirs is None or ours.before is None or _beside(now) != _beside(then):
        return False
    return aligned(ours.before, like=theirs, name=theirs.name).render() == theirs.render()


def _kept(on: Ground, ours: _Ours, path: str, target: str) -> Change:
    theirs, after = on.document(path), ours.after
    if theirs and after:
        after = _own_version(aligned(after, like=theirs, name=_name(target)), ours)
    return ours.change(target, theirs, after)


def _met(on: Ground, ours: _Ours, path: str, target: str) -> Change | _Not:
    """What our decision comes to where they have changed the same skill, or taken it away."""
    theirs, files = on.document(path), on.files(path)
    if ours.after is None:
        return _Not("it was changed there, and removed here") if files else _Not("it is gone there too", known=True)
    if theirs is None or ours.before is None:
        return _Not("it was changed there" if files else "it was removed there")
    sides = [aligned(side, like=theirs, name=_name(target)) for side in (ours.before, ours.after, theirs)]
    merged = combine(*sides)
    if merged is None:
        return _Not("the same words were changed there")
    changed = {name: entry for name, entry in ours.changed.items() if files.get(name) != entry}
    both = [name for name in changed if files.get(name) != ours.files_before.get(name)]
    if both:
        return _Not(f"'{both[0]}' was changed there too")
    if merged.render() == sides[2].render() and not changed and target == path:
        return _covered(ours, path, theirs)
    return replace(ours.change(target, theirs, _own_version(merged, ours)), files=changed)


def _decided(on: Ground, ours: _Ours, path: str) -> Change | _Not | None:
    """What a lesson that made a skill comes to where they have by now learned one for the same job; else None."""
    user, after, repo = owner(path), ours.after, on.tx.repo
    if not on.added or user is None or after is None or ours.decision.attempt is None or ours.changed:
        return None
    known = repo.skills(on.tx.tip)
    on.index.sync(known, repo.read)
    candidate = lesson(None, after)
    said = decide(
        candidate, user=user, skills=known, load=lambda found: read(repo, known[found], found), index=on.index
    )
    if said.action == "add" or said.path not in on.added:
        return None
    assert said.before is not None and said.after is not None
    on.moved[path] = said.path
    if said.action == "discard":
        return _covered(ours, said.path, said.before)
    if not keeps(said.after, rules(said.before.body)):
        return _Not(f"it contradicts {shown(said.path)} as learned there")
    change = ours.change(said.path, said.before, said.after)
    return replace(change, action="merge", reason=said.reason, score=said.score, nearest=said.nearest)


def _added(on: Ground, ours: _Ours, path: str) -> Change | _Not:
    """What a new skill of ours comes to where its name is taken by now."""
    theirs, after = on.document(path), ours.after
    assert after is not None
    same = theirs and aligned(after, like=theirs, name=theirs.name).render() == theirs.render()
    if theirs and same and _beside(on.files(path)) == ours.changed:
        return _covered(ours, path, theirs)
    if theirs and theirs.id == after.id:
        return _Not("it was brought in there too, with other words")
    folder, _, name = path.rpartition("/")
    own = f"{folder}/{naming.unique(name, _names(on, folder))}"
    on.moved[path] = own
    return ours.change(own, None, after.with_field("name", _name(own)))


def _covered(ours: _Ours, path: str, theirs: Document) -> Change | _Not:
    """Where they say it all: a lesson is on record as a discard; any other change is made already."""
    if ours.decision.attempt is None:
        return _Not("the same change was made there", known=True)
    words = f"already covered by {shown(path)}"
    change = ours.change(path, theirs, theirs)
    return replace(change, action="discard", summary=words, reason=words, files={}, score=None, nearest=None)


def _own_version(document: Document, ours: _Ours) -> Document:
    """The document with the version our decision gave it, which counts where it is above theirs."""
    assert ours.after is not None
    return document.with_field(_VERSION, ours.after.version) if ours.after.version else document


def _beside(files: Files) -> Files:
    return {name: entry for name, entry in files.items() if name != FILE}


def _names(on: Ground, folder: str) -> list[str]:
    inside = (path.removeprefix(f"{folder}/") for path in on.tx.repo.skills(on.tx.tip) if path.startswith(f"{folder}/"))
    return [path.partition("/")[0] for path in inside]


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _picked(on: Ground, revision: Revision) -> Reapplied:
    repo, (parent,) = on.tx.repo, revision.parents
    found = pick(on.tx, revision.oid, parent=parent)
    if found.conflicts:
        raise Refused(
            f"commit {revision.oid[:10]} '{revision.subject}' meets a conflict in '{found.conflicts[0]}'",
            hint="nothing was changed; 'git pull --rebase' lets you resolve it, as it is no decision of skillgit's",
        )
    assert on.tx.tip is not None
    if changed_paths(repo, parent, revision.oid) and not changed_paths(repo, on.tx.tip, found.tree):
        return Reapplied(revision, "known", "the same change was made there")
    on.tx.commit_tree(revision.message, found.tree, author_of=revision.oid)
    return Reapplied(revision, "again")
