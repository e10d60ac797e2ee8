"""A history in which something was never written: every object that leads to it, made again without it.

Commit after commit, oldest first, from the bytes of the objects: author, committer, dates, and every header stay as
they are. A commit that nothing changes keeps its oid. One that changes loses its signature, which would be false; where
a message names a commit that was made again, it names the new one. The same history and the same edit make the same
objects, so that it can be done again after a crash.

Objects are all that is made here: `prune.py` moves the refs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha1

from pygit2.enums import ObjectType

from skillgit.errors import RepositoryError
from skillgit.git.drafts import Drafts
from skillgit.git.objects import written
from skillgit.git.repo import Repo
from skillgit.git.run import git

Put = Callable[[ObjectType, bytes], str]
"""Stores an object, and gives its oid."""

_OID = re.compile(rb"\b[0-9a-f]{40}\b")
_SIGNED = (b"gpgsig", b"gpgsig-sha256", b"mergetag")
_SIGNATURE = re.compile(rb"^-----BEGIN (?:PGP|SSH|SIGNED) .*", re.MULTILINE | re.DOTALL)
_LIBRARY = b"160000"
_SKILL = b"SKILL.md"
_GONE = ""
"""What a folder becomes that was never there, or held nothing else."""
_BYTES = 20
"""Of an oid, as a tree holds it."""


def _none(oid_or_ref: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Edit:
    """What becomes of a file's content and of the message of an object; what neither can take out of a name is refused.

    `gone` says of the SKILL.md with an oid that its folder was never there, `drops` of a ref that it goes.
    """

    content: Callable[[bytes], bytes]
    message: Callable[[str, bytes], bytes]
    gone: Callable[[str], bool] = _none
    drops: Callable[[str], bool] = _none


@dataclass(slots=True)
class Rewrite:
    """What was made again so far, each old oid with its new one; the same where nothing changed."""

    repo: Repo
    edit: Edit
    put: Put
    commits: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """How many commits are not what they were."""
        return sum(old != new for old, new in self.commits.items())

    def add(self, tips: Iterable[str]) -> None:
        """Make again all that `tips`, objects of any kind, lead to; RepositoryError where the edit cannot be made."""
        starts = tuple(tips)
        words = ["--no-replace-objects", "rev-list", "--topo-order", "--reverse", "--stdin"]
        said = "".join(f"{tip}\n" for tip in starts).encode()
        for oid in git(words, cwd=self.repo.directory, stdin=said).decode().split():
            if oid not in self.commits:
                self._commit(oid)
        for tip in starts:
            self.of(tip)

    def of(self, oid: str) -> str:
        """What an object became, of those that were added."""
        known = self.commits.get(oid, self.others.get(oid))
        if known is not None:
            return known
        kind, content = self.repo.handle.read(oid)
        makers = {ObjectType.TREE: self._tree, ObjectType.BLOB: self._blob, ObjectType.TAG: self._tag}
        return makers[ObjectType(kind)](oid, content)

    def _commit(self, oid: str) -> None:
        content = self.repo.handle.read(oid)[1]
        head, _, told = content.partition(b"\n\n")
        headers = tuple(_headers(head))
        edited = tuple(self._header(oid, name, value) for name, value in headers)
        message = self._message(oid, told)
        if edited == headers and message == told:
            self.commits[oid] = oid
            return
        lines = b"\n".join(b"%s %s" % each for each in edited if each[0] not in _SIGNED)
        self.commits[oid] = self.put(ObjectType.COMMIT, b"%s\n\n%s" % (lines, message))

    def _header(self, oid: str, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        if name == b"tree":
            return name, (self.of(value.decode()) or self.put(ObjectType.TREE, b"")).encode()
        if name == b"parent":
            return name, self.commits[value.decode()].encode()
        if name not in _SIGNED and self.edit.content(value) != value:
            raise refused(f"the {name.decode()} of commit {oid[:10]}")
        return name, value

    def _message(self, oid: str, told: bytes) -> bytes:
        edited = self.edit.message(oid, told)
        return _OID.sub(lambda each: self.commits.get(each[0].decode(), each[0].decode()).encode(), edited)

    def _tree(self, oid: str, content: bytes) -> str:
        entries = tuple(_entries(content))
        is_gone = any(name == _SKILL and self.edit.gone(at.hex()) for _, name, at in entries)
        made = b"" if is_gone else b"".join(self._entry(*each) for each in entries)
        same = made == content
        self.others[oid] = oid if same else self.put(ObjectType.TREE, made) if made else _GONE
        return self.others[oid]

    def _entry(self, mode: bytes, name: bytes, at: bytes) -> bytes:
        if self.edit.content(name) != name:
            raise refused(f"the name '{name.decode('utf-8', 'replace')}'")
        new = at if mode == _LIBRARY else bytes.fromhex(self.of(at.hex()))
        return b"%s %s\0%s" % (mode, name, new) if new else b""

    def _blob(self, oid: str, content: bytes) -> str:
        made = self.edit.content(content)
        self.others[oid] = oid if made == content else self.put(ObjectType.BLOB, made)
        return self.others[oid]

    def _tag(self, oid: str, content: bytes) -> str:
        head, _, told = content.partition(b"\n\n")
        (_, target), *rest = _headers(head)
        if any(self.edit.content(value) != value for _, value in rest):
            raise refused(f"a header of tag {oid[:10]}")
        message = self.edit.message(oid, told)
        new = self.of(target.decode()).encode()
        lines = b"\n".join(b"%s %s" % each for each in ((b"object", new), *rest))
        unsigned = b"%s\n\n%s" % (lines, _SIGNATURE.sub(b"", message))
        self.others[oid] = oid if (new, message) == (target, told) else self.put(ObjectType.TAG, unsigned)
        return self.others[oid]


def store(repo: Repo, drafts: Drafts | None) -> Put:
    """Puts objects where the repository has its others, by way of drafts where there are some."""

    def put(kind: ObjectType, content: bytes) -> str:
        with written():
            oid = str(repo.handle.write(kind, content))
        if drafts and drafts.are_many:
            drafts.keep()
        return oid

    return put


def nowhere(kind: ObjectType, content: bytes) -> str:
    """The oid that an object would have; it is stored nowhere."""
    return sha1(b"%s %d\0%s" % (kind.name.lower().encode(), len(content), content), usedforsecurity=False).hexdigest()


def _headers(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The headers of a commit or tag; a value that goes on in lines that begin with a space holds these too."""
    for header in re.split(rb"\n(?! )", head):
        name, _, value = header.partition(b" ")
        yield name, value


def _entries(tree: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Mode, name and oid of what a tree holds."""
    at = 0
    while at < len(tree):
        end = tree.index(b"\0", at)
        mode, _, name = tree[at:end].partition(b" ")
        at = end + 1 + _BYTES
        yield mode, name, tree[end + 1 : at]


def refused(where: str) -> RepositoryError:
    """What holds a text where it cannot be taken out."""
    return RepositoryError(
        f"the history cannot be rewritten: {where} holds the text",
        hint="names, versions and keys stay as they are; 'git filter-repo' can rename what is in a history",
    )
