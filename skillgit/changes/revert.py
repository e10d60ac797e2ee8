"""Undoing, forwards: an earlier version comes back as a new one, so that a revert can be reverted."""

from __future__ import annotations

from skillgit.changes import versions
from skillgit.changes.record import Change, Recorded, record
from skillgit.changes.skill import FILE, Skill, load, readable, shown
from skillgit.errors import NotFound, Refused
from skillgit.git import history
from skillgit.git.repo import Entry, Repo
from skillgit.git.transaction import Landed, Transaction, write


def revert(repo: Repo, path: str, *, to: str | None = None) -> tuple[Recorded, Landed]:
    """Bring back the skill at `path` as it was at version `to`, or before its last change, files and all.

    A removed skill comes back. Refused where that is how it stands already.
    """
    made: list[Recorded] = []

    def body(tx: Transaction) -> None:
        assert tx.tip is not None
        commit, then = _earlier(repo, tx.tip, path, to)
        now = readable(repo, tx.tip, path)
        files = _differing(repo.files(tx.tip, path), repo.files(commit, then.path))
        after = then.document.with_field("name", path.rpartition("/")[2])
        after = after.with_field(("metadata", "id"), now.id) if now and now.id else after
        if now is not None and not files and now.render() == after.with_field(_VERSION, now.version).render():
            raise Refused(f"skill '{shown(path)}' is already as it was at {then.version}", hint=_back(path, then.path))
        summary = f"back to {then.version}"
        made[:] = [record(tx, Change("revert", path, now, after.with_field(_VERSION, ""), summary, files=files))]

    landed = write(repo, body)
    return made[0], landed


_VERSION = ("metadata", "version")


def _earlier(repo: Repo, tip: str, path: str, to: str | None) -> tuple[str, Skill]:
    """The commit and the skill to go back to."""
    last = next(history.log_of(repo, tip, path, limit=1), None)
    if last is None:
        raise NotFound(f"no skill '{shown(path)}'")
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


def _back(path: str, old: str) -> str:
    """The hint that a move is undone by another one; "" where there was none."""
    return f"'skillgit mv {shown(path)} {shown(old)}' gives it its old name back" if path != old else ""


def _differing(now: dict[str, Entry], then: dict[str, Entry]) -> dict[str, Entry | None]:
    """What makes the files of `now` those of `then`, SKILL.md left aside."""
    gone: dict[str, Entry | None] = dict.fromkeys(name for name in now if name not in then)
    changed = {name: entry for name, entry in then.items() if now.get(name) != entry}
    return {name: entry for name, entry in {**gone, **changed}.items() if name != FILE}
