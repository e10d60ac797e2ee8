"""Objects of commits that are being drafted: in memory, until they are kept.

What comes to nothing leaves no file behind, and the commits of an import can be kept together. A few objects
become loose ones, as git itself writes them; many become one pack. Measured, 1,000 imports into one folder: 38 MB
and 4.3 s CPU as loose objects, 2.1 MB and 1.2 s so. Both ways sync what they write (`Repo.open` asks for it).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pygit2
from pygit2.enums import ObjectType

from skillgit.git.objects import signs, written
from skillgit.git.repo import Repo

LOOSE = 100
"""So many objects, those of about 15 decisions, are kept as loose ones; more as a pack."""

ROOM = 64 << 20
"""The bytes of drafts that memory has room for; then they are kept, though no ref reaches them yet."""

_FIRST = 100
"""The priority of a store that is asked before the disk is (1 and 2), and so is the one written to."""


class _Memory(pygit2.OdbBackend):
    """An object store of libgit2, in a dict; pygit2 calls these by their names."""

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, tuple[int, bytes]] = {}
        self.size = 0

    def read_cb(self, oid: pygit2.Oid) -> tuple[int, bytes]:
        return self.objects[str(oid)]

    def read_prefix_cb(self, prefix: str) -> tuple[int, bytes, pygit2.Oid]:
        return (*self.objects[prefix], pygit2.Oid(hex=prefix))

    def read_header_cb(self, oid: pygit2.Oid) -> tuple[int, int]:
        kind, content = self.objects[str(oid)]
        return kind, len(content)

    def exists_cb(self, oid: pygit2.Oid) -> bool:
        return str(oid) in self.objects

    def exists_prefix_cb(self, prefix: str) -> pygit2.Oid:
        raise KeyError(prefix)

    def write_cb(self, oid: pygit2.Oid, content: bytes, kind: int) -> None:
        self.objects[str(oid)] = kind, content
        self.size += len(content)

    def refresh_cb(self) -> None:
        """Nothing changes behind our back."""


class Drafts:
    """The objects drafted in a repository that are in no store yet; `repo` reads them like any other."""

    def __init__(self, repo: Repo, memory: _Memory, store: pygit2.Odb) -> None:
        self._repo, self._memory, self._store = repo, memory, store

    @property
    def are_many(self) -> bool:
        """Whether it is time to keep them, for the memory they take."""
        return self._memory.size > ROOM

    def keep(self) -> None:
        """Put them into the store, synced: the `git` program sees them then, and a ref may reach them."""
        with written():
            if len(self._memory.objects) > LOOSE:
                self._pack()
            else:
                self._write()
        self._memory.objects.clear()
        self._memory.size = 0

    def _write(self) -> None:
        for kind, content in self._memory.objects.values():
            self._store.write(ObjectType(kind), content)

    def _pack(self) -> None:
        builder = pygit2.PackBuilder(self._repo.handle)
        builder.set_threads(1)  # it reads through Python, which its own threads could not
        for oid in self._memory.objects:
            builder.add(pygit2.Oid(hex=oid))
        builder.write()


@contextmanager
def drafting(repo: Repo) -> Iterator[Drafts | None]:
    """Objects written to `repo` inside the block are drafts; those that are not kept are gone after it.

    None where commits are signed: the `git` program does that, which sees no drafts.
    """
    if signs(repo):
        yield None
        return
    store, memory = repo.handle.odb, _Memory()
    both = pygit2.Odb(str(repo.common_dir / "objects"))
    both.add_backend(memory, _FIRST)
    repo.handle.set_odb(both)
    try:
        yield Drafts(repo, memory, store)
    finally:
        repo.handle.set_odb(store)
