"""Shared libraries: git repositories of skills, each pinned to a commit under `Common/`.

    offered = offer_new(repo, url)          fetched, looked through and compared; the branch stays as it is
    offered = offer_update(repo, name)
    landed = take(repo, offered)            one commit: the pin, .gitmodules, and what it means for each skill

A library is refused as a whole where its objects are hostile or too many, or where the gate refuses a line of a skill
in it. A skill with a link in it, or a name that is dangerous elsewhere, is told of: nothing follows it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from skillgit.changes.skill import shown
from skillgit.errors import NotFound, Refused, UsageError
from skillgit.git import address, submodule
from skillgit.git.drafts import drafting
from skillgit.git.message import one_line
from skillgit.git.objects import Draft, write_commit
from skillgit.git.repo import Entry, Repo, library, names
from skillgit.git.submodule import GITLINK, MODULES, Address, Pin
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.learn import guard
from skillgit.learn.scan import Finding
from skillgit.share.library_diff import SkillChange, compare, of_library
from skillgit.skills import naming
from skillgit.skills.tree import Listed, problems_of_tree

_WIDTH = 500


@dataclass(frozen=True, slots=True)
class Library:
    """A library as it is pinned: how many skills it has, None where it was not fetched, and how far behind it is.

    `behind` counts the commits that its remote had more when it was last asked; None where that is not known.
    """

    pin: Pin
    url: str
    skills: int | None
    behind: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a library would become: its pin, the commit that is pinned now, and what that means.

    `forced`: the commit that is pinned is not in the history of the new one. `findings` are what the scan finds in
    new lines, by skill; `doubts` are what a skill's files have against them.
    """

    pin: Pin
    old: str | None
    changes: tuple[SkillChange, ...] = ()
    findings: tuple[tuple[str, Finding], ...] = ()
    doubts: tuple[str, ...] = ()
    forced: bool = False


def libraries(repo: Repo) -> tuple[Library, ...]:
    """The libraries of HEAD, by name; nothing is fetched."""
    tip = repo.tip("HEAD")
    return tuple(_library(repo, tip, pin) for _, pin in sorted(submodule.pins(repo, tip).items()))


def offer_new(repo: Repo, url: str, *, name: str | None = None, rev: str | None = None) -> Offer:
    """What adding the library at an address would bring, at a branch, tag or commit of it or where its HEAD is.

    Refused where the name is taken, NotFound where there is no such commit, or no skill in it.
    """
    where = Address(address.typed(url), own=True)
    path = f"Common/{_name(url, name)}"
    taken = {naming.folded(each) for each in names(repo, repo.tip("HEAD"), "Common")}
    if naming.folded(path.removeprefix("Common/")) in taken:
        raise Refused(f"'{path}' is already there", hint="give the library another name with --name")
    with _dropped_unless_done(submodule.store(repo, path)):
        submodule.fetch(repo, path, where)
        commit = submodule.resolve(repo, path, _revision(rev))
        branch = rev if rev and submodule.is_branch(repo, path, rev) else ""
        offered = _offer(repo, Pin(path, commit, where.url, branch), None)
        if not offered.changes:
            raise NotFound(f"no SKILL.md in '{naming.shown(url)}'", hint="a library is a git repository of skills")
    return offered


def offer_update(repo: Repo, name: str, *, to: str | None = None) -> Offer:
    """What moving a library to a branch, tag or commit would bring, or to what it follows."""
    pin = find(repo, name)
    where = submodule.address(repo, pin)
    submodule.fetch(repo, pin.path, where)
    commit = submodule.resolve(repo, pin.path, _revision(to) or pin.branch or None)
    return _offer(repo, Pin(pin.path, commit, pin.url, pin.branch), pin.commit)


def bring(repo: Repo, name: str) -> Pin:
    """A library is here as it is pinned: fetched, where it was not."""
    pin = find(repo, name)
    submodule.bring(repo, pin, submodule.address(repo, pin))
    submodule.check_size(repo, pin.path, pin.commit)
    return pin


def take(repo: Repo, offered: Offer) -> Landed:
    """Pin what was offered, as one commit; Refused where the gate refuses a line, or the pin has moved meanwhile."""
    own = guard.gate(repo)
    for skill in dict.fromkeys(skill for skill, _ in offered.findings):
        guard.refuse(own, shown(skill), [finding for path, finding in offered.findings if path == skill])
    pin = offered.pin
    submodule.keep(repo, pin.path, pin.commit)

    def body(tx: Transaction) -> None:
        there = submodule.pins(repo, tx.tip).get(pin.path)
        if (there.commit if there else None) != offered.old:
            raise Refused(f"library '{pin.name}' was moved meanwhile", hint="try again")
        edits = {pin.path: Entry(pin.commit, GITLINK)}
        if offered.old is None:
            edits[MODULES] = tx.file(submodule.with_entry(repo, tx.tip, pin))
        tx.commit(_message(offered), edits)

    landed = write(repo, body)
    if offered.old is None:
        submodule.remember(repo, pin.path, pin.url)
    return landed


