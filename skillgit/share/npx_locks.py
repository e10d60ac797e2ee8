"""The lock files of `npx skills` and `gh skill`: read, and written as these two write them.

    skills-lock.json             of a project, version 1: {"version": 1, "skills": {NAME: ENTRY}}
        source, sourceType       "owner/repo" and "github", or another address and "gitlab", "git" or "local"
        ref, skillPath           the branch, and the SKILL.md in the source
        computedHash             sha256 over each file's path and bytes, in the order of JavaScript's localeCompare
    .skill-lock.json             of a home, version 3, in ~/.agents or in $XDG_STATE_HOME/skills
        sourceUrl                the address to fetch from
        skillFolderHash          git's oid of the folder's tree: what skillgit.lock calls `tree`
        installedAt, updatedAt   when, in UTC

Fields that are not listed here are kept as they are, and so is every entry that is of another source. A file that git
left with conflict markers is read as both its sides, theirs over ours, as `npx skills` does.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from skillgit.errors import Invalid, Refused
from skillgit.git import address, submodule
from skillgit.git.repo import Repo, tree_files
from skillgit.share.agent_folders import Scope
from skillgit.share.links import Link
from skillgit.share.lockfile import Lock, LockedSkill
from skillgit.skills import naming

Entry = dict[str, object]

PROJECT, USER = "skills-lock.json", ".skill-lock.json"
_VERSIONS: Mapping[Scope, int] = {"project": 1, "user": 3}
_HASHES: Mapping[Scope, str] = {"project": "computedHash", "user": "skillFolderHash"}
_FORGE = re.compile(
    r"(?:https?://(?:[^@/]*@)?|ssh://(?:[^@/]*@)?|[^@/:]+@)(git(?:hub|lab))\.com[/:]+(.+?)(?:\.git)?/*$"
)
_USERINFO = re.compile(r"(?<=//)[^@/]*@")
_MARKERS = {"<": "ours", "|": "base", "=": "theirs", ">": ""}
_ORDER = {char: rank for rank, char in enumerate(" _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789")}
"""How the root collation of Unicode sorts what is no letter; it sorts letters behind that."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a skill comes from, as these lock files say it: `path` is that of its SKILL.md there."""

    source: str
    kind: str
    url: str
    ref: str
    path: str


def file_of(scope: Scope, project: Path) -> Path:
    """Where the lock file of a project, or of this home, is."""
    if scope == "project":
        return project / PROJECT
    state = os.environ.get("XDG_STATE_HOME")
    return Path(state) / "skills" / USER if state else Path.home() / ".agents" / USER


def read(file: Path, *, version: int) -> dict[str, object]:
    """What a lock file says; without skills where it is not there, or empty. Invalid where it is of another version."""
    content = file.read_text() if file.is_file() else ""
    if not content.strip():
        return {"version": version, "skills": {}}
    said = _parsed(content) or _healed(content)
    if said is None:
        raise Invalid(f"'{file}' cannot be read", hint="it is JSON with 'version' and 'skills', or was")
    if said["version"] != version:
        raise Invalid(f"'{file}' has version {said['version']}", hint=f"skillgit knows version {version} of it")
    return said


def other_source(repo: Repo, link: Link, project: Path) -> str:
    """The source that a lock file gives for what is at the place of a link, where it is not the skill's; else ""."""
    entry = _skills(read(file_of(link.scope, project), version=_VERSIONS[link.scope])).get(link.name)
    is_other = isinstance(entry, dict) and not _is_of(entry, source_of(repo, link.skill, project))
    return naming.shown(str(entry.get("source"))) if isinstance(entry, dict) and is_other else ""


def write(repo: Repo, locked: Lock, *, scope: Scope, project: Path) -> Path | None:
    """The lock file has an entry for each skill that is locked with a link of this scope; None where there is none.

    Refused where another source has an entry of the same name.
    """
    linked = {
        skill.name: (path, skill)
        for path, skill in locked.skills.items()
        if any(each.scope == scope for each in skill.links)
    }
    file = file_of(scope, project)
    if not linked:
        return None
    with _held(file, follow=scope == "user") as descriptor:
        said = read(file, version=_VERSIONS[scope])
        entries = _skills(said)
        for name, (path, skill) in linked.items():
            entries[name] = _entry(repo, entries.get(name), path, skill, scope=scope, project=project)
        content = _rendered(said, scope).encode()
        os.pwrite(descriptor, content, 0)
        os.ftruncate(descriptor, len(content))
    return file


def outdated(repo: Repo, locked: Lock, *, scope: Scope, project: Path) -> list[str]:
    """The names of locked skills for which a lock file has another content of the same source."""
    entries = _skills(read(file_of(scope, project), version=_VERSIONS[scope]))
    return [
        skill.name
        for path, skill in locked.skills.items()
        if any(each.scope == scope for each in skill.links)
        and isinstance(entry := entries.get(skill.name), dict)
        and _is_of(entry, source_of(repo, path, project))
        and entry.get(_HASHES[scope]) != _hash(repo, skill, scope)
    ]


def source_of(repo: Repo, path: str, project: Path) -> Source:
    """Where the skill at a path comes from: its library's address, or that of this repository's `origin`."""
    name = "/".join(path.split("/")[:2])
    pin = submodule.pins(repo, repo.tip("HEAD")).get(name)
    inside = path.removeprefix(name).strip("/") if pin else path
    file = f"{inside}/SKILL.md".lstrip("/")
    url = pin.url if pin else repo.config("remote.origin.url") or ""
    forge = _FORGE.fullmatch(url)
    if forge:
        return Source(forge[2], forge[1], f"https://{forge[1]}.com/{forge[2]}.git", pin.branch if pin else "", file)
    if url and not address.is_local(url):
        bare = _USERINFO.sub("", url) if "://" in url else url
        return Source(bare, "git", bare, pin.branch if pin else "", file)
    where = url or os.path.relpath(repo.directory.resolve(), project)
    return Source(where, "local", where, "", file)


