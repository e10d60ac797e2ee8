"""Undoing, forwards: an earlier version comes back as a new one, so that a revert can be reverted."""

from __future__ import annotations

from dataclasses import dataclass

from skillgit.changes import compare, versions
from skillgit.changes.compare import FileChange
from skillgit.changes.record import Change, Recorded, describe, record, vet
from skillgit.changes.skill import FILE, Skill, load, readable, shown
from skillgit.errors import NotFound, Refused
from skillgit.git import history
from skillgit.git.drafts import drafting
from skillgit.git.history import Revision
from skillgit.git.message import Decision
from skillgit.git.repo import Entry, Repo
from skillgit.git.transaction import Landed, Transaction, write


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What `revert` would do: its decision, and the files that it would change.

    `last` is the commit that changed the skill last, which is what the revert would be made on.
    """

    decision: Decision
    files: tuple[FileChange, ...]
    last: str


def revert(repo: Repo, path: str, *, to: str | None = None, last: str | None = None) -> tuple[Recorded, Landed]:
    """Bring back the skill at `path` as it was at version `to`, or before its last change, files and all.

    A removed skill comes back. Refused where that is how it stands already, and where the commit that changed it last
    is not `last`, if one is given.
    """
    made: list[Recorded] = []

    def body(tx: Transaction) -> None:
        if last is not None and _last(repo, tx.tip or "", path).oid != last:
            raise Refused(f"skill '{shown(path)}' has changed meanwhile", hint="look again at what the revert would do")
        made[:] = [record(tx, _change(tx, path, to))]

    landed = write(repo, body)
    return made[0], landed


def rehearse(repo: Repo, path: str, *, to: str | None = None) -> Rehearsal:
    """What `revert` would do now, and the errors that it would raise; nothing is kept of it."""
    tip = repo.resolve("HEAD")
    with drafting(repo) as drafts:
        tx = Transaction(repo, repo.branch_ref(), tip, drafts=drafts)
        change = _change(tx, path, to)
        vet(tx, change)
        decision, document = describe(tx, change)
        assert document is not None
        now = repo.files(tip, path)
        then = {**now, **change.files, FILE: tx.file(document.render())}
        after = {name: entry for name, entry in then.items() if entry}
        return Rehearsal(decision, compare.files(repo, now, after), _last(repo, tip, path).oid)


def _change(tx: Transaction, path: str, to: str | None) -> Change:
    assert tx.tip is not None
    repo = tx.repo
    commit, then = _earlier(repo, tx.tip, path, to)
    now = readable(repo, tx.tip, path)
    files = differing(repo.files(tx.tip, path), repo.files(commit, then.path))
    after = then.document.with_field("name", path.rpartition("/")[2])
    after = after.with_field(("metadata", "id"), now.id) if now and now.id else after
    if now is not None and not files and now.render() == after.with_field(_VERSION, now.version).render():
        raise Refused(f"skill '{shown(path)}' is already as it was at {then.version}", hint=_back(path, then.path))
    return Change("revert", path, now, after.with_field(_VERSION, ""), f"back to {then.version}", files=files)


_VERSION = ("metadata", "version")


def _earlier(repo: Repo, tip: str, path: str, to: str | None) -> tuple[str, Skill]:
    """The commit and the skill to go back to."""
    last = _last(repo, tip, path)
    was = last.decision.was if last.decision else None
    if last.decision and was == path:
        raise Refused(f"skill '{shown(path)}' is now '{last.decision.skill}'", hint=_back(last.decision.path, path))
    if to is not None:
        match = versions.find(repo, tip, path, to)
        return match.revision.oid, load(repo, match.revision.oid, match.path)
    place = was or path
    for parent in last.parents[:1]:
        if place in repo.skills(parent):
            return parent, load(repo, parent, place)
    hint = versions.cut_short(repo) or f"'skillgit remove {shown(path)}' takes it away"
    raise Refused(f"skill '{shown(path)}' has no earlier version", hint=hint)


def _last(repo: Repo, tip: str, path: str) -> Revision:
    """The commit that changed the skill last."""
    found = next(history.log_of(repo, tip, path, limit=1), None)
    if found is None:
        raise NotFound(f"no skill '{shown(path)}'")
    return found


def _back(path: str, old: str) -> str:
    """The hint that a move is undone by another one; "" where there was none."""
    return f"'skillgit mv {shown(path)} {shown(old)}' gives it its old name back" if path != old else ""


def differing(now: dict[str, Entry], then: dict[str, Entry]) -> dict[str, Entry | None]:
    """What turns the files of `now` into those of `then`, SKILL.md left aside."""
    gone: dict[str, Entry | None] = dict.fromkeys(name for name in now if name not in then)
    changed = {name: entry for name, entry in then.items() if now.get(name) != entry}
    return {name: entry for name, entry in {**gone, **changed}.items() if name != FILE}