def remove(repo: Repo, name: str) -> tuple[Pin, Landed]:
    """Take a library out of the branch; its objects stay, as the history pins them."""
    pin = find(repo, name)

    def body(tx: Transaction) -> None:
        if pin.path not in submodule.pins(repo, tx.tip):
            raise NotFound(f"no library '{pin.name}'")
        edits: dict[str, Entry | None] = {pin.path: None}
        left = submodule.without_entry(repo, tx.tip, pin.path) if pin.url else None
        edits[MODULES] = tx.file(left) if left else None
        tx.commit(f"library({pin.name}): removed\n", edits)

    landed = write(repo, body)
    submodule.forget(repo, pin.path)
    return pin, landed


def find(repo: Repo, name: str) -> Pin:
    """The library of HEAD with this name; NotFound where there is none."""
    known = submodule.pins(repo, repo.tip("HEAD"))
    pin = known.get(f"Common/{name.removeprefix('Common/').rstrip('/')}")
    if pin is None:
        listed = ", ".join(sorted(each.name for each in known.values()))
        raise NotFound(f"no library '{naming.shown(name)}'", hint=f"there is: {listed}" if listed else "")
    return pin


def _library(repo: Repo, tip: str | None, pin: Pin) -> Library:
    fetched = library(repo, pin.path, pin.commit) is not None
    skills = len(of_library(repo, tip, pin.path)) if fetched else None
    url = repo.config(f"submodule.{pin.path}.url") or pin.url
    return Library(pin, url, skills, _behind(repo, pin) if fetched else None)


def _behind(repo: Repo, pin: Pin) -> int | None:
    try:
        latest = submodule.resolve(repo, pin.path, pin.branch or None)
    except NotFound:  # the branch it follows is gone, or nobody has fetched since git cloned it
        return None
    return submodule.between(repo, pin.path, pin.commit, latest)


def _offer(repo: Repo, pin: Pin, old: str | None) -> Offer:
    submodule.check_size(repo, pin.path, pin.commit)
    tip = repo.tip("HEAD")
    with _pinned(repo, tip, pin) as draft:
        changes = compare(repo, tip if old else None, draft, pin.path)
        findings = tuple(_findings(repo, tip, draft, changes))
        doubts = tuple(_doubts(repo, draft, changes))
    is_known = old is not None and library(repo, pin.path, old) is not None
    forced = is_known and not submodule.follows(repo, pin.path, old or "", pin.commit)
    return Offer(pin, old, changes, findings, doubts, forced)


@contextmanager
def _dropped_unless_done(store: Path) -> Iterator[None]:
    """A store that was not there before goes again where what is done inside fails."""
    done = store.exists()
    try:
        yield
        done = True
    finally:
        if not done:
            shutil.rmtree(store, ignore_errors=True)


@contextmanager
def _pinned(repo: Repo, tip: str | None, pin: Pin) -> Iterator[str]:
    """A commit in memory that is the tip with the library pinned so."""
    with drafting(repo):
        yield write_commit(repo, tip, Draft("", {pin.path: Entry(pin.commit, GITLINK)}))


def _findings(repo: Repo, old: str | None, new: str, changes: tuple[SkillChange, ...]) -> Iterator[tuple[str, Finding]]:
    """What the scan finds in skills that come or change, but for what was found in them before."""
    for change in changes:
        if change.kind != "removed":
            was = guard.examine(repo, old, change.was or change.path) if change.kind != "added" else ()
            known = {(finding.kind, finding.path, finding.why) for finding in was}
            found = guard.examine(repo, new, change.path)
            yield from ((change.path, each) for each in found if (each.kind, each.path, each.why) not in known)


def _doubts(repo: Repo, new: str, changes: tuple[SkillChange, ...]) -> Iterator[str]:
    for change in changes:
        files = repo.files(new, change.path) if change.kind != "removed" else {}
        for problem in problems_of_tree(Listed(name, entry.mode, 0) for name, entry in files.items()):
            yield f"{shown(change.path)}: {problem.message}"


def _message(offered: Offer) -> str:
    """It is about a library and no single skill, and so says no decision."""
    pin, old = offered.pin, offered.old
    did = f"moved from {old[:10]} to {pin.commit[:10]}" if old else f"at {pin.commit[:10]}"
    told = (f"from {pin.url}", *(change.words for change in offered.changes))
    return f"library({pin.name}): {did}\n\n" + "".join(f"| {one_line(line, _WIDTH)}\n" for line in told)


def _name(url: str, name: str | None) -> str:
    last = re.split(r"[/:]", url.rstrip("/"))[-1].removesuffix(".git")
    return naming.segment(name) if name else naming.slug(last)


def _revision(rev: str | None) -> str | None:
    if rev is not None and (rev.startswith("-") or not rev.isprintable() or not rev):
        raise UsageError(f"'{naming.shown(rev)}' is no branch, tag or commit")
    return rev
