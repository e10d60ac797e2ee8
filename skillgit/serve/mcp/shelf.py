"""Skills as resources: each file of a skill has an address, and each skill an entry that says what all of them hold.

    skill://users/ada/release/SKILL.md            Users/ada/release/SKILL.md
    skill://users/ada/release/scripts/tag.sh
    skill://common/team/review/SKILL.md

What is served is what HEAD has and the user sees. An address is looked up among those and never made into a path. Only
skills that others can load have an entry: whose SKILL.md says the name of its folder, and says what it is for, and
that are no larger than every host has to accept.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from skillgit.changes.skill import FILE, read
from skillgit.errors import Invalid, SkillgitError
from skillgit.git.repo import folder_oid
from skillgit.serve.api import places
from skillgit.serve.desk import Hands
from skillgit.skills import typed
from skillgit.skills.typed import Json

FOLDER: Final = "inode/directory"
MARKDOWN: Final = "text/markdown"

_SCHEME = "skill://"
_ROOTS = {"Users": "users", "Common": "common"}
_SYMLINK, _GITLINK = 0o120000, 0o160000
_MOST = 512  # files of a skill that a host has to accept
_LARGEST = 16 << 20  # bytes of all of them
_KEPT = 20_000  # entries


@dataclass(frozen=True, slots=True)
class File:
    """A file of a skill: its address, its blob, and what its bytes are."""

    uri: str
    oid: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A skill as hosts get it: its frontmatter, and its files by their paths within it, in git's order."""

    path: str
    frontmatter: Mapping[str, Json]
    files: Mapping[str, File]

    @property
    def uri(self) -> str:
        """The address of its SKILL.md."""
        return address(self.path, FILE)


class Shelf:
    """The entries of skills that were asked for, by what their folders held: a commit costs what it has changed."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], Entry] = {}

    def entry(self, hands: Hands, path: str) -> Entry:
        """The entry of a skill at HEAD. Raises Invalid, or what else is wrong with it, where it cannot be loaded."""
        commit = hands.repo.tip("HEAD")
        key = path, folder_oid(hands.repo, commit, path) or ""
        if key not in self._entries:
            if len(self._entries) >= _KEPT:
                self._entries.clear()
            self._entries[key] = _entry(hands, commit, path)
        return self._entries[key]

    def entries(self, hands: Hands, user: str, *, after: str = "") -> Iterator[Entry]:
        """The entries of the skills that a user sees, by path, behind a path; what cannot be loaded is left out."""
        for path in sorted(places.seen(hands, user)):
            if path <= after:
                continue
            try:
                yield self.entry(hands, path)
            except SkillgitError:
                continue

    def find(self, hands: Hands, user: str, uri: str) -> tuple[Entry, str] | None:
        """The skill that an address stands in, and the path within it; None where the user sees no such skill."""
        wanted = _wanted(uri)
        path = next((path for path in places.seen(hands, user) if f"{wanted}/".startswith(f"{path}/")), None)
        if path is None:
            return None
        try:
            return self.entry(hands, path), wanted[len(path) + 1 :]
        except SkillgitError:
            return None


def address(path: str, within: str = "") -> str:
    """The address of a file or folder of a skill, or of the skill's own folder."""
    root, _, rest = path.partition("/")
    return _SCHEME + quote("/".join(filter(None, (_ROOTS[root], rest, within))))


def media_type(name: str) -> str:
    """The media type of a file by its name."""
    return MARKDOWN if name.endswith(".md") else mimetypes.guess_type(name)[0] or "application/octet-stream"


def children(entry: Entry, folder: str) -> dict[str, File | None] | None:
    """What stands in a folder of a skill, by name, None for a folder; None where there is no such folder."""
    prefix = f"{folder}/" if folder else ""
    below = {name[len(prefix) :]: file for name, file in entry.files.items() if name.startswith(prefix)}
    if not below:
        return None
    return {name.partition("/")[0]: None if "/" in name else file for name, file in below.items()}


def _wanted(uri: str) -> str:
    """The path that an address is of, "" where it is none of ours; the first part is written in any case."""
    if not uri.lower().startswith(_SCHEME):
        return ""
    root, _, rest = uri[len(_SCHEME) :].partition("/")
    spelled = {written: root for root, written in _ROOTS.items()}
    return f"{spelled.get(root.lower(), '')}/{unquote(rest)}"


def _entry(hands: Hands, commit: str | None, path: str) -> Entry:
    found = hands.repo.files(commit, path)
    listed = {name: each.oid for name, each in found.items() if each.mode not in (_SYMLINK, _GITLINK)}
    if FILE not in listed:
        raise places.missing(path)
    document = read(hands.repo, listed[FILE], path)
    name = path.rpartition("/")[2]
    if document.name != name or not document.description:
        raise Invalid(f"'{path}' does not say what it is called, and for what it is")
    if len(listed) > _MOST:
        raise Invalid(f"'{path}' has more than {_MOST} files")
    files = {name: _file(hands, oid, address(path, name)) for name, oid in listed.items()}
    if sum(file.size for file in files.values()) > _LARGEST:
        raise Invalid(f"'{path}' is larger than {_LARGEST >> 20} MiB")
    return Entry(path, typed.values(document), files)


def _file(hands: Hands, oid: str, uri: str) -> File:
    content = hands.repo.read(oid)
    return File(uri, oid, f"sha256:{hashlib.sha256(content).hexdigest()}", len(content))