def computed_hash(files: Mapping[str, bytes]) -> str:
    """The `computedHash` of a skill with these files, by their paths in it."""
    digest = hashlib.sha256()
    for path in sorted(files, key=collation):
        if not {".git", "node_modules"} & set(path.split("/")[:-1]):
            digest.update(path.encode("utf-8", "surrogateescape") + files[path])
    return digest.hexdigest()


def collation(text: str) -> tuple[object, ...]:
    """What sorts paths as JavaScript's localeCompare does: letters, then accents, then lower case before upper.

    Source: the root collation of Unicode CLDR; exact for ASCII, and for Latin, Greek and Cyrillic letters with accents.
    """
    chars = unicodedata.normalize("NFD", text)
    letters = [_primary(char) for char in chars if not unicodedata.combining(char)]
    accents = [ord(char) if unicodedata.combining(char) else 0 for char in chars]
    return letters, accents, [char.isupper() for char in chars], text


def _primary(char: str) -> tuple[int, int]:
    return (0, _ORDER[char]) if char in _ORDER else (1, ord(char.lower()[0]))


def _entry(repo: Repo, old: object, path: str, skill: LockedSkill, *, scope: Scope, project: Path) -> Entry:
    """The entry of a skill, with what the one before had besides."""
    there = old if isinstance(old, dict) else {}
    source = source_of(repo, path, project)
    if there and not _is_of(there, source):
        said = f"'{skill.name}' in '{file_of(scope, project)}' is of '{naming.shown(str(there.get('source')))}'"
        raise Refused(said, hint=f"take that entry out, or unlink the skill; ours is of '{source.source}'")
    ref = source.ref or there.get("ref")
    pinned: Entry = {"ref": ref} if ref else {}
    entry: Entry = {"source": source.source}
    if scope == "project":
        entry |= pinned | {"sourceType": source.kind}
    else:
        entry |= {"sourceType": source.kind, "sourceUrl": source.url} | pinned
    entry |= {"skillPath": source.path, _HASHES[scope]: _hash(repo, skill, scope)}
    if scope == "user":
        entry |= _dates(there, skill.tree)
    return entry | {key: value for key, value in there.items() if key not in entry}


def _dates(there: Entry, tree: str) -> Entry:
    """When a skill was installed, and when it was updated, which is now where it has another tree than before."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    same = there.get("skillFolderHash") == tree
    return {"installedAt": there.get("installedAt", now), "updatedAt": there.get("updatedAt", now) if same else now}


def _hash(repo: Repo, skill: LockedSkill, scope: Scope) -> str:
    if scope == "user":
        return skill.tree
    files = tree_files(repo, skill.tree) or {}
    return computed_hash({name: repo.read(entry.oid) for name, entry in files.items()})


def _is_of(entry: Mapping[str, object], source: Source) -> bool:
    """Whether an entry is of a source; one without a path, which older ones have not, may be."""
    return entry.get("source") == source.source and entry.get("skillPath", source.path) == source.path


def _skills(said: Mapping[str, object]) -> dict[str, object]:
    skills = said["skills"]
    assert isinstance(skills, dict)
    return skills


def _parsed(content: str) -> dict[str, object] | None:
    """The JSON of a lock file; None where it is none."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return None
    is_lock = isinstance(said, dict) and isinstance(said.get("version"), int) and isinstance(said.get("skills"), dict)
    return said if is_lock else None


def _healed(content: str) -> dict[str, object] | None:
    """Both sides of a lock file that git left with conflict markers; None where one of them is none."""
    sides: dict[str, list[str]] = {"ours": [], "theirs": []}
    part = ""
    for line in content.replace("\r\n", "\n").split("\n"):
        marker = re.fullmatch(r"(<{7}|\|{7}|={7}|>{7})(?: .*)?", line)
        if marker:
            part = _MARKERS[line[0]]
            continue
        for side in sides if not part else [part] if part in sides else []:
            sides[side].append(line)
    ours, theirs = (_parsed("\n".join(lines)) for lines in sides.values())
    if ours is None or theirs is None or ours["version"] != theirs["version"]:
        return None
    return ours | theirs | {"skills": _skills(ours) | _skills(theirs)}


def _rendered(said: dict[str, object], scope: Scope) -> str:
    """The text as `npx skills` writes it: that of a project is sorted, and ends its last line."""
    if scope == "user":
        return json.dumps(said, indent=2, ensure_ascii=False)
    skills = _skills(said)
    ordered = {name: skills[name] for name in sorted(skills, key=lambda name: name.encode("utf-16-be"))}
    return json.dumps(said | {"skills": ordered}, indent=2, ensure_ascii=False) + "\n"


@contextmanager
def _held(file: Path, *, follow: bool) -> Iterator[int]:
    """A lock file, there and open, under the lock that `gh` takes on it; it is written in place, for that to hold."""
    file.parent.mkdir(parents=True, exist_ok=True)
    is_new = not os.path.lexists(file)
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    descriptor = os.open(file, flags, 0o644)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refused(f"'{file}' is no file")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        if is_new and not os.fstat(descriptor).st_size:
            file.unlink(missing_ok=True)
        os.close(descriptor)
