"""skillgit.lock: what a project's agents are given, to the byte.

    {
      "version": 1,
      "commit": "<oid>",                               the branch as it was locked
      "libraries": {
        "acme": {"commit": "<oid>", "tree": "<oid>", "url": "https://example.com/acme.git"}
      },
      "skills": {
        "Users/ada/pdf": {
          "links": [{"agent": "claude", "kind": "link", "scope": "project"}],
          "name": "pdf",                               what agents call it
          "tree": "<oid>",                             git's name of the folder: `git rev-parse COMMIT:PATH`
          "version": "0.1.0"
        }
      }
    }

Keys are sorted and nothing says when or where it was written, so that it merges as a text and differs only where what
is locked does. `restore.py` reads it back into place, `drift.py` says where the two part.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from skillgit import files
from skillgit.changes.skill import load
from skillgit.errors import Invalid, NotFound, Refused
from skillgit.git import submodule
from skillgit.git.repo import Repo, folder_oid, library
from skillgit.share import agent_folders, links
from skillgit.share.agent_folders import Scope
from skillgit.share.links import Link
from skillgit.share.picked import pick
from skillgit.skills import naming

NAME = "skillgit.lock"
VERSION = 1

T = TypeVar("T")

_OID = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class LockedLibrary:
    """A library as it was pinned: its commit, the tree of that commit, and the address it came from."""

    commit: str
    tree: str
    url: str


@dataclass(frozen=True, slots=True)
class LockedLink:
    """A place that a skill is linked into."""

    agent: str
    scope: Scope
    kind: Literal["link", "copy"]


@dataclass(frozen=True, slots=True)
class LockedSkill:
    """A skill as it was: its name, its tree, the version that it said it had, and where it was linked."""

    name: str
    tree: str
    version: str
    links: tuple[LockedLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Lock:
    """What a lock file says: libraries by name, skills by path."""

    commit: str
    libraries: Mapping[str, LockedLibrary] = field(default_factory=dict)
    skills: Mapping[str, LockedSkill] = field(default_factory=dict)


def lock(repo: Repo, tip: str, known: Sequence[Link], *, pinned: Iterable[str]) -> Lock:
    """What is linked now, with all libraries, and the skills at the paths `pinned` besides.

    Refused where an agent is given something else than the branch has, which no lock file could bring back.
    """
    for each in known:
        state = links.state(repo, tip, each)
        if state != "ok":
            raise Refused(f"'{each.place}' is {state}", hint="'skillgit links' lists them, 'skillgit link' renews them")
    paths = sorted({each.skill for each in known} | set(pinned))
    skills = {path: _skill(repo, tip, path, [each for each in known if each.skill == path]) for path in paths}
    libraries = {pin.name: _library(repo, pin) for pin in submodule.pins(repo, tip).values()}
    return Lock(tip, libraries, skills)


def read(file: Path) -> Lock:
    """What a lock file says; NotFound where there is none, Invalid where it is none."""
    if not file.is_file():
        raise NotFound(f"no '{file}'", hint="'skillgit lock' writes it")
    content = file.read_bytes()
    if re.search(rb"^(<{7}|>{7}) ", content, re.MULTILINE):
        raise Invalid(f"'{file}' has conflict markers", hint="'skillgit lock' writes it anew, of what is there now")
    try:
        return _lock(json.loads(content))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as err:
        raise Invalid(f"'{file}' is no lock file of skillgit", hint=f"{type(err).__name__}: {err}") from err


def write(file: Path, locked: Lock) -> bool:
    """The file says what is locked, put there in one step; False where it did already."""
    content = render(locked)
    if file.exists() and not file.is_file():
        raise Refused(f"'{file}' is no file")
    if file.is_file() and file.read_text() == content:
        return False
    files.write(file, content.encode())
    file.chmod(0o644)  # as git would check it out: others are to read it
    return True


def render(locked: Lock) -> str:
    """The text of a lock file; the same for the same lock."""
    return json.dumps({"version": VERSION} | asdict(locked), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _skill(repo: Repo, tip: str, path: str, known: Sequence[Link]) -> LockedSkill:
    picked = pick(repo, path, tree=folder_oid(repo, tip, path))
    linked = {LockedLink(each.agent, each.scope, each.kind) for each in known}
    rows = tuple(sorted(linked, key=lambda each: (each.agent, each.scope)))
    return LockedSkill(picked.name, picked.tree, load(repo, tip, path).version, rows)


def _library(repo: Repo, pin: submodule.Pin) -> LockedLibrary:
    tree = library(repo, pin.path, pin.commit)
    if tree is None:
        raise Refused(f"library '{pin.name}' is not fetched", hint=f"'skillgit library fetch {pin.name}' brings it")
    return LockedLibrary(pin.commit, str(tree.id), pin.url)


def _lock(said: Mapping[str, object]) -> Lock:
    if said["version"] != VERSION:
        raise ValueError(f"version {said['version']}, where this skillgit knows {VERSION}")
    return Lock(_oid(said["commit"]), _rows(said["libraries"], _locked_library), _rows(said["skills"], _locked_skill))


def _rows(said: object, row: Callable[[Mapping[str, object]], T]) -> dict[str, T]:
    return {_path(path): row(_mapping(each)) for path, each in _mapping(said).items()}


def _locked_library(said: Mapping[str, object]) -> LockedLibrary:
    return LockedLibrary(_oid(said["commit"]), _oid(said["tree"]), _text(said["url"]))


def _locked_skill(said: Mapping[str, object]) -> LockedSkill:
    rows = said["links"]
    if not isinstance(rows, list):
        raise TypeError("links are no list")
    linked = tuple(_locked_link(_mapping(row)) for row in rows)
    return LockedSkill(_name(said["name"]), _oid(said["tree"]), _text(said["version"]), linked)


def _locked_link(said: Mapping[str, object]) -> LockedLink:
    agent, scope, kind = (_text(said[key]) for key in ("agent", "scope", "kind"))
    if agent not in {each.name for each in agent_folders.AGENTS}:
        raise ValueError(f"no agent '{naming.shown(agent)}'")
    if scope not in ("user", "project") or kind not in ("link", "copy"):
        raise ValueError(f"no scope '{naming.shown(scope)}', or no kind '{naming.shown(kind)}'")
    return LockedLink(agent, "user" if scope == "user" else "project", "link" if kind == "link" else "copy")


def _oid(said: object) -> str:
    if not isinstance(said, str) or not _OID.fullmatch(said):
        raise ValueError(f"'{naming.shown(str(said))}' is no object id")
    return said


def _path(said: str) -> str:
    fault = next(filter(None, map(naming.danger, said.split("/"))), "")
    if fault:
        raise ValueError(f"'{naming.shown(said)}': {fault}")
    return said


def _name(said: object) -> str:
    name = _text(said)
    if naming.slug(name) != name:
        raise ValueError(f"'{naming.shown(name)}' is no name of a skill")
    return name


def _text(said: object) -> str:
    if not isinstance(said, str):
        raise TypeError(f"{said!r} is no text")
    return said


def _mapping(said: object) -> Mapping[str, object]:
    if not isinstance(said, dict):
        raise TypeError(f"{naming.shown(repr(said))} is no object")
    return said
