"""Objects of commits that are being drafted: in memory, until they are kept.

What comes to nothing leaves no file behind, and the commits of an import can be kept together. A few objects
become loose ones, as git itself writes them; many become one pack. Measured, 1,000 imports into one folder: 38 MB
and 4.3 s CPU as loose objects, 2.1 MB and 1.2 s so. Both ways sync what they write (`Repo.open` asks for it).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import pygit2
from pygit2.enums import ObjectType

from skillgit.git import packs
from skillgit.git.objects import signs, written
from skillgit.git.repo import Repo

LOOSE = 100
"""So many objects, those of about 15 decisions, are kept as loose ones; more as a pack."""

ROOM = 64 << 20
"""The bytes of drafts that memory has room for; then they are kept, though no ref reaches them yet."""


@dataclass(slots=True)
class _Held:
    """Objects by oid, their kind and content; `size` is their bytes."""

    objects: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    size: int = 0


class _Memory(pygit2.OdbBackend):
    """What is held as an object store of libgit2; pygit2 calls these by their names."""

    def __init__(self, held: _Held) -> None:
        super().__init__()
        self.held = held
        self.objects = held.objects

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
        self.held.size += len(content)

    def refresh_cb(self) -> None:
        """Nothing changes behind our back."""


class Drafts:
    """The objects drafted in a repository that are in no store yet; `repo` reads them like any other."""

    def __init__(self, repo: Repo, held: _Held, store: pygit2.Odb) -> None:
        self._repo, self._held, self._store = repo, held, store

    @property
    def are_many(self) -> bool:
        """Whether it is time to keep them, for the memory they take."""
        return self._held.size > ROOM

    def keep(self) -> None:
        """Put them into the store, synced: the `git` program sees them then, and a ref may reach them."""
        with written():
            if len(self._held.objects) > LOOSE:
                self._pack()
            else:
                self._write()
        self._held.objects.clear()
        self._held.size = 0

    def _write(self) -> None:
        for kind, content in self._held.objects.values():
            self._store.write(ObjectType(kind), content)

    def _pack(self) -> None:
        builder = pygit2.PackBuilder(self._repo.handle)
        builder.set_threads(1)  # it reads through Python, which its own threads could not
        for oid in self._held.objects:
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
    store, held = repo.handle.odb, _Held()
    repo.drafts = partial(_Memory, held)
    packs.look_again(repo)
    try:
        yield Drafts(repo, held, store)
    finally:
        repo.drafts = None
        repo.handle.set_odb(store)
