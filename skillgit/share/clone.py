"""A clone that is ready to be worked in: what git does not let travel is set up here, and nothing that travels acts.

It appears as a whole (`appearing.py`): whatever stops it, there is a clone that is set up, or none. A library that
cannot be had is told of, and can be fetched later. The search index follows in the background.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from skillgit.changes.skill import shown
from skillgit.errors import Refused, SkillgitError, UsageError
from skillgit.git import address, incoming, setup, submodule, upkeep
from skillgit.git import clone as clones
from skillgit.git import hooks as hook_files
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import git
from skillgit.git.submodule import Pin
from skillgit.learn.guard import Gate
from skillgit.learn.scan import SEVERITIES, scan
from skillgit.share import library
from skillgit.share.appearing import appearing
from skillgit.skills import naming
from skillgit.skills.tree import MAX_FILE, Listed, problems_of_tree

_GATE = Gate(SEVERITIES.index("high"))
"""The default one: what came does not say what is held against it."""


@dataclass(frozen=True, slots=True)
class Cloned:
    """A clone: its skills, its libraries as they are pinned, and what was put in.

    `unfetched` is why a library is not here, by its name; `suspect` is what speaks against a skill, a line each;
    `lacks` are files of a skill repository that its keepers have not committed; `hookless` is why hooks are not there
    though they were wanted.
    """

    repo: Repo
    skills: int
    libraries: tuple[Pin, ...] = ()
    unfetched: tuple[tuple[str, SkillgitError], ...] = ()
    suspect: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    hookless: Refused | None = None


def clone(
    url: str,
    directory: Path | None = None,
    *,
    user: str | None = None,
    branch: str | None = None,
    depth: int | None = None,
    hooks: bool = True,
) -> Cloned:
    """The repository at an address is in a directory, by default one of its own name, and set up for `user`.

    Refused where something else is in that directory; what is wrong with the address, or with what is there, as in
    `skillgit.git.clone`.
    """
    where = address.typed(url)
    own = naming.segment(user) if user else None
    place = directory or Path(_name(where))
    with appearing(place) as unfinished:
        repo = clones.clone(where, unfinished.folder, branch=branch, depth=depth, keep=(unfinished.held,))
        setup.configure(repo, setup.SETTINGS | setup.OWN_SETTINGS)
        if own:
            git(["config", "--local", "skillgit.user", own], cwd=repo.directory)
        done = _equipped(repo, hooks=hooks)
    repo = Repo.open(place)
    if done.skills and upkeep.is_on(repo):
        hook_files.refresh(repo)
    return replace(done, repo=repo)


def _name(url: str) -> str:
    """The folder that git would make for an address."""
    last = re.split(r"[/:]", re.sub(r"/\.git/?$", "", url.rstrip("/")))[-1].removesuffix(".git")
    if last in ("", ".", "..") or last.startswith("-"):
        raise UsageError(f"'{naming.shown(url)}' says no name for a folder", hint="name one: skillgit clone URL DIR")
    return last


def _equipped(repo: Repo, *, hooks: bool) -> Cloned:
    tip = repo.tip("HEAD")
    hookless = _without_hooks(repo) if hooks else None
    pins = tuple(pin for _, pin in sorted(submodule.pins(repo, tip).items()))
    unfetched = tuple(_unfetched(repo, pins))
    lacks = setup.missing(repo, tip) if tip else ()
    return Cloned(repo, len(repo.skills(tip)), pins, unfetched, tuple(_suspect(repo, tip)), lacks, hookless)


def _without_hooks(repo: Repo) -> Refused | None:
    """Install git's hooks; where they cannot be, as git looks for them elsewhere, why."""
    try:
        hook_files.install(repo, hook_files.LOCAL)
    except Refused as err:
        return err
    return None


def _unfetched(repo: Repo, pins: tuple[Pin, ...]) -> Iterator[tuple[str, SkillgitError]]:
    """Fetch the libraries; those that could not be had, and why."""
    for pin in pins:
        try:
            library.bring(repo, pin.name)
        except SkillgitError as err:
            yield pin.name, err


def _suspect(repo: Repo, tip: str | None) -> Iterator[str]:
    """What speaks against the skills that came, the first of each: links, dangerous names, what the scan refuses."""
    skills = {path: repo.files(tip, path) for path in submodule.own_skills(repo, tip)}
    sizes = incoming.sizes(repo.directory, (entry.oid for files in skills.values() for entry in files.values()))
    for path, files in skills.items():
        fault = next(_faults(repo, shown(path), files, sizes), None)
        if fault:
            yield f"{naming.shown(shown(path))}: {fault}"


def _faults(repo: Repo, skill: str, files: Mapping[str, Entry], sizes: Mapping[str, int]) -> Iterator[str]:
    listed = (Listed(name, entry.mode, sizes.get(entry.oid, 0)) for name, entry in files.items())
    yield from (problem.message for problem in problems_of_tree(listed))
    for name, entry in files.items():
        content = repo.read(entry.oid) if sizes.get(entry.oid, MAX_FILE + 1) <= MAX_FILE else b""
        refused = (finding for finding in scan(name, content) if _GATE.refuses(finding, skill))
        yield from (f"{naming.shown(name)}, line {finding.line or 1}: {finding.why}" for finding in refused)
